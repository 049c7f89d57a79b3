// How long a turn may keep Node waiting. A million tasks that are always ready must not shut out a signal or a socket;
// but reading the clock for each of them would cost more than running them.

/** Ms a turn may take unless the loop is told otherwise. */
export const TURN_BUDGET = 4;

/** The clock is read once in at most this many handles. */
const LONGEST_STRIDE = 64;

/** A stride that took longer than this many ms was made of slow handles. */
const SLOW = 0.25;

/** Tells when the time of a turn is used up. Invariant: between calls `#left` handles, at least one, may come before the next reading. */
export class TurnClock {
  readonly #budget: number;
  #until = 0;
  #last = 0;
  #stride = 1;
  #left = 2;

  /** @throws RangeError for a budget that is no time. */
  constructor(budget: number) {
    if (!(budget >= 0)) throw new RangeError(`turnBudget: expected milliseconds from 0 up, got ${String(budget)}`);
    this.#budget = budget;
  }

  /** A turn begins. */
  start(): void {
    this.#last = performance.now();
    this.#until = this.#last + this.#budget;
    // The first handle runs whatever the clock says: a turn without progress would never end.
    this.#left = 2;
  }

  /** Counts a handle that is about to run; true when there is no time for it. */
  isUp(): boolean {
    this.#left -= 1;
    return this.#left === 0 && this.#read() > this.#until;
  }

  /** Spaces the next reading so that quick handles hardly pay for it and slow ones are noticed at once. */
  #read(): number {
    const now = performance.now();
    this.#stride = now - this.#last < SLOW ? Math.min(this.#stride * 2, LONGEST_STRIDE) : 1;
    this.#left = this.#stride;
    this.#last = now;
    return now;
  }
}
