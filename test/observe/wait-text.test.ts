import { expect, test } from 'vitest';
import { describeNames, formatRoughly } from '../../src/observe/wait-text.ts';

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [1250, '1.3 s'],
  [59_949, '59.9 s'],
  [59_951, '1 min 0 s'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [Number.POSITIVE_INFINITY, 'ever'],
])('%d ms is said to be %s', (ms, text) => {
  expect(formatRoughly(ms)).toBe(text);
});

test.each([
  [['Task-1'], 'Task-1'],
  [['fetch-1', 'fetch-12'], '×2 fetch-…'],
  [['Task-10', 'Task-11', 'Task-12'], '×3 Task-…'],
  [['red', 'green'], '×2 red, green'],
  [['a', 'b', 'c', 'd'], '×4 a, b, …'],
  [['😀a', '😁b'], '×2 😀a, 😁b'],
  [['job 😀a', 'job 😁b'], '×2 job …'],
  [['😀a', '😀b'], '×2 😀…'],
])('the names %j together are %s', (names, text) => {
  expect(describeNames(names)).toBe(text);
});
