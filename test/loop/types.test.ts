// What must and must not compile. `npm run typecheck` is the test: an @ts-expect-error without an error is an error.
import { expect, expectTypeOf, test } from 'vitest';
import {
  type AsyncContextManager,
  type Awaitable,
  asCompleted,
  asyncFor,
  asyncGenerator,
  asyncWith,
  Barrier,
  BoundedSemaphore,
  BREAK,
  Condition,
  type Coroutine,
  Cursor,
  createTask,
  Event,
  type EventLoop,
  ensureFuture,
  type Future,
  fromPromise,
  gather,
  LifoQueue,
  Lock,
  PriorityQueue,
  Queue,
  recurse,
  run,
  Semaphore,
  type Suspension,
  shield,
  sleep,
  type Task,
  TaskGroup,
  Timeout,
  wait,
  waitFor,
} from '../../src/loop/index.ts';

/** Compiled, never run. */
function compiled(..._bodies: ((...args: never[]) => unknown)[]): void {}

test('a forgotten star does not compile', () => {
  compiled(
    function* (future: Future<number>): Coroutine<void> {
      // @ts-expect-error yield, not yield*
      yield future;
    },
    function* (): Coroutine<void> {
      // @ts-expect-error yield, not yield*
      yield sleep(1);
    },
    function* (task: Task<number>): Coroutine<void> {
      // @ts-expect-error yield, not yield*
      yield task;
    },
    function* (): Coroutine<void> {
      // @ts-expect-error a value
      yield 5;
    },
    function* (): Coroutine<void> {
      // @ts-expect-error nothing at all
      yield;
    },
    function* (): Coroutine<void> {
      // @ts-expect-error a promise cannot be awaited without fromPromise
      yield* Promise.resolve(1);
    },
  );
  // @ts-expect-error nobody can make a Suspension
  const suspension: Suspension = {};
  expect(suspension).toEqual({});
});

test('a forgotten star does not compile, whatever it is that is awaited', () => {
  compiled(function* (task: Task<number>, tasks: Task<number>[], waiting: Coroutine<void>): Coroutine<void> {
    // @ts-expect-error yield, not yield*
    yield waiting;
    // @ts-expect-error yield, not yield*
    yield createTask(waiting);
    // @ts-expect-error yield, not yield*
    yield ensureFuture(waiting);
    // @ts-expect-error yield, not yield*
    yield gather([waiting]);
    // @ts-expect-error yield, not yield*
    yield wait(tasks);
    // @ts-expect-error yield, not yield*
    yield waitFor(task, 5);
    // @ts-expect-error yield, not yield*
    yield shield(task);
    // @ts-expect-error yield, not yield*
    yield asCompleted(tasks).anext();
    // @ts-expect-error yield, not yield*
    yield fromPromise(() => Promise.resolve());
    // @ts-expect-error yield, not yield*
    yield recurse(waiting);
    // @ts-expect-error yield, not yield*
    yield asyncWith(new Lock(), () => waiting);
    // @ts-expect-error yield, not yield*
    yield asyncFor(asCompleted(tasks), function* () {});
    // @ts-expect-error yield, not yield*
    yield new Cursor(asCompleted(tasks)).advance();
    // @ts-expect-error yield, not yield*
    yield new Lock().acquire();
    // @ts-expect-error yield, not yield*
    yield new Semaphore().acquire();
    // @ts-expect-error yield, not yield*
    yield new BoundedSemaphore().acquire();
    // @ts-expect-error yield, not yield*
    yield new Event().wait();
    // @ts-expect-error yield, not yield*
    yield new Condition().wait();
    // @ts-expect-error yield, not yield*
    yield new Condition().waitFor(() => true);
    // @ts-expect-error yield, not yield*
    yield new Barrier(2).wait();
    // @ts-expect-error yield, not yield*
    yield new Queue<number>().get();
    // @ts-expect-error yield, not yield*
    yield new LifoQueue<number>().put(1);
    // @ts-expect-error yield, not yield*
    yield new PriorityQueue<number>().join();
    // @ts-expect-error yield, not yield*
    yield new TaskGroup().createTask(waiting);
    // @ts-expect-error yield, not yield*
    yield asyncGenerator<number>(function* (emit) {
      yield* emit(1);
    }).anext();
    // @ts-expect-error yield, not yield*
    asyncGenerator<number>(function* (emit) {
      yield emit(1);
    });
  });
});

test('yield* has the type of the result', () => {
  compiled(function* (future: Future<number>, task: Task<string>, awaitable: Awaitable<boolean>): Coroutine<void> {
    expectTypeOf(yield* future).toEqualTypeOf<number>();
    expectTypeOf(yield* task).toEqualTypeOf<string>();
    expectTypeOf(yield* awaitable).toEqualTypeOf<boolean>();
    expectTypeOf(yield* sleep(1)).toEqualTypeOf<void>();
    expectTypeOf(yield* sleep(1, 'text')).toEqualTypeOf<string>();
    expectTypeOf(yield* waitFor(sleep(1, 5), 10)).toEqualTypeOf<number>();
    expectTypeOf(yield* shield(task)).toEqualTypeOf<string>();
    expectTypeOf(yield* recurse(sleep(1, 5))).toEqualTypeOf<number>();
    expectTypeOf(yield* createTask(sleep(1, true))).toEqualTypeOf<boolean>();
    expectTypeOf(yield* ensureFuture(awaitable)).toEqualTypeOf<boolean>();
    expectTypeOf(yield* fromPromise(() => Promise.resolve(1n))).toEqualTypeOf<bigint>();
    // @ts-expect-error the result is a number
    const wrong: string = yield* future;
    return void wrong;
  });
  compiled(
    function* (): Coroutine<number> {
      yield* sleep(1);
      // @ts-expect-error a coroutine of a number returns no text
      return 'text';
    },
    async (loop: EventLoop): Promise<void> => {
      expectTypeOf(await run(sleep(1, 5))).toEqualTypeOf<number>();
      expectTypeOf(await loop.runUntilComplete(sleep(1, 'text'))).toEqualTypeOf<string>();
      // @ts-expect-error nothing to run: a coroutine function that was not called
      await run(sleep);
    },
  );
});

