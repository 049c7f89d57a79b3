// A result that is not there yet. The one thing a coroutine can wait for: it is its own iterator, so `yield* future`
// suspends while it is pending and returns or throws its outcome once it is done, without allocating anything.
import { type Context, NO_VALUES, nothingIsSet } from './context.ts';
import { type Awaitable, type Coroutine, probe, recordStack, type Suspension, suspend } from './coroutine.ts';
import { noteCreation } from './creation.ts';
import { arriving, type CancelledError, InvalidStateError, LoopError } from './errors.ts';
import { type Callback, Handle } from './handle.ts';
import { formatFuture } from './inspect.ts';
import type { GuardedObserver } from './observer.ts';
import type { Runnable } from './ready-queue.ts';
import { runningScheduler, type Scheduler } from './scheduler.ts';
import { shownByToString } from './shown-by-to-string.ts';
import { expectRetrieval, type Retrieval } from './unretrieved.ts';

/**
 * pending -> returned | raised | cancelled, once, and never back. Asyncio's FINISHED is `returned` or `raised`.
 * Invariant: `waiting` is empty unless pending.
 */
export type FutureState = 'pending' | 'returned' | 'raised' | 'cancelled';

/**
 * What is put into the ready queue when a future is done: a task, or the handle of a callback. One without a context of
 * its own is kept as it is until then: a handle takes 72 bytes.
 */
type Waiting = Callback | Runnable;

/**
 * A placeholder for a result that something else will set. Stands for `asyncio.Future`. Await it with `yield*` in a
 * coroutine, or with `await` in native async code.
 *
 * @example
 * ```ts
 * import { type Coroutine, type Future, getRunningLoop, run } from 'asyncdemo';
 *
 * function* main(): Coroutine<string> {
 *   const loop = getRunningLoop();
 *   const future: Future<string> = loop.createFuture();
 *   loop.callLater(5, () => future.setResult('filled'));
 *   return yield* future;
 * }
 * console.log(await run(main())); // filled
 * ```
 */
export class Future<T> implements Awaitable<T>, Coroutine<T>, PromiseLike<T> {
  /** @internal */
  readonly loop: Scheduler;
  /** @internal */
  state: FutureState = 'pending';
  /** The result when returned, the error when raised, the error to throw next when cancelled (made on demand). */
  #outcome: unknown = undefined;
  /** @internal The message of its cancellation; of a task that is still pending, of the last request. */
  cancelMessage: string | undefined = undefined;
  /** Most futures have one who waits, which is kept without a list: 16 bytes of a sleeping task, 5 % of a ping-pong. */
  #waiting: Waiting | Waiting[] | undefined = undefined;
  #retrieval: Retrieval | undefined = undefined;

  constructor(options: { loop?: Scheduler } = {}) {
    const loop = options.loop ?? runningScheduler();
    if (loop === null) throw new LoopError(`${new.target.name}: no running event loop; pass one as { loop }`);
    this.loop = loop;
    if (loop.debugging) noteCreation(this);
  }

  /** The loop it belongs to. Stands for `get_loop()`. */
  getLoop(): Scheduler {
    return this.loop;
  }

  /** Whether it has an outcome: a result, an error, or a cancellation. */
  done(): boolean {
    return this.state !== 'pending';
  }

  /** Whether it was cancelled. For a task: only once its coroutine has ended with the cancellation. */
  cancelled(): boolean {
    return this.state === 'cancelled';
  }

  /**
   * The result.
   * @throws its error; CancelledError when it was cancelled; InvalidStateError while it is pending.
   */
  result(): T {
    switch (this.state) {
      case 'returned':
        return this.#outcome as T;
      case 'raised':
        this.markRetrieved();
        throw this.#outcome;
      case 'cancelled':
        throw this.makeCancelledError();
      default:
        throw new InvalidStateError('Result is not set.');
    }
  }

  /**
   * The error it ended with, `undefined` when it has a result.
   * @throws CancelledError when it was cancelled; InvalidStateError while it is pending.
   */
  exception(): unknown {
    if (this.state === 'pending') throw new InvalidStateError('Exception is not set.');
    if (this.state === 'cancelled') throw this.makeCancelledError();
    this.markRetrieved();
    return this.state === 'raised' ? this.#outcome : undefined;
  }

  /**
   * Gives it its result and wakes whoever waits.
   * @throws InvalidStateError when it is done already.
   */
  setResult(result: T): void {
    this.settle('returned', result);
  }

  /**
   * Gives it an error for its outcome. Nobody retrieving it is reported when the future is garbage-collected.
   * @throws InvalidStateError when it is done already.
   */
  setException(error: unknown): void {
    this.settleRaised(error);
  }

  /** Cancels it: whoever awaits gets a CancelledError with `message`. False when it is done already. */
  cancel(message?: string): boolean {
    this.markRetrieved();
    if (this.state !== 'pending') return false;
    this.cancelMessage = message;
    this.settle('cancelled', undefined);
    return true;
  }

  /**
   * Calls `callback(future)` through `callSoon` when it is done, or soon if it is done already; in `context`, or in a copy
   * of the one that is current now. Stands for `add_done_callback`.
   */
  addDoneCallback(callback: (future: this) => void, options: { context?: Context } = {}): void {
    const { context } = options;
    this.addWaiting(context === undefined && nothingIsSet() ? (callback as Callback) : new Handle(this.loop, callback as Callback, [this], context));
  }

