// What the benchmark makes of its numbers: medians, ratios, marks, growth.
import { expect, test } from 'vitest';

interface Verdict {
  readonly value: number;
  readonly kept: boolean;
}
interface Grown {
  readonly size: number;
  readonly cost: number;
  readonly grown: number;
  readonly atMost?: number;
  readonly kept?: boolean;
}
const { growth, judge, median, ratio } = (await import('../../bench/marks.mjs' as string)) as {
  median(numbers: number[]): number;
  ratio(amounts: number[], others: number[]): number;
  judge(mark: object, amounts: Record<string, number[]>, unit: string): Verdict | undefined;
  growth(sizes: number[], amounts: number[][], how?: object): Grown[];
};

test('the median is the middle one, or lies between the middle two, and leaves its numbers as they are', () => {
  const numbers = [9, 1, 10];
  expect(median(numbers)).toBe(9);
  expect(numbers).toEqual([9, 1, 10]);
  expect(median([1, 2, 3, 100])).toBe(2.5);
});

test('a ratio compares within rounds, so that a disturbance of both sides does not count', () => {
  expect(ratio([10, 1000, 12], [5, 500, 6])).toBe(2);
});

test('a mark is judged by a ratio, by a difference, or by the amount itself', () => {
  const amounts = { ours: [10, 12, 11], native: [10, 10, 10] };
  expect(judge({ against: 'native', atMost: 1.2 }, amounts, 'ms')).toMatchObject({ value: 1.1, kept: true });
  expect(judge({ beyond: 'native', atMost: 0.5 }, amounts, 'ms')).toMatchObject({ value: 1, kept: false });
  expect(judge({ of: 'native', atLeast: 11 }, amounts, 'ms')).toMatchObject({ value: 10, kept: false });
});

test('a mark without a bound is neither kept nor missed: it is told', () => {
  expect(judge({ against: 'again' }, { ours: [3], again: [2] }, 'ms')).toMatchObject({ value: 1.5, kept: true, atMost: undefined, atLeast: undefined });
});

test('a mark is not judged where a contestant is missing', () => {
  expect(judge({ against: 'uvloop', atMost: 0.2 }, { ours: [1] }, 'ms')).toBeUndefined();
});

test('cost may grow by half with the size, and of timers by as much more as log n does', () => {
  const amounts = [[100], [1400], [16_000]];
  expect(growth([100, 1000, 10_000], amounts).map(({ grown, kept }) => [grown, kept])).toEqual([
    [1, undefined],
    [1.4, true],
    [1.6, false],
  ]);
  const timers = growth([100, 1000, 10_000], amounts, { logarithmic: true });
  expect(timers[2]).toMatchObject({ atMost: 3, kept: true });
});

test('an amount that is for one operation already is not divided by the size', () => {
  expect(growth([100, 1000], [[650], [650]], { each: true })[1]).toMatchObject({ cost: 650, grown: 1, kept: true });
});
