// What a coroutine is, and the one way to suspend. Knows nothing of futures, tasks or loops: anything that can be
// awaited suspends by returning `suspend(itself)` from its iterator, and the task that drives it reads it back.

import { types } from 'node:util';
import { describeWrong } from './describe-wrong.ts';
import { limitStacks } from './stack-limit.ts';

declare const suspensionBrand: unique symbol;

/**
 * What a coroutine hands to its task when it suspends. Nobody outside this library can make one, so `yield future`
 * (a forgotten star) does not compile: only `yield* future` does.
 */
export interface Suspension {
  readonly [suspensionBrand]: never;
}

/**
 * A function in progress that can be suspended: what calling `function* f(): Coroutine<T>` returns. Stands for the
 * coroutine object of `async def`. Nothing runs until it is awaited (`yield* f()`), made a task, or driven with `next()`.
 *
 * @example
 * ```ts
 * import { type Coroutine, run, sleep } from 'asyncdemo';
 *
 * function* answer(): Coroutine<number> {
 *   yield* sleep(1);
 *   return 42;
 * }
 * console.log(await run(answer())); // 42
 * ```
 */
export interface Coroutine<T = void> {
  next(sent?: unknown): IteratorResult<Suspension, T>;
  throw(error: unknown): IteratorResult<Suspension, T>;
  return(value: T): IteratorResult<Suspension, T>;
  [Symbol.iterator](): Coroutine<T>;
}

/** Anything `yield*` can wait for: a coroutine, a future, a task. Stands for `Awaitable`. */
export interface Awaitable<T> {
  [Symbol.iterator](): Coroutine<T>;
}

/**
 * Every suspension travels in this one object. `yield*` hands an inner iterator's result outwards untouched, through
 * any depth, and the task reads it before anything else can run: so an await allocates nothing, and a plain `yield`,
 * which always arrives in an object of its own, is told from a real await by identity.
 */
export const suspended: { done: false; value: Suspension } = { done: false, value: undefined as never };

/** Suspends the running coroutine on `awaited`: what an awaitable's `next()` returns while it is not done. */
export function suspend(awaited: object): IteratorYieldResult<Suspension> {
  suspended.value = awaited as Suspension;
  return suspended;
}

/**
 * How a coroutine suspends that awaits nothing, and only gives way. An object of its own, in which nothing has to be written
 * and taken out again: 10 % of a switch.
 */
export const gaveWay: { done: false; value: Suspension } = { done: false, value: undefined as never };

/** What the coroutine that has just suspended awaits. Taken out: what was awaited last, by anyone, is not kept from being collected. */
export function takeAwaited(): object {
  const awaited = suspended.value;
  suspended.value = undefined as never;
  return awaited;
}

/**
 * Sent into a suspended coroutine instead of a value, it makes the innermost awaitable record the stack it stands on
 * and suspend again. `yield*` passes it straight through, so no code of the user's runs.
 */
export const probe: unique symbol = Symbol('probe');

let recorded: string | undefined;

/** Of so many frames the stack text tells, the innermost. */
export const MOST_FRAMES = 200;

/** Called by an awaitable that was sent the {@link probe}; with the text, by one that knows more of it than the engine does. */
export function recordStack(known?: string): void {
  if (known !== undefined) {
    recorded = known;
    return;
  }
  const limit = limitStacks(MOST_FRAMES);
  recorded = new Error().stack;
  limitStacks(limit);
}

