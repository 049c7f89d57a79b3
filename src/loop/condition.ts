// Waiting, under a lock, until another task says that something has changed.
import type { Coroutine } from './coroutine.ts';
import { describeWrong } from './describe-wrong.ts';
import { CancelledError, LoopError } from './errors.ts';
import { formatPrimitive } from './inspect.ts';
import { Lock } from './lock.ts';
import { watchable } from './never-awaited.ts';
import { shownByToString } from './shown-by-to-string.ts';
import { Waiters } from './waiters.ts';

/** What a predicate gives once it is fulfilled: anything that JavaScript takes for true. */
type Fulfilled<T> = Exclude<T, false | 0 | 0n | '' | null | undefined>;

/**
 * A lock with a waiting line for those who hold it and need something to change first. Stands for `asyncio.Condition`;
 * `yield* asyncWith(condition, ...)` takes the lock and gives it back.
 *
 * holding the lock -> in line (lock given back) -> notified -> in the lock's line -> holding the lock again. However
 * `wait()` is left, by a cancellation too, the lock is held; a notification that cannot be used wakes the next in line.
 *
 * @example
 * ```ts
 * import { asyncWith, Condition, type Coroutine, createTask, run } from 'asyncdemo';
 *
 * const condition = new Condition();
 * const baskets: string[] = [];
 * function* eater(): Coroutine<void> {
 *   yield* asyncWith(condition, function* () {
 *     const basket = yield* condition.waitFor(() => baskets.pop());
 *     console.log('eats from', basket);
 *   });
 * }
 * function* main(): Coroutine<void> {
 *   const task = createTask(eater());
 *   yield* asyncWith(condition, function* () {
 *     baskets.push('the first basket');
 *     condition.notify();
 *   });
 *   yield* task;
 * }
 * await run(main());
 * // eats from the first basket
 * ```
 */
export class Condition {
  readonly #lock: Lock;
  readonly #waiters = new Waiters(this);

  /** @param lock the lock to hold, which several conditions can share; one of its own unless given. */
  constructor(lock: Lock = new Lock()) {
    if (!(lock instanceof Lock)) throw new TypeError(`Condition: expected a Lock, got ${describeWrong(lock)}`);
    this.#lock = lock;
  }

  /** Takes the lock; as {@link Lock.acquire}. */
  acquire(): Coroutine<true> {
    return this.#lock.acquire();
  }

  /** Gives the lock back; as {@link Lock.release}. */
  release(): void {
    this.#lock.release();
  }

  /** Whether somebody holds the lock. */
  locked(): boolean {
    return this.#lock.locked();
  }

  /**
   * Gives the lock back, waits for a notification, and takes the lock again. It may return without a change that
   * matters to the caller, so look again: `waitFor` does.
   * @throws LoopError when the lock is not held; CancelledError when cancelled, with the lock held: of several
   * cancellations the last.
   */
  *wait(): Coroutine<true> {
    if (!this.#lock.locked()) throw new LoopError('cannot wait on un-acquired lock');
    this.#lock.release();
    try {
      try {
        yield* this.#waiters.wait();
      } finally {
        yield* this.#acquireAgain();
      }
    } catch (error) {
      // A notification may have come before the error: somebody else must have it.
      this.#waiters.wakeNext();
      throw error;
    }
    return true;
  }

  /**
   * Waits until `predicate()` gives something true, looking after each notification; returns what it gave. Stands for
   * `wait_for()`.
   * @throws what `wait` throws, and the predicate's error.
   */
  *waitFor<T>(predicate: () => T): Coroutine<Fulfilled<T>> {
    for (;;) {
      const result = predicate();
      if (result) return result as Fulfilled<T>;
      yield* this.wait();
    }
  }

  /**
   * Wakes the first `n` who wait. They go on once the lock is free and it is their turn.
   * @throws LoopError when the lock is not held.
   */
  notify(n = 1): void {
    if (!this.#lock.locked()) throw new LoopError('cannot notify on un-acquired lock');
    this.#waiters.wake(n);
  }

  /**
   * Wakes everybody who waits. Stands for `notify_all()`.
   * @throws LoopError when the lock is not held.
   */
  notifyAll(): void {
    this.notify(this.#waiters.length);
  }

  /** As asyncio shows it: `<Condition [locked, waiters:2]>`. */
  toString(): string {
    return formatPrimitive(this, this.locked() ? 'locked' : 'unlocked', this.#waiters.length);
  }

  *aenter(): Coroutine<void> {
    yield* this.#lock.acquire();
  }

  *aexit(): Coroutine<void> {
    this.#lock.release();
  }

  /** Through any number of cancellations: the caller's code up to its release must find the lock held. */
  *#acquireAgain(): Coroutine<void> {
    let cancelled: CancelledError | undefined;
    for (;;) {
      try {
        yield* this.#lock.acquire();
        break;
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
        cancelled = error;
      }
    }
    if (cancelled !== undefined) throw cancelled;
  }
}

shownByToString(Condition);
watchable(Condition, 'wait', 'waitFor');
