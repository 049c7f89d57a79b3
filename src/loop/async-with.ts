// Entering and leaving a resource around a body, whatever happens in it.
import type { Coroutine } from './coroutine.ts';
import { describeWrong } from './describe-wrong.ts';

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
export function* asyncWith<Value, T>(manager: AsyncContextManager<Value>, body: (value: Value) => Coroutine<T>): Coroutine<T | undefined> {
  if (typeof manager?.aenter !== 'function' || typeof manager.aexit !== 'function') {
    throw new TypeError(`asyncWith: expected an object with aenter() and aexit(), got ${describeWrong(manager)}`);
  }
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
