// Waiting for time to pass.
import { type Coroutine, GiveWay, probe, type Suspension } from './coroutine.ts';
import { Future } from './future.ts';
import type { TimerHandle } from './handle.ts';
import { awaited } from './never-awaited.ts';

/**
 * Waits `delay` ms, then returns `result`. With 0 or less it gives way to everything that is ready, once.
 * Stands for `asyncio.sleep` (there in seconds).
 * @throws TypeError when the delay is not a number.
 *
 * @example
 * ```ts
 * import { run, sleep } from 'asyncdemo';
 *
 * console.log(await run(sleep(5, 'awake'))); // awake
 * ```
 */
export function sleep(delay: number): Coroutine<void>;
export function sleep<T>(delay: number, result: T): Coroutine<T>;
export function sleep<T>(delay: number, result?: T): Coroutine<T | undefined> {
  return awaited<T | undefined>('sleep', typeof delay === 'number' && delay <= 0 ? new GiveWay(result) : new Sleep(delay, result));
}

/**
 * fresh -> waiting -> done, told by `#future`: undefined, the pending one, null. Written by hand: a generator in its place
 * takes 136 bytes more for each task that sleeps, 13.6 MB for a hundred thousand of them, and 5 % more time. Called `sleep`
 * for whoever reads a stack.
 * @internal
 */
export const Sleep: new <T>(delay: number, result: T) => Coroutine<T> = class sleep<T> implements Coroutine<T> {
  #future: Future<T> | null | undefined = undefined;
  /** The delay while it is fresh, then the timer. */
  #until: number | TimerHandle;
  readonly #result: T;

  constructor(delay: number, result: T) {
    this.#until = delay;
    this.#result = result;
  }

  next(sent?: unknown): IteratorResult<Suspension, T> {
    let future = this.#future;
    if (future === null) return { done: true, value: undefined as T };
    if (future === undefined) future = sleep.#begin(this);
    else if (future.done() && sent !== probe) sleep.#end(this);
    return future.next(sent);
  }

  throw(error: unknown): IteratorResult<Suspension, T> {
    sleep.#end(this);
    throw error;
  }

  return(value: T): IteratorReturnResult<T> {
    sleep.#end(this);
    return { done: true, value };
  }

  [Symbol.iterator](): this {
    return this;
  }

  /** Called by the timer. */
  wake(): void {
    const future = this.#future as Future<T>;
    if (!future.done()) future.setResult(this.#result);
  }

  // Static: a private method of the instance would cost each a field, to show that it has it.

  static #begin<T>(sleeper: sleep<T>): Future<T> {
    const delay = sleeper.#until;
    sleeper.#future = null;
    if (typeof delay !== 'number' || Number.isNaN(delay)) throw new TypeError(`sleep: expected milliseconds, got ${String(delay)}`);
    const future = new Future<T>();
    sleeper.#until = future.loop.callLater(delay, wake, sleeper);
    sleeper.#future = future;
    return future;
  }

  static #end(sleeper: sleep<unknown>): void {
    if (sleeper.#future) (sleeper.#until as TimerHandle).cancel();
    sleeper.#future = null;
  }
};

/** @internal The callback of a sleeper's timer, which tells that timer from others. */
export function wake(sleeper: { wake(): void }): void {
  sleeper.wake();
}
