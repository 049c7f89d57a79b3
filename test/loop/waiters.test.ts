import { expect, test } from 'vitest';
import { type Coroutine, createTask, sleep, type Task, wait } from '../../src/loop/index.ts';
import { Waiters } from '../../src/loop/waiters.ts';
import { forSeeds } from '../support/random.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

/** A line, what stands in it until woken, and who was. */
function line(): { waiters: Waiters; woken: string[]; stand(name: string): Coroutine<void> } {
  const waiters = new Waiters();
  const woken: string[] = [];
  return {
    waiters,
    woken,
    *stand(name) {
      yield* waiters.wait();
      woken.push(name);
    },
  };
}

test('wakeNext wakes in the order of arrival, one each time, and says when nobody is left', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const { waiters, woken, stand } = line();
    expect(waiters.wakeNext()).toBe(false);
    const tasks = [...'abc'].map((name) => createTask(stand(name)));
    yield* sleep(0);
    expect([waiters.length, waiters.someoneWaits]).toEqual([3, true]);
    expect([waiters.wakeNext(), waiters.wakeNext(), waiters.wakeNext(), waiters.wakeNext()]).toEqual([true, true, true, false]);
    expect([waiters.length, waiters.someoneWaits]).toEqual([3, true]);
    yield* wait(tasks);
    expect(woken).toEqual(['a', 'b', 'c']);
    expect([waiters.length, waiters.someoneWaits]).toEqual([0, false]);
  }));

test('wakeFirst wakes nobody else while the first was woken and did not run yet', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const { waiters, woken, stand } = line();
    const tasks = [...'ab'].map((name) => createTask(stand(name)));
    yield* sleep(0);
    waiters.wakeFirst();
    waiters.wakeFirst();
    yield* sleep(1);
    expect(woken).toEqual(['a']);
    waiters.wakeFirst();
    yield* wait(tasks);
    expect(woken).toEqual(['a', 'b']);
  }));

test('wake wakes so many in the order of arrival, passing over those woken or cancelled before', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const { waiters, woken, stand } = line();
    const tasks = [...'abcdef'].map((name) => createTask(stand(name)));
    yield* sleep(0);
    tasks[1]?.cancel();
    waiters.wakeNext();
    waiters.wake(0);
    waiters.wake(2);
    yield* sleep(1);
    expect([woken, waiters.length]).toEqual([['a', 'c', 'd'], 2]);
    waiters.wake(Number.POSITIVE_INFINITY);
    waiters.wake(1);
    yield* wait(tasks);
    expect([woken, waiters.length]).toEqual([['a', 'c', 'd', 'e', 'f'], 0]);
  }));

test('who comes while those woken have not left the line yet is the next to be woken', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const { waiters, woken, stand } = line();
    const a = createTask(stand('a'));
    const b = createTask(stand('b'), { eagerStart: true });
    yield* sleep(0);
    expect([waiters.wakeNext(), waiters.wakeNext(), waiters.wakeNext()]).toEqual([true, true, false]);
    const late = [...'cd'].map((name) => createTask(stand(name), { eagerStart: true }));
    expect([waiters.length, waiters.wakeNext()]).toEqual([4, true]);
    yield* wait([a, b, ...late.slice(0, 1)]);
    expect(woken).toEqual(['b', 'a', 'c']);
    expect([waiters.wakeNext(), waiters.wakeNext()]).toEqual([true, false]);
    yield* wait(late);
  }));

test('who is next to be woken and leaves hands the turn to the one behind', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const { waiters, woken, stand } = line();
    const [a, b] = [...'ab'].map((name) => createTask(stand(name))) as [Task<void>, Task<void>];
    yield* sleep(0);
    a.cancel();
    yield* sleep(0);
    expect([waiters.length, waiters.wakeNext()]).toEqual([1, true]);
    yield* wait([a, b]);
    expect(woken).toEqual(['b']);
  }));

test('who is cancelled leaves the line and is told whether the wake-up had already come', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const waiters = new Waiters();
    const told: string[] = [];
    function* stand(name: string): Coroutine<void> {
      yield* waiters.wait((wasWoken) => told.push(`${name} ${wasWoken}`));
    }
    const [a, b] = [...'ab'].map((name) => createTask(stand(name))) as [Task<void>, Task<void>];
    yield* sleep(0);
    a.cancel();
    expect(waiters.someoneWaits).toBe(true);
    waiters.wakeNext(); // a is cancelled: b is woken
    b.cancel();
    expect(waiters.length).toBe(2);
    yield* wait([a, b]);
    expect(told).toEqual(['a false', 'b true']);
    expect(waiters.length).toBe(0);
  }));

test('who was cancelled and has not left the line yet does not wait', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const waiters = new Waiters();
    const task = createTask(waiters.wait());
    yield* sleep(0);
    task.cancel();
    expect([waiters.length, waiters.someoneWaits]).toEqual([1, false]);
    yield* wait([task]);
  }));

test('who is left by return() has left the line, be it in the middle, and is woken by nobody', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const waiters = new Waiters();
    const told: string[] = [];
    const [a, b, c] = [...'abc'].map((name) => waiters.wait((wasWoken) => told.push(`${name} ${wasWoken}`))) as [
      Coroutine<void>,
      Coroutine<void>,
      Coroutine<void>,
    ];
    const first = createTask(a);
    const second = createTask(b);
    const third = createTask(c);
    yield* sleep(0);
    expect(b.return(undefined)).toEqual({ done: true, value: undefined });
    expect([waiters.length, waiters.someoneWaits]).toEqual([2, true]);
    expect([waiters.wakeNext(), waiters.wakeNext(), waiters.wakeNext()]).toEqual([true, true, false]);
    yield* wait([first, third]);
    expect([first.done(), second.done(), third.done(), waiters.length, waiters.someoneWaits]).toEqual([true, false, true, 0, false]);
    b.return(undefined);
    waiters.wait().return(undefined);
    expect([waiters.length, told]).toEqual([0, []]);
    second.cancel();
    yield* wait([second]);
    expect([second.done(), told]).toEqual([true, []]);
  }));

test('no wake-up is lost when whoever is cancelled after one passes it on', () =>
  forSeeds(100, (random) =>
    inVirtualTime(function* (): Coroutine<void> {
      const waiters = new Waiters();
      let credit = 0;
      let woken = 0;
      function* stand(): Coroutine<void> {
        yield* waiters.wait((wasWoken) => {
          if (wasWoken && !waiters.wakeNext()) credit += 1;
        });
        woken += 1;
      }
      const tasks: Task<void>[] = [];
      let given = 0;
      for (let step = 0; step < 80; step++) {
        if (random.chance(0.6)) tasks.push(createTask(stand()));
        if (random.chance(0.4) && waiters.wakeNext()) given += 1;
        if (tasks.length > 0 && random.chance(0.3)) tasks[random.int(tasks.length)]?.cancel();
        if (random.chance(0.5)) yield* sleep(0);
      }
      yield* sleep(1);
      expect(woken + credit).toBe(given);
      for (const task of tasks) task.cancel();
      yield* sleep(1);
    }),
  ));
