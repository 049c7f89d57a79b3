import { expect, test } from 'vitest';
import { compare } from '../../src/cli/smoke.ts';

test('what was printed as expected has no fault', () => {
  expect(compare([], [])).toBeUndefined();
  expect(compare(['a', 'b'], ['a', 'b'])).toBeUndefined();
  expect(compare(['a', 'b: 17'], ['a', /^b: \d+$/])).toBeUndefined();
});

test.for([
  [['a', 'x', 'y'], ['a', 'b', 'c'], 'line 2: expected b, got x'],
  [['a'], ['a', 'b'], 'line 2: expected b, got no more'],
  [['a', 'b'], ['a'], 'line 2: expected no more, got b'],
  [[], [/./], 'line 1: expected /./, got no more'],
  [['b: x'], [/^b: \d+$/], 'line 1: expected /^b: \\d+$/, got b: x'],
  [[''], [], 'line 1: expected no more, got '],
] as const)('of %j where %j was expected, the first difference is told', ([printed, wanted, fault]) => {
  expect(compare(printed, wanted)).toBe(fault);
});
