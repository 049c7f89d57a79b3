// Iterating over what arrives one by one: own asynchronous iterators, and native ones.
import type { Coroutine } from './coroutine.ts';
import { CancelledError, StopAsyncIteration } from './errors.ts';
import { fromPromise } from './from-promise.ts';

/** Gives values one by one; throws StopAsyncIteration when there are no more. Stands for `__anext__`. */
export interface CoroutineIterator<T> {
  anext(): Coroutine<T>;
}

/** What `asyncFor` iterates over. Stands for `__aiter__`. */
export interface CoroutineIterable<T> {
  aiter(): CoroutineIterator<T>;
}

/** Returned by the body of `asyncFor`, it ends the iteration. Stands for `break`. */
export const BREAK: unique symbol = Symbol('asyncFor: break');

/**
 * The `while` form of `asyncFor`, for bodies with a `break` or a `return`. Of a native iterable left half way, call
 * `close()`.
 *
 * @example
 * ```ts
 * import { type Coroutine, Cursor, run } from 'asyncdemo';
 *
 * async function* numbers() {
 *   for (let n = 1; ; n++) yield n;
 * }
 * function* main(): Coroutine<number> {
 *   const cursor = new Cursor(numbers());
 *   while (yield* cursor.advance()) if (cursor.value > 2) break;
 *   yield* cursor.close();
 *   return cursor.value;
 * }
 * console.log(await run(main())); // 3
 * ```
 */
export class Cursor<T> {
  readonly #own: CoroutineIterator<T> | undefined;
  readonly #native: AsyncIterator<T> | undefined;
  #value: T | undefined;

  /** @throws TypeError for what has neither `aiter()` nor `[Symbol.asyncIterator]()`. */
  constructor(iterable: CoroutineIterable<T> | AsyncIterable<T>) {
    if (typeof (iterable as Partial<CoroutineIterable<T>>)?.aiter === 'function') this.#own = (iterable as CoroutineIterable<T>).aiter();
    else if (typeof (iterable as Partial<AsyncIterable<T>>)?.[Symbol.asyncIterator] === 'function')
      this.#native = (iterable as AsyncIterable<T>)[Symbol.asyncIterator]();
    else throw new TypeError(`asyncFor: expected an object with aiter() or [Symbol.asyncIterator](), got ${String(iterable)}`);
  }

  /** The value the last {@link advance} arrived at. */
  get value(): T {
    return this.#value as T;
  }

  /** Goes to the next value; false when there are no more. */
  *advance(): Coroutine<boolean> {
    const native = this.#native;
    if (native !== undefined) {
      try {
        const { done, value } = yield* fromPromise(() => native.next());
        if (!done) this.#value = value;
        return !done;
      } catch (error) {
        // Cancelled while native code is busy with the next value: it is told to end, and may take its time.
        if (error instanceof CancelledError) abandon(native);
        throw error;
      }
    }
    try {
      this.#value = yield* (this.#own as CoroutineIterator<T>).anext();
      return true;
    } catch (error) {
      if (error instanceof StopAsyncIteration) return false;
      throw error;
    }
  }

  /** Tells a native iterator that nothing more will be asked for. */
  *close(): Coroutine<void> {
    const native = this.#native;
    if (native?.return !== undefined) yield* fromPromise<unknown>(() => native.return?.() ?? Promise.resolve());
  }
}

/** Tells a native iterator to end without waiting for it; nobody is left to hear of its errors. */
async function abandon(native: AsyncIterator<unknown>): Promise<void> {
  try {
    await native.return?.();
  } catch {}
}

/**
 * `async for value in iterable: body`. The body may return {@link BREAK} to stop early. A native iterable that is left
 * early, by BREAK or an error, is closed.
 *
 * @example
 * ```ts
 * import { asyncFor, type Coroutine, run, sleep, StopAsyncIteration } from 'asyncdemo';
 *
 * class Countdown {
 *   n = 3;
 *   aiter(): this {
 *     return this;
 *   }
 *   *anext(): Coroutine<number> {
 *     if (this.n === 0) throw new StopAsyncIteration();
 *     yield* sleep(1);
 *     return this.n--;
 *   }
 * }
 * function* main(): Coroutine<void> {
 *   yield* asyncFor(new Countdown(), function* (n) {
 *     console.log(n);
 *   });
 * }
 * await run(main());
 * // 3
 * // 2
 * // 1
 * ```
 */
export function* asyncFor<T>(iterable: CoroutineIterable<T> | AsyncIterable<T>, body: (value: T) => Coroutine<typeof BREAK | void>): Coroutine<void> {
  const cursor = new Cursor(iterable);
  while (yield* cursor.advance()) {
    let verdict: typeof BREAK | void;
    try {
      verdict = yield* body(cursor.value);
    } catch (error) {
      // As with `for await`, the body's error comes before one of the iterator's; a cancellation comes before both.
      try {
        yield* cursor.close();
      } catch (closing) {
        if (closing instanceof CancelledError) throw closing;
      }
      throw error;
    }
    if (verdict === BREAK) return yield* cursor.close();
  }
}
