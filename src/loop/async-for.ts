// Iterating over what arrives one by one: own asynchronous iterators, and native ones.
import type { Coroutine } from './coroutine.ts';
import { describeWrong } from './describe-wrong.ts';
import { CancelledError, StopAsyncIteration } from './errors.ts';
import { NativeIterator } from './native-iterator.ts';

/** Gives values one by one; throws StopAsyncIteration when there are no more. Stands for `__anext__`. */
export interface CoroutineIterator<T> {
  anext(): Coroutine<T>;
  /** Where there is one, `asyncFor` calls it when it is left early, and waits for it. Asynchronous generators have one. */
  aclose?(): Coroutine<void>;
}

/** What `asyncFor` iterates over. Stands for `__aiter__`. */
export interface CoroutineIterable<T> {
  aiter(): CoroutineIterator<T>;
}

/** Returned by the body of `asyncFor`, it ends the iteration. Stands for `break`. */
export const BREAK: unique symbol = Symbol('asyncFor: break');

/**
 * What `asyncFor` and `Cursor` take: an own iterable, a native one, or a function that makes a native one. The function
 * is given a `signal`, which is aborted when a task is cancelled that waits for the next value.
 */
export type AnyIterable<T> = CoroutineIterable<T> | AsyncIterable<T> | ((signal: AbortSignal) => AsyncIterable<T>);

/**
 * The `while` form of `asyncFor`, for bodies with a `break` or a `return`. Of an iterable left half way, call `close()`.
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
  readonly #iterator: CoroutineIterator<T>;
  #value: T | undefined;

  /** @throws TypeError for what has neither `aiter()` nor `[Symbol.asyncIterator]()`, and is no function that makes the latter. */
  constructor(iterable: AnyIterable<T>) {
    this.#iterator = iteratorOf(iterable);
  }

  /** The value the last {@link advance} arrived at. */
  get value(): T {
    return this.#value as T;
  }

  /** Goes to the next value; false when there are no more. */
  *advance(): Coroutine<boolean> {
    try {
      this.#value = yield* this.#iterator.anext();
      return true;
    } catch (error) {
      if (error instanceof StopAsyncIteration) return false;
      throw error;
    }
  }

  /** Tells an iterator that can be closed that nothing more will be asked for, and waits for its cleanup. */
  *close(): Coroutine<void> {
    if (this.#iterator.aclose !== undefined) yield* this.#iterator.aclose();
  }
}

function iteratorOf<T>(iterable: AnyIterable<T>): CoroutineIterator<T> {
  if (typeof (iterable as Partial<CoroutineIterable<T>> | undefined)?.aiter === 'function') return (iterable as CoroutineIterable<T>).aiter();
  const controller = typeof iterable === 'function' ? new AbortController() : undefined;
  const native = controller === undefined ? iterable : (iterable as (signal: AbortSignal) => AsyncIterable<T>)(controller.signal);
  if (typeof (native as Partial<AsyncIterable<T>> | undefined)?.[Symbol.asyncIterator] === 'function') {
    return new NativeIterator((native as AsyncIterable<T>)[Symbol.asyncIterator](), controller);
  }
  const got = `${controller === undefined ? '' : 'a function that returned '}${describeWrong(native)}`;
  throw new TypeError(`asyncFor: expected an object with aiter() or [Symbol.asyncIterator](), got ${got}`);
}

/**
 * `async for value in iterable: body`. The body may return {@link BREAK} to stop early. An iterator that is left early, by
 * BREAK or an error, is closed: an own one by `aclose()` where it has that, a native one by `return()`.
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
export function* asyncFor<T>(iterable: AnyIterable<T>, body: (value: T) => Coroutine<typeof BREAK | void>): Coroutine<void> {
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
