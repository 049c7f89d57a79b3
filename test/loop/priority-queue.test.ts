import { expect, expectTypeOf, test } from 'vitest';
import { type Coroutine, createTask, PriorityQueue, type Queue, QueueFull, QueueShutDown, sleep } from '../../src/loop/index.ts';
import { compareByNature } from '../../src/loop/priority-queue.ts';
import { sameAsCPython } from '../support/cpython.ts';
import { forSeeds } from '../support/random.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

function takeAll<T>(queue: Queue<T>): T[] {
  const items: T[] = [];
  while (!queue.empty()) items.push(queue.getNowait());
  return items;
}

test('the smallest comes first: numbers, strings, arrays element by element', () =>
  sameAsCPython('a priority queue gives the smallest first', function* (log) {
    const numbers = new PriorityQueue<number>();
    for (const item of [5, 1, 4, 1, 3, 10, 9, 2]) yield* numbers.put(item);
    log(takeAll(numbers));
    const strings = new PriorityQueue<string>();
    for (const item of ['pear', 'apple', 'Quince', 'fig']) strings.putNowait(item);
    log(takeAll(strings));
    const arrays = new PriorityQueue<(number | string)[]>();
    for (const item of [[10, 'b'], [9, 'z'], [10, 'a'], [10], [9, 'z', 0]]) arrays.putNowait(item);
    log(takeAll(arrays));
  }));

test('what has no order is a TypeError; an element that is the same in both is passed over', () =>
  sameAsCPython('a priority queue of what has no order is a type error', function* (log) {
    for (const [first, second] of [
      [{}, {}],
      [1, 'a'],
      [null, 1],
      [
        [1, { a: 1 }],
        [1, { b: 2 }],
      ],
      [[1], 1],
    ]) {
      const queue = new PriorityQueue<unknown>();
      queue.putNowait(first);
      try {
        queue.putNowait(second);
        log('put');
      } catch (error) {
        if (error instanceof TypeError) log(error.name);
      }
    }
    const same = {};
    const queue = new PriorityQueue<[number, object, number]>();
    queue.putNowait([1, same, 5]);
    queue.putNowait([1, same, 3]);
    log(takeAll(queue).map((item) => item[2]));
  }));

test('what is put while a getter is woken can overtake what woke it', () =>
  sameAsCPython('an item put while a priority getter is woken can overtake', function* (log) {
    const queue = new PriorityQueue<number>();
    const task = createTask(queue.get());
    yield* sleep(1);
    queue.putNowait(5);
    queue.putNowait(1);
    log(yield* task);
    log(queue.getNowait());
  }));

test('of equal items the one put in first comes first', () =>
  forSeeds(50, (random) => {
    const queue = new PriorityQueue<[number, number]>(0, { compare: (a, b) => a[0] - b[0] });
    const model: [number, number][] = [];
    for (let step = 0; step < 300; step++) {
      if (random.chance(0.6)) {
        const item: [number, number] = [random.int(8), step];
        queue.putNowait(item);
        model.push(item);
        model.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      } else if (model.length > 0) {
        expect(queue.getNowait()).toBe(model.shift());
      }
    }
    expect(takeAll(queue)).toEqual(model);
  }));

test('an item that cannot be ordered is not put in, wakes nobody and is nothing to join for', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const queue = new PriorityQueue<unknown>();
    queue.putNowait(2);
    queue.putNowait(1);
    expect(() => queue.putNowait({})).toThrow('PriorityQueue: expected items that can be ordered, got an object (Object) and 1; pass { compare }');
    expect(takeAll(queue)).toEqual([1, 2]);
    queue.taskDone();
    queue.taskDone();
    yield* queue.join();
  }));

test('where get is the first to compare two items without an order, it throws and takes nothing out', () => {
  const queue = new PriorityQueue<[number, object?]>();
  for (const item of [[0], [1, { a: 1 }], [1, { b: 2 }]] as [number, object?][]) queue.putNowait(item);
  expect(() => queue.getNowait()).toThrow(TypeError);
  expect(queue.qsize()).toBe(3);
});

test('it holds as many as it may, and is drained in order after a shutdown', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const queue = new PriorityQueue<number>(2);
    queue.putNowait(2);
    queue.putNowait(1);
    expect(() => queue.putNowait(0)).toThrow(QueueFull);
    queue.shutdown();
    expect([yield* queue.get(), yield* queue.get()]).toEqual([1, 2]);
    expect(() => queue.getNowait()).toThrow(QueueShutDown);
    expect(() => new PriorityQueue(0.5)).toThrow('PriorityQueue: expected a whole number for maxsize, 0 for no limit, got 0.5');
  }));

test.each([
  [1, 2, -1],
  [2, 1, 1],
  [1, 1, 0],
  [false, true, -1],
  ['a', 'b', -1],
  ['10', '9', -1],
  [[10], [9], 1],
  [[], [0], -1],
  [[1, [2, 'b']], [1, [2, 'a']], 1],
  [[1, undefined], [1, undefined], 0],
  [new Date(5), new Date(7), -1],
  [new Date(5), new Date(5), 0],
])('the order of %j and %j is %d', (a, b, order) => {
  expect(compareByNature(a, b)).toBe(order);
  expect(compareByNature(b, a)).toBe(0 - order);
});

test('bigints have their order, among numbers too', () => {
  expect([compareByNature(1n, 2), compareByNature(3, 2n), compareByNature(2n ** 70n, 2n ** 71n), compareByNature(2n, 2)]).toEqual([-1, 1, -1, 0]);
});

test('a priority queue is typed by its items, and so is what compares them', () => {
  const compiled = (..._bodies: ((...args: never[]) => unknown)[]): void => {};
  compiled(
    function* (queue: PriorityQueue<[number, string]>): Coroutine<void> {
      expectTypeOf(yield* queue.get()).toEqualTypeOf<[number, string]>();
      // @ts-expect-error yield, not yield*
      yield queue.get();
      // @ts-expect-error the priority is missing
      queue.putNowait('text');
    },
    (): Queue<Date> => new PriorityQueue<Date>(0, { compare: (a, b) => a.getTime() - b.getTime() }),
    // @ts-expect-error an order is a number, not a yes or no
    () => new PriorityQueue<number>(0, { compare: (a, b) => a < b }),
  );
  expect(compiled).toBeTypeOf('function');
});
