// The one waiting line under every primitive: coroutines stand in it in order, any of them may be cancelled out of the
// middle, and whoever has something to give wakes the first that has not been woken yet.
import { type Coroutine, probe, type Suspension } from './coroutine.ts';
import { Future } from './future.ts';
import { type Linked, LinkedList } from './linked-list.ts';
import type { PrimitiveAct } from './observer.ts';
import { runningScheduler } from './scheduler.ts';

/** A place in line: who holds it waits for its future. */
export interface Place extends Linked<Place> {
  /** @internal Undefined before it is taken, null once it was left. */
  readonly future: Future<void> | null | undefined;
}

/**
 * One who stands in line: the coroutine that `Waiters.wait` returns, and its place. fresh -> standing -> left, told by
 * `future`: undefined, the pending or done one, null. Written by hand, and called `waiter` for whoever reads a stack: a
 * generator with a place beside it takes twice the memory, and half as much time again for a semaphore.
 */
class waiter implements Coroutine<void>, Place {
  future: Future<void> | null | undefined = undefined;
  older: Place | undefined = undefined;
  newer: Place | undefined = undefined;
  readonly #waiters: Waiters;
  readonly #onCancel: ((wasWoken: boolean) => void) | undefined;

  constructor(waiters: Waiters, onCancel: ((wasWoken: boolean) => void) | undefined) {
    this.#waiters = waiters;
    this.#onCancel = onCancel;
  }

  next(sent?: unknown): IteratorResult<Suspension, void> {
    const { future } = this;
    if (future === null) return { done: true, value: undefined };
    if (future === undefined) {
      this.future = new Future<void>();
      this.#waiters.join(this);
      return this.future.next();
    }
    if (!future.done() || sent === probe) return future.next(sent);
    if (future.cancelled()) return this.throw(future.makeCancelledError());
    waiter.#leave(this);
    return { done: true, value: undefined };
  }

  throw(error: unknown): IteratorResult<Suspension, void> {
    const { future } = this;
    waiter.#leave(this);
    if (future) this.#onCancel?.(future.done() && !future.cancelled());
    throw error;
  }

  return(): IteratorReturnResult<void> {
    waiter.#leave(this);
    return { done: true, value: undefined };
  }

  [Symbol.iterator](): this {
    return this;
  }

  static #leave(place: waiter): void {
    if (place.future) place.#waiters.leave(place);
    place.future = null;
  }
}

/**
 * A first-in-first-out line of waiting coroutines. A waiter stays in it until its coroutine has run again: one that was
 * woken and not resumed yet is `done`, and counts as standing in front. Invariant: who stands before `#next` is done, and
 * stays so; without a `#next` everybody is. Without it each of 20,000 who are cancelled together looks through all others: 1.3 s.
 */
export class Waiters {
  /** The primitive whose line it is; this itself where nobody says. */
  readonly owner: object;
  readonly #line = new LinkedList<Place>();
  #next: Place | undefined = undefined;
  #length = 0;

  constructor(owner?: object) {
    this.owner = owner ?? this;
  }

  /** How many stand in line, woken ones and cancelled ones that have not left yet included. */
  get length(): number {
    return this.#length;
  }

  /** Whether somebody stands in line who was not cancelled. */
  get someoneWaits(): boolean {
    for (let place = this.#line.oldest; place !== undefined; place = place.newer) if (!place.future?.cancelled()) return true;
    return false;
  }

  /**
   * Stands in line until woken.
   * @throws CancelledError when cancelled meanwhile. `onCancel` is told first whether the wake-up had already come: then
   * it must be passed on, or it is lost, unless it was for everybody in line.
   */
  wait(onCancel?: (wasWoken: boolean) => void): Coroutine<void> {
    return new waiter(this, onCancel);
  }

  /** Wakes the first in line that is not woken or cancelled yet. False when there is none. */
  wakeNext(): boolean {
    for (; this.#next !== undefined; this.#next = this.#next.newer) if (wake(this.#next)) return true;
    return false;
  }

  /** Wakes the first `most` that are not woken or cancelled yet, or as many as there are. */
  wake(most: number): void {
    for (let left = most; left > 0 && this.wakeNext(); left--);
  }

  /** Wakes the very first in line, unless it is woken already. */
  wakeFirst(): void {
    if (this.#line.oldest !== undefined) wake(this.#line.oldest);
  }

  /** @internal */
  join(place: Place): void {
    this.#line.add(place);
    this.#next ??= place;
    this.#length += 1;
    tellUse('wait', this.owner);
  }

  /** @internal */
  leave(place: Place): void {
    if (place === this.#next) this.#next = place.newer;
    this.#line.remove(place);
    this.#length -= 1;
    tellUse('leave', this.owner);
  }
}

/** Tells whoever watches the loop that runs how what runs has used a primitive. */
export function tellUse(act: PrimitiveAct, primitive: object): void {
  runningScheduler()?.observer?.primitive(act, primitive);
}

/** Sets what one in line waits for; false when it is done already. */
function wake({ future }: Place): boolean {
  if (!future || future.done()) return false;
  future.setResult();
  return true;
}
