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
