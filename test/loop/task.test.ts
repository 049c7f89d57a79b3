import { describe, expect, test } from 'vitest';
import {
  type Awaitable,
  allTasks,
  CancelledError,
  type Coroutine,
  createTask,
  currentTask,
  drain,
  EventLoop,
  Future,
  gather,
  KeyboardInterrupt,
  LoopError,
  sleep,
  type Task,
  VirtualDriver,
  wait,
} from '../../src/loop/index.ts';
import { nameOf, outcomeOf, sameAsCPython, ValueError } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

describe('cancellation', () => {
  test('a cancellation is thrown at the await in a later iteration, and a finally may suspend', () =>
    sameAsCPython('a cancellation arrives in a later iteration', function* (log, loop) {
      function* victim(): Coroutine<void> {
        try {
          yield* sleep(100);
        } catch (error) {
          log(`caught ${(error as CancelledError).message}`);
          throw error;
        } finally {
          yield* sleep(5);
          log('finally, suspended');
        }
      }
      const task = createTask(victim());
      yield* sleep(0);
      log(task.cancel('stop it'));
      log(`${task.cancelled()} ${task.cancelling()}`);
      yield* sleep(0);
      log('an iteration later');
      try {
        yield* task;
      } catch (error) {
        log(nameOf(error));
      }
      log(`${task.cancelled()} at ${loop.time()}`);
      log(task.cancel());
      log(task.cancelling());
    }));

  test('the code after a delegated finally that suspends does not run when cancelled', () =>
    inVirtualTime(function* (): Coroutine<void> {
      const ran: string[] = [];
      function* inner(): Coroutine<void> {
        try {
          yield* sleep(100);
        } finally {
          yield* sleep(1);
          ran.push('inner finally');
        }
        ran.push('after inner');
      }
      function* outer(): Coroutine<void> {
        yield* inner();
        ran.push('after outer');
      }
      const task = createTask(outer());
      yield* sleep(1);
      task.cancel();
      yield* wait([task]);
      expect(ran).toEqual(['inner finally']);
      expect(task.cancelled()).toBe(true);
    }));

  test('a task cancelled before its first step never runs its body, not even a finally', () =>
    sameAsCPython('a task cancelled before its first step', function* (log) {
      function* body(): Coroutine<void> {
        try {
          log('never');
        } finally {
          log('never');
        }
      }
      const task = createTask(body());
      task.cancel('early');
      try {
        yield* task;
      } catch (error) {
        log(nameOf(error));
      }
      log(task.cancelled());
    }));

  test('two cancels before delivery are one CancelledError with the first message, the last one where nothing was awaited; cancelling() is 2', () =>
    sameAsCPython('two cancels before delivery', function* (log) {
      function* victim(): Coroutine<void> {
        try {
          yield* sleep(100);
        } catch (error) {
          log(nameOf(error));
        }
        log('alive');
        yield* sleep(1);
        log(`cancelling ${currentTask()?.cancelling()}`);
      }
      const task = createTask(victim());
      yield* sleep(0);
      task.cancel('first');
      task.cancel('second');
      log(task.cancelling());
      yield* task;
      log(outcomeOf(task));
      const ready = createTask(
        (function* (): Coroutine<void> {
          try {
            yield* sleep(0);
          } catch (error) {
            log(nameOf(error));
          }
        })(),
      );
      yield* sleep(0);
      ready.cancel('first');
      ready.cancel('second');
      yield* ready;
    }));

  test('a task that cancels itself and returns is cancelled, one that then throws has its error, one that awaits is thrown into', () =>
    sameAsCPython('a task that cancels itself', function* (log, loop) {
      const cancelSelf = (): void => void currentTask()?.cancel('self');
      const bodies: Record<string, () => Coroutine<unknown>> = {
        *returns() {
          cancelSelf();
          return 1;
        },
        *throws() {
          cancelSelf();
          throw new ValueError('wins');
        },
        *awaits() {
          cancelSelf();
          log('goes on to its next await');
          try {
            yield* sleep(10);
          } catch (error) {
            log(nameOf(error));
          }
          return 'refused';
        },
        *gives_way() {
          cancelSelf();
          try {
            yield* sleep(0);
          } catch (error) {
            log(nameOf(error));
            throw error;
          }
        },
        *awaits_done() {
          const done: Future<number> = loop.createFuture();
          done.setResult(1);
          cancelSelf();
          log(yield* done);
          log('a done future does not deliver it');
          return 1;
        },
      };
      for (const [name, body] of Object.entries(bodies)) {
        const task = createTask(body());
        yield* wait([task]);
        log(`${name}: ${outcomeOf(task)} at ${loop.time()}`);
      }
    }));

  test('a coroutine that throws CancelledError by itself is cancelled with cancelling() 0; one that swallows it has its result', () =>
    sameAsCPython('a coroutine may throw or swallow the cancellation', function* (log) {
      const throws = createTask(
        (function* (): Coroutine<void> {
          throw new CancelledError('own');
        })(),
      );
      yield* wait([throws]);
      log(`${outcomeOf(throws)} ${throws.cancelling()}`);
      const swallows = createTask(
        (function* (): Coroutine<string> {
          try {
            yield* sleep(10);
          } catch {}
          return 'result';
        })(),
      );
      yield* sleep(0);
      swallows.cancel();
      log(yield* swallows);
      log(`${swallows.cancelled()} ${swallows.cancelling()}`);
    }));

  test('uncancel() down to 0 calls off a cancellation that was not delivered yet', () =>
    sameAsCPython('uncancel to zero calls off what was not delivered', function* (log) {
      log(
        yield* createTask(
          (function* (): Coroutine<string> {
            const task = currentTask() as Task<unknown>;
            task.cancel();
            task.cancel();
            log(task.uncancel());
            log(task.uncancel());
            log(task.uncancel());
            yield* sleep(1);
            return 'not cancelled';
          })(),
        ),
      );
    }));

  test('uncancel() of one request of two leaves the cancellation on its way', () =>
    inVirtualTime(function* (): Coroutine<void> {
      function* asksItselfTwice(): Coroutine<string> {
        const task = currentTask() as Task<unknown>;
        task.cancel('one');
        task.cancel('two');
        expect(task.uncancel()).toBe(1);
        try {
          yield* sleep(1);
        } catch (error) {
          return `${nameOf(error)}, ${task.cancelling()}`;
        }
        return 'not cancelled';
      }
      expect(yield* createTask(asksItselfTwice())).toBe('CancelledError two, 1');
    }));

  test('cancelled() is true only once the coroutine has ended with the error', () =>
    inVirtualTime(function* (): Coroutine<void> {
      const task = createTask(sleep(10));
      yield* sleep(1);
      task.cancel();
      expect([task.cancelled(), task.done()]).toEqual([false, false]);
      yield* wait([task]);
      expect([task.cancelled(), task.done()]).toEqual([true, true]);
    }));

  test('cancelling a task that awaits another cancels the awaited one, and both end with the message', () =>
    sameAsCPython('cancelling the waiter cancels the awaited task', function* (log) {
      function* tells(name: string, awaited: Awaitable<void>): Coroutine<void> {
        try {
          yield* awaited;
        } catch (error) {
          log(`${name} ${nameOf(error)}`);
          throw error;
        }
      }
      const child = createTask(tells('inner', sleep(100)));
      const parent = createTask(tells('outer', child));
      yield* sleep(1);
      parent.cancel('why');
      log('asked');
      yield* wait([parent]);
      log(`${outcomeOf(child)} ${outcomeOf(parent)} ${child.cancelling()} ${parent.cancelling()}`);
    }));

  test('a task that awaits one that refuses cancellation stays pending, and can be asked again', () =>
    sameAsCPython('a waiter of a refusing task can be cancelled again', function* (log) {
      const child = createTask(
        (function* (): Coroutine<string> {
          for (let i = 0; i < 2; i++) {
            try {
              yield* sleep(10);
            } catch (error) {
              log(`refused ${(error as Error).message}`);
            }
          }
          return 'stubborn';
        })(),
      );
      const parent = createTask(
        (function* (): Coroutine<string> {
          return yield* child;
        })(),
      );
      yield* sleep(1);
      parent.cancel('one');
      yield* sleep(1);
      log(`${outcomeOf(parent)} ${parent.cancelling()} ${child.cancelling()}`);
      parent.cancel('two');
      log(yield* parent);
    }));

  test('cancelled after its future was settled, but before it ran again, a task is still cancelled', () =>
    inVirtualTime(function* (loop): Coroutine<void> {
      const future: Future<string> = loop.createFuture();
      const task = createTask(
        (function* (): Coroutine<string> {
          return yield* future;
        })(),
      );
      yield* sleep(0);
      future.setResult('too late');
      task.cancel('in between');
      yield* wait([task]);
      expect(task.cancelled()).toBe(true);
    }));
});

