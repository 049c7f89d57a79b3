import { expect, test } from 'vitest';
import { formatExceptionContext } from '../../src/loop/exception-context.ts';
import { EventLoop } from '../../src/loop/index.ts';

test('an error is told of with its subject, where that was made, and its stack', () => {
  const loop = new EventLoop();
  const exception = Object.assign(new TypeError('no'), { stack: 'TypeError: no\n    at f (x.js:1:2)' });
  const sourceTraceback = [{ name: 'main', file: '/elsewhere/app.ts', line: 12, column: 3 }];
  const text = formatExceptionContext({ message: 'It failed', exception, future: loop.createFuture(), sourceTraceback });
  expect(text.split('\n')).toEqual([
    'It failed',
    'future: <Future pending>',
    'created at (most recent call last):',
    '    at main (/elsewhere/app.ts:12)',
    'TypeError: no',
    '    at f (x.js:1:2)',
  ]);
  loop.close();
});

test('what was thrown may be no Error, or nothing', () => {
  expect(formatExceptionContext({ message: 'It failed', exception: { code: 5 } })).toBe('It failed\n{ code: 5 }');
  expect(formatExceptionContext({ message: 'It failed' })).toBe('It failed');
  const bare = Object.assign(new Error('bare'), { stack: undefined });
  expect(formatExceptionContext({ message: 'It failed', exception: bare })).toBe("It failed\nError('bare')");
});
