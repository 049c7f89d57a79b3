// At most so many at once; `BoundedSemaphore` also finds a release too many.
import { Acquiring, Releasing, Takeable } from './acquiring.ts';
import type { Coroutine } from './coroutine.ts';
import { formatPrimitive } from './inspect.ts';
import { watchable } from './never-awaited.ts';
import { shownByToString } from './shown-by-to-string.ts';
import { tellUse } from './waiters.ts';

/** The permits that are free, and those who wait for one. */
class Permits extends Takeable {
  free: number;

  constructor(owner: object, free: number) {
    super(owner);
    this.free = free;
  }

  get locked(): boolean {
    return this.free === 0 || this.someoneWaits;
  }

  takeAtOnce(): boolean {
    if (this.locked) return false;
    this.free -= 1;
    return true;
  }

  takeInTurn(): void {
    this.#wakeLatecomers();
  }

  passOn(wasWoken: boolean): void {
    if (wasWoken) this.free += 1;
    this.#wakeLatecomers();
  }

  abandon(): void {
    this.#wakeLatecomers();
  }

  give(): void {
    this.free += 1;
    tellUse('release', this.owner);
    this.#handOver();
  }

  /** Who arrived while permits were being handed over had to stand in line, though permits were free: wake them now. */
  #wakeLatecomers(): void {
    while (this.free > 0 && this.#handOver());
  }

  /** Counted first: waking somebody of a loop that is closed by now throws, and the permit is given all the same. */
  #handOver(): boolean {
    this.free -= 1;
    if (this.wakeNext()) return true;
    this.free += 1;
    return false;
  }
}

/**
 * A number of permits that tasks take and give back, strictly in the order they asked. Stands for `asyncio.Semaphore`.
 * A permit is handed over at the wake-up, so a latecomer cannot take it; a waiter cancelled after its wake-up passes it
 * on. Invariant: permits free + permits held + permits handed to woken waiters = the initial number + extra releases.
 *
 * @example
 * ```ts
 * import { asyncWith, type Coroutine, gather, run, Semaphore, sleep } from 'asyncdemo';
 *
 * const semaphore = new Semaphore(2);
 * let inside = 0;
 * let most = 0;
 * function* worker(): Coroutine<void> {
 *   yield* asyncWith(semaphore, function* () {
 *     most = Math.max(most, ++inside);
 *     yield* sleep(1);
 *     inside -= 1;
 *   });
 * }
 * function* main(): Coroutine<void> {
 *   yield* gather([worker(), worker(), worker(), worker()]);
 *   console.log(most); // 2
 * }
 * await run(main());
 * ```
 */
export class Semaphore {
  readonly #permits: Permits;

  /** @throws RangeError unless `permits` is a whole number from 0 up. */
  constructor(permits = 1) {
    if (!Number.isSafeInteger(permits) || permits < 0) {
      throw new RangeError(`${this.constructor.name}: expected a whole number of permits from 0 up, got ${String(permits)}`);
    }
    this.#permits = new Permits(this, permits);
  }

  /** Permits that are free right now. */
  get permits(): number {
    return this.#permits.free;
  }

  /** Whether `acquire` would have to wait: no permit is free, or somebody is before us in line. */
  locked(): boolean {
    return this.#permits.locked;
  }

  /** Takes a permit, waiting in line for it. Free and nobody in line: does not suspend. */
  acquire(): Coroutine<true>;
  /** @internal To enter a block, whose value is nobody's affair. */
  acquire(entering: true): Coroutine<true | void>;
  acquire(entering = false): Coroutine<true | void> {
    return new Acquiring<true | void>(this.#permits, entering ? undefined : true);
  }

  /** Gives a permit back; the first in line gets it. */
  release(): void {
    this.#permits.give();
  }

  /** As asyncio shows it: `<Semaphore [unlocked, value:3]>`. */
  toString(): string {
    return formatPrimitive(this, this.locked() ? 'locked' : `unlocked, value:${this.permits}`, this.#permits.length);
  }

  aenter(): Coroutine<void> {
    return this.acquire(true) as Coroutine<void>;
  }

  aexit(): Coroutine<void> {
    return new Releasing(this);
  }
}

shownByToString(Semaphore);
watchable(Semaphore, 'acquire');

/**
 * A semaphore that takes no more permits back than it was made with, so that a release too many is found. Stands for
 * `asyncio.BoundedSemaphore`.
 *
 * @example
 * ```ts
 * import { BoundedSemaphore, type Coroutine, run } from 'asyncdemo';
 *
 * const semaphore = new BoundedSemaphore(2);
 * function* main(): Coroutine<void> {
 *   yield* semaphore.acquire();
 *   semaphore.release();
 *   try {
 *     semaphore.release();
 *   } catch (error) {
 *     console.log(String(error)); // RangeError: BoundedSemaphore released too many times
 *   }
 * }
 * await run(main());
 * ```
 */
export class BoundedSemaphore extends Semaphore {
  readonly #bound: number;

  /** @throws RangeError unless `permits` is a whole number from 0 up. */
  constructor(permits = 1) {
    super(permits);
    this.#bound = permits;
  }

  /**
   * Gives a permit back; the first in line gets it.
   * @throws RangeError when all permits are there already.
   */
  override release(): void {
    if (this.permits >= this.#bound) throw new RangeError('BoundedSemaphore released too many times');
    super.release();
  }
}
