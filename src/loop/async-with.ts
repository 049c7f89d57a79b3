/// <reference lib="esnext.disposable" preserve="true" />
// Entering and leaving a resource around a body, whatever happens in it.
import { type Coroutine, isAsyncGenerator, iterate, nextOf, type Suspension } from './coroutine.ts';
import { describeWrong } from './describe-wrong.ts';
import { disposing } from './disposal.ts';

/** What `asyncWith` enters and leaves. Stands for an object with `__aenter__` and `__aexit__`. */
export interface AsyncContextManager<Value, Exit extends boolean | void = boolean | void> {
  /** Runs before the body; what it returns is given to the body. */
  aenter(): Coroutine<Value>;
  /** Runs after the body, with the error it threw, `undefined` where it did not. Returning true suppresses the error. */
  aexit(error: unknown): Coroutine<Exit>;
}

/**
 * `async with manager as value: body`. The result is the body's; where a manager that can suppress errors did so, it is
 * `undefined`.
 *
 * Also takes what native code would declare with `await using`: an object with `[Symbol.asyncDispose]()`, or else
 * `[Symbol.dispose]()`, which is itself given to the body and disposed of behind it. The block is left only when that is
 * done: a cancellation meanwhile comes out after it. If disposing fails and there is an error already, a `SuppressedError`
 * has both.
 *
 * @example
 * ```ts
 * import { asyncWith, type Coroutine, run, sleep } from 'asyncdemo';
 *
 * const file = {
 *   *aenter(): Coroutine<string> {
 *     yield* sleep(1);
 *     return 'opened';
 *   },
 *   *aexit(): Coroutine<void> {
 *     yield* sleep(1);
 *     console.log('closed');
 *   },
 * };
 * function* main(): Coroutine<void> {
 *   yield* asyncWith(file, function* (value) {
 *     console.log(value);
 *   });
 * }
 * await run(main());
 * // opened
 * // closed
 * ```
 */
export function asyncWith<Value, T>(manager: AsyncContextManager<Value, void>, body: (value: Value) => Coroutine<T>): Coroutine<T>;
export function asyncWith<Value, T>(manager: AsyncContextManager<Value>, body: (value: Value) => Coroutine<T>): Coroutine<T | undefined>;
export function asyncWith<Resource extends AsyncDisposable | Disposable, T>(resource: Resource, body: (resource: Resource) => Coroutine<T>): Coroutine<T>;
export function asyncWith<T>(
  manager: AsyncContextManager<unknown> | AsyncDisposable | Disposable,
  body: (value: unknown) => Coroutine<T>,
): Coroutine<T | undefined> {
  return new AsyncWith(manager, body);
}

type Manager = AsyncContextManager<unknown>;
type Body<T> = (value: unknown) => Coroutine<T>;
type Result<T> = IteratorResult<Suspension, T | undefined>;

/**
 * fresh -> entering -> inside -> leaving | failing -> done, by which coroutine it stands in: that of `aenter()`, the body's,
 * that of `aexit()` behind a body that has returned, or behind one that threw. What is no manager: fresh -> disposing -> done.
 * Invariant: it is done while it calls a method of the manager's or the body, so that it stays so if that throws.
 *
 * Written by hand, where `yield*` in a generator does the same: with `acquire()` by hand as well, a task that waits to enter
 * takes 670 bytes in place of 1,010. Called `asyncWith` for whoever reads a stack.
 */
