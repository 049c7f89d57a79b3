import { expect, test } from 'vitest';
import { randomOf, seededRandom } from '../../src/cli/random.ts';

const take = (count: number, random: () => number): number[] => Array.from({ length: count }, random);

test('the same seed gives the same numbers, another seed others', () => {
  expect(take(100, seededRandom(7))).toEqual(take(100, seededRandom(7)));
  expect(take(100, seededRandom(7))).not.toEqual(take(100, seededRandom(8)));
});

test.for([0, 1, 42, 2 ** 31, 2 ** 32 - 1])('numbers of seed %d are spread over 0 up to 1', (seed) => {
  const numbers = take(10_000, seededRandom(seed));
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  const tenths = new Array<number>(10).fill(0);
  for (const number of numbers) tenths[Math.floor(number * 10)] = (tenths[Math.floor(number * 10)] ?? 0) + 1;
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test('the number of a text depends on the text and the seed alone', () => {
  const texts = Array.from({ length: 200 }, (_, id) => `/get?a=${id}`);
  const numbers = texts.map((text) => randomOf(text, 1));
  expect(texts.map((text) => randomOf(text, 1))).toEqual(numbers);
  expect(texts.map((text) => randomOf(text, 2))).not.toEqual(numbers);
  expect(new Set(numbers).size).toBe(texts.length);
  for (const number of numbers) expect(number >= 0 && number < 1).toBe(true);
});
