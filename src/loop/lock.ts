// Mutual exclusion between tasks.
import type { Coroutine } from './coroutine.ts';
import { LoopError } from './errors.ts';
import { formatPrimitive } from './inspect.ts';
import { watchable } from './never-awaited.ts';
import { shownByToString } from './shown-by-to-string.ts';
import { Waiters } from './waiters.ts';

/**
 * A lock that tasks get in the order they asked. Stands for `asyncio.Lock`; `yield* asyncWith(lock, ...)` takes it and
 * gives it back. Invariant: while it is free and somebody waits, the first in line is woken.
 *
 * @example
 * ```ts
 * import { asyncWith, type Coroutine, gather, Lock, run, sleep } from 'asyncdemo';
 *
 * const lock = new Lock();
 * function* worker(name: string): Coroutine<void> {
 *   yield* asyncWith(lock, function* () {
 *     console.log(name, 'in');
 *     yield* sleep(1);
 *     console.log(name, 'out');
 *   });
 * }
 * function* main(): Coroutine<void> {
 *   yield* gather([worker('a'), worker('b')]);
 * }
 * await run(main());
 * // a in
 * // a out
 * // b in
 * // b out
 * ```
 */
export class Lock {
  readonly #waiters = new Waiters();
  #locked = false;

  /** Whether somebody holds it. */
  locked(): boolean {
    return this.#locked;
  }

  /** Takes the lock, waiting for whoever asked before. Free and nobody in line: does not suspend. */
  acquire(): Coroutine<true>;
  /** @internal To enter a block, whose value is nobody's affair. */
  acquire(entering: true): Coroutine<true | void>;
  *acquire(entering = false): Coroutine<true | void> {
    if (this.#locked || this.#waiters.someoneWaits) yield* this.#waiters.wait(this.#onCancel);
    this.#locked = true;
    return entering ? undefined : true;
  }

  readonly #onCancel = (): void => {
    if (!this.#locked) this.#waiters.wakeFirst();
  };

  /**
   * Gives it back; the first in line gets it.
   * @throws LoopError when nobody holds it.
   */
  release(): void {
    if (!this.#locked) throw new LoopError('Lock is not acquired.');
    this.#locked = false;
    this.#waiters.wakeFirst();
  }

  /** As asyncio shows it: `<Lock [locked, waiters:2]>`. */
  toString(): string {
    return formatPrimitive(this, this.#locked ? 'locked' : 'unlocked', this.#waiters.length);
  }

  aenter(): Coroutine<void> {
    return this.acquire(true) as Coroutine<void>;
  }

  *aexit(): Coroutine<void> {
    this.release();
  }
}

shownByToString(Lock);
watchable(Lock, 'acquire');
