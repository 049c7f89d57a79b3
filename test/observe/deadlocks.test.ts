import { describe, expect, test } from 'vitest';
import {
  asCompleted,
  asyncWith,
  type Coroutine,
  createTask,
  type EventLoop,
  gather,
  getRunningLoop,
  Lock,
  Semaphore,
  shield,
  sleep,
  type Task,
  TaskGroup,
  type Timeout,
  TimeoutError,
  timeout,
  timeoutAt,
  wait,
  waitFor,
} from '../../src/loop/index.ts';
import { watchWaits } from '../../src/observe/index.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

const CANCELLED = '; only a cancellation can end this';
const CANCELLED_OR_ERROR = '; only a cancellation, or an error of another that is awaited, can end this';
const END = '; only a cancellation, or somebody else giving it back, can end this';
const END_OR_ERROR = '; only a cancellation, somebody else giving it back, or an error of another that is awaited, can end this';
const ORPHANED = '; nobody else is known to give it back';

/** What is told of deadlocks while a program runs for 100 ms, without the places. */
async function toldOf(main: () => Coroutine<unknown>, late?: () => void): Promise<string[]> {
  const loop = virtualLoop();
  const told: string[] = [];
  const watch = (): void =>
    void watchWaits(loop, { deadlocked: (message) => told.push(message.replaceAll(/ at test\/observe\/deadlocks\.test\.ts:\d+/g, '')) });
  if (late === undefined) watch();
  else loop.callLater(1, watch);
  loop.createTask(main(), { name: 'main' });
  await loop.runUntilComplete(sleep(100));
  for (const { message } of loop.reports) told.push(message);
  return told;
}

function* holds(taken: Lock | Semaphore, ms: number, wanted?: Lock | Semaphore): Coroutine<void> {
  yield* taken.acquire();
  yield* sleep(ms);
  if (wanted !== undefined) yield* wanted.acquire();
}

function* spins(turns: number): Coroutine<void> {
  for (let turn = 0; turn < turns; turn++) yield* sleep(0);
}