  /** Removes every registration of `callback`; returns how many there were. Stands for `remove_done_callback`. */
  removeDoneCallback(callback: (future: this) => void): number {
    const before = this.waiting;
    const kept = before.filter((other) => callbackOf(other) !== callback);
    this.#waiting = kept.length > 1 ? kept : kept[0];
    return before.length - kept.length;
  }

  /** Lets native async code `await` a future: its outcome is handed to the promise. */
  // biome-ignore lint/suspicious/noThenProperty: being awaited by native code is what it is for
  then<Fulfilled = T, Rejected = never>(
    onFulfilled?: ((value: T) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return new Promise<T>((resolve, reject) => {
      const settle = (): void => {
        try {
          resolve(this.result());
        } catch (error) {
          reject(error);
        }
      };
      // One that is done needs no loop any more, which may be stopped or closed.
      if (this.done()) settle();
      else this.addDoneCallback(settle);
    }).then(onFulfilled, onRejected);
  }

  /** Part of being awaited by `yield*`; not for calling. */
  next(sent?: unknown): IteratorResult<Suspension, T> {
    if (sent === probe) recordStack();
    // Done and probed: the task that waits is ready but has not run, and must not run for being looked at.
    if (this.state === 'pending' || sent === probe) return suspend(this);
    return { done: true, value: this.state === 'returned' ? (this.#outcome as T) : this.result() };
  }

  /** Part of being awaited by `yield*`: an error thrown into the coroutine arrives at its await. */
  throw(error: unknown): IteratorResult<Suspension, T> {
    throw error;
  }

  /** Part of being awaited by `yield*`. */
  return(value: T): IteratorReturnResult<T> {
    return { done: true, value };
  }

  [Symbol.iterator](): this {
    return this;
  }

  /** As asyncio shows it: `<Future pending>`, `<Future finished result=42>`. */
  toString(): string {
    return formatFuture(this);
  }

  /** @internal Registers what is put into the ready queue when it is done. */
  addWaiting(waiting: Waiting): void {
    if (this.state !== 'pending') schedule(this, waiting);
    else if (this.#waiting === undefined) this.#waiting = waiting;
    else if (Array.isArray(this.#waiting)) this.#waiting.push(waiting);
    else this.#waiting = [this.#waiting, waiting];
  }

  /** @internal Takes back a registration that is not that of a callback. */
  removeWaiting(waiting: Waiting): void {
    this.#waiting = this.waiting.filter((other) => other !== waiting);
  }

  /** @internal Whoever waits, in the order of registration. */
  get waiting(): readonly Waiting[] {
    if (this.#waiting === undefined) return [];
    return Array.isArray(this.#waiting) ? this.#waiting : [this.#waiting];
  }

  /** @internal The outcome, without marking it as retrieved. */
  get outcome(): unknown {
    return this.#outcome;
  }

  /** @internal The error a cancelled future throws: the one its coroutine ended with, once, then new ones. */
  makeCancelledError(): CancelledError {
    if (this.state !== 'cancelled') return arriving(this.cancelMessage, this.loop.debugging);
    const error = this.#outcome as CancelledError | undefined;
    this.#outcome = undefined;
    return error ?? arriving(this.cancelMessage, this.loop.debugging);
  }

  /** @internal For tasks: cancelled by this very error, which the first who asks is given. */
  settleCancelled(error: CancelledError | undefined, message: string | undefined): void {
    this.cancelMessage = message;
    this.settle('cancelled', error);
  }

  /** @internal */
  settleRaised(error: unknown): void {
    this.settle('raised', error);
    this.#retrieval = expectRetrieval(this, this.loop, error);
  }

  /** @internal */
  markRetrieved(): void {
    if (this.#retrieval === undefined) return;
    this.#retrieval.done();
    this.#retrieval = undefined;
  }

  /** @internal */
  settle(state: FutureState, outcome: unknown): void {
    if (this.state !== 'pending') throw new InvalidStateError(`invalid state: ${this} is done already`);
    this.state = state;
    this.#outcome = outcome;
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    if (!Array.isArray(waiting)) schedule(this, waiting);
    else for (const each of waiting) schedule(this, each);
  }
}

/** Not a private method, which would cost each future a field, to show that it has it. */
function schedule(future: Future<unknown>, waiting: Waiting): void {
  const { loop } = future;
  const runnable = typeof waiting === 'function' ? new Handle(loop, waiting, [future], NO_VALUES) : waiting;
  loop.enqueue(runnable);
  if (loop.observer !== null) tellReady(loop.observer, runnable, future);
}

function tellReady(observer: GuardedObserver, runnable: Runnable, cause: Future<unknown>): void {
  if (runnable instanceof Handle) observer.handleScheduled(runnable, cause);
  else observer.taskWoken(runnable, cause);
}

function callbackOf(waiting: Waiting): Callback | undefined {
  if (typeof waiting === 'function') return waiting;
  return waiting instanceof Handle ? waiting.callback : undefined;
}

shownByToString(Future);

/**
 * Whether a value is one of our futures, tasks included. Stands for `asyncio.isfuture`.
 *
 * @example
 * ```ts
 * import { EventLoop, isFuture } from 'asyncdemo';
 *
 * const loop = new EventLoop();
 * console.log(isFuture(loop.createFuture()), isFuture(Promise.resolve())); // true false
 * loop.close();
 * ```
 */
export function isFuture(value: unknown): value is Future<unknown> {
  return value instanceof Future;
}
