// A limit on how long a block may take.
import type { Awaitable, Coroutine } from './coroutine.ts';
import { expectMs } from './describe-wrong.ts';
import { CancelledError, LoopError, TimeoutError } from './errors.ts';
import type { Future } from './future.ts';
import type { Handle } from './handle.ts';
import { runningScheduler } from './scheduler.ts';
import { shownByToString } from './shown-by-to-string.ts';
import type { Task } from './task.ts';
import { currentTask, ensureFuture } from './tasks.ts';
import { cancelAndWait } from './wait.ts';

/**
 * created -> active -> finished, or active -> expiring -> expired. `expiring`: the deadline has passed and the task was
 * asked to cancel; `expired`: that cancellation has arrived back here.
 */
type State = 'created' | 'active' | 'expiring' | 'expired' | 'finished';

/**
 * A deadline for the body of an `asyncWith`. When it passes, the body is cancelled, and that cancellation, if it is
 * ours and nobody else's, comes out as a TimeoutError. An error that was thrown instead, with that cancellation for its
 * `cause`, is given the TimeoutError in between. Stands for `asyncio.Timeout`.
 *
 * @example
 * ```ts
 * import { asyncWith, type Coroutine, getRunningLoop, run, sleep, timeout } from 'asyncdemo';
 *
 * function* main(): Coroutine<void> {
 *   const limit = timeout(5);
 *   yield* asyncWith(limit, function* () {
 *     limit.reschedule(getRunningLoop().time() + 60_000);
 *     yield* sleep(10);
 *   });
 *   console.log(limit.expired()); // false
 * }
 * await run(main());
 * ```
 */
export class Timeout {
  #state: State = 'created';
  #when: number | undefined;
  #task: Task<unknown> | undefined;
  #cancelling = 0;
  #handle: Handle | undefined;

  /** @param when the deadline in ms of the loop's `time()`, `undefined` for none. */
  constructor(when: number | undefined) {
    this.#when = when;
  }

  /** The deadline in ms of the loop's `time()`; `undefined` for none. */
  when(): number | undefined {
    return this.#when;
  }

  /** @internal Whose body it limits. */
  get task(): Task<unknown> | undefined {
    return this.#task;
  }

  /** Whether the deadline passed while the body ran. */
  expired(): boolean {
    return this.#state === 'expiring' || this.#state === 'expired';
  }

