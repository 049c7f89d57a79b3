import { expect, test } from 'vitest';
import { type Coroutine, createTask, DeadlockError, eagerTaskFactory, Lock, Semaphore, sleep, type Task } from '../../src/loop/index.ts';
import { watchWaits } from '../../src/observe/index.ts';
import { type Line, type WaitWatch, watchOf } from '../../src/observe/wait-watch.ts';
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
