import { Piscina } from 'piscina';
import { expect, expectTypeOf, test } from 'vitest';
import {
  type Coroutine,
  createTask,
  type EventLoop,
  type Future,
  fromPromise,
  getRunningLoop,
  EventLoop as Loop,
  sleep,
  VirtualDriver,
  wait,
} from '../../src/loop/index.ts';
import { type Executor, type ExecutorRunOptions, runInExecutor, setDefaultExecutor, shutdownDefaultExecutor, toThread } from '../../src/node/index.ts';
import { outcomeOf, ValueError } from '../support/cpython.ts';
import { nothingLeftBehind } from '../support/left-behind.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

const work = new URL('../support/programs/work.mjs', import.meta.url);

/** An executor that only notes what it is asked, and answers when told to. */
class Noting implements Executor {
  readonly asked: { argument: unknown; options: ExecutorRunOptions }[] = [];
  readonly answers: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
  destroyed = 0;

  run(argument: unknown, options: ExecutorRunOptions): Promise<unknown> {
    this.asked.push({ argument, options });
    return new Promise((resolve, reject) => this.answers.push({ resolve, reject }));
  }

  async destroy(): Promise<void> {
    this.destroyed += 1;
  }
}

const hostTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('an executor is told the argument, the path of the module, and the function; its answer is the result', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const executor = new Noting();
    const futures = [
      runInExecutor(loop, executor, work, 1, { name: 'where' }),
      runInExecutor(loop, executor, '/folder/work.js', 2),
      runInExecutor(loop, executor, null, 3),
      runInExecutor(loop, executor, 'node:path', 4),
    ];
    yield* sleep(0);
    expect(executor.asked.map(({ argument, options: { signal, ...rest } }) => ({ argument, ...rest, signal: signal?.aborted }))).toEqual([
      { argument: 1, filename: work.pathname, name: 'where', signal: false },
      { argument: 2, filename: '/folder/work.js', signal: false },
      { argument: 3, signal: false },
      { argument: 4, filename: 'node:path', signal: false },
    ]);
    for (const [index, { resolve, reject }] of executor.answers.entries()) index === 2 ? reject(new ValueError('no')) : resolve(index);
    yield* wait(futures);
    expect(futures.map(outcomeOf)).toEqual(['returned 0', 'returned 1', 'raised ValueError no', 'returned 3']);
    expect(executor.destroyed).toBe(0);
  }));

test('cancelling the future aborts the signal and lets virtual time go on', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const executor = new Noting();
    const future = runInExecutor(loop, executor, work, 1);
    yield* sleep(0);
    future.cancel();
    yield* wait([future]);
    expect([outcomeOf(future), executor.asked[0]?.options.signal?.aborted]).toEqual(['cancelled', true]);
    yield* sleep(10);
    expect(loop.time()).toBe(10);
  }));

test('a relative path is refused, and so is what is no executor', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    expect(() => runInExecutor(loop, new Noting(), './work.js')).toThrow(
      "runInExecutor: expected a module's URL or absolute path, got './work.js'; write new URL('./work.js', import.meta.url)",
    );
    expect(() => setDefaultExecutor(loop, {} as Executor)).toThrow('setDefaultExecutor: expected an executor, an object with run(');
    const closed = new Loop();
    closed.close();
    expect(() => setDefaultExecutor(closed, new Noting())).toThrow('Event loop is closed');
  }));

test('the default executor is used where none is named, and destroyed when the loop closes', async () => {
  const loop = new Loop({ driver: new VirtualDriver() });
  const executor = new Noting();
  setDefaultExecutor(loop, executor);
  const future = runInExecutor(loop, null, work, 5);
  loop.callSoon(() => loop.callSoon(() => loop.stop()));
  await loop.runForever();
  await hostTurn();
  expect([executor.asked.length, future.done(), executor.destroyed]).toEqual([1, false, 0]);
  loop.close();
  await hostTurn();
  expect(executor.destroyed).toBe(1);
});

test('a shutdown waits for what was asked for, then destroys; from then on nothing is taken', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const executor = new Noting();
    setDefaultExecutor(loop, executor);
    const future = runInExecutor(loop, null, work);
    yield* fromPromise(hostTurn);
    const shutdown = createTask(shutdownDefaultExecutor(loop));
    const late = runInExecutor(loop, null, work);
    yield* wait([late]);
    expect(outcomeOf(late)).toBe('raised LoopError Executor shutdown has been called');
    expect([shutdown.done(), executor.destroyed]).toEqual([false, 0]);
    executor.answers[0]?.resolve('done');
    yield* shutdown;
    expect([executor.destroyed, outcomeOf(future)]).toEqual([1, 'returned done']);
    yield* shutdownDefaultExecutor(loop);
    expect(executor.destroyed).toBe(1);
  }));

test('a shutdown whose time is up, or that is cancelled, destroys what is busy', () =>
  inVirtualTime(function* (): Coroutine<void> {
    for (const end of ['timeout', 'cancel']) {
      const executor = new Noting();
      const loop = getRunningLoop();
      const other = new Loop({ driver: new VirtualDriver() });
      setDefaultExecutor(other, executor);
      const task = createTask(shutdownDefaultExecutor(other, end === 'timeout' ? { timeout: 5 } : {}));
      runInExecutor(other, null, work);
      yield* sleep(0);
      if (end === 'cancel') task.cancel();
      yield* wait([task]);
      expect([executor.destroyed, loop.isClosed()], end).toEqual([1, false]);
      other.close();
    }
    const wrong = createTask(shutdownDefaultExecutor(getRunningLoop(), { timeout: -1 }));
    yield* wait([wrong]);
    expect(outcomeOf(wrong)).toBe('raised RangeError shutdownDefaultExecutor: expected a timeout in milliseconds from 0 up, got -1');
  }));

test('a pool of piscina is an executor as it is, which its owner ends', () =>
  nothingLeftBehind(async () => {
    const pool = new Piscina({ maxThreads: 1, minThreads: 1 });
    await inVirtualTime(function* (loop): Coroutine<void> {
      expect(yield* toThread(work, 21, { executor: pool })).toBe(42);
      setDefaultExecutor(loop, pool);
      expect(yield* runInExecutor(loop, null, work, 4)).toBe(8);
    });
    await pool.destroy();
  }));

test('results are typed by whoever asks', () => {
  const compiled = (..._bodies: ((...args: never[]) => unknown)[]): void => {};
  compiled(
    (loop: EventLoop, pool: Piscina): void => {
      expectTypeOf(runInExecutor(loop, pool, work)).toEqualTypeOf<Future<unknown>>();
      expectTypeOf(runInExecutor<number>(loop, null, null, 5)).toEqualTypeOf<Future<number>>();
      expectTypeOf(pool).toExtend<Executor>();
      // @ts-expect-error a function cannot cross to another thread
      runInExecutor(loop, null, () => 5);
      // @ts-expect-error no executor
      setDefaultExecutor(loop, { submit: () => {} });
    },
    function* (): Coroutine<void> {
      // @ts-expect-error a forgotten star
      yield shutdownDefaultExecutor(getRunningLoop());
    },
  );
});
