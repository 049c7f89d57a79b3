import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, expectTypeOf, test } from 'vitest';
import {
  type Awaitable,
  asyncWith,
  type Coroutine,
  createTask,
  type Future,
  fromPromise,
  Lock,
  SuppressedError,
  sleep,
  TaskGroup,
  TimeoutError,
  timeout,
  wait,
} from '../../src/loop/index.ts';
import { fails, nameOf, outcomeOf, ValueError } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

/**
 * A native resource: to dispose of it takes until it is let go, or three rounds of Node's. The loop is held meanwhile, so
 * that virtual time stands still: whoever has something to do then counts iterations.
 */
class Resource {
  readonly trace: string[] = [];
  readonly #error: unknown;
  readonly #gate: Promise<void> | undefined;
  letGo: () => void = () => {};

  constructor({ error, gated = false }: { error?: unknown; gated?: boolean } = {}) {
    this.#error = error;
    if (gated) {
      this.#gate = new Promise((resolve) => {
        this.letGo = resolve;
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.trace.push('disposing');
    for (let round = 0; round < 3; round += 1) await new Promise((resolve) => setImmediate(resolve));
    await this.#gate;
    this.trace.push('disposed');
    if (this.#error !== undefined) throw this.#error;
  }

  /** Until the disposal has begun. Time stands still for that. */
  *begun(): Coroutine<void> {
    while (this.trace.length === 0) yield* sleep(0);
  }
}

/** What a block throws. */
function* thrownBy(block: Awaitable<unknown>): Coroutine<unknown> {
  try {
    yield* block;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test('the resource itself is given to the body, and disposed of behind it, before the block is left', () =>
  inVirtualTime(function* () {
    const resource = new Resource();
    const result = yield* asyncWith(resource, function* (given) {
      expect(given).toBe(resource);
      yield* sleep(5);
      expect(resource.trace).toEqual([]);
      return 'a result';
    });
    expect(result).toBe('a result');
    expect(resource.trace).toEqual(['disposing', 'disposed']);
  }));

test('an error of the body comes out behind the disposal', () =>
  inVirtualTime(function* () {
    const resource = new Resource();
    const error = new ValueError('body');
    const thrown = yield* thrownBy(asyncWith(resource, () => fails(error)));
    expect(thrown).toBe(error);
    expect(resource.trace).toEqual(['disposing', 'disposed']);
  }));

test('a disposal that fails fails the block', () =>
  inVirtualTime(function* () {
    const error = new ValueError('dispose');
    expect(yield* thrownBy(asyncWith(new Resource({ error }), () => sleep(1)))).toBe(error);
  }));

test('when both fail, a SuppressedError has both, as with await using', () =>
  inVirtualTime(function* () {
    const [body, error] = [new ValueError('body'), new ValueError('dispose')];
    const thrown = yield* thrownBy(asyncWith(new Resource({ error }), () => fails(body)));
    expect(thrown).toBeInstanceOf(SuppressedError);
    expect(thrown).toBeInstanceOf(Error);
    expect(nameOf(thrown)).toBe('SuppressedError An error was suppressed during disposal');
    expect((thrown as SuppressedError).error).toBe(error);
    expect((thrown as SuppressedError).suppressed).toBe(body);
  }));

test('of nested resources the inner one is disposed of first, and their errors nest', () =>
  inVirtualTime(function* () {
    const [outer, inner] = [new Resource({ error: new ValueError('outer') }), new Resource({ error: new ValueError('inner') })];
    const thrown = (yield* thrownBy(
      asyncWith(outer, function* () {
        try {
          yield* asyncWith(inner, () => sleep(5));
        } finally {
          expect([outer.trace, inner.trace]).toEqual([[], ['disposing', 'disposed']]);
        }
      }),
    )) as SuppressedError;
    expect([nameOf(thrown.error), nameOf(thrown.suppressed)]).toEqual(['ValueError outer', 'ValueError inner']);
  }));

test('a cancelled body is disposed of, and the block cancelled', () =>
  inVirtualTime(function* () {
    const resource = new Resource();
    const task = createTask(asyncWith(resource, () => sleep(1000)));
    yield* sleep(5);
    task.cancel('stop');
    yield* wait([task]);
    expect(outcomeOf(task)).toBe('cancelled');
    expect(resource.trace).toEqual(['disposing', 'disposed']);
  }));

test('a cancellation while it disposes waits until that is done, however often it comes', () =>
  inVirtualTime(function* () {
    const resource = new Resource({ gated: true });
    const task = createTask(asyncWith(resource, () => sleep(0, 'a result')));
    yield* resource.begun();
    for (const message of ['first', 'second', 'third']) {
      task.cancel(message);
      for (let tick = 0; tick < 5; tick += 1) yield* sleep(0);
      expect(task.done()).toBe(false);
    }
    resource.letGo();
    yield* wait([task]);
    expect(resource.trace).toEqual(['disposing', 'disposed']);
    expect(task.cancelling()).toBe(3);
    expect(task.cancelled()).toBe(true);
    expect(nameOf(yield* thrownBy(task))).toBe('CancelledError third');
  }));

test('a cancellation while it disposes of what a failed body used has the body’s error for its cause', () =>
  inVirtualTime(function* () {
    const resource = new Resource({ gated: true });
    const task = createTask(asyncWith(resource, () => fails(new ValueError('body'))));
    yield* resource.begun();
    task.cancel('stop');
    resource.letGo();
    const thrown = yield* thrownBy(task);
    expect(nameOf(thrown)).toBe('CancelledError stop');
    expect(nameOf((thrown as Error).cause)).toBe('ValueError body');
  }));

test('a disposal that fails suppresses the cancellation that waits for it, as it would one before it', () =>
  inVirtualTime(function* () {
    for (const when of ['in the body', 'while it disposes']) {
      const resource = new Resource({ error: new ValueError('dispose'), gated: true });
      const task = createTask(asyncWith(resource, () => sleep(when === 'in the body' ? 1000 : 0)));
      if (when === 'in the body') yield* sleep(5);
      else yield* resource.begun();
      task.cancel('stop');
      resource.letGo();
      const thrown = (yield* thrownBy(task)) as SuppressedError;
      expect([nameOf(thrown.error), nameOf(thrown.suppressed)]).toEqual(['ValueError dispose', 'CancelledError stop']);
    }
  }));

test('a timeout that passes while it disposes is told of behind it', () =>
  inVirtualTime(function* () {
    const resource = new Resource({ gated: true });
    const limit = timeout(1000);
    const task = createTask(asyncWith(limit, () => asyncWith(resource, () => sleep(0))));
    yield* resource.begun();
    limit.reschedule(0);
    while (!limit.expired()) yield* sleep(0);
    resource.letGo();
    expect(yield* thrownBy(task)).toBeInstanceOf(TimeoutError);
    expect(resource.trace).toEqual(['disposing', 'disposed']);
    expect(task.cancelling()).toBe(0);
  }));

test('a task group whose task disposes waits for it', () =>
  inVirtualTime(function* () {
    const resource = new Resource();
    yield* asyncWith(new TaskGroup(), function* (group) {
      group.createTask(asyncWith(resource, () => sleep(1000)));
      yield* sleep(5);
      group.cancel();
    });
    expect(resource.trace).toEqual(['disposing', 'disposed']);
  }));

test('a disposal that throws at once, or returns nothing, needs no wait', () =>
  inVirtualTime(function* (loop) {
    const error = new ValueError('at once');
    const throwing = {
      [Symbol.asyncDispose](): Promise<void> {
        throw error;
      },
    };
    expect(yield* thrownBy(asyncWith(throwing, () => sleep(0)))).toBe(error);
    let disposed = 0;
    const quick = {
      [Symbol.asyncDispose](): void {
        disposed += 1;
      },
    };
    yield* asyncWith(quick as unknown as AsyncDisposable, () => sleep(0));
    expect(disposed).toBe(1);
    expect(loop.time()).toBe(0);
  }));

test('virtual time stands still while a native promise disposes', () =>
  inVirtualTime(function* (loop) {
    let disposed = false;
    const native = {
      async [Symbol.asyncDispose](): Promise<void> {
        await new Promise((resolve) => setImmediate(resolve));
        disposed = true;
      },
    };
    createTask(sleep(1000));
    yield* asyncWith(native, () => sleep(0));
    expect(disposed).toBe(true);
    expect(loop.time()).toBe(0);
  }));

test('[Symbol.dispose] is called where there is no [Symbol.asyncDispose]; aenter() and aexit() go before both', () =>
  inVirtualTime(function* () {
    const called: string[] = [];
    const plain = { [Symbol.dispose]: () => void called.push('dispose') };
    yield* asyncWith(plain, () => sleep(0));
    const both = { ...plain, [Symbol.asyncDispose]: async () => void called.push('asyncDispose') };
    yield* asyncWith(both, () => sleep(0));
    const all = {
      ...both,
      *aenter(): Coroutine<number> {
        return 5;
      },
      *aexit(): Coroutine<void> {
        called.push('aexit');
      },
    };
    yield* asyncWith(all, function* (value) {
      called.push(`value ${value}`);
    });
    expect(called).toEqual(['dispose', 'asyncDispose', 'value 5', 'aexit']);
  }));

test('what cannot be disposed of is refused before the body runs; a disposal that is a coroutine is told where it belongs', () =>
  inVirtualTime(function* () {
    const message = 'asyncWith: expected an object with aenter() and aexit(), or with [Symbol.asyncDispose](), got ';
    let ran = false;
    function* body(): Coroutine<void> {
      ran = true;
    }
    for (const [wrong, got] of [
      [{}, 'an object (Object)'],
      [undefined, 'undefined'],
      [null, 'null'],
      [{ [Symbol.asyncDispose]: 5 }, 'an object (Object)'],
    ]) {
      expect(nameOf(yield* thrownBy(asyncWith(wrong as AsyncDisposable, body)))).toBe(`TypeError ${message}${got}`);
    }
    expect(ran).toBe(false);
    const wrong = {
      *[Symbol.asyncDispose](): Coroutine<void> {
        yield* sleep(1);
      },
    } as unknown as AsyncDisposable;
    expect(nameOf(yield* thrownBy(asyncWith(wrong, body)))).toBe(
      'TypeError asyncWith: expected [Symbol.asyncDispose]() to return a promise, got a coroutine; that belongs into aexit()',
    );
  }));

test('a file of Node’s is closed behind the body', () =>
  inVirtualTime(function* () {
    const file = yield* fromPromise(() => open(fileURLToPath(import.meta.url)));
    const size = yield* asyncWith(file, function* (opened) {
      return (yield* fromPromise(() => opened.stat())).size;
    });
    expect(size).toBeGreaterThan(0);
    expect(file.fd).toBe(-1);
  }));

test('a disposal may end with a CancelledError of something else, which is its error then', () =>
  inVirtualTime(function* (loop) {
    const cancelled: Future<void> = loop.createFuture();
    cancelled.cancel('by somebody');
    const resource = { [Symbol.asyncDispose]: () => cancelled };
    expect(nameOf(yield* thrownBy(asyncWith(resource, () => sleep(1))))).toBe('CancelledError by somebody');
    const thrown = yield* thrownBy(asyncWith(resource, () => fails(new ValueError('body'))));
    expect(nameOf(thrown)).toBe('SuppressedError An error was suppressed during disposal');
  }));

test('a run that is left while it disposes and never goes on leaves nothing behind it', async () => {
  const loop = virtualLoop();
  const resource = new Resource({ gated: true });
  const task = loop.createTask(asyncWith(resource, () => sleep(0)));
  await loop.runUntilComplete(resource.begun());
  loop.close();
  resource.letGo();
  await new Promise((resolve) => setImmediate(resolve));
  expect(task.done()).toBe(false);
  expect(loop.reports).toEqual([]);
});

/** Compiled, never run. */
function compiled(..._bodies: ((...args: never[]) => unknown)[]): void {}

test('types: the body is given the resource itself, and its result is the block’s', () => {
  compiled(function* (resource: Resource, plain: { value: number } & Disposable): Coroutine<void> {
    const result = yield* asyncWith(resource, function* (given) {
      expectTypeOf(given).toEqualTypeOf<Resource>();
      return 5;
    });
    expectTypeOf(result).toEqualTypeOf<number>();
    expectTypeOf(yield* asyncWith(plain, (given) => sleep(1, given.value))).toEqualTypeOf<number>();
    expectTypeOf(yield* asyncWith(new Lock(), () => sleep(1, 'x'))).toEqualTypeOf<string>();
    // @ts-expect-error nothing to dispose of
    yield* asyncWith({ close: () => {} }, () => sleep(1));
    // @ts-expect-error an async function is no body
    yield* asyncWith(resource, async () => {});
    // @ts-expect-error a disposal gives a promise, not a number
    yield* asyncWith({ [Symbol.asyncDispose]: () => 5 }, () => sleep(1));
    // @ts-expect-error yield, not yield*
    yield asyncWith(resource, () => sleep(1));
  });
});
