// The one waiting line under every primitive: coroutines stand in it in order, any of them may be cancelled out of the
// middle, and whoever has something to give wakes the first that has not been woken yet.
import type { Coroutine } from './coroutine.ts';
import { Future } from './future.ts';

/** A place in the line. */
interface Place {
  readonly waiter: Future<void>;
  before: Place | undefined;
  after: Place | undefined;
}

/**
 * A first-in-first-out line of waiting coroutines. A waiter stays in it until its coroutine has run again: one that was
 * woken and not resumed yet is `done`, and counts as standing in front.
 *
 * Chained, and not a Set, so that leaving it, and finding whom to wake, take the same time in a line of any length: a Set
 * passes over the holes at its beginning, and over whoever is done, each time it is looked through.
 * Invariant: all in front of `#asleep` are done.
 */
export class Waiters {
  #first: Place | undefined;
  #last: Place | undefined;
  #asleep: Place | undefined;
  #length = 0;

  /** How many stand in line, woken ones and cancelled ones that have not left yet included. */
  get length(): number {
    return this.#length;
  }

  /** Whether somebody stands in line who was not cancelled. */
  get someoneWaits(): boolean {
    if (this.#nextAsleep() !== undefined) return true;
    for (let place = this.#first; place !== undefined; place = place.after) if (!place.waiter.cancelled()) return true;
    return false;
  }

  /**
   * Stands in line until woken.
   * @throws CancelledError when cancelled meanwhile. `onCancel` is told first whether the wake-up had already come: then
   * it must be passed on, or it is lost, unless it was for everybody in line.
   */
  *wait(onCancel?: (wasWoken: boolean) => void): Coroutine<void> {
    const waiter = new Future<void>();
    const place = this.#join(waiter);
    try {
      yield* waiter;
    } catch (error) {
      this.#leave(place);
      onCancel?.(waiter.done() && !waiter.cancelled());
      throw error;
    }
    this.#leave(place);
  }

  /** Wakes the first in line that is not woken or cancelled yet. False when there is none. */
  wakeNext(): boolean {
    const next = this.#nextAsleep();
    next?.setResult();
    return next !== undefined;
  }

  /** Wakes the first `most` that are not woken or cancelled yet, or as many as there are. */
  wake(most: number): void {
    for (let left = most; left > 0 && this.wakeNext(); left--);
  }

  /** Wakes the very first in line, unless it is woken already. */
  wakeFirst(): void {
    const first = this.#first?.waiter;
    if (first !== undefined && !first.done()) first.setResult();
  }

  #nextAsleep(): Future<void> | undefined {
    while (this.#asleep?.waiter.done()) this.#asleep = this.#asleep.after;
    return this.#asleep?.waiter;
  }

  #join(waiter: Future<void>): Place {
    const place: Place = { waiter, before: this.#last, after: undefined };
    if (this.#last === undefined) this.#first = place;
    else this.#last.after = place;
    this.#last = place;
    this.#asleep ??= place;
    this.#length += 1;
    return place;
  }

  #leave(place: Place): void {
    const { before, after } = place;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    if (this.#asleep === place) this.#asleep = after;
    this.#length -= 1;
  }
}
