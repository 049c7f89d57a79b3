import { expect, expectTypeOf, test } from 'vitest';
import { type Coroutine, createTask, LifoQueue, type Queue, QueueFull, QueueShutDown, sleep } from '../../src/loop/index.ts';
import { sameAsCPython } from '../support/cpython.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

test('a LifoQueue gives the last one first', () =>
  sameAsCPython('a lifo queue gives the last one first', function* (log) {
    const queue = new LifoQueue<number>(3);
    for (const item of [1, 3, 2]) queue.putNowait(item);
    log(queue.full());
    log([yield* queue.get(), yield* queue.get(), yield* queue.get()]);
    function* putter(): Coroutine<void> {
      for (let item = 0; item < 5; item++) {
        yield* queue.put(item);
        log(`put ${item}`);
      }
    }
    const task = createTask(putter());
    yield* sleep(1);
    while (!queue.empty()) {
      log(yield* queue.get());
      yield* sleep(1);
    }
    yield* task;
  }));

test('it holds as many as it may, and a shutdown leaves the last one first', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const queue = new LifoQueue<number>(2);
    queue.putNowait(1);
    queue.putNowait(2);
    expect(() => queue.putNowait(3)).toThrow(QueueFull);
    queue.shutdown();
    expect([yield* queue.get(), yield* queue.get()]).toEqual([2, 1]);
    expect(() => queue.getNowait()).toThrow(QueueShutDown);
    expect(() => new LifoQueue(0.5)).toThrow('LifoQueue: expected a whole number for maxsize, 0 for no limit, got 0.5');
  }));

test('it is a queue of its items, and get needs its star', () => {
  const compiled = (..._bodies: ((...args: never[]) => unknown)[]): void => {};
  compiled(
    (queue: LifoQueue<string>): Queue<string> => queue,
    function* (queue: LifoQueue<string>): Coroutine<void> {
      expectTypeOf(yield* queue.get()).toEqualTypeOf<string>();
      // @ts-expect-error yield, not yield*
      yield queue.get();
    },
  );
  expect(compiled).toBeTypeOf('function');
});
