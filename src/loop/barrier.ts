// A point in the program at which a fixed number of tasks wait for each other.
import { Condition } from './condition.ts';
import type { Coroutine } from './coroutine.ts';
import { BrokenBarrierError } from './errors.ts';
import { formatPrimitive } from './inspect.ts';
import { watchable } from './never-awaited.ts';
import { shownByToString } from './shown-by-to-string.ts';

/**
 * filling -> draining -> filling, over and over; resetting and broken are ways out.
 * - filling: tasks arrive and wait; one that is cancelled leaves, and the others wait on. The last to arrive -> draining.
 * - draining: those who arrived together leave one by one; newcomers wait before the door. The last to leave -> filling.
 * - resetting: `reset()` came while tasks waited; each of them leaves with an error, newcomers wait. The last -> filling.
 * - broken: everybody leaves with an error, and newcomers get one, until `reset()`.
 */
type State = 'filling' | 'draining' | 'resetting' | 'broken';

/**
 * Makes `parties` tasks wait for each other: all go on when the last of them has come, and then it can be used again.
 * Stands for `asyncio.Barrier`; `yield* asyncWith(barrier, ...)` waits before the body.
 *
 * @example
 * ```ts
 * import { Barrier, type Coroutine, gather, run, sleep } from 'asyncdemo';
 *
 * const barrier = new Barrier(2);
 * function* runner(name: string, warmUp: number): Coroutine<void> {
 *   yield* sleep(warmUp);
 *   console.log(name, 'is ready');
 *   yield* barrier.wait();
 *   console.log(name, 'starts');
 * }
 * function* main(): Coroutine<void> {
 *   yield* gather([runner('a', 1), runner('b', 5)]);
 * }
 * await run(main());
 * // a is ready
 * // b is ready
 * // b starts
 * // a starts
 * ```
 */
export class Barrier {
  readonly #condition = new Condition();
  readonly #parties: number;
  #state: State = 'filling';
  /** How many have come in and not left again. */
  #inside = 0;

  /** @throws RangeError unless `parties` is a whole number from 1 up. */
  constructor(parties: number) {
    if (!Number.isSafeInteger(parties) || parties < 1) {
      throw new RangeError(`Barrier: expected a whole number of parties from 1 up, got ${String(parties)}`);
    }
    this.#parties = parties;
  }

  /** How many tasks it takes. */
  get parties(): number {
    return this.#parties;
  }

  /** How many wait for others to come. Stands for `n_waiting`. */
  get nWaiting(): number {
    return this.#state === 'filling' ? this.#inside : 0;
  }

  /** Whether it was aborted, and not reset since. */
  get broken(): boolean {
    return this.#state === 'broken';
  }

  /**
   * Waits until as many tasks as there are parties wait here. Returns the place in the order of arrival, from 0 to
   * `parties - 1`, so that one of them can be told to do what must be done once. Where somebody was cancelled before
   * the last came, a place may be given twice.
   * @throws BrokenBarrierError when it is broken, or broken or reset meanwhile.
   */
  *wait(): Coroutine<number> {
    yield* this.#condition.acquire();
    try {
      yield* this.#condition.waitFor(() => this.#state !== 'draining' && this.#state !== 'resetting');
      if (this.#state === 'broken') throw new BrokenBarrierError('Barrier aborted');
      const place = this.#inside;
      this.#inside += 1;
      try {
        if (place + 1 === this.#parties) this.#drain();
        else yield* this.#waitForTheRest();
      } finally {
        this.#inside -= 1;
        if (this.#inside === 0) this.#closeUp();
      }
      return place;
    } finally {
      this.#condition.release();
    }
  }

  /** Back to empty. Whoever waits gets a BrokenBarrierError; a broken barrier can be used again. */
  *reset(): Coroutine<void> {
    yield* this.#condition.acquire();
    this.#state = this.#inside > 0 ? 'resetting' : 'filling';
    this.#condition.notifyAll();
    this.#condition.release();
  }

  /** Breaks it: whoever waits, and whoever comes before a `reset()`, gets a BrokenBarrierError. */
  *abort(): Coroutine<void> {
    yield* this.#condition.acquire();
    this.#state = 'broken';
    this.#condition.notifyAll();
    this.#condition.release();
  }

  /** As asyncio shows it: `<Barrier [filling, waiters:1/3]>`. */
  toString(): string {
    return formatPrimitive(this, this.broken ? 'broken' : `${this.#state}, waiters:${this.nWaiting}/${this.#parties}`, 0);
  }

  aenter(): Coroutine<number> {
    return this.wait();
  }

  *aexit(): Coroutine<void> {}

  #drain(): void {
    this.#state = 'draining';
    this.#condition.notifyAll();
  }

  *#waitForTheRest(): Coroutine<void> {
    yield* this.#condition.waitFor(() => this.#state !== 'filling');
    if (this.#state === 'broken' || this.#state === 'resetting') throw new BrokenBarrierError('Abort or reset of barrier');
  }

  /** The last has left: newcomers may come in. */
  #closeUp(): void {
    if (this.#state === 'resetting' || this.#state === 'draining') this.#state = 'filling';
    this.#condition.notifyAll();
  }
}

shownByToString(Barrier);
watchable(Barrier, 'wait', 'reset', 'abort');
