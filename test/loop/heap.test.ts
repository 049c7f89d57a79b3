import { expect, test } from 'vitest';
import { Heap } from '../../src/loop/heap.ts';
import { forSeeds } from '../support/random.ts';

test('the first by the order comes out first, and of equal ones the one that came first', () =>
  forSeeds(50, (random) => {
    const heap = new Heap<[number, number]>((a, b) => a[0] - b[0]);
    const model: [number, number][] = [];
    for (let step = 0; step < 500; step++) {
      if (random.chance(0.6)) {
        const item: [number, number] = [random.int(10), step];
        heap.push(item);
        model.push(item);
        model.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      } else if (model.length > 0) {
        if (heap.shift() !== model.shift()) throw new Error(`wrong item at step ${step}`);
      }
      if (heap.length !== model.length) throw new Error(`wrong length at step ${step}`);
    }
    expect([...heap][0]).toBe(model[0]);
    expect([...heap].sort((a, b) => a[0] - b[0] || a[1] - b[1])).toEqual(model);
  }));

test('a comparison that throws leaves the heap as it was', () =>
  forSeeds(50, (random) => {
    let fuse = Number.POSITIVE_INFINITY;
    const heap = new Heap<number>((a, b) => {
      if (--fuse < 0) throw new Error('no order');
      return a - b;
    });
    for (let i = 0; i < 30; i++) heap.push(random.int(100));
    for (let i = 0; i < 20; i++) {
      const before = [...heap];
      fuse = random.int(4);
      let thrown = false;
      try {
        if (random.chance(0.5)) heap.push(random.int(100));
        else heap.shift();
      } catch {
        thrown = true;
      }
      fuse = Number.POSITIVE_INFINITY;
      if (thrown) expect([...heap]).toEqual(before);
    }
    const items = [...heap];
    expect(items.map(() => heap.shift())).toEqual(items.sort((a, b) => a - b));
    expect(heap.length).toBe(0);
  }));
