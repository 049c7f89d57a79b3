// A native asynchronous iterator in the shape of our own: its promises are awaited one by one, and it is told when nobody
// wants more of it.
import { type AsyncIterators, type BegunIterator, noteBegun } from './async-iterators.ts';
import type { Coroutine } from './coroutine.ts';
import { CancelledError, StopAsyncIteration } from './errors.ts';
import { fromPromise } from './from-promise.ts';

/** Invariant: noted with its loop from the first value asked for until its end, or until it was told to end. */
export class NativeIterator<T> {
  readonly #native: AsyncIterator<T>;
  readonly #controller: AbortController | undefined;
  #noted: Noted | undefined;

  /** @param controller its signal is aborted when a value is given up that the iterator is still busy with. */
  constructor(native: AsyncIterator<T>, controller: AbortController | undefined) {
    this.#native = native;
    this.#controller = controller;
  }

  *anext(): Coroutine<T> {
    this.#noted ??= new Noted(this.#native);
    let result: IteratorResult<T>;
    try {
      result = yield* fromPromise(() => this.#native.next(), null);
    } catch (error) {
      this.#noted.leave();
      // Cancelled while native code is busy with the next value: it is told to end, and may take its time.
      if (error instanceof CancelledError) this.#abandon();
      throw error;
    }
    if (!result.done) return result.value;
    this.#noted.leave();
    throw new StopAsyncIteration();
  }

  /** Tells it that nothing more will be asked for, and waits for its cleanup. */
  *aclose(): Coroutine<void> {
    this.#noted?.leave();
    yield* end(this.#native);
  }

  /** Tells it to end without waiting for it; nobody is left to hear of its errors. */
  async #abandon(): Promise<void> {
    this.#controller?.abort();
    try {
      await this.#native.return?.();
    } catch {}
  }
}

/** A native iterator in its loop's list, which does not keep it from being collected: native ones have no finalizer to lose. */
class Noted implements BegunIterator {
  readonly #native: WeakRef<AsyncIterator<unknown>>;
  readonly #iterators: AsyncIterators | undefined;

  constructor(native: AsyncIterator<unknown>) {
    this.#native = new WeakRef(native);
    this.#iterators = noteBegun(this);
    collected.register(native, this, this);
  }

  leave(): void {
    this.#iterators?.delete(this);
    collected.unregister(this);
  }

  *aclose(): Coroutine<void> {
    const native = this.#native.deref();
    if (native !== undefined) yield* end(native);
  }

  subject(): object | undefined {
    return this.#native.deref();
  }
}

const collected = new FinalizationRegistry((noted: Noted) => noted.leave());

function* end(native: AsyncIterator<unknown>): Coroutine<void> {
  if (native.return !== undefined) yield* fromPromise<unknown>(() => native.return?.() ?? Promise.resolve(), null);
}
