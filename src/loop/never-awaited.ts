// Coroutines of this library that were made and dropped without being awaited: `queue.put(item)` with its `yield*`
// forgotten does nothing at all, and nobody would say so. Watched in debug mode only, and at no cost otherwise. Those of
// the program's own functions cannot be watched: the engine makes them, and tells nobody.
import type { Coroutine, Suspension } from './coroutine.ts';
import { createdAt, noteCreation } from './creation.ts';
import { warn } from './warn.ts';

/** How many loops are in debug mode. */
let watching = 0;

/** The methods that can be watched: put back as they were once nobody watches. */
const methods: { readonly owner: { readonly prototype: object }; readonly name: string; readonly method: (...args: unknown[]) => Coroutine<unknown> }[] = [];

/** Says which methods of a class return coroutines. */
export function watchable<Owner extends { readonly prototype: object }>(owner: Owner, ...names: (keyof Owner['prototype'] & string)[]): void {
  for (const name of names) methods.push({ owner, name, method: (owner.prototype as Record<string, never>)[name] as never });
}

/** A loop's debug mode was switched on or off. */
export function watchCoroutines(enabled: boolean): void {
  watching += enabled ? 1 : -1;
  if (watching === (enabled ? 1 : 0)) for (const { owner, name, method } of methods) replace(owner, name, enabled ? watched(owner, method) : method);
}

/** The coroutine as it is; in debug mode one that tells when it is dropped before its first step. */
export function awaited<T>(name: string, coroutine: Coroutine<T>): Coroutine<T> {
  return watching === 0 ? coroutine : new Watched(name, coroutine);
}

function watched(owner: object, method: (...args: unknown[]) => Coroutine<unknown>): (...args: unknown[]) => Coroutine<unknown> {
  return function (this: unknown, ...args) {
    return new Watched(`${(owner as { name: string }).name}.${method.name}`, method.apply(this, args));
  };
}

function replace(owner: { readonly prototype: object }, name: string, method: (...args: unknown[]) => Coroutine<unknown>): void {
  Object.defineProperty(owner.prototype, name, { value: method, configurable: true, writable: true });
}

const dropped = new FinalizationRegistry((description: string) => warn(`coroutine ${description} was never awaited`));

/** Passes everything on to a coroutine, and is no longer looked for once it was awaited. */
class Watched<T> implements Coroutine<T> {
  readonly #inner: Coroutine<T>;
  #isNew = true;

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
    if (!this.#isNew) return;
    this.#isNew = false;
    dropped.unregister(this);
  }
}
