// Mutual exclusion between tasks.
import { Acquiring, Releasing, Takeable } from './acquiring.ts';
import type { Coroutine } from './coroutine.ts';
import { LoopError } from './errors.ts';
import { formatPrimitive } from './inspect.ts';
import { watchable } from './never-awaited.ts';
import { shownByToString } from './shown-by-to-string.ts';
import { tellUse } from './waiters.ts';

/** Whether the lock is held, and those who wait for it. */
class Holding extends Takeable {
  locked = false;

  takeAtOnce(): boolean {
    if (this.locked || this.someoneWaits) return false;
    this.locked = true;
    return true;
  }

  takeInTurn(): void {
    this.locked = true;
  }

  passOn(): void {
    if (!this.locked) this.wakeFirst();
  }

  abandon(): void {}
}

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
  readonly #holding = new Holding(this);

  /** Whether somebody holds it. */
  locked(): boolean {
    return this.#holding.locked;
  }

  /** Takes the lock, waiting for whoever asked before. Free and nobody in line: does not suspend. */
  acquire(): Coroutine<true>;
  /** @internal To enter a block, whose value is nobody's affair. */
  acquire(entering: true): Coroutine<true | void>;
  acquire(entering = false): Coroutine<true | void> {
    return new Acquiring<true | void>(this.#holding, entering ? undefined : true);
  }

  /**
   * Gives it back; the first in line gets it.
   * @throws LoopError when nobody holds it.
   */
  release(): void {
    if (!this.#holding.locked) throw new LoopError('Lock is not acquired.');
    this.#holding.locked = false;
    tellUse('release', this);
    this.#holding.wakeFirst();
  }

  /** As asyncio shows it: `<Lock [locked, waiters:2]>`. */
  toString(): string {
    return formatPrimitive(this, this.#holding.locked ? 'locked' : 'unlocked', this.#holding.length);
  }

  aenter(): Coroutine<void> {
    return this.acquire(true) as Coroutine<void>;
  }

  aexit(): Coroutine<void> {
    return new Releasing(this);
  }
}

shownByToString(Lock);
watchable(Lock, 'acquire');
