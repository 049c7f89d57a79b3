import { expect, test } from 'vitest';
import { ReadyQueue, type Runnable } from '../../src/loop/ready-queue.ts';
import { forSeeds } from '../support/random.ts';

interface Numbered extends Runnable {
  readonly n: number;
}
const numbered = (n: number): Numbered => ({ n, run: () => {} });
const numbers = (queue: ReadyQueue): number[] => [...queue].map((item) => (item as Numbered).n);

test('what goes in comes out in the same order, through any growth and wrap-around', () =>
  forSeeds(10, (random) => {
    const queue = new ReadyQueue();
    const model: number[] = [];
    let next = 0;
    for (let step = 0; step < 2000; step++) {
      if (random.chance(0.52)) {
        const burst = random.chance(0.02) ? 200 : 1;
        for (let i = 0; i < burst; i++) {
          queue.push(numbered(next));
          model.push(next++);
        }
      } else if (model.length > 0) {
        expect((queue.shift() as Numbered).n).toBe(model.shift());
      }
      expect(queue.length).toBe(model.length);
      if (step % 100 === 0) expect(numbers(queue)).toEqual(model);
      if (random.chance(0.001)) {
        queue.clear();
        model.length = 0;
      }
    }
  }));

test('a queue that grows while its head is in the middle keeps the order', () => {
  const queue = new ReadyQueue();
  for (let i = 0; i < 64; i++) queue.push(numbered(i));
  for (let i = 0; i < 40; i++) queue.shift();
  for (let i = 64; i < 300; i++) queue.push(numbered(i));
  expect(numbers(queue)).toEqual(Array.from({ length: 260 }, (_, i) => i + 40));
});

test('clear drops everything', () => {
  const queue = new ReadyQueue();
  for (let i = 0; i < 100; i++) queue.push(numbered(i));
  queue.clear();
  expect(queue.length).toBe(0);
  expect(numbers(queue)).toEqual([]);
  queue.push(numbered(7));
  expect(numbers(queue)).toEqual([7]);
});
