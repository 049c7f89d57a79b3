import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { fold, wrap } from '../../../src/cli/tour/layout.ts';
import { cut } from '../../../src/observe/text-width.ts';

describe('prose', () => {
  test('ends its lines between words', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
    expect(wrap('', 9)).toEqual([]);
  });

  test('ends them between Chinese characters, but not before a comma or behind an opening bracket', () => {
    expect(wrap('一二三四，五六', 8)).toEqual(['一二三', '四，五六']);
    expect(wrap('一二三（四五）', 8)).toEqual(['一二三', '（四五）']);
    expect(wrap('等 loop 运行', 7)).toEqual(['等 loop', '运行']);
  });

  test('keeps together code, and a number with its unit', () => {
    expect(wrap('call `f(a, b)`, then wait', 11)).toEqual(['call', '`f(a, b)`,', 'then wait']);
    expect(wrap('begins at 3 s. Then', 11)).toEqual(['begins at', '3 s. Then']);
  });

  test('folds what is longer than a line, and loses nothing at any width', () => {
    expect(wrap('abcdefgh ij', 5)).toEqual(['abcde', 'fgh', 'ij']);
    const text = '任务离开 `block()` 时交还许可（permit），唤醒的只有一个。It waits 400 ms for `gather(a, b)`.';
    for (const width of [3, 1, 0, -5]) expect(wrap(text, width).join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    for (let width = 4; width < 90; width++) {
      const lines = wrap(text, width);
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
  });
});

test('a line that is cut says so, and is never wider than asked', () => {
  expect(cut('abcdef', 6)).toBe('abcdef');
  expect(cut('abcdefg', 6)).toBe('abcde…');
  expect(cut('一二三四', 6)).toBe('一二…');
});

test('a line that is folded is torn at a blank where one is near', () => {
  expect(fold('running at src/demos/spinner.ts', 20)).toEqual(['running at', 'src/demos/spinner.ts']);
  expect(fold('a src/demos/spinner.ts', 12)).toEqual(['a src/demos/', 'spinner.ts']);
  expect(fold('', 5)).toEqual(['']);
  expect(fold('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 3)).toEqual(['👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦']);
});
