import { expect, test } from 'vitest';
import { cutFront, widthOf, wrap } from '../../src/observe/text-width.ts';

test.each([
  ['', 0],
  ['abc', 3],
  ['日本', 4],
  ['e\u0301', 1],
  ['😀', 2],
])('%j takes %i columns', (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test('a text that is too wide loses its front', () => {
  expect(cutFront('src/app.ts:12', 20)).toBe('src/app.ts:12');
  expect(cutFront('src/app.ts:12', 9)).toBe('…pp.ts:12');
  expect(cutFront('日本語', 4)).toBe('…語');
});

test('a text is broken at spaces, and its later lines are two columns narrower', () => {
  expect(wrap('one two three', 20)).toEqual(['one two three']);
  expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
  expect(wrap('a-very-long-word b', 10)).toEqual(['…ng-word b']);
});
