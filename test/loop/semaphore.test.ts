import { expect, expectTypeOf, test } from 'vitest';
import { asyncWith, BoundedSemaphore, type Coroutine, createTask, gather, LoopError, Semaphore, sleep, type Task, wait } from '../../src/loop/index.ts';
import { outcomeOf, sameAsCPython } from '../support/cpython.ts';
import { forSeeds } from '../support/random.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

test('tasks get permits strictly in the order they asked; an uncontended acquire never suspends', () =>
  sameAsCPython('semaphore is first in first out', function* (log, loop) {
    const semaphore = new Semaphore(2);
    function* worker(name: string, work: number): Coroutine<void> {
      yield* asyncWith(semaphore, function* () {
        log(`${name} in at ${loop.time()}`);
        yield* sleep(work);
      });
    }
    yield* gather([worker('a', 5), worker('b', 3), worker('c', 4), worker('d', 9), worker('e', 1)]);
    loop.callSoon(log, 'a callback');
    yield* semaphore.acquire();
    log('uncontended acquire does not suspend');
  }));

test('a permit is handed over at the wake-up, so that a newcomer cannot take it', () =>
  sameAsCPython('the semaphore hands its permit over at wake up', function* (log) {
    const semaphore = new Semaphore(1);
    yield* semaphore.acquire();
    function* worker(name: string): Coroutine<void> {
      yield* semaphore.acquire();
      log(name);
      semaphore.release();
    }
    const waiting = createTask(worker('waiting'));
    yield* sleep(0);
    semaphore.release();
    log(`locked ${semaphore.locked()}`);
    const newcomer = createTask(worker('newcomer'));
    yield* waiting;
    yield* newcomer;
    log(`locked ${semaphore.locked()}`);
  }));

test('a waiter cancelled after its wake-up passes the permit on', () =>
  sameAsCPython('a semaphore waiter cancelled after its wake up passes the permit on', function* (log) {
    const semaphore = new Semaphore(1);
    yield* semaphore.acquire();
    function* worker(name: string): Coroutine<void> {
      yield* semaphore.acquire();
      log(name);
      semaphore.release();
    }
    const first = createTask(worker('first'));
    const second = createTask(worker('second'));
    yield* sleep(0);
    semaphore.release();
    first.cancel();
    yield* wait([first, second]);
    log(`${outcomeOf(first)} ${outcomeOf(second)} ${semaphore.locked()}`);
  }));

test('who arrives while permits are handed over stands in line, and is woken when permits are left', () =>
  sameAsCPython('newcomers line up while permits are handed over', function* (log) {
    const semaphore = new Semaphore(0);
    function* worker(name: string): Coroutine<void> {
      yield* semaphore.acquire();
      log(name);
    }
    const waiting = createTask(worker('waiting'));
    yield* sleep(0);
    semaphore.release();
    semaphore.release();
    log(`locked ${semaphore.locked()}`);
    const newcomer = createTask(worker('newcomer'));
    yield* wait([waiting, newcomer]);
    log(`locked ${semaphore.locked()}`);
  }));

test('no permit is ever lost or doubled, however cancellations fall', () =>
  forSeeds(200, (random) =>
    inVirtualTime(function* (): Coroutine<void> {
      const permits = 1 + random.int(4);
      const semaphore = new Semaphore(permits);
      let held = 0;
      function* worker(): Coroutine<void> {
        yield* semaphore.acquire();
        held += 1;
        try {
          expect(held).toBeLessThanOrEqual(permits);
          yield* sleep(random.int(3));
        } finally {
          held -= 1;
          semaphore.release();
        }
      }
      const tasks: Task<void>[] = [];
      for (let step = 0; step < 60; step++) {
        if (random.chance(0.7)) tasks.push(createTask(worker()));
        if (tasks.length > 0 && random.chance(0.4)) tasks[random.int(tasks.length)]?.cancel();
        if (random.chance(0.5)) yield* sleep(random.int(3));
        expect(semaphore.permits + held).toBeLessThanOrEqual(permits);
      }
      if (tasks.length > 0) yield* wait(tasks);
      for (const task of tasks) if (!task.cancelled()) expect(task.exception()).toBeUndefined();
      expect([String(semaphore), held]).toEqual([`<Semaphore [unlocked, value:${permits}]>`, 0]);
    }),
  ));

