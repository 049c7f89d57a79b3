import { afterEach, expect, test, vi } from 'vitest';
import { asyncWith, type Coroutine, EventLoop, Lock, Queue, sleep, VirtualDriver } from '../../src/loop/index.ts';
import { runProgram } from '../support/run-program.ts';

afterEach(() => vi.restoreAllMocks());

/** Runs a body in debug mode, collects garbage, and gives the warnings, without places. */
async function warningsOf(body: string, debug = true): Promise<string[]> {
  const program = `
    import { asyncWith, Barrier, Condition, Event, EventLoop, Lock, Queue, Semaphore, sleep, VirtualDriver } from 'asyncdemo';
    process.on('warning', ({ message }) => console.log(message.replace(/created at .*program\\.mjs:\\d+/, 'created at PLACE')));
    const loop = new EventLoop({ driver: new VirtualDriver(), debug: ${debug} });
    await loop.runUntilComplete((function* () { ${body} })());
    for (let i = 0; i < 10; i++) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }`;
  const { stdout } = await runProgram(program, { nodeArgs: ['--expose-gc'] });
  return stdout.trim().split('\n').sort();
}

test('a coroutine of this library that is dropped without being awaited is told of, with the place', async () => {
  const body = `
    new Queue().put(1);
    sleep(5);
    new Lock().acquire();
    new Semaphore().acquire();
    new Event().wait();
    yield* sleep(1);`;
  expect(await warningsOf(body)).toEqual([
    "coroutine 'Event.wait', created at PLACE was never awaited",
    "coroutine 'Lock.acquire', created at PLACE was never awaited",
    "coroutine 'Queue.put', created at PLACE was never awaited",
    "coroutine 'Semaphore.acquire', created at PLACE was never awaited",
    "coroutine 'sleep', created at PLACE was never awaited",
  ]);
});

test('of those that were awaited, cancelled or run as tasks nothing is said, and nothing at all out of debug mode', async () => {
  const body = `
    const lock = new Lock();
    yield* lock.acquire();
    lock.release();
    loop.createTask(sleep(100)).cancel();
    yield* asyncWith(lock, () => sleep(1));
    yield* new Queue().put(1);`;
  expect(await warningsOf(body)).toEqual(['']);
  expect(await warningsOf('sleep(5); yield* sleep(1);', false)).toEqual(['']);
});

test('one that was begun and is dropped half way, with whoever awaited it, is told of as well; one that is left by an error or is closed is not', async () => {
  const body = `
    function* halfWay() {
      yield* sleep(1000);
    }
    halfWay().next();
    (() => new Queue().get())().next();
    const closed = halfWay();
    closed.next();
    closed.return();
    const thrown = halfWay();
    thrown.next();
    try { thrown.throw(new Error('out')); } catch {}
    yield* sleep(1);`;
  expect(await warningsOf(body)).toEqual([
    "coroutine 'Queue.get', created at PLACE was dropped half way, and so was whoever awaited it",
    "coroutine 'sleep', created at PLACE was dropped half way, and so was whoever awaited it",
  ]);
});

test('the methods are as they were once no loop is in debug mode any more', async () => {
  vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const before = Lock.prototype.acquire;
  const loops = [1, 2].map(() => new EventLoop({ driver: new VirtualDriver(), debug: true }));
  expect(Lock.prototype.acquire).not.toBe(before);
  const queue = new Queue<number>();
  function* main(): Coroutine<number> {
    yield* asyncWith(new Lock(), () => queue.put(5));
    return yield* queue.get();
  }
  expect(await loops[0]?.runUntilComplete(main())).toBe(5);
  loops[0]?.close();
  expect(Lock.prototype.acquire).not.toBe(before);
  loops[1]?.close();
  expect(Lock.prototype.acquire).toBe(before);
  expect(sleep(0).constructor.name).toBe('sleep');
});

/** The warnings of a program in debug mode, without places. */
async function warningsOfProgram(main: string, options = 'debug: true'): Promise<string[]> {
  const program = `
    import { createTask, gather, run, sleep } from 'asyncdemo';
    process.on('warning', ({ message }) => console.log(message.replaceAll(/ [^ ]*program\\.mjs:\\d+/g, ' PLACE')));
    function* background() {
      yield* sleep(1000);
    }
    function* main() { ${main} }
    await run(main(), { ${options} }).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 20));`;
  const { stdout } = await runProgram(program);
  return stdout.trim().split('\n').sort();
}

test('a task that is left when the program is done, and that nobody awaits, is told of with its lines', async () => {
  expect(await warningsOfProgram("createTask(background(), { name: 'left' }); yield* sleep(1);")).toEqual([
    expect.stringMatching(/^<Task pending name='left' coro=<background\(\) running at PLACE>.* created at PLACE> was never awaited, and is cancelled now/),
  ]);
});

test('nothing is said of a task that has ended, was asked to stop or is awaited; nor after an error, nor out of debug mode', async () => {
  expect(await warningsOfProgram('createTask(sleep(1)); yield* sleep(5);')).toEqual(['']);
  expect(await warningsOfProgram('createTask(background()).cancel();')).toEqual(['']);
  expect(await warningsOfProgram("createTask(background()); throw new Error('no');")).toEqual(['']);
  expect(await warningsOfProgram('createTask(background()); yield* sleep(1);', '')).toEqual(['']);
});
