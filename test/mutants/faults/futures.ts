// Rules 8 to 11: what a future tells, to whom and when.
import type { Mutant } from '../mutant.ts';

export const futures: readonly Mutant[] = [
  {
    rule: 8,
    breaks: 'those who registered later are called in reverse',
    file: 'loop/future.ts',
    find: 'for (const waiting of others) this.#schedule(waiting);',
    replace: 'for (const waiting of others.reverse()) this.#schedule(waiting);',
    caughtBy: ['loop/future.test.ts'],
  },
  {
    rule: 8,
    breaks: 'a done callback is called within setResult()',
    file: 'loop/future.ts',
    find: 'this.loop.enqueue(new Handle(this.loop, waiting, [this], NO_VALUES));',
    replace: 'new Handle(this.loop, waiting, [this], NO_VALUES).run();',
    caughtBy: ['loop/future.test.ts'],
  },
  {
    rule: 8,
    breaks: 'a callback added to a done future is never called',
    file: 'loop/future.ts',
    find: "if (this.state !== 'pending') this.#schedule(waiting);",
    replace: "if (this.state !== 'pending') return;",
    caughtBy: ['loop/future.test.ts'],
  },
  {
    rule: 8,
    breaks: 'taking one callback back changes the order of the others',
    file: 'loop/future.ts',
    find: 'this.#others = kept.length > 1 ? kept.slice(1) : undefined;',
    replace: 'this.#others = kept.length > 1 ? kept.slice(1).reverse() : undefined;',
    caughtBy: ['loop/future.test.ts'],
  },
  {
    rule: 8,
    breaks: 'taking a callback back takes back one registration of several',
    file: 'loop/future.ts',
    find: 'const kept = before.filter((other) => callbackOf(other) !== callback);',
    replace: 'const at = before.findIndex((other) => callbackOf(other) === callback);\n    const kept = before.filter((_, index) => index !== at);',
    caughtBy: ['loop/future.test.ts'],
  },
  {
    rule: 9,
    breaks: 'a pending future has the result undefined',
    file: 'loop/future.ts',
    find: "throw new InvalidStateError('Result is not set.');",
    replace: 'return undefined as T;',
    caughtBy: ['loop/future.test.ts'],
  },
  {
    rule: 9,
    breaks: 'a pending future says that it has no error',
    file: 'loop/future.ts',
    find: "if (this.state === 'pending') throw new InvalidStateError('Exception is not set.');",
    replace: '',
    caughtBy: ['loop/future.test.ts'],
  },
  {
    rule: 9,
    breaks: 'a done future ignores a second outcome',
    file: 'loop/future.ts',
    find: '#settle(state: FutureState, outcome: unknown): void {',
    replace: '#settle(state: FutureState, outcome: unknown): void {\n    if (this.done()) return;',
    caughtBy: ['loop/future.test.ts'],
  },
  {
    rule: 9,
    breaks: 'a CancelledError set as an exception cancels the future',
    file: 'loop/future.ts',
    find: "this.#settle('raised', error);",
    replace: "this.#settle(error instanceof CancelledError ? 'cancelled' : 'raised', error);",
    caughtBy: ['loop/future.test.ts'],
  },
  {
    rule: 9,
    breaks: 'exception() of a cancelled future returns the cancellation',
    file: 'loop/future.ts',
    find: "if (this.state === 'cancelled') throw this.makeCancelledError();",
    replace: "if (this.state === 'cancelled') return this.makeCancelledError();",
    caughtBy: ['loop/future.test.ts'],
  },
  {
    rule: 10,
    breaks: 'an error that nobody asked for is lost',
    file: 'loop/unretrieved.ts',
    find: 'collected.register(future, retrieval, retrieval);',
    replace: '',
    caughtBy: ['loop/unretrieved.test.ts'],
  },
  {
    rule: 10,
    breaks: 'an error thrown inside a coroutine keeps its task from being collected, and is not reported',
    file: 'loop/unretrieved.ts',
    find: 'if (fresh.length === 0) queueMicrotask(letGoOfFrames);\n  fresh.push(retrieval);',
    replace: '',
    caughtBy: ['loop/unretrieved.test.ts'],
  },
  {
    rule: 10,
    breaks: 'result() does not count as retrieval',
    file: 'loop/future.ts',
    find: 'this.markRetrieved();\n        throw this.#outcome;',
    replace: 'throw this.#outcome;',
    caughtBy: ['loop/unretrieved.test.ts'],
  },
  {
    rule: 10,
    breaks: 'exception() does not count as retrieval',
    file: 'loop/future.ts',
    find: "this.markRetrieved();\n    return this.state === 'raised' ? this.#outcome : undefined;",
    replace: "return this.state === 'raised' ? this.#outcome : undefined;",
    caughtBy: ['loop/unretrieved.test.ts'],
  },
  {
    rule: 10,
    breaks: 'awaiting does not count as retrieval where a cancellation comes in between',
    file: 'loop/task.ts',
    find: 'awaited?.markRetrieved();',
    replace: '',
    caughtBy: ['loop/unretrieved.test.ts'],
  },
  {
    rule: 10,
    breaks: 'an error set on a future is an unhandled rejection',
    file: 'loop/future.ts',
    find: 'this.#retrieval = expectRetrieval(this, this.loop, error);',
    replace: 'this.#retrieval = expectRetrieval(this, this.loop, error);\n    void Promise.reject(error);',
    caughtBy: ['loop/unretrieved.test.ts'],
  },
  {
    rule: 11,
    breaks: 'awaiting a done future suspends',
    file: 'loop/future.ts',
    find: '[Symbol.iterator](): this {\n    return this;\n  }',
    replace: `[Symbol.iterator](): this {
    if (!this.done()) return this;
    const soon = new Future<void>({ loop: this.loop });
    this.loop.callSoon(() => soon.setResult());
    const { result } = { result: () => this.result() };
    return (function* () {
      yield* soon as never;
      return result();
    })() as never;
  }`,
    caughtBy: ['loop/future.test.ts'],
  },
  {
    rule: 11,
    breaks: 'sleep(0) does not suspend',
    file: 'loop/coroutine.ts',
    find: "this.#state = 'given';\n      return suspend(sleep);",
    replace: "this.#state = 'done';\n      return { done: true, value: this.#result };",
    caughtBy: ['loop/sleep.test.ts'],
  },
  {
    rule: 11,
    breaks: 'sleep(0) suspends twice',
    file: 'loop/task.ts',
    find: 'this.loop.enqueue(this);\n      return;',
    replace: 'this.loop.callSoon(() => this.loop.enqueue(this));\n      return;',
    caughtBy: ['loop/sleep.test.ts'],
  },
  {
    rule: 11,
    breaks: 'sleep() of less than 0 goes through a timer',
    file: 'loop/sleep.ts',
    find: 'delay <= 0 ?',
    replace: 'delay === 0 ?',
    caughtBy: ['loop/sleep.test.ts'],
  },
];
