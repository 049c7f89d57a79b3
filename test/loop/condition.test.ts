import { expect, expectTypeOf, test } from 'vitest';
import {
  allTasks,
  asyncWith,
  CancelledError,
  Condition,
  type Coroutine,
  createTask,
  currentTask,
  gather,
  Lock,
  LoopError,
  sleep,
  type Task,
  TimeoutError,
  timeout,
  wait,
  waitFor,
} from '../../src/loop/index.ts';
import { type Log, nameOf, outcomeOf, sameAsCPython, ValueError } from '../support/cpython.ts';
import { forSeeds } from '../support/random.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

const outcomes = (tasks: readonly Task<unknown>[]): string => tasks.map(outcomeOf).join(', ');

/** Waits once under the lock, and logs how that ended. */
function* waiter(log: Log, condition: Condition, name: string): Coroutine<void> {
  yield* asyncWith(condition, function* () {
    try {
      yield* condition.wait();
      log(`${name} went on`);
    } catch (error) {
      if (error instanceof CancelledError) log(`${name} ${nameOf(error)}`);
      throw error;
    }
  });
}

test('those notified take the lock in the order they waited, behind who asked for it before', () =>
  sameAsCPython('notified waiters take the lock in the order they waited', function* (log, loop) {
    const condition = new Condition();
    function* waiter(name: string): Coroutine<void> {
      yield* asyncWith(condition, function* () {
        log(`${name} waits`);
        log(`${name} ${yield* condition.wait()} locked ${condition.locked()}`);
        yield* sleep(1);
        log(`${name} leaves at ${loop.time()}`);
      });
    }
    const tasks = [...'abcde'].map((name) => createTask(waiter(name)));
    yield* sleep(2);
    log(condition.locked());
    yield* asyncWith(condition, function* () {
      condition.notify(2);
      tasks.push(createTask(waiter('newcomer')));
      yield* sleep(1);
      log('notified, lock still held');
    });
    yield* sleep(10);
    yield* asyncWith(condition, function* () {
      condition.notify(0);
      condition.notify();
      condition.notify();
    });
    yield* sleep(10);
    yield* asyncWith(condition, function* () {
      condition.notifyAll();
    });
    yield* wait(tasks);
    log(condition.locked());
  }));

test('wait and notify are errors without the lock; a predicate fulfilled at once does not ask for it', () =>
  sameAsCPython('wait and notify need the lock', function* (log) {
    const condition = new Condition();
    for (const use of [() => condition.notify(), () => condition.notifyAll(), () => condition.release()]) {
      try {
        use();
      } catch (error) {
        if (error instanceof LoopError) log(error.message);
      }
    }
    for (const use of [condition.wait(), condition.waitFor(() => false)]) {
      try {
        yield* use;
      } catch (error) {
        if (error instanceof LoopError) log(error.message);
      }
    }
    log(yield* condition.waitFor(() => 'true without the lock'));
    log(condition.locked());
  }));

test('a wait that is cancelled takes the lock again before the error comes out', () =>
  sameAsCPython('a cancelled condition wait takes the lock again first', function* (log, loop) {
    const condition = new Condition();
    function* waiter(): Coroutine<void> {
      yield* asyncWith(condition, function* () {
        try {
          yield* condition.wait();
        } catch (error) {
          log(`${nameOf(error)} at ${loop.time()} locked ${condition.locked()}`);
          throw error;
        }
      });
    }
    const task = createTask(waiter());
    yield* sleep(1);
    yield* condition.acquire();
    task.cancel('enough');
    yield* sleep(5);
    log(`${outcomeOf(task)} at ${loop.time()}`);
    condition.release();
    yield* wait([task]);
    log(`${outcomeOf(task)} ${condition.locked()}`);
  }));

