import { expect, expectTypeOf, test } from 'vitest';
import {
  allTasks,
  asyncWith,
  Barrier,
  BrokenBarrierError,
  CancelledError,
  type Coroutine,
  createTask,
  gather,
  sleep,
  type Task,
  wait,
} from '../../src/loop/index.ts';
import { type Log, nameOf, outcomeOf, sameAsCPython } from '../support/cpython.ts';
import { forSeeds } from '../support/random.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

const told = (barrier: Barrier): string => `waiting ${barrier.nWaiting}/${barrier.parties}${barrier.broken ? ' broken' : ''}`;
const outcomes = (tasks: readonly Task<unknown>[]): string => tasks.map(outcomeOf).join(', ');

/** Comes to the barrier, and logs its place, or the error with which it was sent away. */
function* party(log: Log, barrier: Barrier, name: string): Coroutine<void> {
  try {
    log(`${name} ${yield* barrier.wait()}`);
  } catch (error) {
    if (error instanceof CancelledError) log(`${name} cancelled, ${told(barrier)}`);
    if (!(error instanceof BrokenBarrierError)) throw error;
    log(`${name} ${error.message}, ${told(barrier)}`);
  }
}

/** Steps in the iteration after the next, where those released by a barrier in the next have not left yet. */
function* twoStepsOn(coroutine: Coroutine<void>): Coroutine<void> {
  createTask(coroutine);
}

test('all go when the last has come, the last one first, over and over', () =>
  sameAsCPython('a barrier lets all go when the last has come over and over', function* (log, loop) {
    const barrier = new Barrier(3);
    function* party(name: string, delays: number[]): Coroutine<void> {
      for (const delay of delays) {
        yield* sleep(delay);
        log(`${name} comes at ${loop.time()}, ${told(barrier)}`);
        log(`${name} ${yield* barrier.wait()} goes, ${told(barrier)}`);
      }
    }
    yield* gather([party('a', [1, 2, 6]), party('b', [2, 7, 0]), party('c', [4, 0, 0])]);
    log(told(barrier));
  }));

test('who comes too many waits for the next round', () =>
  sameAsCPython('more come to a barrier than it takes', function* (log) {
    const barrier = new Barrier(2);
    function* party(name: string): Coroutine<void> {
      log(`${name} ${yield* barrier.wait()} ${told(barrier)}`);
    }
    const tasks = [...'abcde'].map((name) => createTask(party(name)));
    yield* sleep(5);
    log(`${told(barrier)} ${outcomeOf(tasks.at(-1) as Task<void>)}`);
    tasks.push(createTask(party('f')));
    yield* wait(tasks);
  }));

test('a barrier of one does not suspend', () =>
  sameAsCPython('a barrier of one does not suspend', function* (log, loop) {
    const barrier = new Barrier(1);
    loop.callSoon(log, 'a callback');
    log(yield* barrier.wait());
    log(yield* barrier.wait());
    yield* asyncWith(barrier, function* (place) {
      log(`in the block ${place}`);
    });
  }));

test('asyncWith waits before the body, which is given the place', () =>
  sameAsCPython('a barrier as a context manager gives the place', function* (log) {
    const barrier = new Barrier(2);
    const party = (name: string): Coroutine<void> =>
      asyncWith(barrier, function* (place) {
        log(`${name} ${place} in`);
        yield* sleep(1 + place);
        log(`${name} ${place} out`);
      });
    yield* gather([party('a'), party('b')]);
  }));

test('who is cancelled while it fills leaves it whole, one fewer inside', () =>
  sameAsCPython('who is cancelled while a barrier fills leaves it whole', function* (log) {
    const barrier = new Barrier(3);
    const tasks = [...'ab'].map((name) => createTask(party(log, barrier, name)));
    yield* sleep(1);
    tasks[0]?.cancel();
    yield* sleep(1);
    log(told(barrier));
    tasks.push(createTask(party(log, barrier, 'c')));
    yield* sleep(1);
    log(told(barrier));
    tasks.push(createTask(party(log, barrier, 'd')));
    yield* wait(tasks);
    log(`${outcomes(tasks)} ${told(barrier)}`);
  }));

