import { expect, expectTypeOf, test } from 'vitest';
import {
  asyncWith,
  CancelledError,
  type Coroutine,
  createTask,
  currentTask,
  type ExceptionGroup,
  type Future,
  inspect,
  LoopError,
  sleep,
  TaskGroup,
  Timeout,
  TimeoutError,
  timeout,
  timeoutAt,
  wait,
  waitFor,
} from '../../src/loop/index.ts';
import { nameOf, outcomeOf, sameAsCPython, ValueError } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

const causeOf = (error: unknown): string => `${(error as Error).name} from ${((error as Error).cause as Error)?.name}`;

test('waitFor runs in the same task, never starts a coroutine at a limit of 0 or less, waits for the clean-up, returns what swallowed the cancellation', () =>
  sameAsCPython('wait for limits', function* (log, loop) {
    const me = currentTask();
    log(
      yield* waitFor(
        (function* (): Coroutine<boolean> {
          return currentTask() === me;
        })(),
        10,
      ),
    );
    for (const limit of [0, -1]) {
      try {
        yield* waitFor(
          (function* (): Coroutine<void> {
            log('never');
          })(),
          limit,
        );
      } catch (error) {
        log(causeOf(error));
      }
    }
    const done: Future<string> = loop.createFuture();
    done.setResult('done');
    log(yield* waitFor(done, 0));
    function* swallows(): Coroutine<string> {
      try {
        yield* sleep(100);
      } catch {}
      return 'swallowed';
    }
    log(yield* waitFor(swallows(), 5));
    function* cleansUp(): Coroutine<void> {
      try {
        yield* sleep(100);
      } finally {
        yield* sleep(3);
        log('cleaned up');
      }
    }
    const start = loop.time();
    try {
      yield* waitFor(cleansUp(), 5);
    } catch (error) {
      log(`${causeOf(error)} after ${loop.time() - start}`);
    }
    function* raises(): Coroutine<void> {
      try {
        yield* sleep(100);
      } catch {
        throw new ValueError('instead');
      }
    }
    try {
      yield* waitFor(raises(), 5);
    } catch (error) {
      log(nameOf(error));
    }
    log(yield* waitFor(sleep(1, 'no limit'), undefined));
    log(me?.cancelling());
    const task = createTask(sleep(100));
    try {
      yield* waitFor(task, 1);
    } catch (error) {
      if (error instanceof TimeoutError) log(outcomeOf(task));
    }
    const waiter = createTask(waitFor(sleep(100), 50));
    yield* sleep(1);
    waiter.cancel('outside');
    yield* wait([waiter]);
    log(outcomeOf(waiter));
  }));

test('waitFor of a done future does not suspend, whatever the limit', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const done = loop.createFuture<string>();
    done.setResult('there');
    const log: string[] = [];
    loop.callSoon(() => log.push('a callback'));
    for (const limit of [undefined, 5, 0, -1]) expect(yield* waitFor(done, limit)).toBe('there');
    expect(log).toEqual([]);
  }));

test('in a task that was asked to stop before and went on, a timeout is still its own', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const task = createTask(
      (function* (): Coroutine<string> {
        try {
          yield* sleep(60_000);
        } catch {
          // Refused.
        }
        try {
          yield* asyncWith(timeout(5), () => sleep(60_000));
        } catch (error) {
          return `${nameOf(error)}, ${currentTask()?.cancelling()}`;
        }
        return 'in time';
      })(),
    );
    yield* sleep(1);
    task.cancel();
    expect(yield* task).toBe('TimeoutError timed out, 1');
  }));

test('timeout cancels its body and comes out as TimeoutError; it says expired(), can be rescheduled or taken away, and entered once', () =>
  sameAsCPython('timeout states', function* (log, loop) {
    let limit = timeout(5);
    try {
      yield* asyncWith(limit, function* (entered) {
        log(`${entered.expired()} ${(entered.when() as number) - loop.time()}`);
        try {
          yield* sleep(100);
        } finally {
          log(`expired ${entered.expired()}`);
        }
      });
    } catch (error) {
      log(`${causeOf(error)} ${limit.expired()}`);
    }
    log(currentTask()?.cancelling());
    limit = timeout(5);
    yield* asyncWith(limit, () => sleep(1));
    log(limit.expired());
    const start = loop.time();
    try {
      yield* asyncWith(timeout(5), function* (entered) {
        entered.reschedule(loop.time() + 20);
        yield* sleep(100);
      });
    } catch (error) {
      if (error instanceof TimeoutError) log(`rescheduled ${loop.time() - start}`);
    }
    yield* asyncWith(timeout(5), function* (entered) {
      entered.reschedule(undefined);
      yield* sleep(100);
      log('never');
    });
    try {
      yield* asyncWith(timeout(0), function* () {
        log('the body runs up to its first await');
        yield* sleep(0);
        log('never');
      });
    } catch (error) {
      log((error as Error).name);
    }
    limit = timeout(undefined);
    yield* asyncWith(limit, function* (entered) {
      log(entered.when() ?? null);
    });
    for (const misuse of [() => limit.reschedule(1), () => timeout(1).reschedule(1)]) {
      try {
        misuse();
      } catch (error) {
        if (error instanceof LoopError) log('refused');
      }
    }
    try {
      yield* asyncWith(limit, function* () {
        log('never');
      });
    } catch (error) {
      if (error instanceof LoopError) log('refused');
    }
  }));

