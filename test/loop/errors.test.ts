import { expect, test } from 'vitest';
import { leavesTheRun } from '../../src/loop/errors.ts';
import { CancelledError, DeadlockError, InvalidStateError, KeyboardInterrupt, LoopError, StopAsyncIteration, TimeoutError } from '../../src/loop/index.ts';
import { runProgram } from '../support/run-program.ts';

test.each([CancelledError, InvalidStateError, TimeoutError, StopAsyncIteration, LoopError])('%o is an Error that carries its name and message', (kind) => {
  const error = new kind('why');
  expect(error).toBeInstanceOf(Error);
  expect(String(error)).toBe(`${kind.name}: why`);
});

test('a KeyboardInterrupt says which signal it was, SIGINT unless told otherwise', () => {
  expect(String(new KeyboardInterrupt())).toBe('KeyboardInterrupt: interrupted by SIGINT');
  expect(new KeyboardInterrupt('SIGTERM').signal).toBe('SIGTERM');
});

test('only a KeyboardInterrupt leaves the run', () => {
  expect(leavesTheRun(new KeyboardInterrupt())).toBe(true);
  expect([new CancelledError(), new Error(), undefined].some(leavesTheRun)).toBe(false);
});

test('a DeadlockError lists the tasks, with the line where there is one', () => {
  const stuck = { name: 'Task-1', awaits: 'Lock.acquire()', line: 'src/app.ts:12' };
  expect(new DeadlockError([stuck]).message).toBe('deadlock: 1 pending task, and nothing left to wake it\n  Task-1 awaits Lock.acquire() at src/app.ts:12');
  expect(new DeadlockError([stuck, { ...stuck, name: 'Task-2', line: undefined }]).message).toBe(
    'deadlock: 2 pending tasks, and nothing left to wake any\n  Task-1 awaits Lock.acquire() at src/app.ts:12\n  Task-2 awaits Lock.acquire()',
  );
  expect(new DeadlockError([]).message).toBe('deadlock: the loop waits, but no task, no timer and nothing in flight is left to wake it');
});

test('a program that has frozen `Error` is cancelled all the same', async () => {
  const program = `
    import { createTask, run, sleep } from 'asyncdemo';
    Object.freeze(Error);
    function* main() {
      const task = createTask(sleep(1000));
      yield* sleep(0);
      console.log(task.getStack().length > 0);
      task.cancel('bye');
      yield* task;
    }
    await run(main()).catch((error) => console.log(String(error)));`;
  expect(await runProgram(program)).toMatchObject({ stdout: 'true\nCancelledError: bye\n', stderr: '', code: 0 });
});