describe('interrupts', () => {
  test('a KeyboardInterrupt inside a task is stored on it and leaves the run', () =>
    sameAsCPython('an interrupt inside a task is stored and leaves the run', async (log, loop) => {
      const task = loop.createTask(
        (function* (): Coroutine<void> {
          throw new KeyboardInterrupt();
        })(),
      );
      const other = loop.createTask(
        (function* (): Coroutine<void> {
          log('bystander starts');
          yield* sleep(1);
          log('bystander goes on in the next run');
        })(),
      );
      await expect(loop.runUntilComplete(other)).rejects.toBeInstanceOf(KeyboardInterrupt);
      log('left');
      log((task.exception() as Error).name);
      await loop.runUntilComplete(other);
      log(task.done());
    }));
});

describe('misuse', () => {
  test('a plain yield is answered with an error at that yield, and the task goes on from there', () =>
    inVirtualTime(function* (): Coroutine<void> {
      function* wrong(): Generator<unknown, string> {
        try {
          yield sleep(1);
        } catch (error) {
          return nameOf(error);
        }
        return 'went through';
      }
      expect(yield* createTask(wrong() as unknown as Coroutine<string>)).toBe("LoopError plain 'yield' was used in Task-2: await with 'yield*'");
    }));

  test('awaiting a future of another loop is an error', async () => {
    const other = virtualLoop();
    await inVirtualTime(function* (): Coroutine<void> {
      const task = createTask(
        (function* (): Coroutine<void> {
          yield* other.createFuture<void>();
        })(),
      );
      yield* wait([task]);
      expect(nameOf(task.exception())).toMatch(/^LoopError Task-2 awaits <Future pending>, which belongs to a different loop/);
    });
  });

  test('a task cannot await itself', () =>
    inVirtualTime(function* (): Coroutine<void> {
      const itself: Task<void>[] = [];
      const task = createTask(
        (function* (): Coroutine<void> {
          yield* itself[0] as Task<void>;
        })(),
      );
      itself.push(task);
      yield* wait([task]);
      expect(nameOf(task.exception())).toBe('LoopError Task-2 cannot await itself');
    }));

  test('a task’s outcome cannot be set from outside', () =>
    inVirtualTime(function* (): Coroutine<void> {
      const task = createTask(sleep(1));
      expect(() => task.setResult()).toThrow(LoopError);
      expect(() => task.setException()).toThrow(LoopError);
      yield* task;
    }));

  test.each([
    ['a function not called', () => sleep, /call it/],
    ['a promise', () => Promise.resolve(), /fromPromise/],
    ['a future', (loop: EventLoop) => loop.createFuture(), /ensureFuture/],
    ['a number', () => 5, /got 5/],
    ['null', () => null, /null/],
  ] as [string, (loop: EventLoop) => unknown, RegExp][])('createTask of %s is a TypeError that says what to do', (_name, make, message) => {
    const loop = virtualLoop();
    expect(() => loop.createTask(make(loop) as Coroutine<void>)).toThrow(TypeError);
    expect(() => loop.createTask(make(loop) as Coroutine<void>)).toThrow(message);
    expect(allTasks(loop)).toEqual([]);
  });

  test('a task on a closed loop is an error, and leaves no task behind', () => {
    const loop = new EventLoop({ driver: new VirtualDriver() });
    loop.close();
    expect(() => loop.createTask(sleep(1))).toThrow('Event loop is closed');
    expect(allTasks(loop)).toEqual([]);
  });
});

