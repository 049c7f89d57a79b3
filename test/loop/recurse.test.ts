import { describe, expect, test } from 'vitest';
import { takeAwaited } from '../../src/loop/coroutine.ts';
import {
  asyncFor,
  asyncGenerator,
  CancelledError,
  Context,
  type Coroutine,
  createTask,
  type Future,
  isCoroutine,
  LoopError,
  recurse,
  run,
  sleep,
  type Task,
  waitFor,
} from '../../src/loop/index.ts';
import { describeStuck } from '../../src/loop/stuck-tasks.ts';
import { forSeeds, seededRandom } from '../support/random.ts';
import { mixed, plainly, played, playedByHand, randomProgram, recursively } from '../support/recursion-programs.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

/** `left` levels, then two suspensions, each level told of its end. */
function* down(left: number, ended: () => void = () => {}): Coroutine<number> {
  try {
    if (left > 0) return 1 + (yield* recurse(down(left - 1, ended)));
    yield* sleep(0);
    yield* sleep(0);
    return 0;
  } finally {
    ended();
  }
}

describe('it is yield*', () => {
  test('a random program has the same trace with recurse as without: steps, cancellations, timeouts, errors, finallys and stacks', () =>
    forSeeds(200, async (random) => {
      const program = randomProgram(random, 3 + random.int(4));
      const cancelAt = Array.from({ length: random.int(4) }, () => random.int(25));
      const expected = await played(program, plainly, cancelAt);
      expect(await played(program, recursively, cancelAt)).toEqual(expected);
      expect(await played(program, mixed(random), cancelAt)).toEqual(expected);
    }));

  test('driven by hand with next, throw and return, a random program does the same with recurse as without', () =>
    forSeeds(500, (random) => {
      const program = randomProgram(random, 2 + random.int(5));
      const calls = random.int(1e9);
      const expected = playedByHand(program, plainly, seededRandom(calls));
      expect(playedByHand(program, recursively, seededRandom(calls))).toEqual(expected);
      expect(playedByHand(program, mixed(random), seededRandom(calls))).toEqual(expected);
    }));

  test('it is a coroutine: it can be a task, and be given to whatever takes one', () =>
    inVirtualTime(function* (): Coroutine<void> {
      expect(isCoroutine(recurse(down(1)))).toBe(true);
      expect(yield* createTask(recurse(down(3)))).toBe(3);
      expect(yield* waitFor(recurse(down(3)), 1)).toBe(3);
      expect(yield* recurse(recurse(down(3)))).toBe(3);
      expect(yield* recurse(sleep(1, 'written by hand'))).toBe('written by hand');
    }));

  test('a plain yield deep down is told what it should have been, at that line', () =>
    inVirtualTime(function* (): Coroutine<void> {
      const log: string[] = [];
      function* yields(left: number): Coroutine<void> {
        if (left > 0) return yield* recurse(yields(left - 1));
        try {
          yield 5 as never;
        } catch (error) {
          log.push(`${error}`);
        }
        yield* sleep(0);
      }
      yield* createTask(yields(50), { name: 'wrong' });
      expect(log).toEqual([`${new LoopError("plain 'yield' was used in wrong: await with 'yield*'")}`]);
    }));
});

