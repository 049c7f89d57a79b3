import { expect, test } from 'vitest';
import { type Linked, LinkedList } from '../../src/loop/linked-list.ts';
import { forSeeds } from '../support/random.ts';

class Item implements Linked<Item> {
  older: Item | undefined = undefined;
  newer: Item | undefined = undefined;
}

test('items are listed in the order they were added, however they are removed: as in an array', () =>
  forSeeds(50, (random) => {
    const list = new LinkedList<Item>();
    const model: Item[] = [];
    for (let step = 0; step < 300; step++) {
      if (random.chance(0.6)) {
        const item = new Item();
        list.add(item);
        model.push(item);
      } else if (model.length > 0) {
        const [gone] = model.splice(random.int(model.length), 1);
        list.remove(gone as Item);
        expect([gone?.older, gone?.newer]).toEqual([undefined, undefined]);
      }
      const listed = [...list];
      expect(list.oldest).toBe(model[0]);
      expect(listed.length === model.length && listed.every((item, index) => item === model[index])).toBe(true);
    }
  }));
