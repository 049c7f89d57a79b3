import { join } from 'node:path';
import { expect, test } from 'vitest';
import { awaitStack, formatPlace, isOurs, parseStack } from '../../src/loop/await-stack.ts';
import type { Coroutine } from '../../src/loop/index.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

test('the text of a stack is read into frames, whatever form its lines have', () => {
  const frames = parseStack(
    [
      'Error: no',
      '    at named (/a/b.js:1:2)',
      '    at /a/c.js:3:4',
      '    at Class.method [as alias] (file:///a/d%20e.js:5:6)',
      '    at async later (/a/f.js:7:8)',
      '    at native',
    ].join('\n'),
  );
  expect(frames.map(({ name, file, line, column }) => `${name} ${file}:${line}:${column}`)).toEqual([
    'named /a/b.js:1:2',
    '<anonymous> /a/c.js:3:4',
    'Class.method /a/d e.js:5:6',
    'async later /a/f.js:7:8',
  ]);
});

test('the await stack of a suspended coroutine has all its frames, oldest first, and no others', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const future = loop.createFuture<void>();
    function* deep(left: number): Coroutine<void> {
      if (left === 0) yield* future;
      else yield* deep(left - 1);
    }
    const coroutine = deep(20);
    coroutine.next();
    expect(awaitStack(coroutine).map((frame) => frame.name)).toEqual(Array(21).fill('deep'));
  }));

test('a place is written from the working directory where the file lies below it', () => {
  expect(formatPlace(join(process.cwd(), 'src', 'app.ts'), 12)).toBe(join('src', 'app.ts:12'));
  expect(formatPlace('/elsewhere/app.ts', 12)).toBe('/elsewhere/app.ts:12');
});

test('frames of the library are told from those of the program', () => {
  const frame = { name: 'f', line: 1, column: 1 };
  expect(isOurs({ ...frame, file: join(process.cwd(), 'src', 'loop', 'task.ts') })).toBe(true);
  expect(isOurs({ ...frame, file: join(process.cwd(), 'src', 'node', 'once.ts') })).toBe(true);
  expect(isOurs({ ...frame, file: join(process.cwd(), 'src', 'http', 'agent.ts') })).toBe(false);
  expect(isOurs({ ...frame, file: import.meta.filename })).toBe(false);
});
