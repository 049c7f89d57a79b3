import { expect, test } from 'vitest';
import { axisMarks, formatDuration } from '../../src/observe/durations.ts';

test.each([
  [0, '0 us'],
  [0.0123, '12 us'],
  [0.9994, '999 us'],
  [0.9996, '1 ms'],
  [3.456, '3.46 ms'],
  [999.4, '999 ms'],
  [999.6, '1 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min'],
  [125_400, '2 min 5 s'],
  [3_600_000, '1 h'],
  [5_400_000, '1 h 30 min'],
])('%f ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [3000, 4, ['0', '1', '2', '3 s']],
  [736, 4, ['0', '200', '400', '600 ms']],
  [20_000, 5, ['0', '5', '10', '15', '20 s']],
  [90_000, 4, ['0', '30', '60', '90 s']],
  [600_000, 5, ['0', '2', '4', '6', '8', '10 min']],
  [0.5, 3, ['0', '200', '400 us']],
  [0, 3, ['0 us']],
])('an axis of %f ms with %i marks: %j', (length, most, texts) => {
  expect(axisMarks(length, most).map(({ text }) => text)).toEqual(texts);
});