test('an outside cancel of the same tick wins over the timeout; another error of the body comes out as it is', () =>
  sameAsCPython('timeout and an outside cancel', function* (log, loop) {
    const task = createTask(asyncWith(timeout(5), () => sleep(100)));
    yield* sleep(0);
    loop.callAt(5, () => task.cancel('outside'));
    yield* wait([task]);
    log(`${outcomeOf(task)} ${task.cancelling()}`);
    const withError = createTask(
      asyncWith(timeout(1), function* () {
        try {
          yield* sleep(100);
        } catch {
          throw new ValueError('mine');
        }
      }),
    );
    yield* wait([withError]);
    log(`${outcomeOf(withError)} ${withError.cancelling()}`);
    const byHand = createTask(
      asyncWith(timeout(100), function* () {
        throw new CancelledError('by hand');
      }),
    );
    yield* wait([byHand]);
    log(outcomeOf(byHand));
  }));

test('of nested timeouts each turns only its own cancellation into a TimeoutError', () =>
  sameAsCPython('nested timeouts', function* (log, loop) {
    let [outer, inner] = [timeout(5), timeout(10)];
    try {
      yield* asyncWith(outer, function* () {
        try {
          yield* asyncWith(inner, () => sleep(100));
        } finally {
          log(`inner ${inner.expired()} outer ${outer.expired()}`);
        }
      });
    } catch (error) {
      if (error instanceof TimeoutError) log(`outer at ${loop.time()}`);
    }
    [outer, inner] = [timeout(20), timeout(10)];
    try {
      yield* asyncWith(outer, function* () {
        try {
          yield* asyncWith(inner, () => sleep(100));
        } catch {
          log(`inner ${inner.expired()} outer ${outer.expired()}`);
        }
        yield* sleep(100);
      });
    } catch (error) {
      if (error instanceof TimeoutError) log(`outer at ${loop.time()}`);
    }
  }));

test('a timeout outside of a task is an error', async () => {
  expect(() => timeout(5)).toThrow(LoopError);
  expect(() => new Timeout(5).aenter().next()).toThrow('Timeout should be used inside a task');
});

test('a body that ends in time leaves no timer behind', async () => {
  const loop = virtualLoop();
  await loop.runUntilComplete(
    (function* (): Coroutine<void> {
      yield* asyncWith(timeout(1000), () => sleep(1));
      yield* waitFor(sleep(1), 1000);
    })(),
  );
  const run = loop.runForever();
  await expect(run).rejects.toThrow(/deadlock/);
  expect(loop.time()).toBe(2);
});

test('a timeout can be made in a callback and entered in a task; made outside of a run it is an error', async () => {
  const loop = virtualLoop();
  let deadline: Timeout | undefined;
  loop.callLater(5, () => {
    deadline = timeout(10);
  });
  function* main(): Coroutine<string> {
    yield* sleep(8);
    try {
      yield* asyncWith(deadline as Timeout, () => sleep(100));
    } catch (error) {
      return `${(error as Error).name} at ${loop.time()}`;
    }
    return 'in time';
  }
  expect(await loop.runUntilComplete(main())).toBe('TimeoutError at 15');
  expect(() => timeout(1)).toThrow(LoopError);
  loop.close();
});

test('a timeout that is over says so in words of CPython when it is rescheduled', async () => {
  const loop = virtualLoop();
  function* main(): Coroutine<void> {
    const deadline = timeout(10);
    expect(() => deadline.reschedule(1)).toThrow('Timeout has not been entered');
    yield* asyncWith(deadline, () => sleep(1));
    expect(() => deadline.reschedule(1)).toThrow('Cannot change state of finished Timeout');
  }
  await loop.runUntilComplete(main());
  loop.close();
});

