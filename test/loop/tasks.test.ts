import { describe, expect, test } from 'vitest';
import {
  type Awaitable,
  allTasks,
  type Coroutine,
  createTask,
  currentTask,
  ensureFuture,
  type Future,
  KeyboardInterrupt,
  LoopError,
  shield,
  sleep,
  Task,
} from '../../src/loop/index.ts';
import { sameAsCPython } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

describe('the current task and the live ones', () => {
  test('currentTask() is right in every step, and null in callbacks', () =>
    sameAsCPython('the current task', function* (log, loop) {
      const here = (): string | null => currentTask()?.getName() ?? null;
      function* child(): Coroutine<void> {
        log(`child ${here()}`);
        yield* sleep(0);
        log(`child ${here()}`);
      }
      currentTask()?.setName('main');
      loop.callSoon(() => log(`callback ${here()}`));
      const task = createTask(child(), { name: 'child' });
      log(`main ${here()}`);
      yield* task;
      task.addDoneCallback(() => log(`done callback ${here()}`));
      child().next();
      yield* sleep(0);
      log(`main ${here()}`);
    }));

  test('currentTask() is null outside of a run, between turns, and after a step that left the run', async () => {
    const loop = virtualLoop();
    expect(currentTask()).toBeNull();
    loop.createTask(
      (function* (): Coroutine<void> {
        throw new KeyboardInterrupt();
      })(),
    );
    await expect(loop.runForever()).rejects.toBeInstanceOf(KeyboardInterrupt);
    expect(currentTask(loop)).toBeNull();
    const between = new Promise((resolve) => setImmediate(() => resolve(currentTask(loop))));
    const letGo = loop.hold();
    const run = loop.runUntilComplete(sleep(1));
    expect(await between).toBeNull();
    letGo();
    await run;
  });

  test('a second loop run between the turns of the first keeps its own current task', async () => {
    const [outer, inner] = [virtualLoop(), virtualLoop()];
    const seen: unknown[] = [];
    function* name(task: () => Task<unknown> | null): Coroutine<void> {
      seen.push(task()?.getName(), currentTask(outer === task()?.getLoop() ? inner : outer));
      yield* sleep(1);
    }
    const letGo = outer.hold();
    const run = outer.runUntilComplete(name(() => currentTask()));
    await inner.runUntilComplete(name(() => currentTask()));
    letGo();
    await run;
    expect(seen).toEqual(['Task-1', null, 'Task-1', null]);
  });

  test('allTasks() lists the tasks that are not done, in the order they were created', () =>
    inVirtualTime(function* (loop): Coroutine<void> {
      const names = (): string[] => allTasks().map((task) => task.getName());
      const tasks = [3, 1, 2].map((delay) => createTask(sleep(delay), { name: `sleeps ${delay}` }));
      expect(names()).toEqual(['Task-1', 'sleeps 3', 'sleeps 1', 'sleeps 2']);
      yield* tasks[1] as Task<void>;
      expect(names()).toEqual(['Task-1', 'sleeps 3', 'sleeps 2']);
      yield* tasks[0] as Task<void>;
      expect(allTasks(loop).length).toBe(1);
      expect(allTasks(loop)[0] === currentTask()).toBe(true);
    }));

  test('allTasks() with no loop to ask is an error', () => {
    expect(() => allTasks()).toThrow(LoopError);
    expect(allTasks(virtualLoop())).toEqual([]);
  });

  test('tasks without a name are counted per loop, so that a run is reproducible', async () => {
    for (let round = 0; round < 2; round++) {
      const loop = virtualLoop();
      const tasks = [loop.createTask(sleep(0)), loop.createTask(sleep(0), { name: 'mine' }), loop.createTask(sleep(0))];
      expect(tasks.map((task) => task.getName())).toEqual(['Task-1', 'mine', 'Task-2']);
      await loop.runUntilComplete(tasks[2] as Task<void>);
    }
  });

  test('a task that nobody references runs to its end', async () => {
    let ended = 0;
    await inVirtualTime(function* (): Coroutine<void> {
      for (let i = 0; i < 100; i++) {
        createTask(
          (function* (): Coroutine<void> {
            yield* sleep(5);
            ended += 1;
          })(),
        );
      }
      yield* sleep(1);
      globalThis.gc?.();
      yield* sleep(10);
    });
    expect(ended).toBe(100);
  });
});

describe('ensureFuture', () => {
  test('ensureFuture makes a coroutine a task and gives a future back as it is', () =>
    inVirtualTime(function* (loop): Coroutine<void> {
      const future: Future<void> = loop.createFuture();
      expect(ensureFuture(future)).toBe(future);
      const task = ensureFuture(sleep(1, 'done'));
      expect(task).toBeInstanceOf(Task);
      expect(yield* task).toBe('done');
      expect(() => ensureFuture(future, { loop: virtualLoop() })).toThrow(LoopError);
    }));

  test('ensureFuture wraps any other awaitable in a task', () =>
    inVirtualTime(function* (loop): Coroutine<void> {
      class Answer implements Awaitable<number> {
        *[Symbol.iterator](): Coroutine<number> {
          yield* sleep(1);
          return 42;
        }
      }
      expect(yield* new Answer()).toBe(42);
      expect(yield* ensureFuture(new Answer())).toBe(42);
      expect(yield* shield(new Answer())).toBe(42);
      expect(yield* loop.ensureFuture(new Answer())).toBe(42);
      for (const wrong of [[], 'text', 5, null, Promise.resolve()]) expect(() => ensureFuture(wrong as unknown as Awaitable<void>)).toThrow(TypeError);
    }));
});
