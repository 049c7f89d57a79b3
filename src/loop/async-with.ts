/// <reference lib="esnext.disposable" preserve="true" />
// Entering and leaving a resource around a body, whatever happens in it.
import type { Coroutine } from './coroutine.ts';
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
export function* asyncWith<T>(
  manager: AsyncContextManager<unknown> | AsyncDisposable | Disposable,
  body: (value: unknown) => Coroutine<T>,
): Coroutine<T | undefined> {
  if (!isManager(manager)) return yield* disposing(manager, body);
  const value = yield* manager.aenter();
  let result: T;
  try {
    result = yield* body(value);
  } catch (error) {
    if ((yield* manager.aexit(error)) === true) return undefined;
    throw error;
  }
  yield* manager.aexit(undefined);
  return result;
}

function isManager(value: unknown): value is AsyncContextManager<unknown> {
  const candidate = value as Partial<AsyncContextManager<unknown>> | null | undefined;
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
