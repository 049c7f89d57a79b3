// Events, conditions and barriers with one fault each, to see the proofs find it: look for the line marked `fault`.
import * as asyncdemo from '../../../src/loop/index.ts';
import { CancelledError, type Coroutine, type Future } from '../../../src/loop/index.ts';
import { Waiters } from '../../../src/loop/waiters.ts';

export class EventThatSwallows extends asyncdemo.Event {
  override *wait(): Coroutine<true> {
    try {
      return yield* super.wait();
    } catch {
      return true; // fault: whatever it was
    }
  }
}

export class EventThatKeepsTheDead {
  readonly #line = new Waiters();
  #isSet = false;

  isSet(): boolean {
    return this.#isSet;
  }

  set(): void {
    this.#isSet = true;
    this.#line.wake(Number.POSITIVE_INFINITY);
  }

  *wait(): Coroutine<true> {
    if (this.#isSet) return true;
    const waiting = this.#line.wait();
    const waiter = waiting.next().value as unknown as Future<void>;
    yield* waiter; // fault: a cancellation does not reach the line
    waiting.next();
    return true;
  }
}

/** A condition that can leave out either of its two duties. */
export class ConditionWithoutItsLock extends asyncdemo.Condition {
  readonly #line = new Waiters();

  override *wait(): Coroutine<true> {
    this.release();
    yield* this.#line.wait(); // fault: who is cancelled here leaves without the lock
    yield* this.acquire();
    return true;
  }

  override notify(n = 1): void {
    this.#line.wake(n);
  }

  override notifyAll(): void {
    this.#line.wake(Number.POSITIVE_INFINITY);
  }
}

export class ConditionThatKeepsNotifications extends asyncdemo.Condition {
  readonly #line = new Waiters();

  override *wait(): Coroutine<true> {
    let cancelled: unknown;
    this.release();
    try {
      yield* this.#line.wait(); // fault: a notification that comes with a cancellation is lost
    } catch (error) {
      cancelled = error;
    }
    while (!(yield* this.#acquired())) cancelled = new CancelledError();
    if (cancelled !== undefined) throw cancelled;
    return true;
  }

  override notify(n = 1): void {
    this.#line.wake(n);
  }

  *#acquired(): Coroutine<boolean> {
    try {
      return yield* this.acquire();
    } catch {
      return false;
    }
  }
}

export class EventThatHoldsOn extends asyncdemo.Event {
  override *wait(): Coroutine<true> {
    while (!this.isSet()) {
      try {
        yield* super.wait();
      } catch {} // fault: nobody can be cancelled out of it
    }
    return true;
  }
}

/** A barrier of the simple kind, for one use. */
export class BarrierThatCountsTheDead {
  readonly #line = new Waiters();
  readonly #parties: number;
  #arrived = 0;

  readonly broken = false;

  constructor(parties: number) {
    this.#parties = parties;
  }

  get nWaiting(): number {
    return this.#arrived;
  }

  *wait(): Coroutine<number> {
    const place = this.#arrived++;
    if (this.#arrived < this.#parties)
      yield* this.#line.wait(); // fault: who is cancelled stays counted
    else {
      this.#arrived = 0;
      this.#line.wake(this.#parties);
    }
    return place;
  }
}

export class BarrierThatGivesUp extends asyncdemo.Barrier {
  override *wait(): Coroutine<number> {
    try {
      return yield* super.wait();
    } catch {
      return this.parties - 1; // fault: not all have come
    }
  }
}
