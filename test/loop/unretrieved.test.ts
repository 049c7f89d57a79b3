import { expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';

/** Collects garbage until something was reported, or nothing was for long enough. */
const collect = `
import { EventLoop, sleep, VirtualDriver, wait } from 'asyncdemo';
const loop = new EventLoop({ driver: new VirtualDriver() });
loop.setExceptionHandler((_loop, { message, exception }) => console.log(message + ': ' + exception));
async function collect() {
  await loop.runUntilComplete(sleep(1));
  for (let i = 0; i < 20; i++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
process.on('unhandledRejection', (reason) => console.log('unhandled rejection ' + reason));
`;
const options = { nodeArgs: ['--expose-gc'] };

test('an exception that nobody retrieved is reported when its future is garbage-collected', async () => {
  const { stdout, stderr } = await runProgram(`${collect} loop.createFuture().setException(new RangeError('lost')); await collect();`, options);
  expect(stderr).toBe('');
  expect(stdout).toBe('Future exception was never retrieved: RangeError: lost\n');
});

test('so is one thrown inside a coroutine, whose stack refers to the task', async () => {
  const program = `${collect}
    function* inner() { yield* sleep(1); throw new RangeError('lost in a task'); }
    function* outer() { yield* inner(); }
    await loop.runUntilComplete((function* () {
      loop.createTask(outer());
      loop.createTask((function* () { null.property; })());
      yield* sleep(5);
    })());
    await collect();`;
  const { stdout, stderr } = await runProgram(program, options);
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n').sort()).toEqual([
    'Task exception was never retrieved: RangeError: lost in a task',
    "Task exception was never retrieved: TypeError: Cannot read properties of null (reading 'property')",
  ]);
});

test('one that was retrieved is not: by result(), exception(), await, wait, gather and cancel(); nor is a cancellation', async () => {
  const program = `${collect}
    import { gather } from 'asyncdemo';
    function* fails() { yield* sleep(1); throw new RangeError('seen'); }
    await loop.runUntilComplete((function* () {
      const future = loop.createFuture();
      future.setException(new RangeError('asked for'));
      future.exception();
      const other = loop.createFuture();
      other.setException(new RangeError('asked for'));
      try { other.result(); } catch {}
      try { yield* loop.createTask(fails()); } catch {}
      try { yield* gather([fails(), fails()]); } catch {}
      yield* gather([fails()], { returnExceptions: true });
      loop.createTask(sleep(100)).cancel();
      const dropped = loop.createTask(fails());
      yield* sleep(5);
      dropped.cancel();
      const late = loop.createFuture();
      late.setException(new RangeError('cancelled too late'));
      late.cancel();
      // Both done and cancelled when the task that awaits runs again: the cancellation arrives, the error was for it.
      const source = loop.createFuture();
      const waits = loop.createTask((function* () { yield* gather([source]); })());
      yield* sleep(1);
      source.setException(new RangeError('came with a cancellation'));
      loop.callSoon(() => waits.cancel());
      yield* sleep(1);
      if (!waits.cancelled()) console.log('not cancelled');
    })());
    await loop.runUntilComplete(fails()).catch(() => {});
    await collect();
    console.log('end');`;
  const { stdout, stderr } = await runProgram(program, options);
  expect(stderr).toBe('');
  expect(stdout).toBe('end\n');
});

test('the cancellation that a gather ends with, in a circle of tasks that await each other, is nobody’s to retrieve', async () => {
  const program = `${collect}
    const tasks = [];
    function* next(n) { yield* gather([tasks[1 - n]]); }
    await loop.runUntilComplete((function* () {
      for (const n of [0, 1]) tasks.push(loop.createTask(next(n)));
      yield* sleep(1);
      tasks[0].cancel();
      yield* wait(tasks);
      tasks.length = 0;
    })());
    await collect();
    console.log('nothing');`.replace('sleep, VirtualDriver', 'gather, sleep, VirtualDriver');
  expect(await runProgram(program, options)).toMatchObject({ stdout: 'nothing\n', stderr: '' });
});