test('who is cancelled while it drains does not hold up the others, nor the next round', () =>
  sameAsCPython('who is cancelled while a barrier drains does not hold up the others', function* (log) {
    const barrier = new Barrier(3);
    const tasks = [...'ab'].map((name) => createTask(party(log, barrier, name)));
    yield* sleep(1);
    tasks.push(createTask(party(log, barrier, 'c')));
    yield* sleep(0);
    tasks[0]?.cancel();
    tasks.push(createTask(party(log, barrier, 'next round')));
    yield* sleep(1);
    log(`${outcomes(tasks)} ${told(barrier)}`);
    tasks.push(createTask(party(log, barrier, 'd')), createTask(party(log, barrier, 'e')));
    yield* wait(tasks);
  }));

test('who is cancelled before the door of a draining barrier takes no place in the next round', () =>
  sameAsCPython('who is cancelled before the door of a draining barrier takes no place', function* (log) {
    const barrier = new Barrier(2);
    function* party(name: string): Coroutine<void> {
      log(`${name} ${yield* barrier.wait()}`);
    }
    const tasks = [...'abc'].map((name) => createTask(party(name)));
    yield* sleep(0);
    yield* sleep(0);
    tasks[2]?.cancel();
    yield* sleep(1);
    log(`${outcomes(tasks)} ${told(barrier)}`);
    yield* gather([party('d'), party('e')]);
  }));

test('a reset throws out who waits; who comes meanwhile waits until they are gone', () =>
  sameAsCPython('a reset throws out who waits at the barrier', function* (log) {
    const barrier = new Barrier(3);
    yield* barrier.reset();
    log(told(barrier));
    const tasks = [...'ab'].map((name) => createTask(party(log, barrier, name)));
    yield* sleep(1);
    yield* barrier.reset();
    log(`reset, ${told(barrier)}`);
    tasks.push(...[...'cde'].map((name) => createTask(party(log, barrier, name))));
    yield* wait(tasks);
    log(told(barrier));
  }));

test('a reset while it drains throws out who was released and has not left yet', () =>
  sameAsCPython('a barrier reset while it drains throws out who has not left', function* (log) {
    const barrier = new Barrier(3);
    function* reset(): Coroutine<void> {
      yield* barrier.reset();
      log(`reset, ${told(barrier)}`);
    }
    const tasks = [...'ab'].map((name) => createTask(party(log, barrier, name)));
    yield* sleep(1);
    createTask(twoStepsOn(reset()));
    tasks.push(createTask(party(log, barrier, 'c')), createTask(party(log, barrier, 'next round')));
    yield* sleep(1);
    log(`${outcomes(tasks)} ${told(barrier)}`);
    tasks.push(...[...'de'].map((name) => createTask(party(log, barrier, name))));
    yield* wait(tasks);
    log(told(barrier));
  }));

test('an aborted barrier is broken for all who wait or come, until it is reset', () =>
  sameAsCPython('an aborted barrier is broken until it is reset', function* (log) {
    const barrier = new Barrier(3);
    const tasks = [...'ab'].map((name) => createTask(party(log, barrier, name)));
    yield* sleep(1);
    yield* barrier.abort();
    log(`aborted, ${told(barrier)}`);
    yield* party(log, barrier, 'too late');
    yield* wait(tasks);
    yield* party(log, barrier, 'still too late');
    yield* barrier.reset();
    log(`reset, ${told(barrier)}`);
    yield* gather([...'cde'].map((name) => party(log, barrier, name)));
  }));

test('an abort while it drains breaks it for who has not left yet', () =>
  sameAsCPython('a barrier aborted while it drains throws out who has not left', function* (log) {
    const barrier = new Barrier(2);
    function* abort(): Coroutine<void> {
      yield* barrier.abort();
      log(`aborted, ${told(barrier)}`);
    }
    const tasks = [createTask(party(log, barrier, 'a'))];
    yield* sleep(1);
    createTask(twoStepsOn(abort()));
    tasks.push(...[...'bcd'].map((name) => createTask(party(log, barrier, name))));
    yield* wait(tasks);
    log(`${outcomes(tasks)} ${told(barrier)}`);
  }));

