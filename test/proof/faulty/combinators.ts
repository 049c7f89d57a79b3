// What waits for others, with one fault each, to see the proofs find it: look for the line marked `fault`.
import * as asyncdemo from '../../../src/loop/index.ts';
import { type Awaitable, CancelledError, type Coroutine, Future, type Task } from '../../../src/loop/index.ts';
import { Waiters } from '../../../src/loop/waiters.ts';

/** Results as they come in, for the `for` form. */
export function asCompletedThatLosesAWakeUp<T>(awaitables: Iterable<Awaitable<T>>, { loop }: { loop: asyncdemo.EventLoop }): Iterable<Coroutine<T>> {
  const line = new Waiters();
  const arrived: Future<T>[] = [];
  const futures = [...awaitables].map((awaitable) => asyncdemo.ensureFuture(awaitable, { loop }));
  for (const future of futures) {
    future.addDoneCallback(() => {
      arrived.push(future);
      line.wakeNext();
    });
  }
  let left = futures.length;
  function* next(): Coroutine<T> {
    while (arrived.length === 0) yield* line.wait(); // fault: a cancelled one keeps its wake-up
    return (arrived.shift() as Future<T>).result();
  }
  return (function* () {
    while (left-- > 0) yield next();
  })();
}

/** Ends what takes too long, and does not care how. */
export function* waitForThatBreaksOff<T>(awaitable: Awaitable<T>, limit: number): Coroutine<T> {
  const coroutine = awaitable[Symbol.iterator]();
  const over = asyncdemo.getRunningLoop().time() + limit;
  for (;;) {
    const step = coroutine.next();
    if (step.done) return step.value;
    if (asyncdemo.getRunningLoop().time() >= over) {
      coroutine.return(undefined as T); // fault: a cleanup that awaits is lost
      throw new asyncdemo.TimeoutError('timed out');
    }
    yield* asyncdemo.sleep(1);
  }
}

export function shieldThatIsThin<T>(awaitable: Awaitable<T>): Future<T> {
  return asyncdemo.ensureFuture(awaitable); // fault: nothing is between
}

export function* sleepThatLeavesItsTimer<T>(delay: number, result: T): Coroutine<T> {
  const future = new Future<T>();
  future.loop.callLater(delay, () => future.done() || future.setResult(result));
  return yield* future; // fault: cancelled, the timer stays
}

export class TimeoutThatTakesAll extends asyncdemo.Timeout {
  override *aexit(error: unknown): Coroutine<void> {
    const expired = this.expired();
    try {
      yield* super.aexit(error);
    } catch (thrown) {
      error = thrown;
    }
    if (expired && error instanceof CancelledError) throw new asyncdemo.TimeoutError('timed out'); // fault: another may have cancelled too
    if (error !== undefined) throw error;
  }
}

/** A group of the simple kind. */
class FaultyGroup {
  readonly #tasks: Task<unknown>[] = [];

  *aenter(): Coroutine<this> {
    return this;
  }

  createTask(coroutine: Coroutine<unknown>): void {
    this.#tasks.push(asyncdemo.createTask(coroutine));
  }

