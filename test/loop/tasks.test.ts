import { describe, expect, test } from 'vitest';
import {
  type Awaitable,
  allTasks,
  asyncWith,
  type Coroutine,
  copyContext,
  createTask,
  currentTask,
  eagerTaskFactory,
  ensureFuture,
  type Future,
  gather,
  inspect,
  KeyboardInterrupt,
  LoopError,
  shield,
  sleep,
  Task,
  type TaskFactory,
  TaskGroup,
  wait,
} from '../../src/loop/index.ts';
import { nameOf, outcomeOf, sameAsCPython, ValueError } from '../support/cpython.ts';
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

  test('currentTask() is the same in another context that a step enters, and in an eager task begun there its own', () =>
    inVirtualTime(function* () {
      const name = (): string | null => currentTask()?.getName() ?? null;
      function* inner(): Coroutine<string | null> {
        return copyContext().run(name);
      }
      const seen = copyContext().run(() => [name(), createTask(inner(), { name: 'inner', eagerStart: true }).result(), name()]);
      expect(seen).toEqual([currentTask()?.getName(), 'inner', currentTask()?.getName()]);
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

  test('currentTask() is null in a callback that runs right behind a step, and right in a step behind a callback', () =>
    inVirtualTime(function* (loop) {
      const seen: (string | undefined)[] = [];
      const note = (): void => void seen.push(currentTask()?.getName());
      function* child(): Coroutine<void> {
        note();
      }
      createTask(child(), { name: 'first' });
      loop.callSoon(note);
      createTask(child(), { name: 'second' });
      loop.callLater(0, note);
      yield* sleep(0);
      note();
      yield* sleep(0);
      expect(seen).toEqual(['first', undefined, 'second', 'Task-1', undefined]);
    }));

  test('currentTask() is null for who watches iterations begin and timers come due, also in the run after one that a step has left', async () => {
    const loop = virtualLoop();
    const seen: string[] = [];
    const note = (what: string) => (): void => void seen.push(`${what} ${currentTask(loop)?.getName() ?? null}`);
    loop.setObserver({ iteration: note('iteration'), timer: (phase) => phase === 'due' && note('due')(), taskDone: note('done') });
    function* leaves(): Coroutine<void> {
      yield* sleep(0);
      throw new KeyboardInterrupt();
    }
    const task = loop.createTask(leaves());
    await expect(loop.runForever()).rejects.toBeInstanceOf(KeyboardInterrupt);
    task.exception();
    const timers = [loop.callLater(0, () => {}), loop.callLater(1, () => {})];
    await loop.runUntilComplete(loop.createTask(sleep(1)));
    expect(timers.map((timer) => timer.scheduled)).toEqual([false, false]);
    expect(seen).toEqual([
      'iteration null',
      'iteration null',
      'done Task-1',
      'due null',
      'iteration null',
      'due null',
      'due null',
      'iteration null',
      'iteration null',
      'done Task-2',
      'iteration null',
    ]);
  });

  test('currentTask() is null for who begins to watch within a step, or between a run that a step has left and the next', async () => {
    const loop = virtualLoop();
    const seen: string[] = [];
    const watch = (): void => loop.setObserver({ iteration: (count) => void seen.push(`${count} ${currentTask(loop)?.getName() ?? null}`) });
    function* watches(): Coroutine<void> {
      watch();
      yield* sleep(0);
      loop.setObserver(undefined);
      yield* sleep(0);
      throw new KeyboardInterrupt();
    }
    const task = loop.createTask(watches());
    await expect(loop.runForever()).rejects.toBeInstanceOf(KeyboardInterrupt);
    task.exception();
    watch();
    await loop.runUntilComplete(sleep(0));
    expect(seen).toEqual(['2 null', '4 null', '5 null', '6 null']);
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

describe('tasks that start eagerly, and task factories', () => {
  test('an eager task runs its first step within the call that creates it', () =>
    sameAsCPython('an eager task runs its first step at once', function* (log, loop) {
      const me = currentTask();
      function* child(name: string, ...delays: number[]): Coroutine<string> {
        log(`${name} runs in a task of its own: ${currentTask() !== me}`);
        for (const delay of delays) {
          yield* sleep(delay);
          log(`${name} after ${delay}`);
        }
        return name;
      }
      loop.setTaskFactory(eagerTaskFactory);
      const a = loop.createTask(child('a'), { name: 'A' });
      log(`${outcomeOf(a)} ${currentTask() === me}`);
      const b = loop.createTask(child('b', 0, 2), { name: 'B' });
      log(`${outcomeOf(b)} ${allTasks().includes(b)} ${allTasks().includes(a)}`);
      log(yield* b);
      loop.setTaskFactory(undefined);
      const c = loop.createTask(child('c'), { name: 'C' });
      log(outcomeOf(c));
      log(yield* c);
      log(outcomeOf(new Task(child('d'), { eagerStart: true, name: 'D' })));
    }));

  test('gather of eager tasks is done at once when they are', () =>
    sameAsCPython('gather of eager tasks', function* (log, loop) {
      function* child(value: number, delay?: number): Coroutine<number> {
        if (delay !== undefined) yield* sleep(delay);
        return value;
      }
      const show = (future: Future<unknown>): string => outcomeOf(future).replace('1,2', '[1, 2]');
      loop.setTaskFactory(eagerTaskFactory);
      log(show(gather([child(1), child(2)])));
      const some = gather([child(1), child(2, 3)]);
      log(show(some));
      log(`[${(yield* some).join(', ')}]`);
      function* fails(): Coroutine<never> {
        yield* child(1);
        throw new ValueError('at once');
      }
      log(show(gather([fails(), child(2, 3)])));
    }));

  test('an eager task can be cancelled before its first step is over, and right after it', () =>
    sameAsCPython('eager tasks and cancellation', function* (log, loop) {
      loop.setTaskFactory(eagerTaskFactory);
      function* cancelsItself(delay?: number): Coroutine<string> {
        currentTask()?.cancel('own');
        log('asked');
        if (delay !== undefined) yield* sleep(delay);
        return 'returned';
      }
      for (const delay of [undefined, 0, 1]) {
        const task = loop.createTask(cancelsItself(delay));
        log(`${outcomeOf(task)} ${task.cancelling()}`);
        yield* wait([task]);
        log(outcomeOf(task));
      }
      function* waits(future: Future<void>): Coroutine<void> {
        try {
          yield* future;
        } catch (error) {
          log(nameOf(error));
          throw error;
        }
      }
      const future = loop.createFuture<void>();
      const task = loop.createTask(waits(future));
      task.cancel('at once');
      log(future.cancelled());
      yield* wait([task]);
      log(outcomeOf(task));
    }));

  test('outside of a step of its loop an eager task starts like any other', async () => {
    const loop = virtualLoop();
    const ran: string[] = [];
    function* child(): Coroutine<void> {
      ran.push('step');
      yield* sleep(0);
    }
    const task = loop.createTask(child(), { eagerStart: true });
    expect(ran).toEqual([]);
    await loop.runUntilComplete(task);
    expect(ran).toEqual(['step']);
  });

  test('a KeyboardInterrupt in an eager first step leaves through the call, and the run', async () => {
    const loop = virtualLoop();
    function* interrupted(): Coroutine<void> {
      yield* [];
      throw new KeyboardInterrupt();
    }
    function* main(): Coroutine<void> {
      expect(() => createTask(interrupted(), { eagerStart: true })).toThrow(KeyboardInterrupt);
      expect(currentTask()?.getName()).toBe('main');
      yield* sleep(0);
    }
    await loop.runUntilComplete(loop.createTask(main(), { name: 'main' }));
    expect(allTasks(loop)).toEqual([]);
  });

  test('a task factory makes every task of its loop, however it is created', () =>
    sameAsCPython('a task factory makes every task', async (log, loop) => {
      const factory: TaskFactory = (host, coroutine, options) => {
        log(`factory ${inspect(coroutine).includes('main') || options.name === 'main' ? 'main' : 'child'}`);
        return new Task(coroutine, { ...options, loop: host });
      };
      function* child<T>(value: T): Coroutine<T> {
        return value;
      }
      function* main(): Coroutine<void> {
        log(yield* createTask(child('created'), { name: 'named' }));
        log(yield* ensureFuture(child('ensured')));
        log(yield* gather([child('a'), child('b')]));
        yield* asyncWith(new TaskGroup(), function* (group) {
          group.createTask(child('in a group'));
        });
      }
      loop.setTaskFactory(factory);
      log(loop.getTaskFactory() === factory);
      await loop.runUntilComplete(loop.createTask(main(), { name: 'main' }));
    }));

  test('a task factory is a function or undefined', () => {
    expect(() => virtualLoop().setTaskFactory(5 as never)).toThrow('setTaskFactory: expected a function or undefined, got 5');
  });
});
