// Coroutines of this library that were made and dropped without being awaited: `queue.put(item)` with its `yield*`
// forgotten does nothing at all, and nobody would say so. Watched in debug mode only. Those of the program's own
// functions cannot be: the engine makes them, and tells nobody.
import type { Coroutine, Suspension } from './coroutine.ts';
import { createdAt, noteCreation } from './creation.ts';
import { warn } from './warn.ts';

/** How many loops are in debug mode. */
let watching = 0;

/** A loop's debug mode was switched on or off. */
export function watchCoroutines(enabled: boolean): void {
  watching += enabled ? 1 : -1;
}

const dropped = new FinalizationRegistry((description: string) => warn(`coroutine ${description} was never awaited`));

/** The coroutine as it is; in debug mode one that tells when it is dropped before its first step. */
export function awaited<T>(name: string, coroutine: Coroutine<T>): Coroutine<T> {
  return watching === 0 ? coroutine : new Watched(name, coroutine);
}

class Watched<T> implements Coroutine<T> {
  readonly #inner: Coroutine<T>;
  #unawaited = true;

  constructor(name: string, inner: Coroutine<T>) {
    this.#inner = inner;
    noteCreation(this);
    dropped.register(this, [`'${name}'`, ...createdAt(this)].join(', '), this);
  }

  next(sent?: unknown): IteratorResult<Suspension, T> {
    this.#isAwaited();
    return this.#inner.next(sent);
  }

  throw(error: unknown): IteratorResult<Suspension, T> {
    this.#isAwaited();
    return this.#inner.throw(error);
  }

  return(value: T): IteratorResult<Suspension, T> {
    this.#isAwaited();
    return this.#inner.return(value);
  }

  [Symbol.iterator](): this {
    return this;
  }

  #isAwaited(): void {
    if (!this.#unawaited) return;
    this.#unawaited = false;
    dropped.unregister(this);
  }
}