test('cancelled again and again while it takes the lock, it takes it, and throws the last error', () =>
  sameAsCPython('through any number of cancels the last error is thrown', function* (log) {
    const condition = new Condition();
    function* waiter(): Coroutine<void> {
      yield* asyncWith(condition, function* () {
        try {
          yield* condition.wait();
        } catch (error) {
          log(`${nameOf(error)} locked ${condition.locked()} requests ${currentTask()?.cancelling()}`);
          throw error;
        }
      });
    }
    const task = createTask(waiter());
    yield* sleep(1);
    yield* condition.acquire();
    for (const message of ['first', 'second', 'third']) {
      task.cancel(message);
      yield* sleep(1);
    }
    log(outcomeOf(task));
    condition.release();
    task.cancel('fourth, with the lock free but not taken yet');
    yield* wait([task]);
    log(`${outcomeOf(task)} ${condition.locked()}`);
  }));

test('who is notified and cancelled while it takes the lock passes the notification on', () =>
  sameAsCPython('a notified waiter cancelled while it takes the lock passes the notification on', function* (log) {
    const condition = new Condition();
    function* waiter(name: string): Coroutine<void> {
      yield* asyncWith(condition, function* () {
        try {
          yield* condition.wait();
          log(`${name} went on`);
        } catch (error) {
          log(`${name} ${nameOf(error)} locked ${condition.locked()}`);
          throw error;
        }
      });
    }
    const first = createTask(waiter('first'));
    const second = createTask(waiter('second'));
    const third = createTask(waiter('third'));
    yield* sleep(1);
    yield* condition.acquire();
    condition.notify();
    yield* sleep(1);
    first.cancel('too late');
    yield* sleep(1);
    condition.release();
    yield* wait([first, second]);
    log(`${outcomeOf(first)} ${outcomeOf(second)} ${outcomeOf(third)}`);
    yield* asyncWith(condition, function* () {
      condition.notify();
    });
    yield* third;
  }));

test('who is cancelled in the moment of its notification passes it on', () =>
  sameAsCPython('a waiter cancelled at once after its notification passes it on', function* (log) {
    const condition = new Condition();
    const tasks = ['first', 'second', 'third'].map((name) => createTask(waiter(log, condition, name)));
    const [first, second, third] = tasks as [Task<void>, Task<void>, Task<void>];
    yield* sleep(1);
    yield* asyncWith(condition, function* () {
      condition.notify();
      first.cancel();
    });
    yield* sleep(5);
    log(`${outcomeOf(first)} ${outcomeOf(second)} ${outcomeOf(third)}`);
    third.cancel();
    yield* wait([third]);
  }));

test('who is cancelled without a notification wakes the next too: it cannot tell', () =>
  sameAsCPython('a waiter cancelled without a notification wakes the next all the same', function* (log) {
    const condition = new Condition();
    const tasks = ['first', 'second', 'third'].map((name) => createTask(waiter(log, condition, name)));
    const [first, second, third] = tasks as [Task<void>, Task<void>, Task<void>];
    yield* sleep(1);
    first.cancel();
    yield* sleep(5);
    log(`${outcomeOf(first)} ${outcomeOf(second)} ${outcomeOf(third)}`);
    third.cancel();
    yield* wait([third]);
  }));

test('notify passes over who was cancelled or notified already', () =>
  sameAsCPython('notify skips who was cancelled or notified already', function* (log) {
    const condition = new Condition();
    function* waiter(name: string): Coroutine<void> {
      yield* asyncWith(condition, function* () {
        yield* condition.wait();
        log(name);
      });
    }
    const tasks = [...'abcd'].map((name) => createTask(waiter(name)));
    yield* sleep(1);
    yield* condition.acquire();
    tasks[0]?.cancel();
    condition.notify();
    condition.notify();
    condition.release();
    yield* sleep(5);
    log(outcomes(tasks));
    yield* asyncWith(condition, function* () {
      condition.notify(100);
    });
    yield* wait(tasks);
  }));

