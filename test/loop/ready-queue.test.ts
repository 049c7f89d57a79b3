import { expect, test } from 'vitest';
import { NO_VALUES } from '../../src/loop/context.ts';
import { ReadyQueue, type Runnable } from '../../src/loop/ready-queue.ts';

const runnable = (): Runnable => ({ scope: NO_VALUES, run: () => {} });

test('runnables come out in the order they went in', () => {
  const queue = new ReadyQueue();
  const runnables: Runnable[] = Array.from({ length: 100 }, runnable);
  for (const runnable of runnables) queue.push(runnable);
  expect([...queue]).toEqual(runnables);
  for (const runnable of runnables) expect(queue.shift()).toBe(runnable);
  expect(queue.length).toBe(0);
});

test('arrange puts everything that is in it into another order', () => {
  const queue = new ReadyQueue();
  const [a, b, c]: [Runnable, Runnable, Runnable] = [runnable(), runnable(), runnable()];
  for (const runnable of [a, b, c]) queue.push(runnable);
  queue.arrange((items) => void items.reverse());
  queue.push(a);
  expect([...queue]).toEqual([c, b, a, a]);
});

test('what was taken is at hand until the next one is taken, or it is put away', () => {
  const queue = new ReadyQueue();
  const [a, b] = [runnable(), runnable()];
  queue.push(a);
  queue.push(b);
  expect(queue.current).toBe(undefined);
  expect(queue.take()).toBe(a);
  expect(queue.current).toBe(a);
  expect(queue.take()).toBe(b);
  expect(queue.current).toBe(b);
  queue.putAway();
  expect(queue.current).toBe(undefined);
});
