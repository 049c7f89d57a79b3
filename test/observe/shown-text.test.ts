import { expect, test } from 'vitest';
import { sleep } from '../../src/loop/index.ts';
import { shownName, shownText } from '../../src/observe/shown-text.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

test('control characters are spelled out, on one line', () => {
  expect(shownText('a\x1b[31m\nb\x9f')).toBe('a\\x1b[31m\\x0ab\\x9f');
  expect(shownName(virtualLoop().createTask(sleep(1), { name: 'new\rline' }))).toBe('new\\x0dline');
});