test('waitFor looks again after each notification, and gives what the predicate gave', () =>
  sameAsCPython('wait for looks again after each notification', function* (log, loop) {
    const condition = new Condition();
    const box: number[] = [];
    const predicate = (): false | string => {
      log(`looks, finds ${box.length}`);
      return box.length >= 2 && 'enough';
    };
    function* waiter(): Coroutine<void> {
      yield* asyncWith(condition, function* () {
        log(yield* condition.waitFor(predicate));
      });
    }
    const task = createTask(waiter());
    for (let item = 0; item < 3; item++) {
      yield* sleep(1);
      yield* asyncWith(condition, function* () {
        box.push(item);
        condition.notify();
      });
    }
    yield* task;
    yield* asyncWith(condition, function* () {
      loop.callSoon(log, 'a callback');
      log(yield* condition.waitFor(predicate));
    });
  }));

test('an error of the predicate comes out with the lock held', () =>
  sameAsCPython('an error of the predicate leaves wait for with the lock held', function* (log) {
    const condition = new Condition();
    let looks = 0;
    function* waiter(): Coroutine<void> {
      yield* asyncWith(condition, function* () {
        try {
          yield* condition.waitFor(() => {
            if (++looks === 2) throw new ValueError('second look');
            return false;
          });
        } finally {
          log(`locked ${condition.locked()}`);
        }
      });
    }
    const task = createTask(waiter());
    const bystander = createTask(asyncWith(condition, () => condition.wait()));
    yield* sleep(1);
    yield* asyncWith(condition, function* () {
      condition.notify();
    });
    yield* sleep(1);
    log(`${outcomeOf(task)} ${outcomeOf(bystander)} ${condition.locked()}`);
    bystander.cancel();
    yield* wait([bystander]);
  }));

test('two conditions can share a lock', () =>
  sameAsCPython('two conditions share a lock', function* (log) {
    const lock = new Lock();
    const full = new Condition(lock);
    const empty = new Condition(lock);
    const box: string[] = [];
    const put = (item: string): Coroutine<void> =>
      asyncWith(empty, function* () {
        yield* empty.waitFor(() => box.length === 0);
        box.push(item);
        log(`put ${item}`);
        full.notify();
      });
    const get = (): Coroutine<void> =>
      asyncWith(full, function* () {
        yield* full.waitFor(() => box.length > 0);
        log(`got ${box.pop()}`);
        empty.notify();
      });
    yield* gather([get(), get(), get(), put('a'), put('b'), put('c')]);
    log(`${lock.locked()} ${full.locked()} ${empty.locked()}`);
    yield* asyncWith(lock, function* () {
      log(`${lock.locked()} ${full.locked()} ${empty.locked()}`);
    });
  }));

test('a timeout around a wait ends only when the lock is free', () =>
  sameAsCPython('a timeout around a condition wait ends when the lock is free', function* (log, loop) {
    const condition = new Condition();
    function* holder(): Coroutine<void> {
      yield* sleep(1);
      yield* asyncWith(condition, () => sleep(10));
    }
    const task = createTask(holder());
    yield* asyncWith(condition, function* () {
      try {
        yield* asyncWith(timeout(3), () => condition.wait());
      } catch (error) {
        if (error instanceof TimeoutError) log(`TimeoutError at ${loop.time()} locked ${condition.locked()}`);
      }
    });
    yield* task;
    yield* asyncWith(condition, function* () {
      try {
        yield* waitFor(condition.wait(), 4);
      } catch (error) {
        if (error instanceof TimeoutError) log(`TimeoutError at ${loop.time()} locked ${condition.locked()}`);
      }
    });
  }));

test('those notified and newcomers get the lock in the order in which they asked for it', () =>
  sameAsCPython('a condition waiter woken and a newcomer to the lock keep their order', function* (log) {
    const condition = new Condition();
    const waiter = (name: string): Coroutine<void> =>
      asyncWith(condition, function* () {
        yield* condition.wait();
        log(name);
      });
    const newcomer = (name: string): Coroutine<void> =>
      asyncWith(condition, function* () {
        log(name);
      });
    const tasks = ['w1', 'w2'].map((name) => createTask(waiter(name)));
    yield* sleep(1);
    yield* condition.acquire();
    tasks.push(createTask(newcomer('newcomer before the notification')));
    yield* sleep(0);
    condition.notifyAll();
    tasks.push(createTask(newcomer('newcomer after the notification')));
    condition.release();
    yield* wait(tasks);
  }));

