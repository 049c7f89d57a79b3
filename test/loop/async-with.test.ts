import { expect, test } from 'vitest';
import { type AsyncContextManager, aclosing, asyncWith, type Coroutine, createTask, sleep, wait } from '../../src/loop/index.ts';
import { nameOf, outcomeOf, sameAsCPython, ValueError } from '../support/cpython.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

test('aexit runs after the body whatever happens in it, is told the error, and suppresses it by returning true', () =>
  sameAsCPython('async with order', function* (log) {
    class Manager implements AsyncContextManager<string, boolean> {
      readonly #suppress: boolean;
      constructor(suppress: boolean) {
        this.#suppress = suppress;
      }
      *aenter(): Coroutine<string> {
        yield* sleep(1);
        log('enter');
        return 'value';
      }
      *aexit(error: unknown): Coroutine<boolean> {
        log(`exit ${error === undefined ? 'nothing' : nameOf(error)}`);
        yield* sleep(1);
        log('exited');
        return this.#suppress;
      }
    }
    yield* asyncWith(new Manager(false), function* (value) {
      log(value);
    });
    yield* asyncWith(new Manager(true), function* () {
      throw new ValueError('suppressed');
    });
    try {
      yield* asyncWith(new Manager(false), function* () {
        throw new ValueError('thrown');
      });
    } catch (error) {
      log(nameOf(error));
    }
    const task = createTask(asyncWith(new Manager(false), () => sleep(100)));
    yield* sleep(5);
    task.cancel('stop');
    yield* wait([task]);
    log(outcomeOf(task));
  }));

test('when aenter fails, neither the body nor aexit runs', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const ran: string[] = [];
    const manager = {
      *aenter(): Coroutine<void> {
        throw new ValueError('no entry');
      },
      *aexit(): Coroutine<void> {
        ran.push('aexit');
      },
    };
    const task = createTask(
      asyncWith(manager, function* () {
        ran.push('body');
      }),
    );
    yield* wait([task]);
    expect(outcomeOf(task)).toBe('raised ValueError no entry');
    expect(ran).toEqual([]);
  }));

test('the result is the body’s; undefined where its error was suppressed; an error of aexit replaces the body’s', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const manager = (exit: () => boolean): AsyncContextManager<number> => ({
      *aenter() {
        return 20;
      },
      *aexit() {
        return exit();
      },
    });
    const fail = function* (): Coroutine<number> {
      throw new ValueError('body');
    };
    expect(
      yield* asyncWith(
        manager(() => true),
        function* (value) {
          return value + 1;
        },
      ),
    ).toBe(21);
    expect(
      yield* asyncWith(
        manager(() => true),
        fail,
      ),
    ).toBeUndefined();
    const task = createTask(
      asyncWith(
        manager(() => {
          throw new ValueError('exit');
        }),
        fail,
      ),
    );
    yield* wait([task]);
    expect(outcomeOf(task)).toBe('raised ValueError exit');
  }));

test('aclosing closes behind the block, whatever happens in it', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const log: string[] = [];
    const thing = {
      *aclose(): Coroutine<void> {
        yield* sleep(1);
        log.push('closed');
      },
    };
    expect(
      yield* asyncWith(aclosing(thing), function* (it) {
        expect(it).toBe(thing);
        return 'result';
      }),
    ).toBe('result');
    const task = createTask(asyncWith(aclosing(thing), () => sleep(100)));
    yield* sleep(5);
    task.cancel();
    yield* wait([task]);
    expect([outcomeOf(task), ...log]).toEqual(['cancelled', 'closed', 'closed']);
  }));

/** What happens to a generator in the place of `asyncWith`: the reference for what it does by hand. */
function* byGenerator(manager: AsyncContextManager<unknown>, body: (value: unknown) => Coroutine<unknown>): Coroutine<unknown> {
  const value = yield* manager.aenter();
  let result: unknown;
  try {
    result = yield* body(value);
  } catch (error) {
    if ((yield* manager.aexit(error)) === true) return undefined;
    throw error;
  }
  yield* manager.aexit(undefined);
  return result;
}

test('next, throw and return reach the coroutine it stands in, as they would through yield*, at every step', () => {
  const part = (log: string[], name: string, value: unknown): Coroutine<never> =>
    (function* (): Generator<unknown, unknown> {
      for (const step of [1, 2]) {
        try {
          log.push(`${name} sent ${yield `${name} ${step}`}`);
        } catch (error) {
          log.push(`${name} catches ${error}`);
          if (step === 2) throw `${name} fails`;
        } finally {
          log.push(`${name} passes ${step}`);
        }
      }
      return value;
    })() as unknown as Coroutine<never>;
  const play = (enter: typeof byGenerator, how: 'next' | 'throw' | 'return', at: number, suppress: boolean): string[] => {
    const log: string[] = [];
    const manager = {
      aenter: () => part(log, 'aenter', 'entered'),
      aexit: (error: unknown) => part(log, `aexit told ${error}`, suppress),
    };
    const coroutine = enter(manager, (value) => part(log, `body given ${value}`, 'result'));
    for (let step = 0; step < 12; step++) {
      try {
        // One twice, then on: the second arrives where the first has led.
        const { done, value } = step === at || step === at + 1 ? coroutine[how](`value ${step}`) : coroutine.next(`value ${step}`);
        log.push(`${done} ${value}`);
      } catch (error) {
        log.push(`threw ${error}`);
      }
    }
    return log;
  };
  for (const how of ['next', 'throw', 'return'] as const)
    for (let at = 0; at < 11; at++)
      for (const suppress of [false, true]) expect(play(asyncWith as typeof byGenerator, how, at, suppress)).toEqual(play(byGenerator, how, at, suppress));
});

test('what cannot be awaited is a TypeError that says so, of the body one that aexit is told', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const told: unknown[] = [];
    const manager = (wrong: Partial<AsyncContextManager<unknown>>): AsyncContextManager<unknown, void> => ({
      *aenter() {},
      *aexit(error) {
        told.push(nameOf(error));
      },
      ...(wrong as object),
    });
    const outcome = function* (it: AsyncContextManager<unknown, void>, body: unknown): Coroutine<string> {
      const task = createTask(asyncWith(it, body as () => Coroutine<void>));
      yield* wait([task]);
      return outcomeOf(task);
    };
    const body = function* (): Coroutine<void> {};
    expect(yield* outcome(manager({ aenter: () => 5 as never }), body)).toBe('raised TypeError asyncWith: expected aenter() to return a coroutine, got 5');
    expect(yield* outcome(manager({ aexit: () => undefined as never }), body)).toBe(
      'raised TypeError asyncWith: expected aexit() to return a coroutine, got undefined',
    );
    expect(told).toEqual([]);
    expect(yield* outcome(manager({}), () => 5)).toBe('raised TypeError asyncWith: expected the body to return a coroutine, got 5');
    expect(yield* outcome(manager({}), undefined)).toMatch(/^raised TypeError .*not a function/);
    expect(yield* outcome(manager({}), async function* () {})).toBe(
      "raised TypeError asyncWith: expected a coroutine, got an async generator; a coroutine is what 'function*' makes, without async",
    );
    expect(told.map((name) => (name as string).slice(0, 9))).toEqual(['TypeError', 'TypeError', 'TypeError']);
  }));
