// Coroutines of this library that were made and dropped without being awaited: `queue.put(item)` with its `yield*`
// forgotten does nothing at all, and nobody would say so; or dropped half way, with whoever awaited them. Watched in debug
// mode only, and at no cost otherwise. Those of the program's own functions cannot be watched: the engine makes them, and
// tells nobody; but most of them stand at one of these when they are dropped.
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

/** What is left of a coroutine that was dropped. */
interface Remains {
  readonly description: string;
  begun: boolean;
}

const dropped = new FinalizationRegistry(({ description, begun }: Remains) =>
  warn(`coroutine ${description} was ${begun ? 'dropped half way, and so was whoever awaited it' : 'never awaited'}`),
);

/** fresh -> begun -> ended: passes everything on to a coroutine, and is no longer looked for once that has ended. */
export class Watched<T> implements Coroutine<T> {
  readonly inner: Coroutine<T>;
  readonly #remains: Remains;

  constructor(name: string, inner: Coroutine<T>) {
    this.inner = inner;
    noteCreation(this);
    this.#remains = { description: [`'${name}'`, ...createdAt(this)].join(', '), begun: false };
    dropped.register(this, this.#remains, this);
  }

  next(sent?: unknown): IteratorResult<Suspension, T> {
    this.#resumes();
    return this.#suspends(this.inner.next(sent));
  }

  throw(error: unknown): IteratorResult<Suspension, T> {
    this.#resumes();
    return this.#suspends(this.inner.throw(error));
  }

  return(value: T): IteratorResult<Suspension, T> {
    this.#resumes();
    return this.#suspends(this.inner.return(value));
  }

  [Symbol.iterator](): this {
    return this;
  }

  #resumes(): void {
    this.#remains.begun = true;
    dropped.unregister(this);
  }

  #suspends(result: IteratorResult<Suspension, T>): IteratorResult<Suspension, T> {
    if (!result.done) dropped.register(this, this.#remains, this);
    return result;
  }
}

/**
 * Tells of tasks that a program leaves when it is done, which are cancelled then: nobody awaits them, and nobody has asked
 * them to stop. That is how a forgotten await looks. One that has ended in peace may go unasked, as in asyncio.
 */
export function tellOfLeftTasks(tasks: readonly LeftTask[]): void {
  for (const task of tasks) {
    if (task.waiting.length > 0 || task.cancelling() > 0) continue;
    warn(`${textOf(task)} was never awaited, and is cancelled now that the program is done`);
  }
}

/** The text may be the program's own; what it throws must not keep the tasks from being cancelled. */
function textOf(task: LeftTask): string {
  try {
    return String(task);
  } catch {
    return 'a task';
  }
}

/** As much of a task as is looked at. */
interface LeftTask {
  readonly waiting: readonly unknown[];
  cancelling(): number;
  toString(): string;
}