describe('depth', () => {
  test.each([1, 31, 32, 33, 64, 65, 66, 10_000, 100_000])('%i levels: down, up, an error and a cancellation through all of them', (depth) =>
    inVirtualTime(function* (): Coroutine<void> {
      let ends = 0;
      const ended = (): void => void ends++;
      expect(yield* recurse(down(depth, ended))).toBe(depth);
      expect(ends).toBe(depth + 1);

      function* waits(left: number): Coroutine<void> {
        try {
          if (left === 0) yield* sleep(60_000);
          else yield* recurse(waits(left - 1));
        } finally {
          yield* sleep(0);
          ends++;
        }
      }
      ends = 0;
      const task = createTask(recurse(waits(depth)));
      yield* sleep(1);
      const stack = task.getStack().map(({ name }) => name);
      expect(stack.slice(-2)).toEqual(['waits', 'sleep']);
      expect(stack.slice(0, -1)).toEqual(Array(Math.min(depth + 1, stack.length - 1)).fill('waits'));
      expect(stack.length).toBeGreaterThanOrEqual(Math.min(depth, 90));
      task.cancel('enough');
      const error: unknown = yield* caught(task);
      expect(error).toBeInstanceOf(CancelledError);
      expect((error as Error).message).toBe('enough');
      expect(ends).toBe(depth + 1);

      function* fails(left: number): Coroutine<void> {
        try {
          if (left > 0) return yield* recurse(fails(left - 1));
          yield* sleep(1);
          throw new Error('at the bottom');
        } finally {
          ends++;
        }
      }
      ends = 0;
      expect(yield* caught(fails(depth))).toEqual(new Error('at the bottom'));
      expect(ends).toBe(depth + 1);
    }),
  );

  test('by hand, without a loop, 10,000 levels are gone down, and ended by return() from the innermost outwards', () => {
    const order: number[] = [];
    function* nested(left: number): Coroutine<number> {
      try {
        return left > 0 ? yield* recurse(nested(left - 1)) : yield* sleep(0, 1);
      } finally {
        order.push(left);
      }
    }
    const returned = recurse(nested(10_000));
    expect(returned.next().done).toBe(false);
    expect(returned.return(7)).toEqual({ done: true, value: 7 });
    expect(order).toEqual(Array.from({ length: 10_001 }, (_, left) => left));
    const resumed = recurse(nested(10_000));
    expect(resumed.next().done).toBe(false);
    expect(resumed.next()).toEqual({ done: true, value: 1 });
    takeAwaited();
  });

  test('an asynchronous generator emits from 10,000 levels down', () =>
    inVirtualTime(function* (): Coroutine<void> {
      const levels = asyncGenerator<number>(function* (emit) {
        function* walk(level: number): Coroutine<void> {
          yield* emit(level);
          yield* sleep(0);
          if (level < 10_000) yield* recurse(walk(level + 1));
          yield* emit(level);
        }
        yield* recurse(walk(1));
      });
      let sum = 0;
      function* main(): Coroutine<void> {
        yield* asyncFor(levels, function* (level) {
          sum += level;
          yield* recurse(sleep(0));
        });
      }
      yield* recurse(main());
      expect(sum).toBe(10_000 * 10_001);
    }));

  test('10,000 levels, an eager task with a chain of its own begun at each', () =>
    inVirtualTime(function* (): Coroutine<void> {
      const tasks: Task<number>[] = [];
      function* starts(left: number): Coroutine<void> {
        tasks.push(createTask(recurse(down(1)), { eagerStart: true }));
        if (left > 0) yield* recurse(starts(left - 1));
      }
      yield* recurse(starts(10_000));
      for (const task of tasks) expect(yield* task).toBe(1);
    }));
});

