import { inspect as nodeInspect } from 'node:util';
import { expect, test } from 'vitest';
import { type Coroutine, createTask, inspect, sleep, wait } from '../../src/loop/index.ts';
import { formatError } from '../../src/loop/inspect.ts';
import { ValueError } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

test('a task is shown with its state, its name, where its coroutine stands, what it waits for, and its outcome', () =>
  inVirtualTime(function* (): Coroutine<void> {
    function* spin(): Coroutine<string> {
      yield* sleep(5);
      return 'round';
    }
    const task = createTask(spin());
    const place = String.raw`test/loop/inspect\.test\.ts:\d+`;
    expect(inspect(task)).toMatch(new RegExp(`^<Task pending name='Task-2' coro=<spin\\(\\) running at ${place}>>$`));
    yield* sleep(1);
    expect(inspect(task)).toMatch(
      new RegExp(`^<Task pending name='Task-2' coro=<spin\\(\\) running at ${place}> wait_for=<Future pending cb=\\[Task-2\\.wakeup\\(\\)\\]>>$`),
    );
    yield* task;
    expect(inspect(task)).toMatch(new RegExp(`^<Task finished name='Task-2' coro=<spin\\(\\) done, defined at ${place}> result='round'>$`));
  }));

test('a task that was asked to cancel is shown as cancelling, then as cancelled; one that failed with its error', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const task = createTask(sleep(5));
    yield* sleep(1);
    task.cancel();
    expect(inspect(task)).toMatch(/^<Task cancelling name='Task-2' /);
    yield* wait([task]);
    expect(inspect(task)).toMatch(/^<Task cancelled name='Task-2' /);
    const failing = createTask(
      (function* fails(): Coroutine<void> {
        throw new ValueError('no');
      })(),
    );
    yield* wait([failing]);
    expect(inspect(failing)).toMatch(/ exception=ValueError\('no'\)>$/);
    failing.exception();
  }));

test('many callbacks are shortened to the first and the last', () => {
  const future = virtualLoop().createFuture();
  for (let i = 0; i < 5; i++) future.addDoneCallback(function tell() {});
  expect(String(future)).toBe('<Future pending cb=[tell(), <3 more>, tell()]>');
});

test('console.log and util.inspect show a future the same way, alone or inside of something, and do not iterate it', () => {
  const future = virtualLoop().createFuture();
  expect(nodeInspect(future)).toBe('<Future pending>');
  expect(nodeInspect({ future })).toBe('{ future: <Future pending> }');
  expect(inspect([1, 'a'])).toBe("[ 1, 'a' ]");
});

test('an error is written the way Python writes one', () => {
  expect(formatError(new TypeError('no'))).toBe("TypeError('no')");
  expect(formatError(new TypeError())).toBe('TypeError()');
  expect(formatError(5)).toBe('5');
});
