import { expect, expectTypeOf, test } from 'vitest';
import { allTasks, CancelledError, type Coroutine, createTask, Event, sleep, type Task, wait } from '../../src/loop/index.ts';
import { nameOf, outcomeOf, sameAsCPython } from '../support/cpython.ts';
import { forSeeds } from '../support/random.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

test('set wakes everybody who waits, in the order they came; a set event does not suspend', () =>
  sameAsCPython('an event wakes everybody who waits in the order they came', function* (log, loop) {
    const event = new Event();
    function* waiter(name: string): Coroutine<void> {
      log(`${name} ${yield* event.wait()} ${event.isSet()}`);
    }
    const tasks = [...'abc'].map((name) => createTask(waiter(name)));
    yield* sleep(1);
    log(event.isSet());
    event.set();
    loop.callSoon(log, 'a callback scheduled after set');
    log('set returned');
    yield* wait(tasks);
    loop.callSoon(log, 'a callback');
    yield* event.wait();
    log('wait on a set event does not suspend');
  }));

test('who waited when it was set goes on, even if it was cleared before the step', () =>
  sameAsCPython('an event cleared before the step of its waiters lets them go nevertheless', function* (log) {
    const event = new Event();
    function* waiter(name: string): Coroutine<void> {
      yield* event.wait();
      log(`${name} first round, set ${event.isSet()}`);
      yield* event.wait();
      log(`${name} second round, set ${event.isSet()}`);
    }
    const tasks = [...'ab'].map((name) => createTask(waiter(name)));
    yield* sleep(1);
    event.set();
    event.clear();
    const late = createTask(waiter('late'));
    yield* sleep(1);
    log('nobody goes on for a cleared event');
    event.set();
    event.set();
    yield* wait([...tasks, late]);
  }));

test('who is cancelled is cancelled, before and after the event was set', () =>
  sameAsCPython('event waiters are cancelled before and after set', function* (log) {
    const event = new Event();
    function* waiter(name: string): Coroutine<void> {
      try {
        yield* event.wait();
        log(`${name} went on`);
      } catch (error) {
        if (error instanceof CancelledError) log(`${name} ${nameOf(error)}`);
        throw error;
      }
    }
    const tasks = [...'abcd'].map((name) => createTask(waiter(name)));
    const [a, b, c] = tasks as [Task<void>, Task<void>, Task<void>];
    yield* sleep(0);
    a.cancel('before');
    event.set();
    b.cancel('after');
    log(c.cancel('twice'));
    c.cancel('twice again');
    yield* wait(tasks);
    log(tasks.map(outcomeOf).join(', '));
  }));

test('after each set everybody who waited and was not cancelled has gone on, once, and nobody else', () =>
  forSeeds(100, (random) =>
    inVirtualTime(function* (): Coroutine<void> {
      const event = new Event();
      const waiting = new Set<Task<void>>();
      let wentOn = 0;
      let due = 0;
      function* waiter(): Coroutine<void> {
        yield* event.wait();
        wentOn += 1;
      }
      for (let step = 0; step < 60; step++) {
        if (random.chance(0.6)) {
          waiting.add(createTask(waiter()));
          yield* sleep(0);
          if (event.isSet()) due += 1;
        }
        if (event.isSet()) waiting.clear();
        const victim = [...waiting][random.int(waiting.size + 1)];
        if (victim !== undefined && random.chance(0.5)) {
          victim.cancel();
          waiting.delete(victim);
        }
        if (random.chance(0.2)) {
          due += waiting.size;
          waiting.clear();
          event.set();
        }
        if (random.chance(0.3)) event.clear();
        if (random.chance(0.5)) {
          yield* sleep(0);
          expect(wentOn).toBe(due);
        }
      }
      yield* sleep(1);
      expect([wentOn, allTasks().length]).toEqual([due, 1 + waiting.size]);
      event.set();
      yield* sleep(1);
      expect([wentOn, allTasks().length]).toEqual([due + waiting.size, 1]);
      expect(String(event)).toBe('<Event [set]>');
    }),
  ));

test('an event can be waited for on two loops at once: each waiter goes on on its own', async () => {
  const event = new Event();
  const [one, two] = [virtualLoop(), virtualLoop()];
  const letGo = two.hold(); // What wakes it comes from outside.
  const waiting = two.runUntilComplete(event.wait());
  await one.runUntilComplete(sleep(1));
  event.set();
  expect(await waiting).toBe(true);
  letGo();
});

test('wait gives true, and needs its star', () => {
  const compiled = (..._bodies: ((...args: never[]) => unknown)[]): void => {};
  compiled(function* (event: Event): Coroutine<void> {
    expectTypeOf(yield* event.wait()).toEqualTypeOf<true>();
    expectTypeOf(event.isSet()).toEqualTypeOf<boolean>();
    // @ts-expect-error yield, not yield*
    yield event.wait();
    // @ts-expect-error the event itself cannot be awaited
    yield* event;
  });
});
