import { describe, expect, test } from 'vitest';
import {
  asyncWith,
  type Coroutine,
  createTask,
  gather,
  Lock,
  Semaphore,
  shield,
  sleep,
  type Task,
  TaskGroup,
  TimeoutError,
  timeout,
  wait,
} from '../../src/loop/index.ts';
import { watchWaits } from '../../src/observe/index.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

const END = '; only a cancellation can end this';

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

describe('told at the moment it comes about is', () => {
  test('a lock that is wanted by who holds it', async () => {
    const lock = new Lock();
    expect(await toldOf(() => holds(lock, 1, lock))).toEqual([`main awaits Lock-1, held by itself${END}`]);
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

  test.each<[name: string, waits: (task: Task<unknown>) => Coroutine<unknown>, said: string]>([
    ['a task that it awaits', (task) => task, 'main awaits child'],
    ['a task of its gather, though another goes on', (task) => gather([task, sleep(90)]), 'main awaits gather, and so child'],
    ['a task it waits for', (task) => wait([task]), 'main awaits wait, and so child'],
    ['a task that it shields', (task) => shield(task), 'main awaits shield, and so child'],
  ])('a lock that is wanted by %s', async (_name, waits, said) => {
    const lock = new Lock();
    function* main(): Coroutine<void> {
      yield* lock.acquire();
      yield* waits(createTask(holds(lock, 1), { name: 'child' }));
    }
    expect(await toldOf(main)).toEqual([`child awaits Lock-1, held by ${said}${END}`.replace('held by main awaits', 'held by main, which awaits')]);
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
      `comes awaits Lock-1, held by gone, which has ended without giving it back${END}`,
      `waits awaits Lock-2, held by ends, which has ended without giving it back${END}`,
    ]);
  });

  test('the same circle once, however often it comes about', async () => {
    const [first, second] = [new Lock(), new Lock()];
    function* tries(one: Lock, other: Lock): Coroutine<void> {
      for (let n = 0; n < 3; n++) {
        try {
          yield* asyncWith(timeout(10), () =>
            asyncWith(one, function* () {
              yield* sleep(1);
              yield* other.acquire();
            }),
          );
        } catch (error) {
          if (!(error instanceof TimeoutError)) throw error;
        }
      }
    }
    function* main(): Coroutine<void> {
      yield* gather([tries(first, second), tries(second, first)]);
    }
    expect(await toldOf(main)).toHaveLength(1);
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

  test('who waits with a limit of its own', async () => {
    const lock = new Lock();
    function* main(): Coroutine<void> {
      yield* lock.acquire();
      yield* wait([createTask(holds(lock, 1))], { timeout: 20 });
      lock.release();
    }
    expect(await toldOf(main)).toEqual([]);
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