function* eachOf(...tasks: readonly Task<unknown>[]): Coroutine<void> {
  for (const next of asCompleted(tasks))
    try {
      yield* next;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
}

function* movesTo(limit: Timeout, body: () => Coroutine<void>): Coroutine<void> {
  limit.reschedule(getRunningLoop().time() + 5000);
  yield* body();
}

describe('told at the moment it comes about is', () => {
  test('a lock that is wanted by who holds it', async () => {
    const lock = new Lock();
    expect(await toldOf(() => holds(lock, 1, lock))).toEqual([`main awaits Lock-1, held by itself${END}`]);
  });

  test('on one line, whatever the class of a lock is called', async () => {
    const { 'E\x1b[31mvil\n': EvilLock } = { 'E\x1b[31mvil\n': class extends Lock {} };
    const lock = new EvilLock();
    expect(await toldOf(() => holds(lock, 1, lock))).toEqual([`main awaits E\\x1b[31mvil\\x0a-1, held by itself${END}`]);
  });

  test('the last permit, where all who hold one want another: those who wait are named along one way', async () => {
    const semaphore = new Semaphore(2);
    function* main(): Coroutine<void> {
      for (const [index, name] of ['a', 'b'].entries()) createTask(holds(semaphore, 1 + index, semaphore), { name });
      yield* sleep(50);
    }
    expect(await toldOf(main)).toEqual([`b awaits Semaphore-1, held by itself and a${END}`]);
  });

  test('a permit of several that a circle goes through', async () => {
    const [semaphore, lock] = [new Semaphore(2), new Lock()];
    function* main(): Coroutine<void> {
      createTask(holds(semaphore, 2, lock), { name: 'a' });
      createTask(holds(semaphore, 3, lock), { name: 'b' });
      createTask(holds(lock, 10, semaphore), { name: 'c' });
      yield* sleep(50);
    }
    expect(await toldOf(main)).toEqual([`c awaits Semaphore-1, held by a and b, of whom a awaits Lock-1, held by c${END}`]);
  });

  test.each<[name: string, waits: (task: Task<unknown>) => Coroutine<unknown>, said: string, ends?: string]>([
    ['a task that it awaits', (task) => task, 'main awaits child'],
    ['a task of its gather, though another goes on', (task) => gather([task, sleep(90)]), 'main awaits gather, and so child', END_OR_ERROR],
    ['a task it waits for', (task) => wait([task]), 'main awaits wait, and so child'],
    ['a task that it shields', (task) => shield(task), 'main awaits shield, and so child'],
  ])('a lock that is wanted by %s', async (_name, waits, said, ends = END) => {
    const lock = new Lock();
    function* main(): Coroutine<void> {
      yield* lock.acquire();
      yield* waits(createTask(holds(lock, 1), { name: 'child' }));
    }
    expect(await toldOf(main)).toEqual([`child awaits Lock-1, held by ${said}${ends}`.replace('held by main awaits', 'held by main, which awaits')]);
  });

  test('a lock that is wanted by a task of a gather another of which fails about now, with what ends it', async () => {
    const told: string[] = [];
    for (let turns = 0; turns < 6; turns++) {
      const lock = new Lock();
      function* fails(): Coroutine<void> {
        yield* sleep(1);
        yield* spins(turns);
        throw new RangeError('failed');
      }
      function* main(): Coroutine<void> {
        yield* lock.acquire();
        const child = createTask(holds(new Lock(), 1, lock), { name: 'child' });
        const [gathering] = (yield* wait([gather([child, createTask(fails())])])).done;
        expect(() => gathering?.result()).toThrow('failed');
        child.cancel();
      }
      told.push(...(await toldOf(main)));
    }
    expect(new Set(told)).toEqual(new Set([`child awaits Lock-1, held by main, which awaits wait, and so child${END_OR_ERROR}`]));
  });

  test.each<[name: string, waits: (stuck: Task<unknown>, other: Task<unknown>) => Coroutine<unknown>, ends: string]>([
    ['a gather', (...tasks) => gather(tasks), CANCELLED_OR_ERROR],
    ['a wait for the first error', (...tasks) => wait(tasks, { returnWhen: 'FIRST_EXCEPTION' }), CANCELLED_OR_ERROR],
    ['a gather that collects errors', (...tasks) => gather(tasks, { returnExceptions: true }), CANCELLED],
    ['a wait for all', (...tasks) => wait(tasks), CANCELLED],
    ['a gather within one that collects errors', (...tasks) => gather([gather(tasks)], { returnExceptions: true }), CANCELLED_OR_ERROR],
    ['a gather beside what it is stuck in', (stuck, other) => gather([stuck, gather([other])], { returnExceptions: true }), CANCELLED],
    ['a gather in a gather, beside', (stuck, other) => gather([stuck, gather([other])]), CANCELLED_OR_ERROR],
    ['a shield in a gather, beside', (stuck, other) => gather([stuck, shield(other)]), CANCELLED_OR_ERROR],
    ['each as it comes in', eachOf, CANCELLED],
  ])('tasks that await each other, through %s: that an error ends it is said where one does', async (_name, waits, ends) => {
    for (const fails of [true, false]) {
      let goesOn = false;
      function* other(): Coroutine<void> {
        yield* sleep(20);
        if (fails) throw new RangeError('failed');
      }
      function* waiting(): Coroutine<void> {
        const tasks: [Task<unknown>, Task<unknown>] = [createTask(back(), { name: 'back' }), createTask(other())];
        tasks[1].addDoneCallback((task) => task.exception());
        try {
          yield* waits(...tasks);
        } finally {
          goesOn = getRunningLoop().time() < 90;
        }
      }
      function* back(): Coroutine<void> {
        yield* sleep(1);
        yield* parent as Task<void>;
      }
      let parent: Task<void> | undefined;
      function* main(): Coroutine<void> {
        parent = createTask(waiting(), { name: 'parent' });
        parent.addDoneCallback((task) => task.exception());
      }
      const [told = '', ...more] = await toldOf(main);
      expect([told.slice(told.indexOf(';')), more]).toEqual([ends, []]);
      expect(goesOn).toBe(fails && ends === CANCELLED_OR_ERROR);
    }
  });

  test.each<[name: string, within: (body: () => Coroutine<void>) => Coroutine<unknown>]>([
    ['timeout', (body) => asyncWith(timeout(5000), body)],
    ['waitFor', (body) => waitFor(body(), 5000)],
    ['timeout that was set later', (body) => asyncWith(timeoutAt(undefined), (limit) => movesTo(limit, body))],
  ])('a lock that is wanted by who holds it, when a limit by %s is long over', async (_name, within) => {
    const lock = new Lock();
    function* main(): Coroutine<void> {
      yield* within(() => sleep(1));
      yield* holds(lock, 1, lock);
    }
    expect(await toldOf(main)).toEqual([`main awaits Lock-1, held by itself${END}`]);
  });

  test('a lock that is wanted by who awaits each as it comes in, when its time limit was taken back', async () => {
    const lock = new Lock();
    function* main(): Coroutine<void> {
      for (const next of asCompleted([sleep(1)], { timeout: 5000 })) yield* next;
      yield* holds(lock, 1, lock);
    }
    expect(await toldOf(main)).toEqual([`main awaits Lock-1, held by itself${END}`]);
  });

  test('a lock that is wanted by a task of the group', async () => {
    const lock = new Lock();
    function* main(): Coroutine<void> {
      yield* lock.acquire();
      yield* asyncWith(new TaskGroup(), function* (group) {
        group.createTask(holds(lock, 1), { name: 'child' });
      });
    }
    expect(await toldOf(main)).toEqual([`child awaits Lock-1, held by main, which awaits TaskGroup, and so child${END}`]);
  });

  test('a lock whose holder has ended, when somebody comes and when the holder ends', async () => {
    const [first, second] = [new Lock(), new Lock()];
    function* main(): Coroutine<void> {
      createTask(holds(first, 1), { name: 'gone' });
      yield* sleep(5);
      createTask(holds(first, 1), { name: 'comes' });
      createTask(holds(second, 10), { name: 'ends' });
      createTask(holds(second, 1), { name: 'waits' });
    }
    expect(await toldOf(main)).toEqual([
      `comes awaits Lock-1, held by gone, which has ended without giving it back${ORPHANED}`,
      `waits awaits Lock-2, held by ends, which has ended without giving it back${ORPHANED}`,
    ]);
  });

  test('what many want of who awaits them all, once', async () => {
    const lock = new Lock();
    function* main(): Coroutine<void> {
      yield* lock.acquire();
      yield* gather(Array.from({ length: 50 }, (_, n) => createTask(holds(lock, n % 5), { name: `child ${n}` })));
    }
    const told = await toldOf(main);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^child \d+ awaits Lock-1, held by main, which awaits gather, and so child \d+; only/);
  });

  test('tasks that await who awaits them all, once, and that nothing but a cancellation ends it', async () => {
    function* child(): Coroutine<void> {
      yield* parent as Task<void>;
    }
    function* awaits(): Coroutine<void> {
      yield* gather([child(), child(), child()]);
    }
    let parent: Task<void> | undefined;
    function* main(): Coroutine<void> {
      parent = createTask(awaits(), { name: 'parent' });
    }
    expect(await toldOf(main)).toEqual([`Task-4 awaits parent, which awaits gather, and so Task-4${CANCELLED}`]);
  });

  test('a circle that was dissolved and closes again, again', async () => {
    const [first, second] = [new Lock(), new Lock()];
    function* main(): Coroutine<void> {
      for (let n = 0; n < 3; n++) {
        const [one, other] = [createTask(both(first, second)), createTask(both(second, first))];
        yield* sleep(10);
        one.cancel();
        yield* wait([one, other]);
      }
    }
    function* both(one: Lock, other: Lock): Coroutine<void> {
      yield* asyncWith(one, function* () {
        yield* sleep(1);
        yield* asyncWith(other, () => sleep(1));
      });
    }
    expect(await toldOf(main)).toHaveLength(3);
  });

  test('a circle beside a task that is always ready', async () => {
    const lock = new Lock();
    const told: string[] = [];
    const loop = virtualLoop();
    watchWaits(loop, { deadlocked: (message) => told.push(message) });
    function* main(): Coroutine<void> {
      createTask(holds(lock, 0, lock), { name: 'both' });
      yield* spins(10);
    }
    await loop.runUntilComplete(main());
    expect(told).toHaveLength(1);
  });

  test('a lock that is wanted by who holds it, behind a timer of the program’s whose callback is called as that of a limit is', async () => {
    const lock = new Lock();
    function* main(): Coroutine<void> {
      getRunningLoop().callLater(60_000, function expire() {});
      yield* holds(lock, 1, lock);
    }
    expect(await toldOf(main)).toEqual([`main awaits Lock-1, held by itself${END}`]);
  });

  test.each<[name: string, waits: (tasks: readonly Task<void>[]) => Coroutine<unknown>, how: string]>([
    ['wait', (tasks) => wait(tasks, { returnWhen: 'FIRST_COMPLETED' }), 'wait'],
    [
      'wait, of gathers',
      (tasks) =>
        wait(
          tasks.map((task) => gather([task])),
          { returnWhen: 'FIRST_COMPLETED' },
        ),
      'wait',
    ],
    ['asCompleted', (tasks) => [...asCompleted(tasks)][0] as Coroutine<void>, 'asCompleted'],
  ])('a lock that all want of whom its holder awaits the first: %s', async (_name, waits, how) => {
    const lock = new Lock();
    function* main(): Coroutine<void> {
      yield* lock.acquire();
      yield* waits(['a', 'b', 'c'].map((name, n) => createTask(later(n), { name })));
    }
    function* later(n: number): Coroutine<void> {
      yield* sleep(n);
      yield* lock.acquire();
    }
    expect(await toldOf(main)).toEqual([`c awaits Lock-1, held by main, which awaits ${how}, and so c${END}`]);
  });

  test('a lock that a hundred gathers want of whom their parent awaits the first', async () => {
    const lock = new Lock();
    function* later(n: number): Coroutine<void> {
      yield* sleep(n / 2);
      yield* lock.acquire();
    }
    function* main(): Coroutine<void> {
      yield* lock.acquire();
      const gathers = Array.from({ length: 100 }, (_, n) => gather([createTask(later(n), { name: `child ${n}` })]));
      yield* wait(gathers, { returnWhen: 'FIRST_COMPLETED' });
    }
    expect(await toldOf(main)).toEqual([`child 99 awaits Lock-1, held by main, which awaits wait, and so child 99${END}`]);
  });

  test('who has moved the limit of another, which is no limit of its own', async () => {
    const lock = new Lock();
    const limit = timeoutAt(undefined);
    function* limited(): Coroutine<void> {
      yield* asyncWith(limit, () => sleep(50));
    }
    function* main(): Coroutine<void> {
      createTask(limited());
      yield* sleep(1);
      limit.reschedule(getRunningLoop().time() + 60_000);
      yield* holds(lock, 1, lock);
    }
    expect(await toldOf(main)).toEqual([`main awaits Lock-1, held by itself${END}`]);
  });

  test('a circle through the first of several, where the other is stuck in a circle of its own', async () => {
    const [lock, other] = [new Lock(), new Lock()];
    function* main(): Coroutine<void> {
      yield* lock.acquire();
      const tasks = [createTask(holds(other, 1, other), { name: 'a' }), createTask(holds(new Lock(), 2, lock), { name: 'b' })];
      yield* wait(tasks, { returnWhen: 'FIRST_COMPLETED' });
    }
    expect(await toldOf(main)).toEqual([`a awaits Lock-2, held by itself${END}`, `b awaits Lock-1, held by main, which awaits wait, and so b${END}`]);
  });

  test('one that is closed just behind a timer that has nothing to do with it', async () => {
    let parent: Task<void> | undefined;
    function* child(): Coroutine<void> {
      yield* parent as Task<void>;
    }
    function* awaits(loop: EventLoop): Coroutine<void> {
      yield* sleep(1);
      const children = gather([createTask(child(), { name: 'child' })]);
      loop.callLater(100, () => {});
      yield* children;
    }
    function* main(): Coroutine<void> {
      parent = createTask(awaits(getRunningLoop()), { name: 'parent' });
    }
    expect(await toldOf(main)).toEqual([`child awaits parent, which awaits gather, and so child${CANCELLED}`]);
  });
});