test('a timeout shows itself as asyncio does: its state, and while it is active its deadline', () =>
  sameAsCPython('a timeout as text', function* (log, loop) {
    let limit = timeout(1.5);
    log(limit);
    yield* asyncWith(limit, function* () {
      log(limit);
      limit.reschedule(3.45678);
      log(inspect(limit));
    });
    log(limit);
    limit = timeout(0);
    try {
      yield* asyncWith(limit, function* () {
        try {
          yield* sleep(100);
        } finally {
          log(limit);
        }
      });
    } catch (error) {
      if (error instanceof TimeoutError) log(limit);
    }
    expect(loop.time()).toBe(0);
    const never = timeout(undefined);
    yield* asyncWith(never, function* () {
      expect(String(never)).toBe('<Timeout [active] when=undefined>');
    });
  }));

test('timeoutAt names a moment of the loop; one that is over lets the body run up to its first await', () =>
  sameAsCPython('a timeout at a time of the loop', function* (log, loop) {
    yield* sleep(5);
    const limit = timeoutAt(7);
    log(`${limit.when()} ${limit.expired()}`);
    try {
      yield* asyncWith(limit, () => sleep(100));
    } catch (error) {
      if (error instanceof TimeoutError) log(`timed out at ${loop.time()} ${limit.expired()}`);
    }
    try {
      yield* asyncWith(timeoutAt(3), function* () {
        log('the past: up to the first await');
        yield* sleep(0);
        log('never');
      });
    } catch (error) {
      if (error instanceof TimeoutError) log(`timed out at ${loop.time()}`);
    }
    const never = timeoutAt(undefined);
    yield* asyncWith(never, () => sleep(5));
    log(`${never.when() ?? null} ${never.expired()}`);
  }));

test('an error thrown for the timeout’s cancellation is told of the timeout, through a chain of causes and in a group', () =>
  sameAsCPython('an error that a timeout led to says so', function* (log) {
    const chain = (error: unknown): string =>
      error instanceof Error ? [error.name, ...(error.cause === undefined ? [] : [chain(error.cause)])].join(' from ') : '';
    function* one(): Coroutine<void> {
      try {
        yield* sleep(100);
      } catch (cause) {
        throw new ValueError('one', { cause });
      }
    }
    function* two(): Coroutine<void> {
      try {
        yield* one();
      } catch (cause) {
        throw new TypeError('two', { cause });
      }
    }
    for (const block of [one, two]) {
      try {
        yield* asyncWith(timeout(1), block);
      } catch (error) {
        log(chain(error));
      }
    }
    try {
      yield* asyncWith(timeout(1), () =>
        asyncWith(new TaskGroup(), function* (group) {
          group.createTask(one());
          group.createTask(two());
        }),
      );
    } catch (error) {
      for (const inner of (error as ExceptionGroup).errors) log(chain(inner));
    }
    const task = createTask(one());
    yield* sleep(0);
    task.cancel();
    yield* wait([task]);
    log(chain(task.exception()));
    try {
      yield* asyncWith(timeout(1), function* () {
        throw new ValueError('before', { cause: new CancelledError() });
      });
    } catch (error) {
      log(chain(error));
    }
  }));

test('causes that go in a circle, cannot be changed, or are no errors, are left as they are', () =>
  inVirtualTime(function* () {
    const circle = new ValueError('circle');
    circle.cause = new TypeError('and back', { cause: circle });
    const frozen = Object.freeze(new ValueError('frozen', { cause: new CancelledError() }));
    for (const thrown of [circle, frozen, new ValueError('text', { cause: 'text' }), 'text', new AggregateError([circle, frozen, 'text'])]) {
      let got: unknown;
      try {
        yield* asyncWith(timeout(1), function* () {
          try {
            yield* sleep(100);
          } catch {
            throw thrown;
          }
        });
      } catch (error) {
        got = error;
      }
      expect(got).toBe(thrown);
    }
    expect(frozen.cause).toBeInstanceOf(CancelledError);
  }));

test('a deadline that is no number is refused where it is given', () =>
  inVirtualTime(function* () {
    expect(() => timeoutAt(Number.NaN)).toThrow(new TypeError('timeoutAt: expected milliseconds, got NaN'));
    expect(() => timeoutAt('soon' as never)).toThrow(TypeError);
    yield* asyncWith(timeoutAt(5), function* (limit) {
      expect(() => limit.reschedule(Number.NaN)).toThrow(new TypeError('Timeout: expected milliseconds, got NaN'));
      expect(limit.when()).toBe(5);
    });
  }));

test('types: timeoutAt takes a moment or undefined; a block with a timeout has its body’s result', () => {
  function* compiled(): Coroutine<void> {
    expectTypeOf(timeoutAt(5)).toEqualTypeOf<Timeout>();
    expectTypeOf(yield* asyncWith(timeoutAt(undefined), () => sleep(1, 'a'))).toEqualTypeOf<string>();
    // @ts-expect-error a date is no time of the loop
    timeoutAt(new Date());
    // @ts-expect-error a moment, or undefined
    timeoutAt();
  }
  expect(compiled).toBeTypeOf('function');
});
