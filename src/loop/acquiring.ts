// Taking and giving back, of which Lock and Semaphore have the same: what `acquire()` and `aexit()` return. Written by
// hand, since of a hundred thousand tasks that wait for one of ten permits each holds such a coroutine.
import { type Coroutine, probe, recordStackAs, type Suspension, suspend } from './coroutine.ts';
import { Future } from './future.ts';
import { type Place, tellUse, Waiters } from './waiters.ts';

/** What tasks take in the order they asked, and those who stand in line for it: the inside of a Lock or a Semaphore. */
export abstract class Takeable extends Waiters {
  /** What a frame is called that stands in its `acquire()`. */
  get frame(): string {
    return `${this.owner.constructor.name}.acquire`;
  }

  /** Takes it if it can be had at once, without overtaking anybody; false where one must stand in line. */
  abstract takeAtOnce(): boolean;

  /** Whoever was woken goes on, and has left the line. */
  abstract takeInTurn(): void;

  /** Whoever stood in line goes without it, with an error: a wake-up that had come already must be passed on. */
  abstract passOn(wasWoken: boolean): void;

  /** Whoever stood in line was ended from outside, which no task does. */
  abstract abandon(): void;
}

/**
 * `acquire()`: fresh -> standing -> done, told by `future`: undefined, the pending or done one, null. It is its own place
 * in line: a generator with a waiter inside takes 216 bytes more.
 */
export class Acquiring<Entered> implements Coroutine<Entered>, Place {
  future: Future<void> | null | undefined = undefined;
  older: Place | undefined = undefined;
  newer: Place | undefined = undefined;
  readonly #line: Takeable;
  /** What whoever awaits it is given: true, or nothing for entering a block. */
  readonly #result: Entered;

  constructor(line: Takeable, result: Entered) {
    this.#line = line;
    this.#result = result;
  }

  next(sent?: unknown): IteratorResult<Suspension, Entered> {
    const { future } = this;
    if (future === undefined) return Acquiring.#begin(this);
    if (future === null) return { done: true, value: undefined as Entered };
    if (sent === probe) {
      recordStackAs(this.#line.frame);
      return suspend(future);
    }
    if (future.state === 'pending') return suspend(future);
    if (future.state === 'cancelled') return this.throw(future.makeCancelledError());
    Acquiring.#leave(this);
    this.#line.takeInTurn();
    tellUse('acquire', this.#line.owner);
    return { done: true, value: this.#result };
  }

  throw(error: unknown): IteratorResult<Suspension, Entered> {
    const { future } = this;
    Acquiring.#leave(this);
    if (future) this.#line.passOn(future.state === 'returned');
    throw error;
  }

  /* v8 ignore next -- @preserve: for conformance:coverage; no task leaves a coroutine by return() */
  return(value: Entered): IteratorReturnResult<Entered> {
    const { future } = this;
    Acquiring.#leave(this);
    if (future) this.#line.abandon();
    return { done: true, value };
  }

  [Symbol.iterator](): this {
    return this;
  }

  // Static: a private method of the instance would cost each a field, to show that it has it.

  static #begin<Entered>(place: Acquiring<Entered>): IteratorResult<Suspension, Entered> {
    const line = place.#line;
    place.future = null;
    if (line.takeAtOnce()) {
      tellUse('acquire', line.owner);
      return { done: true, value: place.#result };
    }
    place.future = new Future<void>();
    line.join(place);
    return suspend(place.future);
  }

  static #leave(place: Acquiring<unknown>): void {
    if (place.future) place.#line.leave(place);
    place.future = null;
  }
}

/** `aexit()` of what is given back at once: fresh -> done. */
export class Releasing implements Coroutine<void> {
  #owner: { release(): void } | undefined;

  constructor(owner: { release(): void }) {
    this.#owner = owner;
  }

  next(): IteratorReturnResult<void> {
    const owner = this.#owner;
    this.#owner = undefined;
    owner?.release();
    return { done: true, value: undefined };
  }

  throw(error: unknown): never {
    this.#owner = undefined;
    throw error;
  }

  return(): IteratorReturnResult<void> {
    this.#owner = undefined;
    return { done: true, value: undefined };
  }

  [Symbol.iterator](): this {
    return this;
  }
}