/** The same, called by the `next()` of a coroutine written by hand that is to be shown under another name: its own frame is. */
export function recordStackAs(name: string): void {
  recordStack();
  recorded = recorded?.replace(/^((?:.*\n){3} +at )[^(]+ /, `$1${name} `);
}

/** The stack text a suspended coroutine stands on, innermost frame first; undefined where it does not answer the probe. */
export function probeStack(coroutine: Coroutine<unknown>): string | undefined {
  recorded = undefined;
  coroutine.next(probe);
  takeAwaited();
  return recorded;
}

/**
 * Gives way to everything else that is ready, once, and returns `result`: what `sleep(0)` is. Written by hand, since it
 * is most of what a switch costs. fresh -> given -> done; like a generator, it is done once thrown into. Called `sleep`
 * for whoever reads a stack.
 */
class sleep<T> implements Coroutine<T> {
  #state: 'fresh' | 'given' | 'done' = 'fresh';
  readonly #result: T;

  constructor(result: T) {
    this.#result = result;
  }

  next(sent?: unknown): IteratorResult<Suspension, T> {
    if (this.#state === 'fresh') {
      this.#state = 'given';
      return gaveWay;
    }
    if (sent === probe) return stay();
    const value = this.#state === 'given' ? this.#result : (undefined as T);
    this.#state = 'done';
    return value === undefined ? ENDED : { done: true, value };
  }

  throw(error: unknown): IteratorResult<Suspension, T> {
    this.#state = 'done';
    throw error;
  }

  return(value: T): IteratorReturnResult<T> {
    this.#state = 'done';
    return { done: true, value };
  }

  [Symbol.iterator](): this {
    return this;
  }
}

const ENDED: IteratorReturnResult<never> = { done: true, value: undefined as never };

export { sleep as GiveWay };

/** The answer to the probe. A function of its own: the frame that calls `recordStack` is not shown, that of `next` is. */
function stay(): IteratorYieldResult<Suspension> {
  recordStack();
  return gaveWay;
}

const { isGeneratorObject } = types;

/** What resumes every generator. */
const generatorNext = (function* () {})().next as unknown as Coroutine<unknown>['next'];

/**
 * The iterator that `yield*` would drive. Not asked of a generator, which is its own: the generators of each function, and
 * so of each closure, have a hidden class of their own, in which every property is looked up the slow way: 14 % of the time
 * of a hundred thousand blocks.
 * @throws TypeError, which begins with `expected`, where there is none.
 */
export function iterate<T>(awaitable: Awaitable<T>, expected: string): Coroutine<T> {
  if (isGeneratorObject(awaitable)) return awaitable as Coroutine<T>;
  if (typeof awaitable?.[Symbol.iterator] !== 'function') throw new TypeError(`${expected}, got ${describeWrong(awaitable)}`);
  return awaitable[Symbol.iterator]();
}

/** What resumes a coroutine; not asked of a generator either. */
export function nextOf<T>(coroutine: Coroutine<T>): Coroutine<T>['next'] {
  return isGeneratorObject(coroutine) ? (generatorNext as Coroutine<T>['next']) : coroutine.next;
}

/** Whether it is what an `async function*` returns, which to {@link iterate} looks like any other generator until it is resumed. */
export function isAsyncGenerator(value: unknown): boolean {
  return isGeneratorObject(value) && Symbol.asyncIterator in (value as object);
}

/**
 * True for what a `function*` returns, and for hand-written iterators that can be sent into and thrown into.
 * Stands for `asyncio.iscoroutine`; futures can be driven the same way here, and so count.
 *
 * @example
 * ```ts
 * import { isCoroutine, sleep } from 'asyncdemo';
 *
 * console.log(isCoroutine(sleep(1)), isCoroutine(sleep), isCoroutine(Promise.resolve())); // true false false
 * ```
 */
export function isCoroutine(value: unknown): value is Coroutine<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const candidate = value as Partial<Coroutine<unknown>>;
  if (candidate.next === generatorNext) return true;
  return typeof candidate.next === 'function' && typeof candidate.throw === 'function' && typeof candidate[Symbol.iterator] === 'function';
}

/**
 * True for a `function*`, whose calls return coroutines. Stands for `asyncio.iscoroutinefunction`. A plain function that
 * returns a coroutine, as `sleep` does, looks like any other.
 *
 * @example
 * ```ts
 * import { type Coroutine, isCoroutineFunction, sleep } from 'asyncdemo';
 *
 * function* nap(): Coroutine<void> {
 *   yield* sleep(1);
 * }
 * console.log(isCoroutineFunction(nap), isCoroutineFunction(nap())); // true false
 * ```
 */
export function isCoroutineFunction(value: unknown): value is (...args: never[]) => Coroutine<unknown> {
  return typeof value === 'function' && value.constructor.name === 'GeneratorFunction';
}
