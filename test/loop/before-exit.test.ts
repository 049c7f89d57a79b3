import { expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';

test('a program that can never go on ends with a DeadlockError that names the task and the line, not with a silent exit 13', async () => {
  const { stdout, stderr, code } = await runProgram(`
    import { getRunningLoop, Lock, run } from 'asyncdemo';
    function* main() {
      const lock = new Lock();
      yield* lock.acquire();
      yield* lock.acquire();
    }
    try {
      await run(main());
    } catch (error) {
      console.log(error.name + ': ' + error.tasks.map((task) => task.name + ' awaits ' + task.awaits + ' at ' + task.line.replace(/.*[/\\\\]/, '')).join());
    }`);
  expect(stderr).toBe('');
  expect(stdout).toBe('DeadlockError: Task-1 awaits Lock.acquire() at program.mjs:6\n');
  expect(code).toBe(0);
});

test('uncaught, the DeadlockError fails the process', async () => {
  const { stderr, code } = await runProgram(`
    import { getRunningLoop, run } from 'asyncdemo';
    await run((function* main() { yield* getRunningLoop().createFuture(); })());`);
  expect(stderr).toContain('DeadlockError: deadlock: 1 pending task, and nothing left to wake it');
  expect(code).toBe(1);
});

test('two loops that are both stuck are both told', async () => {
  const { stdout } = await runProgram(`
    import { EventLoop } from 'asyncdemo';
    const runs = [new EventLoop(), new EventLoop()].map((loop) => loop.runUntilComplete(loop.createFuture()));
    for (const { reason } of await Promise.allSettled(runs)) console.log(reason.name);`);
  expect(stdout).toBe('DeadlockError\nDeadlockError\n');
});

test('a loop that Node can still wake is not stuck: a host timer, a held promise', async () => {
  const { stdout, stderr } = await runProgram(`
    import { EventLoop, fromPromise, VirtualDriver } from 'asyncdemo';
    const loop = new EventLoop();
    const future = loop.createFuture();
    setTimeout(() => future.setResult('woken'), 5);
    console.log(await loop.runUntilComplete(future));
    const virtual = new EventLoop({ driver: new VirtualDriver() });
    console.log(await virtual.runUntilComplete(fromPromise(() => new Promise((resolve) => setTimeout(resolve, 5, 'held')))));`);
  expect(stderr).toBe('');
  expect(stdout).toBe('woken\nheld\n');
});

test('a promise in flight that nothing can settle any more is a deadlock too, in virtual time as well', async () => {
  const { stdout } = await runProgram(`
    import { EventLoop, fromPromise, VirtualDriver } from 'asyncdemo';
    for (const options of [{}, { driver: new VirtualDriver() }]) {
      const loop = new EventLoop(options);
      await loop.runUntilComplete(fromPromise(() => new Promise(() => {}))).catch((error) => console.log(error.name));
    }`);
  expect(stdout).toBe('DeadlockError\nDeadlockError\n');
});

test('when the run is over, no listener of ours is left', async () => {
  const { stdout } = await runProgram(`
    import { run, sleep, EventLoop } from 'asyncdemo';
    const loop = new EventLoop();
    await loop.runUntilComplete(loop.createFuture()).catch(() => {});
    await run(sleep(1));
    console.log(process.listenerCount('beforeExit'), process.listenerCount('SIGINT'));`);
  expect(stdout).toBe('0 0\n');
});
