import { EventEmitter, on } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { asyncIteratorsOf } from '../../src/loop/async-iterators.ts';
import { asyncFor, BREAK, type Coroutine, Cursor, createTask, drain, fromPromise, run, sleep, VirtualDriver, wait } from '../../src/loop/index.ts';
import { NativeIterator } from '../../src/loop/native-iterator.ts';
import { outcomeOf, ValueError } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

/** A native generator that tells when it is closed. */
async function* numbers(log: string[]): AsyncGenerator<number> {
  try {
    for (let n = 1; n <= 3; n++) yield n;
  } finally {
    await Promise.resolve();
    log.push('closed');
  }
}

test('it gives the values, then StopAsyncIteration, and is known to its loop meanwhile', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const iterators = asyncIteratorsOf(loop);
    const native = new NativeIterator(numbers([]), undefined);
    expect(iterators.size).toBe(0);
    expect([yield* native.anext(), iterators.size, yield* native.anext(), yield* native.anext()]).toEqual([1, 1, 2, 3]);
    const end = createTask(native.anext());
    yield* wait([end]);
    expect([outcomeOf(end), iterators.size]).toEqual(['raised StopAsyncIteration', 0]);
  }));

test('one left half way is closed at the end of the loop, and reported where that fails', async () => {
  const log: string[] = [];
  const loop = virtualLoop();
  const cursor = new Cursor(numbers(log));
  const failing = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve({ done: false, value: 1 }),
      return: () => Promise.reject(new ValueError('from return()')),
    }),
  };
  const other = new Cursor(failing);
  await loop.runUntilComplete(cursor.advance());
  await loop.runUntilComplete(other.advance());
  await drain(loop);
  expect(log).toEqual(['closed']);
  expect(loop.reports.map(({ exception }) => exception)).toEqual([new ValueError('from return()')]);
  expect([cursor.value, other.value]).toEqual([1, 1]);
});

test('run closes it, too', async () => {
  const log: string[] = [];
  const native = numbers(log);
  await run(new Cursor(native).advance(), { driver: new VirtualDriver() });
  expect(log).toEqual(['closed']);
});

test('one that nobody refers to is not kept from being collected', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const loop = virtualLoop();
  await loop.runUntilComplete(
    (function* () {
      yield* new Cursor(numbers([])).advance();
      yield* sleep(0);
    })(),
  );
  for (let round = 0; round < 20 && asyncIteratorsOf(loop).size > 0; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  expect(asyncIteratorsOf(loop).size).toBe(0);
});

test('an error ends it; one without return() is just left', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const native = new NativeIterator({ next: () => Promise.reject(new ValueError('no')) }, undefined);
    const task = createTask(native.anext());
    yield* wait([task]);
    expect([outcomeOf(task), asyncIteratorsOf(loop).size]).toEqual(['raised ValueError no', 0]);
    yield* native.aclose();
  }));

test('a function that makes the iterable is given a signal, aborted when a value is given up that is being waited for', async () => {
  const emitter = new EventEmitter();
  const seen: unknown[] = [];
  function* main(): Coroutine<void> {
    const task = createTask(
      asyncFor(
        (signal) => on(emitter, 'value', { signal }),
        function* (values) {
          seen.push(values);
        },
      ),
    );
    yield* fromPromise(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      emitter.emit('value', 1);
      emitter.emit('value', 2);
    });
    while (seen.length < 2) yield* fromPromise(() => new Promise((resolve) => setImmediate(resolve)));
    expect(emitter.listenerCount('value')).toBe(1);
    task.cancel();
    yield* wait([task]);
    expect(outcomeOf(task)).toBe('cancelled');
  }
  await virtualLoop().runUntilComplete(main());
  expect(seen).toEqual([[1], [2]]);
  expect([emitter.listenerCount('value'), emitter.listenerCount('error')]).toEqual([0, 0]);
});

test('the signal is left alone where the iteration ends or is left', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const signals: AbortSignal[] = [];
    const make = (signal: AbortSignal): AsyncIterable<number> => {
      signals.push(signal);
      return numbers([]);
    };
    yield* asyncFor(make, function* () {});
    yield* asyncFor(make, function* () {
      return BREAK;
    });
    expect(signals.map((signal) => signal.aborted)).toEqual([false, false]);
  }));

test('an abort that fails is nobody’s: the cancellation goes on', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const task = createTask(
      asyncFor(
        (signal) => ({
          [Symbol.asyncIterator]: () => ({
            next: () => new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
            return: () => Promise.reject(new ValueError('from return()')),
          }),
        }),
        function* () {},
      ),
    );
    yield* sleep(0);
    yield* sleep(0);
    task.cancel();
    yield* wait([task]);
    expect([outcomeOf(task), loop.reports]).toEqual(['cancelled', []]);
  }));