  /**
   * Moves the deadline; `undefined` takes it away.
   * @throws LoopError unless the body is running; TypeError when the deadline is no number.
   */
  reschedule(when: number | undefined): void {
    expectMs('Timeout', when);
    const task = this.#task;
    if (this.#state !== 'active' || task === undefined) {
      throw new LoopError(this.#state === 'created' ? 'Timeout has not been entered' : `Cannot change state of ${this.#state} Timeout`);
    }
    this.#when = when;
    this.#handle?.cancel();
    this.#handle = undefined;
    if (when === undefined) return;
    this.#handle = when <= task.loop.time() ? task.loop.callSoon(expire, this) : task.loop.callAt(when, expire, this);
  }

  /** @internal The deadline is over. */
  expire(): void {
    this.#task?.cancel();
    this.#state = 'expiring';
    this.#handle = undefined;
  }

  *aenter(): Coroutine<this> {
    if (this.#state !== 'created') throw new LoopError('Timeout has already been entered');
    const task = currentTask();
    if (task === null) throw new LoopError('Timeout should be used inside a task');
    this.#state = 'active';
    this.#task = task;
    this.#cancelling = task.cancelling();
    this.reschedule(this.#when);
    return this;
  }

  *aexit(error: unknown): Coroutine<void> {
    this.#handle?.cancel();
    this.#handle = undefined;
    if (this.#state === 'active') this.#state = 'finished';
    if (this.#state !== 'expiring') return;
    this.#state = 'expired';
    // Requests left beyond those at our entry are an outside cancel of the same moment: it wins.
    if ((this.#task as Task<unknown>).uncancel() > this.#cancelling) return;
    if (error instanceof CancelledError) throw new TimeoutError('timed out', { cause: error });
    tellOfTimeout(error);
    if (error instanceof AggregateError) for (const one of error.errors) tellOfTimeout(one);
  }

  /** As asyncio shows it: `<Timeout [active] when=1500.5>`. */
  toString(): string {
    const when = this.#when === undefined ? undefined : Math.round(this.#when * 1000) / 1000;
    return `<Timeout [${this.#state}]${this.#state === 'active' ? ` when=${when}` : ''}>`;
  }
}

shownByToString(Timeout);

/** @internal The callback of its timer, which tells that timer from others. */
export function expire(timeout: Timeout): void {
  timeout.expire();
}

/** The body threw another error because it was cancelled, and said so by `cause`: then the timeout was behind it. */
function tellOfTimeout(error: unknown): void {
  const seen = new Set<unknown>();
  for (let one = error; one instanceof Error && !seen.has(one); one = one.cause) {
    seen.add(one);
    if (!(one.cause instanceof CancelledError)) continue;
    // Not assigned: a frozen error is left as it is.
    Reflect.set(one, 'cause', new TimeoutError('timed out', { cause: one.cause }));
    return;
  }
}

/**
 * A {@link Timeout} of `delay` ms from now; `undefined` for none yet. Stands for `asyncio.timeout`.
 * @throws TypeError when the delay is no number; LoopError outside of a run.
 *
 * @example
 * ```ts
 * import { asyncWith, type Coroutine, run, sleep, timeout, TimeoutError } from 'asyncdemo';
 *
 * function* main(): Coroutine<void> {
 *   try {
 *     yield* asyncWith(timeout(1), () => sleep(1000));
 *   } catch (error) {
 *     console.log(error instanceof TimeoutError); // true
 *   }
 * }
 * await run(main());
 * ```
 */
export function timeout(delay: number | undefined): Timeout {
  expectMs('timeout', delay);
  const loop = runningScheduler();
  if (loop === null) throw new LoopError('timeout: no running event loop; make the timeout where it is entered');
  return new Timeout(delay === undefined ? undefined : loop.time() + delay);
}

/**
 * A {@link Timeout} at a moment of the loop's `time()`, in ms; `undefined` for none yet. A moment that is over cancels the
 * body at its first await. Stands for `asyncio.timeout_at`.
 * @throws TypeError when the moment is no number.
 *
 * @example
 * ```ts
 * import { asyncWith, type Coroutine, getRunningLoop, run, sleep, timeoutAt, TimeoutError } from 'asyncdemo';
 *
 * function* main(): Coroutine<void> {
 *   const deadline = getRunningLoop().time() + 200;
 *   for (const part of ['first', 'second']) {
 *     try {
 *       yield* asyncWith(timeoutAt(deadline), () => sleep(part === 'first' ? 1 : 1000));
 *       console.log(part, 'in time');
 *     } catch (error) {
 *       if (error instanceof TimeoutError) console.log(part, 'too late');
 *     }
 *   }
 * }
 * await run(main());
 * // first in time
 * // second too late
 * ```
 */
export function timeoutAt(when: number | undefined): Timeout {
  expectMs('timeoutAt', when);
  return new Timeout(when);
}

/**
 * Waits for `awaitable`, at most `limit` ms; it runs in the task of the caller. With a limit of 0 or less a coroutine
 * never starts. Stands for `asyncio.wait_for`.
 * @throws TimeoutError when the limit passes, after the awaitable was cancelled and is done.
 *
 * @example
 * ```ts
 * import { run, sleep, waitFor } from 'asyncdemo';
 *
 * console.log(await run(waitFor(sleep(1, 'in time'), 1000))); // in time
 * ```
 */
export function* waitFor<T>(awaitable: Awaitable<T>, limit: number | undefined): Coroutine<T> {
  expectMs('waitFor', limit);
  if (limit !== undefined && limit <= 0) return yield* waitForNothing(ensureFuture(awaitable));
  const deadline = timeout(limit);
  yield* deadline.aenter();
  let result: T;
  try {
    result = yield* awaitable;
  } catch (error) {
    yield* deadline.aexit(error);
    throw error;
  }
  yield* deadline.aexit(undefined);
  return result;
}

function* waitForNothing<T>(future: Future<T>): Coroutine<T> {
  if (future.done()) return future.result();
  yield* cancelAndWait(future);
  try {
    return future.result();
  } catch (error) {
    if (error instanceof CancelledError) throw new TimeoutError('timed out', { cause: error });
    throw error;
  }
}
