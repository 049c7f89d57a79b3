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
