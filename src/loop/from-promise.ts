// The border to promises: host work that a coroutine waits for, and can give up.
import type { Coroutine } from './coroutine.ts';
import { describeWrong } from './describe-wrong.ts';
import { Future } from './future.ts';

/**
 * Starts an operation of native JavaScript and waits for its promise. The loop is held meanwhile, so that virtual time
 * stands still. When the waiting task is cancelled, `signal` is aborted, the loop is let go, and what becomes of the
 * promise no longer matters. Stands for `asyncio.wrap_future`.
 *
 * @param start makes the promise; `signal` is this operation's own, for it to stop at.
 * @throws whatever the promise rejects with; TypeError for what is no function, or makes no promise.
 *
 * @example
 * ```ts
 * import { fromPromise, run } from 'asyncdemo';
 *
 * console.log(await run(fromPromise(() => Promise.resolve(42)))); // 42
 * ```
 */
export function fromPromise<T>(start: (signal: AbortSignal) => PromiseLike<T>): Coroutine<T>;
/** @internal For work that nobody can stop. On Node 20 a signal takes 4 µs to make, four times as long as the rest. */
export function fromPromise<T>(start: () => PromiseLike<T>, controller: null): Coroutine<T>;
export function* fromPromise<T>(start: (signal: AbortSignal) => PromiseLike<T>, controller: AbortController | null = new AbortController()): Coroutine<T> {
  if (typeof start !== 'function') throw new TypeError(`fromPromise: expected a function that makes a promise, got ${describeWrong(start)}`);
  const future = new Future<T>();
  const letGo = future.loop.hold();
  try {
    const promise = start(controller?.signal as AbortSignal);
    if (typeof promise?.then !== 'function') throw new TypeError(`fromPromise: expected the function to return a promise, got ${describeWrong(promise)}`);
    follow(future, promise, letGo);
    return yield* future;
  } finally {
    letGo();
    // Left before the promise settled: cancelled, or ended from outside.
    if (future.cancelled() || !future.done()) controller?.abort();
  }
}

/** Gives a future the outcome of a promise, and lets the loop go. What comes too late is dropped. */
export function follow<T>(future: Future<T>, promise: PromiseLike<T>, letGo: () => void): void {
  // A loop closed meanwhile takes nothing in any more, as in asyncio.
  const stillWanted = (): boolean => !future.done() && !future.loop.isClosed();
  promise.then(
    (value) => {
      letGo();
      if (stillWanted()) future.setResult(value);
    },
    (error) => {
      letGo();
      if (stillWanted()) future.setException(error);
    },
  );
}
