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

test('whatever the length and the number of marks, each is round, short and where it says', () => {
  const UNITS = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000 };
  for (let length = 0.001; length < 1e12; length *= 1.2) {
    for (const most of [1, 2, 3, 5, 8, 13, 19, 40]) {
      const marks = axisMarks(length, most);
      const told = `${length} ms, ${most}: ${marks.map(({ text }) => text).join(' | ')}`;
      expect(marks.length, told).toBeLessThanOrEqual(most + 1);
      const [, unit] = (marks.at(-1)?.text ?? '').split(' ') as [string, keyof typeof UNITS];
      for (const { at, text } of marks) {
        const [number] = text.split(' ') as [string];
        expect(number, told).toMatch(/^\d+(\.\d{1,2})?$/);
        expect(at, told).toBeCloseTo(Number(number) * UNITS[unit], 6);
        expect(number.length, told).toBeLessThanOrEqual(6);
      }
    }
  }
});

test.each([
  [3000, 4, ['0', '1', '2', '3 s']],
  [736, 4, ['0', '200', '400', '600 ms']],
  [20_000, 5, ['0', '5', '10', '15', '20 s']],
  [90_000, 4, ['0', '30', '60', '90 s']],
  [600_000, 5, ['0', '2', '4', '6', '8', '10 min']],
  [0.5, 3, ['0', '200', '400 us']],
  [0, 3, ['0 us']],
  [125_000, 13, ['0', '10', '20', '30', '40', '50', '60', '70', '80', '90', '100', '110', '120 s']],
  [125_000, 5, ['0', '0.5', '1', '1.5', '2 min']],
  [7_200_000, 12, ['0', '10', '20', '30', '40', '50', '60', '70', '80', '90', '100', '110', '120 min']],
  [7_200_000, 4, ['0', '0.5', '1', '1.5', '2 h']],
  [86_400_000, 5, ['0', '6', '12', '18', '24 h']],
  [86_400_000, 3, ['0', '12', '24 h']],
  [604_800_000, 7, ['0', '24', '48', '72', '96', '120', '144', '168 h']],
  [604_800_000, 4, ['0', '50', '100', '150 h']],
])('an axis of %f ms with %i marks: %j', (length, most, texts) => {
  expect(axisMarks(length, most).map(({ text }) => text)).toEqual(texts);
});
