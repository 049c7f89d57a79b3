// Queues with one fault each, to see the proofs find it: look for the line marked `fault`.
import { type Coroutine, Future, Queue } from '../../../src/loop/index.ts';
import { Waiters } from '../../../src/loop/waiters.ts';

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