const AsyncWith = class asyncWith<T> implements Coroutine<T | undefined> {
  #state: 'fresh' | 'entering' | 'inside' | 'leaving' | 'failing' | 'disposing' | 'done' = 'fresh';
  readonly #manager: unknown;
  /** The body until it begins; then, while leaving, its result; while failing, its error. */
  #outcome: unknown;
  /** The coroutine it stands in, and its `next`, looked up once, as `yield*` does. */
  #inner: Coroutine<unknown> | undefined = undefined;
  #next: Coroutine<unknown>['next'] | undefined = undefined;

  constructor(manager: unknown, body: Body<T>) {
    this.#manager = manager;
    this.#outcome = body;
  }

  next(sent?: unknown): Result<T> {
    if (this.#state === 'fresh') return asyncWith.#begin(this);
    if (this.#state === 'done') return { done: true, value: undefined };
    let result: IteratorResult<Suspension, unknown>;
    try {
      result = (this.#next as Coroutine<unknown>['next']).call(this.#inner as Coroutine<unknown>, sent);
      if (!result.done) return result;
    } catch (error) {
      return asyncWith.#threw(this, error);
    }
    return asyncWith.#returned(this, result.value);
  }

  throw(error: unknown): Result<T> {
    if (this.#state === 'fresh') this.#state = 'done';
    if (this.#state === 'done') throw error;
    let result: IteratorResult<Suspension, unknown>;
    try {
      result = (this.#inner as Coroutine<unknown>).throw(error);
      if (!result.done) return result;
    } catch (thrown) {
      return asyncWith.#threw(this, thrown);
    }
    return asyncWith.#returned(this, result.value);
  }

  /** As a generator does it: the coroutine it stands in is ended, and with it this one; an error of that one is seen to. */
  /* v8 ignore next -- @preserve: for conformance:coverage; no task leaves a coroutine by return() */
  return(value: T | undefined): Result<T> {
    if (this.#state === 'fresh') this.#state = 'done';
    if (this.#state === 'done') return { done: true, value };
    try {
      const result = (this.#inner as Coroutine<unknown>).return(value) as Result<T>;
      if (result.done) asyncWith.#end(this);
      return result;
    } catch (error) {
      return asyncWith.#threw(this, error);
    }
  }

  [Symbol.iterator](): this {
    return this;
  }

  // Static: a private method of the instance would cost each a field, to show that it has it.

  static #begin<T>(it: asyncWith<T>): Result<T> {
    it.#state = 'done';
    const manager = it.#manager;
    if (isManager(manager)) return asyncWith.#enter(it, 'entering', iterate(manager.aenter(), 'asyncWith: expected aenter() to return a coroutine'));
    return asyncWith.#enter(it, 'disposing', disposing(manager as Disposable, it.#outcome as Body<T>));
  }

  /** From now on it stands in `inner`. */
  static #enter<T>(it: asyncWith<T>, state: 'entering' | 'leaving' | 'failing' | 'disposing', inner: Coroutine<unknown>): Result<T> {
    it.#state = state;
    it.#inner = inner;
    it.#next = nextOf(inner);
    return it.next();
  }

  /** The coroutine it stood in has returned. */
  static #returned<T>(it: asyncWith<T>, value: unknown): Result<T> {
    switch (it.#state) {
      case 'entering':
        return asyncWith.#enterBody(it, value);
      case 'inside':
        return asyncWith.#leave(it, 'leaving', value, undefined);
    }
    const failing = it.#state === 'failing';
    const outcome = it.#state === 'disposing' ? value : it.#outcome;
    asyncWith.#end(it);
    if (failing && value !== true) throw outcome;
    return { done: true, value: failing ? undefined : (outcome as T) };
  }

  static #threw<T>(it: asyncWith<T>, thrown: unknown): Result<T> {
    const error = isAsyncGenerator(it.#inner) ? new TypeError(`asyncWith: expected a coroutine, got ${describeWrong(it.#inner)}`) : thrown;
    if (it.#state === 'inside') return asyncWith.#leave(it, 'failing', error, error);
    asyncWith.#end(it);
    throw error;
  }

  static #enterBody<T>(it: asyncWith<T>, value: unknown): Result<T> {
    const body = it.#outcome as Body<T>;
    asyncWith.#end(it);
    try {
      it.#inner = iterate(body(value), 'asyncWith: expected the body to return a coroutine');
      it.#next = nextOf(it.#inner);
    } catch (error) {
      return asyncWith.#leave(it, 'failing', error, error);
    }
    it.#state = 'inside';
    return it.next();
  }

  static #leave<T>(it: asyncWith<T>, state: 'leaving' | 'failing', outcome: unknown, error: unknown): Result<T> {
    asyncWith.#end(it);
    const inner = iterate((it.#manager as Manager).aexit(error), 'asyncWith: expected aexit() to return a coroutine');
    it.#outcome = outcome;
    return asyncWith.#enter(it, state, inner);
  }

  /** Lets go of everything. */
  static #end(it: asyncWith<unknown>): void {
    it.#state = 'done';
    it.#inner = undefined;
    it.#next = undefined;
    it.#outcome = undefined;
  }
};

function isManager(value: unknown): value is Manager {
  const candidate = value as Partial<Manager> | null | undefined;
  return typeof candidate?.aenter === 'function' && typeof candidate.aexit === 'function';
}

/**
 * Closes `thing` behind the block, however it is left: `yield* asyncWith(aclosing(generator), ...)`. For an iterator that is
 * asked for single values; `asyncFor` closes by itself. Stands for `contextlib.aclosing`.
 *
 * @example
 * ```ts
 * import { aclosing, asyncGenerator, asyncWith, type Coroutine, run } from 'asyncdemo';
 *
 * const numbers = asyncGenerator<number>(function* (emit) {
 *   try {
 *     for (let n = 1; ; n++) yield* emit(n);
 *   } finally {
 *     console.log('closed');
 *   }
 * });
 * function* main(): Coroutine<void> {
 *   yield* asyncWith(aclosing(numbers), function* () {
 *     console.log(yield* numbers.anext());
 *   });
 * }
 * await run(main());
 * // 1
 * // closed
 * ```
 */
export function aclosing<Thing extends { aclose(): Coroutine<void> }>(thing: Thing): AsyncContextManager<Thing, void> {
  return {
    *aenter() {
      return thing;
    },
    *aexit() {
      yield* thing.aclose();
    },
  };
}
