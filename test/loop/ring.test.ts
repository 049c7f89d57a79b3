import { expect, test } from 'vitest';
import { Ring } from '../../src/loop/ring.ts';
import { forSeeds } from '../support/random.ts';

test('what goes in comes out in the same order, through any growth and wrap-around', () =>
  forSeeds(10, (random) => {
    const ring = new Ring<number>();
    const model: number[] = [];
    let next = 0;
    for (let step = 0; step < 2000; step++) {
      if (random.chance(0.52)) {
        const burst = random.chance(0.02) ? 200 : 1;
        for (let i = 0; i < burst; i++) {
          ring.push(next);
          model.push(next++);
        }
      } else if (model.length > 0) {
        expect(ring.shift()).toBe(model.shift());
      }
      expect(ring.length).toBe(model.length);
      if (step % 100 === 0) expect([...ring]).toEqual(model);
      if (random.chance(0.001)) {
        ring.clear();
        model.length = 0;
      }
    }
  }));

test('a ring that grows while its head is in the middle keeps the order', () => {
  const ring = new Ring<number>();
  for (let i = 0; i < 64; i++) ring.push(i);
  for (let i = 0; i < 40; i++) ring.shift();
  for (let i = 64; i < 300; i++) ring.push(i);
  expect([...ring]).toEqual(Array.from({ length: 260 }, (_, i) => i + 40));
});

test('clear drops everything', () => {
  const ring = new Ring<number>();
  for (let i = 0; i < 100; i++) ring.push(i);
  ring.clear();
  expect(ring.length).toBe(0);
  expect([...ring]).toEqual([]);
  ring.push(7);
  expect([...ring]).toEqual([7]);
});
