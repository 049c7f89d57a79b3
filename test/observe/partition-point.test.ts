// Where a condition turns, in what is in order.
import { expect, test } from 'vitest';
import { partitionPoint } from '../../src/observe/partition-point.ts';

test('it is the number of places the condition holds for, none and all of them included', () => {
  for (let length = 0; length <= 20; length++)
    for (let turns = 0; turns <= length; turns++) expect({ length, found: partitionPoint(length, (place) => place < turns) }).toEqual({ length, found: turns });
});

test('only places that are there are asked about, and of a million no more than twenty', () => {
  const asked: number[] = [];
  partitionPoint(1_000_000, (place) => asked.push(place) > 0);
  expect(asked.length).toBeLessThanOrEqual(20);
  expect(asked.every((place) => place >= 0 && place < 1_000_000)).toBe(true);
});
