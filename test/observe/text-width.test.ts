import { expect, test } from 'vitest';
import { cut, cutFront, padded, takeWhole, widest, widthOf, wrap, wrapParts } from '../../src/observe/text-width.ts';

test.each([
  ['', 0],
  ['abc', 3],
  ['日本', 4],
  ['e\u0301', 1],
  ['😀', 2],
  ['👩‍👩‍👧‍👦', 2],
  ['\x1b[31mred\x1b[39m', 3],
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

test('a number and its unit stay on one line', () => {
  expect(wrap('waits for 133 ms', 13)).toEqual(['waits for', '133 ms']);
  expect(wrap('1 h 2 min left, 3 s', 9)).toEqual(['1 h 2 min', 'left,', '3 s']);
  expect(wrap('no 3 steps', 4)).toEqual(['no 3', '…s']);
});

test('a text that is too wide loses its end, and no half of a character is left', () => {
  expect(cut('timeline', 8)).toBe('timeline');
  expect(cut('timeline', 5)).toBe('time…');
  expect(cut('日本語', 4)).toBe('日…');
  expect(cut('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 3)).toBe('👩‍👩‍👧‍👦…');
});

test('a text is made as wide as its column', () => {
  expect(padded('ab', 4)).toBe('ab  ');
  expect(padded('日本語', 4)).toBe('日… ');
  expect(widest(['a', '日本', ''])).toBe(4);
});

test('as much of a text as fits ends with a whole character', () => {
  expect(takeWhole('timeline', 4)).toBe('time');
  expect(takeWhole('日本語', 5)).toBe('日本');
  expect(takeWhole('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 3)).toBe('👩‍👩‍👧‍👦');
  expect(takeWhole('日本', 1)).toBe('');
});

test('the widest of more texts than a call takes arguments is found', () => {
  expect(widest(Array.from({ length: 150_000 }, (_, i) => `${i}`))).toBe(6);
});

test('parts share a line while they fit', () => {
  expect(wrapParts(['one', 'two', 'three'], ', ', 10)).toEqual(['one, two', 'three']);
  expect(wrapParts(['one', 'a long part'], ', ', 7)).toEqual(['one', 'a long…']);
});
