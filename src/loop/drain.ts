// The end of a loop: every task is cancelled, and the loop runs until the last of them is done. What would not end is
// given back, and can be left. Knows nothing of signals and programs.
import { asyncIteratorsOf } from './async-iterators.ts';
import { takeAwaited } from './coroutine.ts';
import { DeadlockError, KeyboardInterrupt, LoopError } from './errors.ts';
import type { EventLoop } from './event-loop.ts';
import type { Future } from './future.ts';
import { LONGEST_TIMEOUT } from './node-driver.ts';
import type { Task } from './task.ts';
import { allTasks } from './tasks.ts';

/** How long, in ms, tasks that were cancelled may take to end. */
export const GRACE = 5000;

/** How often a loop without tasks runs once more, for callbacks that are ready: as often as `asyncio.run` at its end. */
const FAREWELLS = 2;

/** A coroutine that is left is ended through at most so many awaits. */
const MOST_AWAITS = 1000;

export interface DrainOptions {
  /** How long, in ms, to wait for tasks that do not end; by the host's clock or the loop's, whichever is over first. 5000 unless given. */
  grace?: number;
}

/**
 * Cancels every task of a loop that is not running, and runs the loop until the last is done. Tasks born meanwhile are
 * cancelled too. Then the asynchronous iterators that were begun and have not ended are closed, and callbacks that are
 * ready are called. Errors all these end with go to the loop's exception handler. An interrupt, or the end of the grace
 * period, ends the wait. Does what `asyncio.run` does at its end.
 * @returns the tasks that would not end, oldest first.
 * @throws RangeError for a grace period that is no time.
 *
 * @example
 * ```ts
 * import { type Coroutine, drain, EventLoop, sleep } from 'asyncdemo';
 *
 * function* background(): Coroutine<void> {
 *   try {
 *     yield* sleep(60_000);
 *   } finally {
 *     console.log('cleaned up'); // cleaned up
 *   }
 * }
 * const loop = new EventLoop();
 * loop.createTask(background());
 * await loop.runUntilComplete(sleep(1));
 * await drain(loop);
 * loop.close();
 * ```
 */
export async function drain(loop: EventLoop, { grace = GRACE }: DrainOptions = {}): Promise<Task<unknown>[]> {
  if (!(grace >= 0)) throw new RangeError(`drain: expected a grace period in milliseconds from 0 up, got ${String(grace)}`);
  const giveUp = (): void => loop.interrupt();
  let asked: Task<unknown>[] = [];
  let farewells = FAREWELLS;
  const hostTimer = grace === Number.POSITIVE_INFINITY ? undefined : setTimeout(giveUp, Math.min(grace, LONGEST_TIMEOUT));
  const loopTimer = loop.callLater(grace, giveUp);
  try {
    for (;;) {
      const fresh = allTasks(loop); // Those asked before are done.
      asked = asked.concat(fresh);
      if (fresh.length > 0) await runThroughOneStop(loop, cancelAll(fresh, loop));
      else if (asyncIteratorsOf(loop).size > 0) await runThroughOneStop(loop, loop.ensureFuture(loop.shutdownAsyncIterators()));
      else if (farewells-- > 0) await runThroughOneStop(loop, farewell(loop));
      else break;
    }
  } catch (error) {
    if (!(error instanceof KeyboardInterrupt || error instanceof DeadlockError)) throw error;
  } finally {
    clearTimeout(hostTimer);
    loopTimer.cancel();
    loop.takeInterruption();
  }
  for (const task of asked) {
    if (!task.done() || task.cancelled()) continue;
    const exception = task.exception();
    if (task.state === 'raised') loop.callExceptionHandler({ message: 'Unhandled exception during shutdown', exception, task });
  }
  return allTasks(loop);
}

/** Where the run before was left with its end at hand, that still stops the loop once. */
async function runThroughOneStop(loop: EventLoop, future: Future<unknown>): Promise<void> {
  try {
    await loop.runUntilComplete(future);
  } catch (error) {
    if (future.done() || !(error instanceof LoopError)) throw error;
    await loop.runUntilComplete(future);
  }
}

/** Asks them all to stop; a future for the end of the last. A gather in its place, which looks for tasks given twice, took 20 ms of 20,000. */
function cancelAll(tasks: readonly Task<unknown>[], loop: EventLoop): Future<void> {
  const end = loop.createFuture<void>();
  let pending = tasks.length;
  const count = (): void => {
    pending -= 1;
    if (pending === 0) end.setResult();
  };
  for (const task of tasks) {
    task.cancel();
    task.addWaiting(count);
  }
  return end;
}

/** A future for one iteration from now. */
function farewell(loop: EventLoop): Future<void> {
  const future = loop.createFuture<void>();
  loop.callSoon(() => future.setResult());
  return future;
}

/**
 * @internal Ends the coroutine of a task that is left, so that its `finally` blocks run, as Python does when it collects one. Nothing
 * drives it any more: an await in such a block is left as well, and the blocks around it run.
 */
export function abandon(task: Task<unknown>): void {
  try {
    for (let awaits = 0; awaits < MOST_AWAITS && !task.coroutine.return(undefined).done; awaits++) takeAwaited();
  } catch (exception) {
    task.loop.callExceptionHandler({ message: `Task '${task.getName()}' failed when it was left`, exception, task });
  }
}
