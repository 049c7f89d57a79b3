// Locks and semaphores with one fault each, to see the proofs find it: look for the line marked `fault`.
import * as asyncdemo from '../../../src/loop/index.ts';
import { CancelledError, type Coroutine, Future, Lock } from '../../../src/loop/index.ts';
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
