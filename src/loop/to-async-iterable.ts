// The way out for asynchronous iteration: own iterables for the `for await` of native async code. The way in is asyncFor,
// which takes native ones as they are.
import type { CoroutineIterable, CoroutineIterator } from './async-for.ts';
import type { Coroutine } from './coroutine.ts';
import { describeWrong } from './describe-wrong.ts';
import { CancelledError, LoopError, StopAsyncIteration } from './errors.ts';
import { runningTaskHost, type Task, type TaskHost } from './task.ts';
import { createTask } from './tasks.ts';

/**
 * An own asynchronous iterable as a native one. Each value is asked for by a task of its own on `loop`, the running one
 * unless given, which must run meanwhile. Errors and cancellations reject `next()`. Leaving `for await` early closes the
 * iterator; a value that is still being waited for then is given up. In virtual time, native code that the loop waits for with
 * `fromPromise` needs a `loop.lend()` around what it waits for on the loop.
 * @throws TypeError for what has no `aiter()`; LoopError outside of a run unless `loop` is given, and (as a rejection) when the
 * loop does not run.
 *
 * @example
 * ```ts
 * import { asyncGenerator, EventLoop, toAsyncIterable, sleep } from 'asyncdemo';
 *
 * const loop = new EventLoop();
 * const running = loop.runForever();
 * const letters = asyncGenerator<string>(function* (emit) {
 *   yield* emit('a');
 *   yield* sleep(1);
 *   yield* emit('b');
 * });
 * for await (const letter of toAsyncIterable(letters, { loop })) console.log(letter);
 * loop.stop();
 * await running;
 * loop.close();
 * // a
 * // b
 * ```
 */
export function toAsyncIterable<T>(iterable: CoroutineIterable<T>, options: { loop?: TaskHost } = {}): AsyncIterable<T> {
  if (typeof (iterable as Partial<CoroutineIterable<T>> | undefined)?.aiter !== 'function') {
    throw new TypeError(`toAsyncIterable: expected an object with aiter(), got ${describeWrong(iterable)}`);
  }
  const loop = options.loop ?? runningTaskHost();
  if (loop === null) throw new LoopError('toAsyncIterable: no running event loop; pass one as { loop }');
  return { [Symbol.asyncIterator]: () => new NativeFace(iterable.aiter(), loop) };
}

/** Requests are answered one after the other, as a native asynchronous generator does: own iterators need not bear two at once. */
class NativeFace<T> implements AsyncIterator<T, unknown> {
  readonly #iterator: CoroutineIterator<T>;
  readonly #loop: TaskHost;
  #asked: Promise<unknown> = Promise.resolve();
  #task: Task<unknown> | undefined;
  #closed = false;

  constructor(iterator: CoroutineIterator<T>, loop: TaskHost) {
    this.#iterator = iterator;
    this.#loop = loop;
  }

  next(): Promise<IteratorResult<T, unknown>> {
    return this.#inTurn(async () => {
      if (this.#closed) return { done: true, value: undefined };
      try {
        return { done: false, value: await this.#run(this.#iterator.anext()) };
      } catch (error) {
        // Given up by return(): for whoever asked, the iteration is over.
        if (error instanceof StopAsyncIteration || (this.#closed && error instanceof CancelledError)) return { done: true, value: undefined };
        throw error;
      }
    });
  }

  return(value?: unknown): Promise<IteratorReturnResult<unknown>> {
    this.#closed = true;
    this.#task?.cancel();
    return this.#inTurn(async () => {
      // On a closed loop nothing can be awaited any more; its end has closed what was begun.
      if (this.#iterator.aclose !== undefined && !this.#loop.isClosed()) await this.#run(this.#iterator.aclose());
      return { done: true, value };
    });
  }

  #inTurn<Result>(answer: () => Promise<Result>): Promise<Result> {
    const answered = this.#asked.then(answer);
    this.#asked = answered.catch(() => {});
    return answered;
  }

  async #run<Result>(coroutine: Coroutine<Result>): Promise<Result> {
    if (!this.#loop.isRunning()) throw new LoopError('toAsyncIterable: the loop does not run; iterate while it does');
    const task = createTask(coroutine, { loop: this.#loop });
    this.#task = task;
    try {
      return await task;
    } finally {
      this.#task = undefined;
    }
  }
}