describe('the stack', () => {
  test('getStack() shows every frame of the chain of awaits, oldest first, and the task does not notice', () =>
    inVirtualTime(function* (): Coroutine<void> {
      function* innermost(): Coroutine<string> {
        return yield* sleep(10, 'slept');
      }
      function* middle(): Coroutine<string> {
        return yield* innermost();
      }
      const task = createTask(middle());
      expect(task.getStack()).toEqual([]);
      yield* sleep(1);
      const stack = task.getStack();
      expect(stack.map((frame) => frame.name)).toEqual(['middle', 'innermost', 'sleep']);
      expect(stack[0]?.file).toBe(import.meta.filename);
      expect(yield* task).toBe('slept');
      expect(task.getStack()).toEqual([]);
    }));

  test('getStack() of a task that is ready, its future done, does not run any of its code', () =>
    inVirtualTime(function* (loop): Coroutine<void> {
      const future: Future<string> = loop.createFuture();
      let resumed = false;
      const task = createTask(
        (function* waits(): Coroutine<string> {
          const value = yield* future;
          resumed = true;
          return value;
        })(),
      );
      yield* sleep(0);
      future.setResult('value');
      expect(task.getStack().map((frame) => frame.name)).toEqual(['waits']);
      expect(resumed).toBe(false);
      expect(yield* task).toBe('value');
    }));

  test('getStack() of a task that gave way, or used a plain yield, does not run any of its code', () =>
    inVirtualTime(function* (): Coroutine<void> {
      const log: string[] = [];
      const gives = createTask(
        (function* gives(): Coroutine<void> {
          yield* sleep(0);
          log.push('resumed');
        })(),
      );
      const plain = createTask(
        (function* plain(): Generator<number, void> {
          yield 5;
          log.push('went through');
        })() as unknown as Coroutine<void>,
      );
      yield* sleep(0);
      gives.getStack();
      plain.getStack();
      expect(log).toEqual([]);
      yield* wait([gives, plain]);
      expect(log).toEqual(['resumed']);
      expect(plain.exception()).toBeInstanceOf(LoopError);
    }));

  test('getStack() of the running task shows all of a deep chain', () =>
    inVirtualTime(function* (): Coroutine<void> {
      function* deep(left: number): Coroutine<number> {
        return left === 0
          ? (currentTask()
              ?.getStack()
              .filter((frame) => frame.name === 'deep').length ?? 0)
          : yield* deep(left - 1);
      }
      expect(yield* createTask(deep(30))).toBe(31);
    }));
});

