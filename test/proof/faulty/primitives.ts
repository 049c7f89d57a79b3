// Locks, semaphores, conditions and queues with one fault each, to see the proofs find it: look for the line marked `fault`.
import * as asyncdemo from '../../../src/loop/index.ts';
import { CancelledError, type Coroutine, Future, Lock, Queue } from '../../../src/loop/index.ts';
import { Waiters } from '../../../src/loop/waiters.ts';

/** A lock whose line can be spoilt in three ways. */
class FaultyLock extends Lock {
  protected readonly line = new Waiters();
  protected held = false;

  override locked(): boolean {
    return this.held;
  }

  override *acquire(): Coroutine<true> {
    if (this.held || this.mustQueue()) yield* this.line.wait(() => this.onCancel());
    this.held = true;
    return true;
  }

  override release(): void {
    if (!this.held) throw new asyncdemo.LoopError('Lock is not acquired.');
    this.held = false;
    this.line.wakeFirst();
  }

  override *aenter(): Coroutine<void> {
    yield* this.acquire();
  }

  override *aexit(): Coroutine<void> {
    this.release();
  }

  protected mustQueue(): boolean {
    return this.line.someoneWaits;
  }

  protected onCancel(): void {
    if (!this.held) this.line.wakeFirst();
  }
}

export class LockThatForgetsTheNext extends FaultyLock {
  protected override onCancel(): void {} // fault: a wake-up that came is not passed on
}

export class LockThatLetsInNewcomers extends FaultyLock {
  protected override mustQueue(): boolean {
    return false; // fault: somebody was woken, and has not come yet
  }
}

export class LockThatIsStubborn extends FaultyLock {
  override *acquire(): Coroutine<true> {
    for (;;) {
      try {
        return yield* super.acquire();
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error; // fault: the cancellation ends here
      }
    }
  }
}

export class LockThatCancelsTheNext extends FaultyLock {
  readonly #all = new Set<Future<void>>();

  override *acquire(): Coroutine<true> {
    while (this.held) {
      const waiter = new Future<void>();
      this.#all.add(waiter);
      try {
        yield* waiter;
      } catch (error) {
        for (const other of this.#all) other.cancel(); // fault: it was meant for one
        throw error;
      } finally {
        this.#all.delete(waiter);
      }
    }
    this.held = true;
    return true;
  }

  override release(): void {
    this.held = false;
    for (const waiter of this.#all) if (!waiter.done()) waiter.setResult();
  }
}

/** A semaphore whose books on cancelled waiters can be wrong. */
class FaultySemaphore {
  readonly #line = new Waiters();
  permits: number;

  constructor(permits = 1) {
    this.permits = permits;
  }

  *acquire(): Coroutine<true> {
    if (this.permits > 0 && !this.#line.someoneWaits) this.permits -= 1;
    else {
      yield* this.#line.wait((wasWoken) => {
        this.permits += this.onCancel(wasWoken);
        this.#wake();
      });
      this.#wake();
    }
    return true;
  }

  release(): void {
    this.permits += 1;
    this.#wake();
  }

  protected onCancel(wasWoken: boolean): number {
    return wasWoken ? 1 : 0;
  }

  #wake(): void {
    while (this.permits > 0 && this.#line.wakeNext()) this.permits -= 1;
  }
}

export class SemaphoreThatLosesAPermit extends FaultySemaphore {
  protected override onCancel(): number {
    return 0; // fault: the permit was handed over already
  }
}

export class SemaphoreThatMakesAPermit extends FaultySemaphore {
  protected override onCancel(): number {
    return 1; // fault: it had none unless it was woken
  }
}

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

/** Hands items to those who wait, instead of leaving them in the queue. */
export class QueueThatDropsAnItem extends Queue<number> {
  readonly #waiting: Future<number>[] = [];

  override *get(): Coroutine<number> {
    if (!this.empty()) return this.getNowait();
    const handed = new Future<number>();
    this.#waiting.push(handed);
    return yield* handed; // fault: who is cancelled now has an item in his hands
  }

  override putNowait(item: number): void {
    const next = this.#waiting.find((future) => !future.done());
    if (next === undefined) super.putNowait(item);
    else next.setResult(item);
  }
}

export class QueueThatGivesTwice extends Queue<number> {
  #again = true;

  override *get(): Coroutine<number> {
    const item = yield* super.get();
    if (this.#again) super.putNowait(item); // fault: it has been taken
    this.#again = false;
    return item;
  }
}

export class QueueThatDoesNotLookAgain extends Queue<number> {
  readonly #line = new Waiters();

  override *get(): Coroutine<number> {
    if (this.empty()) yield* this.#line.wait(); // fault: in another order, another has been quicker
    return this.getNowait();
  }

  override putNowait(item: number): void {
    super.putNowait(item);
    this.#line.wakeNext();
  }
}

export class QueueThatForgetsTheNext extends Queue<number> {
  readonly #line = new Waiters();

  override *get(): Coroutine<number> {
    while (this.empty()) yield* this.#line.wait(); // fault: a cancelled one keeps its wake-up
    return this.getNowait();
  }

  override putNowait(item: number): void {
    super.putNowait(item);
    this.#line.wakeNext();
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