test.each([-1, 1.5, Number.NaN, '2'])('a semaphore of %s permits is a RangeError that says what was expected', (wrong) => {
  expect(() => new Semaphore(wrong as number)).toThrow(`Semaphore: expected a whole number of permits from 0 up, got ${wrong}`);
  expect(() => new Semaphore(wrong as number)).toThrow(RangeError);
});

test('a bounded semaphore refuses a release too many, and is unharmed by it', () =>
  sameAsCPython('a bounded semaphore takes no release too many', function* (log) {
    const semaphore = new BoundedSemaphore(2);
    const release = (): void => {
      try {
        semaphore.release();
        log('released');
      } catch (error) {
        if (error instanceof RangeError) log(error.message);
      }
    };
    release();
    yield* semaphore.acquire();
    yield* semaphore.acquire();
    log(semaphore.locked());
    release();
    release();
    release();
    log(semaphore.locked());
  }));

test('a permit that was handed over and not taken yet counts as out: the bound is on the free ones', () =>
  sameAsCPython('a permit handed over counts as out for the bound', function* (log) {
    const semaphore = new BoundedSemaphore(1);
    yield* semaphore.acquire();
    function* worker(name: string): Coroutine<void> {
      try {
        yield* asyncWith(semaphore, function* () {
          log(name);
        });
      } catch (error) {
        if (error instanceof RangeError) log(error.message);
      }
    }
    const tasks = [...'ab'].map((name) => createTask(worker(name)));
    yield* sleep(0);
    for (let i = 0; i < 3; i++) {
      try {
        semaphore.release();
        log(`released, locked ${semaphore.locked()}`);
      } catch (error) {
        if (error instanceof RangeError) log(error.message);
      }
    }
    yield* wait(tasks);
  }));

test('however cancellations fall, a bounded semaphore used rightly never refuses a release', () =>
  forSeeds(100, (random) =>
    inVirtualTime(function* (): Coroutine<void> {
      const permits = 1 + random.int(3);
      const semaphore = new BoundedSemaphore(permits);
      const tasks: Task<void>[] = [];
      for (let step = 0; step < 60; step++) {
        if (random.chance(0.7)) tasks.push(createTask(asyncWith(semaphore, () => sleep(random.int(3)))));
        if (tasks.length > 0 && random.chance(0.4)) tasks[random.int(tasks.length)]?.cancel();
        if (random.chance(0.5)) yield* sleep(random.int(3));
      }
      if (tasks.length > 0) yield* wait(tasks);
      for (const task of tasks) if (!task.cancelled()) expect(task.exception()).toBeUndefined();
      expect(String(semaphore)).toBe(`<BoundedSemaphore [unlocked, value:${permits}]>`);
    }),
  ));

test('a bounded semaphore says its own name when it is made wrongly, and is a semaphore', () => {
  expect(() => new BoundedSemaphore(-1)).toThrow('BoundedSemaphore: expected a whole number of permits from 0 up, got -1');
  const compiled = (..._bodies: ((...args: never[]) => unknown)[]): void => {};
  compiled(
    (semaphore: BoundedSemaphore): Semaphore => semaphore,
    function* (semaphore: BoundedSemaphore): Coroutine<void> {
      expectTypeOf(yield* semaphore.acquire()).toEqualTypeOf<true>();
      // @ts-expect-error yield, not yield*
      yield semaphore.acquire();
    },
  );
});

test('a permit for a waiter of a loop that is closed by now is given all the same, though the release throws', async () => {
  const semaphore = new BoundedSemaphore(1);
  const loop = virtualLoop();
  function* main(): Coroutine<void> {
    yield* semaphore.acquire();
    createTask(semaphore.acquire());
    createTask(semaphore.acquire());
    yield* sleep(1);
  }
  await loop.runUntilComplete(main());
  loop.close();
  expect(() => semaphore.release()).toThrow(LoopError);
  expect(() => semaphore.release()).toThrow(LoopError);
  expect(semaphore.permits).toBe(0);
  expect(semaphore.toString()).toContain('locked');
});