test('however cancellations fall, wait is left with the lock held, and no notification is lost', () =>
  forSeeds(200, (random) =>
    inVirtualTime(function* (): Coroutine<void> {
      const condition = new Condition();
      let inside = 0;
      let items = 0;
      let taken = 0;
      let put = 0;
      function* holding<T>(body: () => Coroutine<T>): Coroutine<T> {
        inside += 1;
        expect([inside, condition.locked()]).toEqual([1, true]);
        try {
          return yield* body();
        } finally {
          inside -= 1;
        }
      }
      /** The lock is given back for as long as `wait` takes, and held again however that ends. */
      function* waitHolding(): Coroutine<void> {
        inside -= 1;
        try {
          yield* condition.wait();
        } finally {
          inside += 1;
          expect([inside, condition.locked()]).toEqual([1, true]);
        }
      }
      const taker = (): Coroutine<void> =>
        asyncWith(condition, () =>
          holding(function* () {
            while (items === 0) yield* waitHolding();
            items -= 1;
            taken += 1;
          }),
        );
      const giver = (): Coroutine<void> =>
        asyncWith(condition, () =>
          holding(function* () {
            if (random.chance(0.5)) yield* sleep(random.int(3));
            items += 1;
            put += 1;
            condition.notify();
          }),
        );
      const tasks: Task<void>[] = [];
      for (let step = 0; step < 60; step++) {
        if (random.chance(0.5)) tasks.push(createTask(taker()));
        if (random.chance(0.4)) tasks.push(createTask(giver()));
        while (tasks.length > 0 && random.chance(0.4)) tasks[random.int(tasks.length)]?.cancel();
        if (random.chance(0.5)) yield* sleep(random.int(3));
      }
      yield* sleep(200);
      // Whoever is left waits for an item, and there is none: a lost notification would leave one beside a waiter.
      const left = tasks.filter((task) => !task.done());
      expect([inside, condition.locked(), taken + items]).toEqual([0, false, put]);
      if (left.length > 0) expect(items).toBe(0);
      for (const task of left) task.cancel();
      if (left.length > 0) yield* wait(left);
      for (const task of tasks) if (!task.cancelled()) expect(task.exception()).toBeUndefined();
      expect([String(condition), allTasks().length]).toEqual(['<Condition [unlocked]>', 1]);
    }),
  ));

test.each([[5], [null], [{}], [() => {}]])('a condition on %j is a TypeError that says what was expected', (wrong) => {
  expect(() => new Condition(wrong as never)).toThrow(TypeError);
  expect(() => new Condition(wrong as never)).toThrow(/^Condition: expected a Lock, got /);
});

test('waitFor has the type of what the predicate gives, without what is not true', () => {
  const compiled = (..._bodies: ((...args: never[]) => unknown)[]): void => {};
  compiled(function* (condition: Condition, found: string | undefined, sure: boolean, many: number[] | null): Coroutine<void> {
    expectTypeOf(yield* condition.wait()).toEqualTypeOf<true>();
    expectTypeOf(yield* condition.acquire()).toEqualTypeOf<true>();
    expectTypeOf(yield* condition.waitFor(() => found)).toEqualTypeOf<string>();
    expectTypeOf(yield* condition.waitFor(() => sure)).toEqualTypeOf<true>();
    expectTypeOf(yield* condition.waitFor(() => many)).toEqualTypeOf<number[]>();
    expectTypeOf(yield* asyncWith(condition, () => sleep(1, 'x'))).toEqualTypeOf<string>();
    // @ts-expect-error yield, not yield*
    yield condition.wait();
    // @ts-expect-error yield, not yield*
    yield condition.acquire();
    // @ts-expect-error the value, not a function that gives it
    yield* condition.waitFor(sure);
    // @ts-expect-error a number of waiters
    condition.notify('all');
  });
});