describe('nothing is told of', () => {
  test('a task that was cancelled before it could wait', async () => {
    const lock = new Lock();
    let task: Task<void> | undefined;
    function* main(): Coroutine<void> {
      function* body(): Coroutine<void> {
        yield* lock.acquire();
        task?.cancel();
        yield* lock.acquire();
      }
      task = createTask(body());
      yield* wait([task]);
    }
    expect(await toldOf(main)).toEqual([]);
  });

  test('locks and permits that somebody gives back who has not taken them', async () => {
    const [lock, semaphore] = [new Lock(), new Semaphore(1)];
    function* main(): Coroutine<void> {
      for (const signal of [lock, semaphore]) {
        yield* signal.acquire();
        createTask(gives(signal));
        yield* sleep(2);
        yield* signal.acquire();
        yield* signal.acquire();
      }
    }
    function* gives(signal: Lock | Semaphore): Coroutine<void> {
      for (let n = 0; n < 2; n++) {
        yield* sleep(1 + n * 5);
        signal.release();
      }
    }
    expect(await toldOf(main)).toEqual([]);
  });

  test('who waits for the first of several, one of which goes on', async () => {
    const lock = new Lock();
    function* main(): Coroutine<void> {
      yield* lock.acquire();
      yield* wait([createTask(holds(lock, 1)), createTask(sleep(20))], { returnWhen: 'FIRST_COMPLETED' });
      lock.release();
    }
    expect(await toldOf(main)).toEqual([]);
  });

  test('a permit on its way to somebody who has not run yet, and will give it back', async () => {
    const [semaphore, lock] = [new Semaphore(2), new Lock()];
    function* main(): Coroutine<void> {
      yield* lock.acquire();
      createTask(holds(semaphore, 0, lock));
      createTask(asyncWith(semaphore, () => sleep(5)));
      createTask(asyncWith(semaphore, () => sleep(1)));
      yield* sleep(1);
      yield* sleep(4); // Goes on when the second has just given its permit to the third.
      yield* asyncWith(semaphore, () => sleep(1));
      lock.release();
    }
    expect(await toldOf(main)).toEqual([]);
  });

  test('a circle with a way out, by whichever way one looks at it', async () => {
    const tasks: Task<unknown>[] = [];
    const first = (...numbers: number[]) =>
      wait(
        numbers.map((n) => tasks[n] as Task<unknown>),
        { returnWhen: 'FIRST_COMPLETED' },
      );
    function* all(): Coroutine<void> {
      yield* gather([tasks[1] as Task<unknown>, tasks[2] as Task<unknown>]);
    }
    function* either(...numbers: number[]): Coroutine<void> {
      yield* first(...numbers);
    }
    function* main(): Coroutine<void> {
      for (const body of [sleep(20), either(2, 0), either(1, 3), all()]) tasks.push(createTask(body));
      yield* wait(tasks);
    }
    expect(await toldOf(main)).toEqual([]);
    expect(tasks.every((task) => task.done())).toBe(true);
  });

  test('who waits for the first of several, one of which has just ended', async () => {
    const lock = new Lock();
    function* main(): Coroutine<void> {
      createTask(spins(30));
      yield* lock.acquire();
      const parts = [createTask(holds(lock, 0)), createTask(spins(1))];
      yield* wait(parts, { returnWhen: 'FIRST_COMPLETED' });
      lock.release();
    }
    expect(await toldOf(main)).toEqual([]);
  });

  test('who waits for the first to come in, and not for ever', async () => {
    const lock = new Lock();
    function* main(): Coroutine<void> {
      yield* lock.acquire();
      const wants = (): Coroutine<void> => asyncWith(lock, () => sleep(1));
      const [first] = asCompleted<unknown>([wants(), gather([createTask(wants())])], { timeout: 20 });
      try {
        yield* first as Coroutine<unknown>;
      } catch (error) {
        expect(error).toBeInstanceOf(TimeoutError);
      }
      lock.release();
    }
    expect(await toldOf(main)).toEqual([]);
  });

  test('who is given a limit by somebody else', async () => {
    const lock = new Lock();
    const limit = timeoutAt(undefined);
    function* wantsLater(): Coroutine<void> {
      yield* sleep(3);
      yield* asyncWith(lock, () => sleep(1));
    }
    function* main(): Coroutine<void> {
      const loop = getRunningLoop();
      loop.callLater(1, () => limit.reschedule(loop.time() + 20));
      yield* lock.acquire();
      try {
        yield* asyncWith(limit, () => createTask(wantsLater()));
      } catch (error) {
        expect(error).toBeInstanceOf(TimeoutError);
      }
      lock.release();
    }
    expect(await toldOf(main)).toEqual([]);
  });

  test('who waits with a limit of its own', async () => {
    const lock = new Lock();
    function* main(): Coroutine<void> {
      yield* lock.acquire();
      yield* wait([createTask(holds(lock, 1))], { timeout: 20 });
      lock.release();
    }
    expect(await toldOf(main)).toEqual([]);
  });

  test.each<[name: string, tries: (lock: Lock) => Coroutine<unknown>]>([
    ['waitFor', (lock) => waitFor(lock.acquire(), 50)],
    ['timeout', (lock) => asyncWith(timeout(50), () => lock.acquire())],
    ['timeout, around all it does', (lock) => asyncWith(timeout(50), () => asyncWith(timeout(1000), () => lock.acquire()))],
    ['timeout, at once', (lock) => asyncWith(timeout(0), () => lock.acquire())],
  ])('who gives up by %s', async (_name, tries) => {
    const [first, second] = [new Lock(), new Lock()];
    let gaveUp = 0;
    function* one(mine: Lock, other: Lock): Coroutine<void> {
      yield* mine.acquire();
      yield* sleep(1);
      try {
        yield* tries(other);
        other.release();
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
        gaveUp += 1;
      }
      mine.release();
    }
    function* main(): Coroutine<void> {
      yield* gather([one(first, second), one(second, first)]);
    }
    expect(await toldOf(main)).toEqual([]);
    expect(gaveUp).toBeGreaterThan(0);
  });

  test.each([false, true])('a lock that a task was only there to take, in debug mode %s', async (debug) => {
    const [first, second] = [new Lock(), new Lock()];
    function* both(): Coroutine<void> {
      yield* gather([first.acquire(), waitFor(second.acquire(), 50)]);
      yield* sleep(10);
      first.release();
      second.release();
    }
    function* main(): Coroutine<void> {
      getRunningLoop().setDebug(debug);
      try {
        yield* gather([both(), sleepThen(5, first), sleepThen(5, second)]);
      } finally {
        getRunningLoop().setDebug(false);
      }
    }
    function* sleepThen(ms: number, lock: Lock): Coroutine<void> {
      yield* sleep(ms);
      yield* lock.acquire();
    }
    expect(await toldOf(main)).toEqual([]);
  });

  test('a lock that is given back when the task that took it is done', async () => {
    const lock = new Lock();
    const order: string[] = [];
    function* other(): Coroutine<void> {
      yield* lock.acquire();
      order.push('other');
    }
    function* main(): Coroutine<void> {
      createTask(holds(lock, 1)).addDoneCallback(() => lock.release());
      yield* sleep(0);
      yield* createTask(other());
    }
    expect(await toldOf(main)).toEqual([]);
    expect(order).toEqual(['other']);
  });

  test('semaphores, where somebody may hold a permit since before the watch', async () => {
    const [semaphore, lock] = [new Semaphore(2), new Lock()];
    function* main(): Coroutine<void> {
      createTask(holds(semaphore, 0)); // Nobody knows of this.
      yield* sleep(5);
      createTask(holds(semaphore, 5, lock));
      createTask(holds(lock, 10, semaphore));
    }
    expect(await toldOf(main, () => {})).toEqual([]);
  });

  test('a chain longer than anybody would read, nor does it take longer than that', async () => {
    const tasks: Task<void>[] = [];
    function* main(): Coroutine<void> {
      for (let n = 0; n < 5000; n++) tasks.push(createTask(next(n)));
      yield* gather(tasks);
    }
    function* next(n: number): Coroutine<void> {
      yield* tasks[n - 1] ?? sleep(10);
    }
    expect(await toldOf(main)).toEqual([]);
    expect(tasks.every((task) => task.done())).toBe(true);
  });
});