  *aexit(error: unknown): Coroutine<void> {
    for (const task of this.#tasks) if (error !== undefined) task.cancel();
    yield* this.finish(this.#tasks);
  }

  *finish(_tasks: readonly Task<unknown>[]): Coroutine<void> {}
}

export class GroupThatDoesNotWait extends FaultyGroup {}

export class GroupThatLosesErrors extends FaultyGroup {
  override *finish(tasks: readonly Task<unknown>[]): Coroutine<void> {
    for (const task of tasks) {
      while (!task.done()) {
        try {
          yield* asyncdemo.wait([task]);
        } catch {}
      }
      task.cancelled() || task.exception(); // fault: it was looked at, and nobody is told
    }
  }
}

/** Resumes a body that has ended. */
export function* asyncWithThatGoesOn<T>(manager: asyncdemo.AsyncContextManager<unknown>, body: (value: unknown) => Coroutine<T>): Coroutine<T | undefined> {
  const coroutine = body(yield* manager.aenter());
  try {
    const result = yield* coroutine;
    yield* manager.aexit(undefined);
    return result;
  } catch (error) {
    coroutine.next(); // fault: it is over
    yield* manager.aexit(error);
    throw error;
  }
}

export class TimeoutThatCountsOnce extends asyncdemo.Timeout {
  override *aexit(error: unknown): Coroutine<void> {
    try {
      yield* super.aexit(error);
    } finally {
      if (this.expired()) asyncdemo.currentTask()?.uncancel(); // fault: that was done already
    }
  }
}

export function* asyncWithThatEndsBodies<T>(manager: asyncdemo.AsyncContextManager<unknown>, body: (value: unknown) => Coroutine<T>): Coroutine<T | undefined> {
  const coroutine = body(yield* manager.aenter());
  const driven = { [Symbol.iterator]: () => ({ next: () => coroutine.next(), throw: (error: unknown): never => raise(error, coroutine) }) };
  try {
    const result = yield* driven as unknown as Awaitable<T>;
    yield* manager.aexit(undefined);
    return result;
  } catch (error) {
    yield* manager.aexit(error);
    throw error;
  }
}

function raise(error: unknown, coroutine: Coroutine<unknown>): never {
  coroutine.return(undefined); // fault: it should have got the error
  throw error;
}

export function* asyncWithThatLeavesTwice<T>(manager: asyncdemo.AsyncContextManager<unknown>, body: (value: unknown) => Coroutine<T>): Coroutine<T> {
  const value = yield* manager.aenter();
  try {
    return yield* body(value);
  } catch (error) {
    yield* manager.aexit(error);
    throw error;
  } finally {
    yield* manager.aexit(undefined); // fault: after an error it was left already
  }
}

export function* fromPromiseThatHolds<T>(start: (signal: AbortSignal) => PromiseLike<T>): Coroutine<T> {
  const future = new Future<T>();
  const letGo = future.loop.hold();
  start(new AbortController().signal).then(
    (value) => future.done() || future.setResult(value),
    (error) => future.done() || future.setException(error),
  );
  const result = yield* future;
  letGo(); // fault: cancelled, it is not reached
  return result;
}

export function gatherThatDoesNotWait<T>(awaitables: readonly Awaitable<T>[]): Future<unknown> {
  const tasks = awaitables.map((awaitable) => asyncdemo.ensureFuture(awaitable));
  const outer = new Future<unknown>();
  for (const task of tasks) {
    task.addDoneCallback(() => {
      if (!outer.done() && tasks.every((one) => one.done())) outer.setResult(tasks.map((one) => one.result()));
    });
  }
  outer.addDoneCallback(() => {
    for (const task of tasks) task.cancel(); // fault: they may take their time, and whoever awaits has gone
  });
  return outer;
}

export function* waitThatLeavesCallbacks<T>(futures: readonly Future<T>[]): Coroutine<{ done: Set<Future<T>>; pending: Set<Future<T>> }> {
  const waiter = new Future<void>();
  for (const future of futures) future.addDoneCallback(() => waiter.done() || waiter.setResult());
  yield* waiter; // fault: cancelled, the callbacks stay
  return { done: new Set(futures), pending: new Set() };
}

export function* waitThatCancels<T>(futures: readonly Future<T>[], options: Parameters<typeof asyncdemo.wait>[1]): ReturnType<typeof asyncdemo.wait> {
  const result = yield* asyncdemo.wait(futures, options);
  for (const future of result.pending) future.cancel(); // fault: others may want them
  return result;
}

export function* asyncForThatLeavesItOpen<T>(iterable: AsyncIterable<T>, body: (value: T) => Coroutine<unknown>): Coroutine<void> {
  const cursor = new asyncdemo.Cursor(iterable);
  while (yield* cursor.advance()) if ((yield* body(cursor.value)) === asyncdemo.BREAK) return; // fault: nobody closes it
}
