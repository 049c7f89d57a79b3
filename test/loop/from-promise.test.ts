import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { type Coroutine, createTask, EventLoop, fromPromise, gather, sleep, VirtualDriver, wait } from '../../src/loop/index.ts';
import { outcomeOf, ValueError } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

const hostTakesItsTime = <T>(value: T): Promise<T> => new Promise((resolve) => setImmediate(() => setImmediate(() => resolve(value))));

test('it returns what the promise resolves with and throws what it rejects with', () =>
  inVirtualTime(function* (): Coroutine<void> {
    expect(yield* fromPromise(() => hostTakesItsTime('value'))).toBe('value');
    const task = createTask(fromPromise(() => Promise.reject(new ValueError('no'))));
    yield* wait([task]);
    expect(outcomeOf(task)).toBe('raised ValueError no');
  }));

test('virtual time stands still while a promise is in flight, and goes on after it', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const timers: string[] = [];
    loop.callLater(5, () => timers.push('timer'));
    yield* fromPromise(() => hostTakesItsTime(1));
    expect([loop.time(), ...timers]).toEqual([0]);
    yield* sleep(10);
    expect([loop.time(), ...timers]).toEqual([10, 'timer']);
  }));

test('cancelling the waiting task aborts the signal and lets the loop go', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    let aborted = 0;
    const task = createTask(
      fromPromise((signal) => {
        signal.addEventListener('abort', () => aborted++);
        return new Promise<never>(() => {});
      }),
    );
    yield* sleep(0);
    task.cancel();
    yield* wait([task]);
    expect([outcomeOf(task), aborted]).toEqual(['cancelled', 1]);
    yield* sleep(10);
    expect(loop.time()).toBe(10);
  }));

test('a signal is not aborted when its promise settled, by value or by error', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const signals: AbortSignal[] = [];
    const tasks = [Promise.resolve(1), Promise.reject(new ValueError())].map((promise) =>
      createTask(
        fromPromise((signal) => {
          signals.push(signal);
          return promise;
        }),
      ),
    );
    yield* wait(tasks);
    for (const task of tasks) outcomeOf(task);
    expect(signals.map((signal) => signal.aborted)).toEqual([false, false]);
  }));

test('each operation has a signal of its own, and the library puts no listener on it', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const signals = new Set<AbortSignal>();
    yield* gather(
      Array.from({ length: 300 }, () =>
        fromPromise((signal) => {
          signals.add(signal);
          expect(getEventListeners(signal, 'abort')).toHaveLength(0);
          return hostTakesItsTime(1);
        }),
      ),
    );
    expect(signals.size).toBe(300);
  }));

test('a start that throws at once throws at the await, and lets the loop go', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const task = createTask(
      fromPromise(() => {
        throw new ValueError('at once');
      }),
    );
    yield* wait([task]);
    expect(outcomeOf(task)).toBe('raised ValueError at once');
    yield* sleep(10);
    expect(loop.time()).toBe(10);
  }));

test('a promise that rejects after its task was cancelled is no unhandled rejection', async () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', listen);
  let reject: (error: Error) => void = () => {};
  await inVirtualTime(function* (): Coroutine<void> {
    const task = createTask(
      fromPromise(
        () =>
          new Promise<never>((_resolve, no) => {
            reject = no;
          }),
      ),
    );
    yield* sleep(0);
    task.cancel();
    yield* wait([task]);
    reject(new ValueError('late'));
    yield* fromPromise(() => hostTakesItsTime(1));
  });
  process.off('unhandledRejection', listen);
  expect(unhandled).toEqual([]);
});

test('a promise that settles after its loop was closed is dropped, and is no unhandled rejection', async () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', listen);
  const loop = new EventLoop({ driver: new VirtualDriver() });
  const settle: (() => void)[] = [];
  loop.createTask(fromPromise(() => new Promise<void>((resolve) => settle.push(resolve))));
  loop.createTask(fromPromise(() => new Promise<void>((_resolve, reject) => settle.push(() => reject(new ValueError('late'))))));
  await loop.runUntilComplete(
    (function* (): Coroutine<void> {
      yield* sleep(0);
      yield* sleep(0);
    })(),
  );
  loop.close();
  expect(settle).toHaveLength(2);
  for (const late of settle) late();
  await hostTakesItsTime(1);
  process.off('unhandledRejection', listen);
  expect(unhandled).toEqual([]);
});

test('two promises that settle in the same tick wake their tasks in that order', async () => {
  const loop = virtualLoop();
  const order: number[] = [];
  await loop.runUntilComplete(
    (function* (): Coroutine<void> {
      const resolvers: (() => void)[] = [];
      function* waits(n: number): Coroutine<void> {
        yield* fromPromise(() => new Promise<void>((resolve) => resolvers.push(resolve)));
        order.push(n);
      }
      const tasks = [0, 1, 2].map((n) => createTask(waits(n)));
      yield* sleep(0);
      for (const n of [2, 0, 1]) resolvers[n]?.();
      yield* wait(tasks);
    })(),
  );
  expect(order).toEqual([2, 0, 1]);
});

test('whatever way a function takes its arguments, it is given the signal', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const seen: unknown[] = [];
    const look = (signal: AbortSignal): Promise<void> => {
      seen.push(signal instanceof AbortSignal);
      return Promise.resolve();
    };
    yield* fromPromise((...args) => look(...args));
    yield* fromPromise((signal = undefined as never) => look(signal));
    yield* fromPromise(function () {
      // biome-ignore lint/complexity/noArguments: it is what is tested
      return look(arguments[0]);
    });
    expect(seen).toEqual([true, true, true]);
  }));