test('aborted and reset at once: who waits is thrown out, who comes is not', () =>
  sameAsCPython('a barrier aborted and reset at once throws out who waits and takes newcomers', function* (log, loop) {
    const barrier = new Barrier(2);
    const tasks = [createTask(party(log, barrier, 'a'))];
    yield* sleep(1);
    loop.callSoon(log, 'a callback');
    yield* barrier.abort();
    yield* barrier.reset();
    yield* barrier.reset();
    log(`neither suspended, ${told(barrier)}`);
    tasks.push(...[...'bcd'].map((name) => createTask(party(log, barrier, name))));
    yield* sleep(5);
    log(`${outcomes(tasks)} ${told(barrier)}`);
    yield* barrier.wait();
    yield* wait(tasks);
  }));

test('who is cancelled after a reset is cancelled, and not told of the reset', () =>
  sameAsCPython('who is cancelled after a reset is cancelled not told of the reset', function* (log) {
    const barrier = new Barrier(3);
    function* party(name: string): Coroutine<void> {
      try {
        log(`${name} ${yield* barrier.wait()}`);
      } catch (error) {
        log(`${name} ${nameOf(error)}, ${told(barrier)}`);
        throw error;
      }
    }
    const tasks = [...'ab'].map((name) => createTask(party(name)));
    yield* sleep(1);
    yield* barrier.reset();
    tasks[0]?.cancel();
    yield* wait(tasks);
    log(`${outcomes(tasks)} ${told(barrier)}`);
  }));

test('however cancellations, resets and aborts fall, rounds are whole and nobody is left inside', () =>
  forSeeds(200, (random) =>
    inVirtualTime(function* (): Coroutine<void> {
      const parties = 1 + random.int(4);
      const barrier = new Barrier(parties);
      const tasks: Task<void>[] = [];
      let passed = 0;
      function* party(): Coroutine<void> {
        try {
          const place = yield* barrier.wait();
          expect(place).toBeLessThan(parties);
          passed += 1;
        } catch (error) {
          if (!(error instanceof BrokenBarrierError)) throw error;
        }
      }
      let disturbed = false;
      for (let step = 0; step < 60; step++) {
        if (random.chance(0.7)) tasks.push(createTask(party()));
        if (tasks.length > 0 && random.chance(0.15)) disturbed = (tasks[random.int(tasks.length)]?.cancel() ?? false) || disturbed;
        if (random.chance(0.05)) {
          disturbed = true;
          createTask(random.chance(0.5) ? barrier.reset() : barrier.abort());
        }
        if (random.chance(0.5)) yield* sleep(random.int(2));
        expect(barrier.nWaiting).toBeLessThan(parties);
      }
      yield* sleep(5);
      expect(tasks.filter((task) => !task.done()).length).toBe(barrier.nWaiting);
      if (!disturbed) expect(passed % parties).toBe(0);
      yield* barrier.reset();
      yield* sleep(5);
      for (const task of tasks) if (!task.cancelled()) expect(task.exception()).toBeUndefined();
      expect([barrier.nWaiting, barrier.broken, allTasks().length]).toEqual([0, false, 1]);
      yield* gather(Array.from({ length: parties }, () => barrier.wait()));
    }),
  ));

test.each([0, -1, 1.5, Number.NaN, '2'])('a barrier for %s parties is a RangeError that says what was expected', (wrong) => {
  expect(() => new Barrier(wrong as number)).toThrow(`Barrier: expected a whole number of parties from 1 up, got ${wrong}`);
  expect(() => new Barrier(wrong as number)).toThrow(RangeError);
});

test('wait gives a number, and needs its star', () => {
  const compiled = (..._bodies: ((...args: never[]) => unknown)[]): void => {};
  compiled(function* (barrier: Barrier): Coroutine<void> {
    expectTypeOf(yield* barrier.wait()).toEqualTypeOf<number>();
    expectTypeOf(yield* barrier.reset()).toEqualTypeOf<void>();
    yield* asyncWith(barrier, function* (place) {
      expectTypeOf(place).toEqualTypeOf<number>();
    });
    // @ts-expect-error yield, not yield*
    yield barrier.wait();
    // @ts-expect-error how many is fixed
    barrier.parties = 3;
    // @ts-expect-error how many?
    new Barrier();
  });
});
