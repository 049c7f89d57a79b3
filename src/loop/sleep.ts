// Waiting for time to pass.
import { type Coroutine, GiveWay } from './coroutine.ts';
import { Future } from './future.ts';

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
  return typeof delay === 'number' && delay <= 0 ? new GiveWay(result) : sleepFor(delay, result);
}

/** Called `sleep` for whoever reads a stack. */
const sleepFor = function* sleep<T>(delay: number, result: T): Coroutine<T> {
  if (typeof delay !== 'number' || Number.isNaN(delay)) throw new TypeError(`sleep: expected milliseconds, got ${String(delay)}`);
  const future = new Future<T>();
  const timer = future.loop.callLater(delay, wake<T>, future, result);
  try {
    return yield* future;
  } finally {
    timer.cancel();
  }
};

function wake<T>(future: Future<T>, result: T): void {
  if (!future.done()) future.setResult(result);
}
