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
 * fresh -> waiting -> done. Written by hand: a generator in its place takes 136 bytes more for each task that sleeps,
 * 13.6 MB for a hundred thousand of them, and 5 % more time. Called `sleep` for whoever reads a stack.
 */
const Sleep = class sleep<T> implements Coroutine<T> {
  #state: 'fresh' | 'waiting' | 'done' = 'fresh';
  readonly #delay: number;
  readonly #result: T;
  #future: Future<T> | undefined = undefined;
  #timer: TimerHandle | undefined = undefined;

  constructor(delay: number, result: T) {
    this.#delay = delay;
    this.#result = result;
  }

  next(sent?: unknown): IteratorResult<Suspension, T> {
    if (this.#state === 'fresh') return this.#begin();
    if (this.#state === 'done') return { done: true, value: undefined as T };
    const future = this.#future as Future<T>;
    if (!future.done() || sent === probe) return future.next(sent);
    this.#end();
    return { done: true, value: future.result() };
  }

  throw(error: unknown): IteratorResult<Suspension, T> {
    this.#end();
    throw error;
  }

  return(value: T): IteratorReturnResult<T> {
    this.#end();
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

  #begin(): IteratorResult<Suspension, T> {
    const delay = this.#delay;
    this.#state = 'done';
    if (typeof delay !== 'number' || Number.isNaN(delay)) throw new TypeError(`sleep: expected milliseconds, got ${String(delay)}`);
    const future = new Future<T>();
    this.#timer = future.loop.callLater(delay, wake, this);
    this.#future = future;
    this.#state = 'waiting';
    return future.next();
  }

  #end(): void {
    this.#state = 'done';
    this.#timer?.cancel();
  }
};

function wake(sleeper: { wake(): void }): void {
  sleeper.wake();
}