describe('tasks that await each other', () => {
  test.each([
    ['directly', false],
    ['through a gather', true],
  ])('%s are all cancelled when one of them is, instead of passing it on for ever', async (_how, gathered) => {
    const loop = virtualLoop();
    const log: string[] = [];
    const tasks: Task<void>[] = [];
    function* next(index: number): Coroutine<void> {
      try {
        const other = tasks[(index + 1) % 3] as Task<void>;
        yield* gathered ? gather([other]) : other;
      } finally {
        log.push(`${index} cleans up`);
      }
    }
    for (const index of [0, 1, 2]) tasks.push(loop.createTask(next(index)));
    function* main(): Coroutine<void> {
      yield* sleep(1);
      log.push(String(tasks[1]?.cancel('enough')));
      yield* wait(tasks);
    }
    await loop.runUntilComplete(main());
    expect(log).toEqual(['true', '1 cleans up', '0 cleans up', '2 cleans up']);
    expect(tasks.map((task) => task.cancelled())).toEqual([true, true, true]);
    expect(tasks.map((task) => task.cancelling())).toEqual([1, 1, 1]);
  });

  test.each(['two tasks that await it', 'itself, twice'])('through a gather of %s are asked once each', async (how) => {
    const loop = virtualLoop();
    let parent: Task<unknown> | undefined;
    function* child(): Coroutine<void> {
      yield* parent as Task<unknown>;
    }
    function* main(): Coroutine<void> {
      parent = createTask(
        (function* (): Coroutine<void> {
          const itself = parent as Task<unknown>;
          yield* how === 'itself, twice' ? gather([itself, itself]) : gather([child(), child()]);
        })(),
      );
      yield* sleep(1);
      expect(parent.cancel()).toBe(true);
      yield* wait([parent]);
    }
    await loop.runUntilComplete(main());
    expect(parent?.cancelled()).toBe(true);
    expect(loop.reports).toEqual([]);
  });

  test('one that was woken in the middle of its own cancellation takes one step, not two', async () => {
    const loop = virtualLoop();
    let task: Task<string> | undefined;
    class Curious extends Future<void> {
      override cancel(message?: string): boolean {
        const cancelled = super.cancel(message);
        if (cancelled) task?.cancel(message);
        return cancelled;
      }
    }
    function* worker(): Coroutine<string> {
      try {
        yield* new Curious();
      } catch {}
      yield* sleep(10);
      return `done at ${loop.time()}`;
    }
    function* main(): Coroutine<string> {
      task = createTask(worker());
      yield* sleep(1);
      task.cancel();
      return yield* task;
    }
    expect(await loop.runUntilComplete(main())).toBe('done at 11');
  });

  test('that such a task is ready again is told to whoever watches', async () => {
    const loop = virtualLoop();
    const tasks: Task<void>[] = [];
    const woken: string[] = [];
    function* next(index: number): Coroutine<void> {
      yield* tasks[1 - index] as Task<void>;
    }
    for (const index of [0, 1]) tasks.push(loop.createTask(next(index), { name: `task ${index}` }));
    function* main(): Coroutine<void> {
      yield* sleep(1);
      loop.setObserver({ taskWoken: (task) => void woken.push((task as Task<void>).getName()) });
      tasks[0]?.cancel();
      yield* wait(tasks);
    }
    await loop.runUntilComplete(main());
    expect(woken.slice(0, 2)).toEqual(['task 0', 'task 1']);
  });

  test('are cancelled when somebody else who awaits one of them is', async () => {
    const loop = virtualLoop();
    const tasks: Task<void>[] = [];
    function* next(index: number): Coroutine<void> {
      yield* tasks[index] as Task<void>;
    }
    for (const index of [1, 0, 0]) tasks.push(loop.createTask(next(index)));
    function* main(): Coroutine<void> {
      yield* sleep(1);
      tasks[2]?.cancel();
      yield* wait(tasks);
    }
    await loop.runUntilComplete(main());
    expect(tasks.map((task) => task.cancelled())).toEqual([true, true, true]);
  });

  test('end a run as a deadlock, and can be drained', async () => {
    const loop = virtualLoop();
    const tasks: Task<void>[] = [];
    function* next(index: number): Coroutine<void> {
      yield* tasks[index] as Task<void>;
    }
    for (const index of [1, 0]) tasks.push(loop.createTask(next(index)));
    await expect(loop.runUntilComplete(tasks[0] as Task<void>)).rejects.toThrow('deadlock');
    expect(await drain(loop)).toEqual([]);
    expect(loop.reports).toEqual([]);
  });
});
