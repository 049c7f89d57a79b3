import { expect, test } from 'vitest';
import {
  asyncWith,
  type Coroutine,
  createTask,
  currentTask,
  DeadlockError,
  type EventLoop,
  eagerTaskFactory,
  gather,
  Lock,
  Semaphore,
  shield,
  sleep,
  type Task,
  timeout,
  wait,
} from '../../src/loop/index.ts';
import { watchWaits } from '../../src/observe/index.ts';
import type { Line } from '../../src/observe/wait-notes.ts';
import { type WaitWatch, watchOf } from '../../src/observe/wait-watch.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

/** Who holds what a task waits for, and who stands in line there, by name. */
function lineAt(watch: WaitWatch, task: Task<unknown>): { holders: string[]; standing: string[] } {
  const line = watch.noteOf(task)?.on as Line;
  return { holders: [...line.holders].map(([holder, count]) => `${holder.getName()} ${count}`), standing: [...line.standing].map((one) => one.getName()) };
}

function* takes(semaphore: Semaphore, times: number, pause = 50): Coroutine<void> {
  for (let n = 0; n < times; n++) yield* semaphore.acquire();
  yield* sleep(pause);
  for (let n = 0; n < times; n++) semaphore.release();
}

test('of several watches the oldest that goes on is asked', () => {
  const loop = virtualLoop();
  const [first, second, third] = [watchWaits(loop), watchWaits(loop), watchWaits(loop)];
  const asked = [first, third, second].map((stopped) => {
    const watch = watchOf(loop);
    stopped.stop();
    return watch;
  });
  expect(asked).toEqual([first, second, second]);
  expect(watchOf(loop)).toBeUndefined();
});

test('a lock whose class cannot be told is watched like any other', async () => {
  const loop = virtualLoop();
  const watch = watchWaits(loop);
  const lock = new Lock();
  Object.defineProperty(lock, 'constructor', {
    get(): never {
      throw new Error('no class');
    },
  });
  function* main(): Coroutine<void> {
    yield* lock.acquire();
    const task = createTask(lock.acquire());
    yield* sleep(1);
    expect(lineAt(watch, task).holders).toEqual(['Task-1 1']);
    lock.release();
  }
  await loop.runUntilComplete(main());
  expect(loop.reports).toEqual([]);
});

test('holders are known with how often they hold it, and those in line in their order, though one leaves the middle', async () => {
  const loop = virtualLoop();
  const watch = watchWaits(loop);
  const semaphore = new Semaphore(3);
  function* main(): Coroutine<void> {
    createTask(takes(semaphore, 2), { name: 'twice' });
    createTask(takes(semaphore, 1), { name: 'once' });
    const [first, middle, last] = ['x', 'y', 'z'].map((name) => createTask(takes(semaphore, 1), { name })) as [Task<void>, Task<void>, Task<void>];
    yield* sleep(1);
    expect(lineAt(watch, first)).toEqual({ holders: ['twice 2', 'once 1'], standing: ['x', 'y', 'z'] });
    middle.cancel();
    yield* sleep(1);
    expect(lineAt(watch, last)).toEqual({ holders: ['twice 2', 'once 1'], standing: ['x', 'z'] });
    semaphore.release(); // Which main has not taken: it is the oldest who no longer counts.
    yield* sleep(1);
    expect(lineAt(watch, last)).toEqual({ holders: ['twice 1', 'once 1', 'x 1'], standing: ['z'] });
    yield* sleep(60);
    expect(watch.noteOf(last)?.since).toBeGreaterThanOrEqual(50);
    yield* last;
    expect(watch.noteOf(last)).toBeUndefined();
  }
  await loop.runUntilComplete(main());
});

test('what is given back outside of every run is noticed when it is taken again', async () => {
  const loop = virtualLoop();
  const watch = watchWaits(loop);
  const lock = new Lock();
  await loop.runUntilComplete(lock.acquire());
  lock.release();
  function* main(): Coroutine<void> {
    yield* lock.acquire();
    const task = createTask(lock.acquire());
    yield* sleep(1);
    expect(lineAt(watch, task).holders).toEqual(['main 1']);
    lock.release();
    yield* task;
  }
  await loop.runUntilComplete(loop.createTask(main(), { name: 'main' }));
});

test('what a task takes that starts eagerly is its own, and what its creator takes then the creator’s', async () => {
  const loop = virtualLoop();
  const watch = watchWaits(loop);
  const [lock, other] = [new Lock(), new Lock()];
  function* inner(): Coroutine<void> {
    yield* lock.acquire();
    yield* sleep(20);
  }
  function* main(): Coroutine<void> {
    loop.setTaskFactory(eagerTaskFactory);
    createTask(inner(), { name: 'inner' });
    yield* other.acquire();
    const waiting = [lock, other].map((one) => createTask(one.acquire()));
    expect(waiting.map((task) => lineAt(watch, task).holders)).toEqual([['inner 1'], ['main 1']]);
    for (const task of waiting) task.cancel();
  }
  await loop.runUntilComplete(loop.createTask(main(), { name: 'main' }));
});

