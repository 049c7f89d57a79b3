// The one waiting line under every primitive: coroutines stand in it in order, any of them may be cancelled out of the
// middle, and whoever has something to give wakes the first that has not been woken yet.
import type { Coroutine } from './coroutine.ts';
import { Future } from './future.ts';

/**
 * A first-in-first-out line of waiting coroutines. A waiter stays in it until its coroutine has run again: one that was
 * woken and not resumed yet is `done`, and counts as standing in front.
 */
export class Waiters {
  readonly #line = new Set<Future<void>>();

  /** How many stand in line, woken ones and cancelled ones that have not left yet included. */
  get length(): number {
    return this.#line.size;
  }

  /** Whether somebody stands in line who was not cancelled. */
  get someoneWaits(): boolean {
    for (const waiter of this.#line) if (!waiter.cancelled()) return true;
    return false;
  }

  /**
   * Stands in line until woken.
   * @throws CancelledError when cancelled meanwhile. `onCancel` is told first whether the wake-up had already come: then
   * it must be passed on, or it is lost, unless it was for everybody in line.
   */
  *wait(onCancel?: (wasWoken: boolean) => void): Coroutine<void> {
    const waiter = new Future<void>();
    this.#line.add(waiter);
    try {
      yield* waiter;
    } catch (error) {
      this.#line.delete(waiter);
      onCancel?.(waiter.done() && !waiter.cancelled());
      throw error;
    }
    this.#line.delete(waiter);
  }

  /** Wakes the first in line that is not woken or cancelled yet. False when there is none. */
  wakeNext(): boolean {
    for (const waiter of this.#line) {
      if (waiter.done()) continue;
      waiter.setResult();
      return true;
    }
    return false;
  }

  /** Wakes the first `most` that are not woken or cancelled yet, or as many as there are. */
  wake(most: number): void {
    let left = most;
    for (const waiter of this.#line) {
      if (left <= 0) return;
      if (waiter.done()) continue;
      waiter.setResult();
      left -= 1;
    }
  }

  /** Wakes the very first in line, unless it is woken already. */
  wakeFirst(): void {
    for (const waiter of this.#line) {
      if (!waiter.done()) waiter.setResult();
      return;
    }
  }
}