describe('what comes between', () => {
  test('what is driven by hand within a step suspends to whoever drives it, as without', () =>
    inVirtualTime(function* (loop): Coroutine<void> {
      const future: Future<string> = loop.createFuture();
      function* waits(left: number): Coroutine<string> {
        return left > 0 ? yield* recurse(waits(left - 1)) : yield* future;
      }
      function* drives(): Coroutine<string> {
        const byHand = waits(20);
        expect(byHand.next().done).toBe(false);
        yield* sleep(1);
        expect(byHand.next().done).toBe(false);
        future.setResult('set');
        const { done, value } = byHand.next();
        return `${done} ${value as unknown}`;
      }
      expect(yield* recurse(drives())).toBe('true set');
    }));

  test('driven by hand within a step, one that goes deep suspends on the way down, once, and then goes on by itself', () =>
    inVirtualTime(function* (): Coroutine<void> {
      function* drives(): Coroutine<number[]> {
        const byHand = down(10_000);
        const steps: number[] = [];
        for (let step = 1; ; step++) {
          const { done, value } = byHand.next();
          if (done) return [...steps, value];
          steps.push(step);
          yield* sleep(0);
        }
      }
      expect(yield* recurse(drives())).toEqual([1, 2, 3, 10_000]);
    }));

  test('a coroutine is driven in a context of its own at each step', () =>
    inVirtualTime(function* (): Coroutine<void> {
      const context = new Context();
      function* inContext(coroutine: Coroutine<number>): Coroutine<number> {
        const { next } = coroutine;
        coroutine.next = (sent) => context.run(() => next.call(coroutine, sent));
        return yield* coroutine;
      }
      expect(yield* recurse(inContext(down(100)))).toBe(100);
    }));

  test('an asynchronous generator between two recursions is asked at each step', () =>
    inVirtualTime(function* (): Coroutine<void> {
      const generator = asyncGenerator<string>(function* (emit) {
        function* emits(): Coroutine<void> {
          yield* sleep(1);
          yield* emit('after a wait');
        }
        yield* recurse(emits());
      });
      function* asks(): Coroutine<string> {
        return yield* generator.anext();
      }
      expect(yield* recurse(asks())).toBe('after a wait');
    }));

  test('whoever resumes one in the middle of a chain directly takes it back, with what is above it', () => {
    const log: string[] = [];
    function* leaf(): Coroutine<string> {
      try {
        yield* sleep(0);
        log.push('leaf goes on');
        yield* sleep(0);
        return 'leaf';
      } finally {
        log.push('leaf ends');
      }
    }
    function* middle(): Coroutine<string> {
      return `${yield* recurse(leaf())} in the middle`;
    }
    const held = recurse(middle());
    function* outer(): Coroutine<string> {
      return `${yield* held} of outer`;
    }
    const driver = recurse(outer());
    driver.next();
    expect(held.next().done).toBe(false);
    expect(log).toEqual(['leaf goes on']);
    expect(driver.next()).toEqual({ done: true, value: 'leaf in the middle of outer' });

    const leafHeld = recurse(leaf());
    function* awaits(inner: Coroutine<string>): Coroutine<string> {
      return `${yield* inner}, awaited`;
    }
    const middleHeld = recurse(awaits(leafHeld));
    const below = recurse(awaits(middleHeld));
    below.next();
    expect(middleHeld.next().done).toBe(false);
    expect(leafHeld.next()).toEqual({ done: true, value: 'leaf' });
    expect(middleHeld.return('ended')).toEqual({ done: true, value: 'ended' });

    const again = recurse(middle());
    const other = recurse(
      (function* (): Coroutine<string> {
        return yield* again;
      })(),
    );
    other.next();
    expect(() => again.throw(new Error('from outside'))).toThrow('from outside');
    expect(log.at(-1)).toBe('leaf ends');
    takeAwaited();
  });

  test('a suspension that is handed on when it is no longer true is refused', () =>
    inVirtualTime(function* (): Coroutine<void> {
      const stale: Coroutine<number> = Object.assign(down(0), {
        next(): ReturnType<Coroutine<number>['next']> {
          const inner = recurse(down(0));
          const suspension = inner.next();
          inner.return(0);
          return suspension;
        },
      });
      function* awaits(): Coroutine<number> {
        return yield* stale;
      }
      const error: unknown = yield* caught(recurse(awaits()));
      expect(error).toBeInstanceOf(LoopError);
    }));

  test('one that resumes itself, or what stands below it, is told so and is not harmed', () => {
    function* resumes(which: () => Coroutine<unknown>): Coroutine<string> {
      yield* sleep(0);
      try {
        which().next();
      } catch (error) {
        return `${error}`;
      }
      return 'resumed';
    }
    const told = 'TypeError: recurse: expected to be resumed from outside, got a call from within';
    for (const which of ['driver', 'taken'] as const) {
      const taken: Coroutine<string> = recurse(resumes(() => (which === 'driver' ? driver : taken)));
      const driver: Coroutine<string> = recurse(
        (function* (): Coroutine<string> {
          return yield* taken;
        })(),
      );
      driver.next();
      expect(driver.next()).toEqual({ done: true, value: told });
    }
    takeAwaited();
  });
});

