import { expect, test } from 'vitest';
import { ReadyQueue, type Runnable } from '../../src/loop/ready-queue.ts';

test('runnables come out in the order they went in', () => {
  const queue = new ReadyQueue();
  const runnables: Runnable[] = Array.from({ length: 100 }, () => ({ run: () => {} }));
  for (const runnable of runnables) queue.push(runnable);
  expect([...queue]).toEqual(runnables);
  for (const runnable of runnables) expect(queue.shift()).toBe(runnable);
  expect(queue.length).toBe(0);
});

test('arrange puts everything that is in it into another order', () => {
  const queue = new ReadyQueue();
  const [a, b, c]: [Runnable, Runnable, Runnable] = [{ run: () => {} }, { run: () => {} }, { run: () => {} }];
  for (const runnable of [a, b, c]) queue.push(runnable);
  queue.arrange((items) => void items.reverse());
  queue.push(a);
  expect([...queue]).toEqual([c, b, a, a]);
});
