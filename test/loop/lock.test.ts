import { expect, test } from 'vitest';
import { allTasks, asyncWith, type Coroutine, createTask, Lock, LoopError, sleep, type Task, wait } from '../../src/loop/index.ts';
import { outcomeOf, sameAsCPython } from '../support/cpython.ts';
import { forSeeds } from '../support/random.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

test('tasks get the lock in the order they asked; an uncontended acquire never suspends; releasing a free one is an error', () =>
  sameAsCPython('lock is first in first out', function* (log, loop) {
    const lock = new Lock();
    function* worker(name: string): Coroutine<void> {
      yield* asyncWith(lock, function* () {
        log(`${name} in`);
        yield* sleep(1);
        log(`${name} out`);
      });
    }
    const tasks = [...'abcd'].map((name) => createTask(worker(name)));
    yield* sleep(0);
    tasks[2]?.cancel();
    yield* wait(tasks);
    log(lock.locked());
    loop.callSoon(log, 'a callback');
    yield* lock.acquire();
    log('uncontended acquire does not suspend');
    lock.release();
    try {
      lock.release();
    } catch (error) {
      if (error instanceof LoopError) log(error.message);
    }
  }));

test('a newcomer does not overtake a waiter that was woken and did not run yet', () =>
  sameAsCPython('a newcomer does not overtake a woken lock waiter', function* (log) {
    const lock = new Lock();
    yield* lock.acquire();
    function* worker(name: string): Coroutine<void> {
      yield* lock.acquire();
      log(name);
      lock.release();
    }
    const waiting = createTask(worker('waiting'));
    yield* sleep(0);
    lock.release();
    log(lock.locked());
    yield* worker('newcomer');
    yield* waiting;
  }));

test('a waiter cancelled after its wake-up wakes the next', () =>
  sameAsCPython('a lock waiter cancelled after its wake up wakes the next', function* (log) {
    const lock = new Lock();
    yield* lock.acquire();
    function* worker(name: string): Coroutine<void> {
      yield* lock.acquire();
      log(name);
      lock.release();
    }
    const first = createTask(worker('first'));
    const second = createTask(worker('second'));
    yield* sleep(0);
    lock.release();
    first.cancel();
    yield* wait([first, second]);
    log(`${outcomeOf(first)} ${outcomeOf(second)} ${lock.locked()}`);
  }));

test('however cancellations fall, at most one task is inside, and nobody is left waiting for a free lock', () =>
  forSeeds(100, (random) =>
    inVirtualTime(function* (): Coroutine<void> {
      const lock = new Lock();
      let inside = 0;
      function* worker(): Coroutine<void> {
        yield* asyncWith(lock, function* () {
          inside += 1;
          expect(inside).toBe(1);
          try {
            yield* sleep(random.int(3));
          } finally {
            inside -= 1;
          }
        });
      }
      const tasks: Task<void>[] = [];
      for (let step = 0; step < 60; step++) {
        if (random.chance(0.6)) tasks.push(createTask(worker()));
        if (tasks.length > 0 && random.chance(0.5)) tasks[random.int(tasks.length)]?.cancel();
        if (random.chance(0.5)) yield* sleep(random.int(3));
      }
      if (tasks.length > 0) yield* wait(tasks);
      for (const task of tasks) if (!task.cancelled()) expect(task.exception()).toBeUndefined();
      expect([String(lock), inside, allTasks().length]).toEqual(['<Lock [unlocked]>', 0, 1]);
    }),
  ));
