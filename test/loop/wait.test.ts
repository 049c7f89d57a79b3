import { expect, test } from 'vitest';
import { asCompleted, type Coroutine, createTask, type ReturnWhen, sleep, type Task, wait } from '../../src/loop/index.ts';
import { outcomeOf, sameAsCPython, ValueError } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

function* failsAfter(delay: number, error: Error): Coroutine<void> {
  yield* sleep(delay);
  throw error;
}

test('wait returns at the first done, the first error or when all are done, throws no error of theirs, and leaves the rest pending at a timeout', () =>
  sameAsCPython('wait returns when', function* (log, loop) {
    const names = (tasks: Iterable<Task<unknown>>): string =>
      [...tasks]
        .map((task) => task.getName())
        .sort()
        .join(' ');
    const tasks = (): Task<void>[] => [
      createTask(sleep(1), { name: 'quick' }),
      createTask(failsAfter(4, new ValueError('no')), { name: 'fails' }),
      createTask(sleep(6), { name: 'slow' }),
    ];
    for (const returnWhen of ['FIRST_COMPLETED', 'FIRST_EXCEPTION', 'ALL_COMPLETED'] as const satisfies ReturnWhen[]) {
      const start = loop.time();
      const { done, pending } = yield* wait(tasks(), { returnWhen });
      log(`${returnWhen} ${names(done)} ${names(pending)} after ${loop.time() - start}`);
      yield* sleep(10);
      for (const task of [...done, ...pending]) outcomeOf(task);
    }
    const start = loop.time();
    const { done, pending } = yield* wait(tasks(), { timeout: 2 });
    log(`timeout ${names(done)} ${names(pending)} after ${loop.time() - start}`);
    yield* sleep(10);
    log([...done, ...pending].sort((a, b) => (a.getName() < b.getName() ? -1 : 1)).map(outcomeOf));
  }));

test('FIRST_EXCEPTION does not count a cancelled one; no futures at all, coroutines, and one future instead of a list are errors', () =>
  sameAsCPython('wait does not count a cancelled one as an exception', function* (log, loop) {
    const victim = createTask(sleep(100));
    const other = createTask(sleep(5));
    loop.callLater(1, () => victim.cancel());
    const { done, pending } = yield* wait([victim, other], { returnWhen: 'FIRST_EXCEPTION' });
    log(`${done.size} ${pending.size} at ${loop.time()}`);
    for (const wrong of [[], sleep(1), [sleep(1)], other]) {
      try {
        yield* wait(wrong as never);
      } catch (error) {
        if (error instanceof TypeError || error instanceof RangeError) log('refused');
      }
    }
    try {
      asCompleted(sleep(1) as never);
    } catch (error) {
      if (error instanceof TypeError) log('refused');
    }
  }));

test('a wait that is cancelled leaves the futures alone', () =>
  sameAsCPython('a cancelled wait leaves the tasks alone', function* (log) {
    const work = createTask(sleep(5, 'work'));
    const waiter = createTask(wait([work]));
    yield* sleep(1);
    waiter.cancel();
    yield* wait([waiter]);
    log(`${outcomeOf(waiter)} ${outcomeOf(work)}`);
    log(yield* work);
  }));

test('both sets keep the order given, and one given twice counts once', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const tasks = [5, 1, 3, 2].map((delay) => createTask(sleep(delay), { name: `t${delay}` }));
    const { done, pending } = yield* wait([...tasks, ...tasks], { timeout: 2.5 });
    expect([...done].map((task) => task.getName())).toEqual(['t1', 't2']);
    expect([...pending].map((task) => task.getName())).toEqual(['t5', 't3']);
  }));

test('wait leaves no callback and no timer behind, nor does one that is cancelled', async () => {
  const loop = virtualLoop();
  const never = loop.createFuture();
  await loop.runUntilComplete(
    (function* (): Coroutine<void> {
      const quick = createTask(sleep(1));
      const cancelled = createTask(wait([never], { timeout: 1000 }));
      yield* wait([quick, never], { timeout: 1000, returnWhen: 'FIRST_COMPLETED' });
      cancelled.cancel();
      yield* wait([cancelled]);
    })(),
  );
  expect(String(never)).toBe('<Future pending>');
  await expect(loop.runForever()).rejects.toThrow(/deadlock/);
  expect(loop.time()).toBe(1);
});

test('an unknown returnWhen is a RangeError that lists the known ones', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const task = createTask(sleep(1));
    let refused: unknown;
    try {
      yield* wait([task], { returnWhen: 'SOMETIME' as ReturnWhen });
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(RangeError);
    expect((refused as Error).message).toContain('FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED');
  }));

test('FIRST_EXCEPTION counts whatever was thrown, undefined included', () =>
  inVirtualTime(function* () {
    const throwsNothing = createTask(
      (function* (): Coroutine<void> {
        yield* sleep(1);
        throw undefined;
      })(),
    );
    const { done, pending } = yield* wait([throwsNothing, createTask(sleep(50))], { returnWhen: 'FIRST_EXCEPTION' });
    expect([done.size, pending.size]).toEqual([1, 1]);
  }));