test('a deadlock that ends a run is told of while its tasks are as they were', async () => {
  const loop = virtualLoop();
  const seen: unknown[] = [];
  const task: Task<true> = loop.createTask(new Semaphore(0).acquire());
  watchWaits(loop, { stuck: (error) => seen.push(error, task.done()) });
  await expect(loop.runUntilComplete(task)).rejects.toThrow(DeadlockError);
  expect(seen).toEqual([expect.any(DeadlockError), false]);
});

test('a watch that is stopped, or left by its block, is told nothing more, and is not asked any more', async () => {
  const loop = virtualLoop();
  {
    using watch = watchWaits(loop);
    expect(watchOf(loop)).toBe(watch);
    watch.stop();
  }
  expect(watchOf(loop)).toBeUndefined();
  expect(loop.observer).toBeNull();
});

test('bears 150,000 tasks that one awaits through a shield', async () => {
  const loop = virtualLoop();
  watchWaits(loop, { deadlocked: () => {} });
  const future = loop.createFuture<void>();
  function* one(): Coroutine<void> {
    yield* future;
  }
  function* all(): Coroutine<void> {
    yield* shield(gather(Array.from({ length: 150_000 }, one)));
  }
  function* main(): Coroutine<void> {
    const task = createTask(all());
    yield* sleep(1);
    future.setResult();
    yield* task;
  }
  await loop.runUntilComplete(main());
  expect(loop.reports).toEqual([]);
}, 60_000);

/** Watches for deadlocks, of which there is to be none; counts how often a task is asked what it needs: times would tell of the machine. */
function countLooks(loop: EventLoop): () => number {
  const watch = watchWaits(loop, { deadlocked: (message) => expect.unreachable(message) });
  let asked = 0;
  const noteOf = watch.noteOf.bind(watch);
  watch.noteOf = (task) => {
    asked += 1;
    return noteOf(task);
  };
  return () => asked;
}

test('costs as much for each task, however many use the permits whose holder awaits them all', async () => {
  async function looks(count: number): Promise<number> {
    const loop = virtualLoop();
    const asked = countLooks(loop);
    const semaphore = new Semaphore(2);
    function* child(): Coroutine<void> {
      yield* asyncWith(semaphore, () => sleep(1));
    }
    function* main(): Coroutine<void> {
      yield* asyncWith(semaphore, () => gather(Array.from({ length: count }, child)));
    }
    await loop.runUntilComplete(main());
    return asked();
  }
  const few = await looks(500);
  expect(await looks(2000)).toBeLessThan(few * 4.5);
});

test('looks at a part of a large gather for each who comes, not at all of it', async () => {
  const loop = virtualLoop();
  const asked = countLooks(loop);
  const lock = new Lock();
  function* comes(n: number): Coroutine<void> {
    yield* sleep(1 + n);
    yield* asyncWith(lock, () => sleep(1));
  }
  function* main(): Coroutine<void> {
    const others = gather(Array.from({ length: 500 }, (_, n) => comes(n)));
    yield* asyncWith(lock, () => gather(Array.from({ length: 5000 }, () => sleep(600))));
    yield* others;
  }
  await loop.runUntilComplete(main());
  expect(asked()).toBeLessThan(200_000); // Of 2,500,000.
});

test('keeps nothing of tasks that have ended, but of who holds something for ever', async () => {
  const loop = virtualLoop();
  const watch = watchWaits(loop, { deadlocked: () => {} });
  const lock = new Lock();
  const tasks: Task<void>[] = [];
  function* body(): Coroutine<void> {
    yield* asyncWith(timeout(50), () => asyncWith(lock, () => sleep(1)));
  }
  function* main(): Coroutine<void> {
    for (let n = 0; n < 10; n++) tasks.push(createTask(body()));
    yield* wait(tasks);
    expect(tasks.map((task) => watch.noteOf(task))).toEqual(tasks.map(() => undefined));
    const note = watch.noteOf(currentTask(loop) as Task<unknown>);
    expect(note).toMatchObject({ awaited: undefined, on: undefined, told: undefined, limits: undefined });
  }
  await loop.runUntilComplete(main());
});

test('locks are given back oldest first as quickly as newest first', async () => {
  const loop = virtualLoop();
  watchWaits(loop);
  // Looked for in a list, so many would take minutes.
  const locks = Array.from({ length: 200_000 }, () => new Lock());
  function* main(): Coroutine<void> {
    for (const lock of locks) yield* lock.acquire();
    for (const lock of locks) lock.release();
  }
  await loop.runUntilComplete(main());
  expect(locks.some((lock) => lock.locked())).toBe(false);
});
