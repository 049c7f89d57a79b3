import { expect, test } from 'vitest';
import { nearestOf } from '../../src/cli/nearest.ts';

test.for([
  ['spiner', 'spinner'],
  ['Timer', 'timer'],
  ['fetch-stats', 'fetch-status'],
  ['fetc', 'fetch'],
  ['qwertyuiop', undefined],
  ['x', undefined],
  ['', undefined],
] as const)("'%s' stands for %s", ([typed, meant]) => {
  expect(nearestOf(typed, ['timer', 'spinner', 'fetch-status', 'fetch'])).toBe(meant);
});