describe('looking in', () => {
  /** The stack of the same recursion, by `yield*` and by `recurse`, from the same lines. */
  function* bothStacks(between: (inner: Coroutine<void>) => Coroutine<void>, loopOf: () => Future<void>): Coroutine<string[][]> {
    const stacks: string[][] = [];
    for (const via of [plainly, recursively]) {
      function* visit(left: number): Coroutine<void> {
        if (left === 0) yield* loopOf();
        else if (left % 3 === 0) yield* via(between(visit(left - 1)));
        else yield* via(visit(left - 1));
      }
      const task = createTask(visit(10), { name: 'visitor' });
      yield* sleep(1);
      stacks.push([...task.getStack().map(({ name, file, line, column }) => `${name} ${file}:${line}:${column}`), JSON.stringify(describeStuck(task))]);
      task.cancel();
    }
    return stacks;
  }

  test('the chain of awaits has the frames it has without, in task.getStack() and in the report of a deadlock', () =>
    inVirtualTime(function* (loop): Coroutine<void> {
      const [plain, recursive] = yield* bothStacks(
        function* between(inner) {
          yield* waitFor(inner, 60_000);
        },
        () => loop.createFuture(),
      );
      expect(recursive).toEqual(plain);
      expect(plain?.length).toBe(18);
    }));

  test('asynchronous generators in the chain are there, too', () =>
    inVirtualTime(function* (loop): Coroutine<void> {
      const [plain, recursive] = yield* bothStacks(
        function* between(inner) {
          const generator = asyncGenerator<void>(function* () {
            yield* inner;
          });
          yield* asyncFor(generator, function* () {});
        },
        () => loop.createFuture(),
      );
      expect(recursive).toEqual(plain);
      expect(plain?.filter((frame) => frame.startsWith('anext')).length).toBe(3);
    }));

  test('looking does not resume anything', () =>
    inVirtualTime(function* (): Coroutine<void> {
      const task = createTask(down(100));
      yield* sleep(0);
      for (let look = 0; look < 3; look++) expect(task.getStack()).toEqual(task.getStack());
      expect(yield* task).toBe(100);
    }));
});

describe('misuse', () => {
  test('awaiting it a second time is a TypeError, be it done or in progress', async () => {
    const message = 'recurse: expected to be awaited once, got a second await; call the function again for another coroutine';
    function* twice(coroutine: Coroutine<number>): Coroutine<void> {
      yield* coroutine;
      yield* coroutine;
    }
    await expect(run(twice(recurse(down(3))))).rejects.toThrow(new TypeError(message));
    await inVirtualTime(function* (): Coroutine<void> {
      const once = recurse(down(3));
      function* awaits(): Coroutine<number> {
        return yield* once;
      }
      const first = createTask(awaits());
      const second = createTask(awaits());
      expect(yield* caught(second)).toEqual(new TypeError(message));
      expect(first.done()).toBe(false);
      expect(yield* first).toBe(3);
      expect(yield* caught(createTask(once))).toEqual(new TypeError(message));
    });
  });

  test('what is no coroutine is a TypeError that says what it is', () => {
    const wrong = (value: unknown): (() => unknown) => {
      return () => recurse(value as Coroutine<void>);
    };
    expect(wrong(down)).toThrow(new TypeError('recurse: expected a coroutine, got the function down; call it'));
    expect(wrong(Promise.resolve())).toThrow(
      new TypeError('recurse: expected a coroutine, got a promise; wrap the call that makes it: fromPromise((signal) => ...)'),
    );
    expect(wrong(undefined)).toThrow(new TypeError('recurse: expected a coroutine, got undefined'));
    expect(wrong([])).toThrow(new TypeError('recurse: expected a coroutine, got an array'));
  });

  test('ended, it can be ended again', () => {
    const coroutine = recurse(down(0));
    expect(coroutine.return(1)).toEqual({ done: true, value: 1 });
    expect(coroutine.return(2)).toEqual({ done: true, value: 2 });
    expect(() => coroutine.throw(new Error('late'))).toThrow('late');
  });
});

function* caught(awaitable: { [Symbol.iterator](): Coroutine<unknown> }): Coroutine<unknown> {
  try {
    yield* awaitable;
  } catch (error) {
    return error;
  }
  return undefined;
}
