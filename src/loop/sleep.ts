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
export function* sleep<T>(delay: number, result?: T): Coroutine<T | undefined> {
  if (typeof delay !== 'number' || Number.isNaN(delay)) throw new TypeError(`sleep: expected milliseconds, got ${String(delay)}`);
  if (delay <= 0) {
    yield* new GiveWay();
    return result;
  }
  const future = new Future<T | undefined>();
  const timer = future.loop.callLater(delay, wake<T>, future, result);
  try {
    return yield* future;
  } finally {
    timer.cancel();
  }
}

function wake<T>(future: Future<T | undefined>, result: T | undefined): void {
  if (!future.done()) future.setResult(result);
}