test('gather is typed as a tuple, with errors among the results where they are wanted', () => {
  compiled(function* (numbers: Task<number>[]): Coroutine<void> {
    expectTypeOf(yield* gather([sleep(1, 'a'), sleep(1, 2), sleep(1)])).toEqualTypeOf<[string, number, void]>();
    expectTypeOf(yield* gather(numbers)).toEqualTypeOf<number[]>();
    expectTypeOf(yield* gather([])).toEqualTypeOf<[]>();
    expectTypeOf(yield* gather([sleep(1, 'a'), sleep(1, 2)], { returnExceptions: true })).toEqualTypeOf<[string | Error, number | Error]>();
    const [text] = yield* gather([sleep(1, 'a')]);
    // @ts-expect-error the first is a string
    const wrong: number = text;
    // @ts-expect-error there is no second
    const [, second] = yield* gather([sleep(1, 'a')]);
    // @ts-expect-error awaitables come in an array
    gather(sleep(1), sleep(2));
    return void [wrong, second];
  });
});

test('wait keeps the type of its elements, and takes no coroutines', () => {
  compiled(function* (tasks: Task<number>[], futures: Set<Future<string>>): Coroutine<void> {
    const { done, pending } = yield* wait(tasks);
    expectTypeOf(done).toEqualTypeOf<Set<Task<number>>>();
    expectTypeOf(pending).toEqualTypeOf<Set<Task<number>>>();
    expectTypeOf((yield* wait(futures)).done).toEqualTypeOf<Set<Future<string>>>();
    // @ts-expect-error a coroutine among them
    yield* wait([sleep(1)]);
    // @ts-expect-error a coroutine instead of them
    yield* wait(sleep(1));
    // @ts-expect-error not one of the three
    yield* wait(tasks, { returnWhen: 'SOMETIME' });
    for (const next of asCompleted([sleep(1, 'a')])) expectTypeOf(yield* next).toEqualTypeOf<string>();
  });
});

test('asyncWith has the result of its body, undefined added where the manager may suppress the error', () => {
  compiled(function* (manager: AsyncContextManager<string>, silent: AsyncContextManager<string, void>): Coroutine<void> {
    expectTypeOf(yield* asyncWith(silent, (value) => sleep(1, value.length))).toEqualTypeOf<number>();
    expectTypeOf(yield* asyncWith(manager, (value) => sleep(1, value.length))).toEqualTypeOf<number | undefined>();
    expectTypeOf(yield* asyncWith(new Lock(), () => sleep(1, 'x'))).toEqualTypeOf<string>();
    yield* asyncWith(new Timeout(1), function* (limit) {
      expectTypeOf(limit).toEqualTypeOf<Timeout>();
    });
    // @ts-expect-error not a context manager
    yield* asyncWith({}, () => sleep(1));
    // @ts-expect-error the body must be a coroutine
    yield* asyncWith(silent, (value) => value.length);
  });
});

test('asyncFor gives values of the iterable’s type, own or native; its body returns nothing or BREAK', () => {
  compiled(function* (own: { aiter(): { anext(): Coroutine<number> } }, native: AsyncIterable<string>): Coroutine<void> {
    yield* asyncFor(own, function* (value) {
      expectTypeOf(value).toEqualTypeOf<number>();
    });
    yield* asyncFor(native, function* (value) {
      expectTypeOf(value).toEqualTypeOf<string>();
      return BREAK;
    });
    yield* asyncFor(
      (signal) => {
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        return native;
      },
      function* (value) {
        expectTypeOf(value).toEqualTypeOf<string>();
      },
    );
    // @ts-expect-error the function makes a native one
    new Cursor(() => own);
    // @ts-expect-error an array is no asynchronous iterable
    yield* asyncFor([1, 2], function* () {});
  });
});

test('Future and Task are covariant: one of a narrower result is one of a wider', () => {
  compiled(
    (narrow: Future<'a'>): Future<string> => narrow,
    (task: Task<number>): Task<unknown> => task,
    (task: Task<number>): Future<number | undefined> => task,
    // @ts-expect-error not the other way round
    (wide: Future<string>): Future<'a'> => wide,
  );
});

test('native async code can await a future, typed', () => {
  compiled(async (future: Future<number>) => expectTypeOf(await future).toEqualTypeOf<number>());
});

test('callbacks take the arguments they are scheduled with', () => {
  compiled((loop: EventLoop) => {
    loop.callSoon((text: string, count: number) => text.repeat(count), 'a', 2);
    // @ts-expect-error a number is wanted
    loop.callSoon((count: number) => count + 1, 'a');
    // @ts-expect-error one is missing
    loop.callLater(5, (count: number) => count + 1);
  });
});
