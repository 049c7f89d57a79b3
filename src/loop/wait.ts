// Waiting for some or all of a set of futures, without touching them.
import { type Coroutine, isCoroutine } from './coroutine.ts';
import { dependsOn } from './depends.ts';
import { describeWrong, expectMs } from './describe-wrong.ts';
import { Future, isFuture } from './future.ts';

/** When `wait` returns: at the first that is done, at the first error, or when all are done. */
export type ReturnWhen = 'FIRST_COMPLETED' | 'FIRST_EXCEPTION' | 'ALL_COMPLETED';

const RETURN_WHEN: readonly ReturnWhen[] = ['FIRST_COMPLETED', 'FIRST_EXCEPTION', 'ALL_COMPLETED'];

/**
 * Waits until futures are done, or `timeout` ms have passed; says which are. Never throws their errors, never cancels
 * them. Stands for `asyncio.wait`. Both sets keep the order given.
 * @throws TypeError for a coroutine among them (make it a task first); RangeError for none at all.
 *
 * @example
 * ```ts
 * import { type Coroutine, createTask, run, sleep, wait } from 'asyncdemo';
 *
 * function* main(): Coroutine<void> {
 *   const quick = createTask(sleep(1));
 *   const slow = createTask(sleep(60_000));
 *   const { done, pending } = yield* wait([quick, slow], { returnWhen: 'FIRST_COMPLETED' });
 *   console.log(done.has(quick), pending.has(slow)); // true true
 * }
 * await run(main());
 * ```
 */
export function* wait<F extends Future<unknown>>(
  futures: Iterable<F>,
  options: { timeout?: number | undefined; returnWhen?: ReturnWhen } = {},
): Coroutine<{ done: Set<F>; pending: Set<F> }> {
  const { timeout, returnWhen = 'ALL_COMPLETED' } = options;
  // A coroutine can be iterated too, and would never end: futures included, which are their own iterators.
  if (isCoroutine(futures)) throw new TypeError(`wait: expected a list of futures, got ${isFuture(futures) ? futures : 'a coroutine'}`);
  expectMs('wait', timeout);
  const all = new Set(futures);
  if (all.size === 0) throw new RangeError('wait: expected at least one future, got none');
  if (!RETURN_WHEN.includes(returnWhen)) throw new RangeError(`wait: expected returnWhen to be one of ${RETURN_WHEN.join(', ')}, got ${String(returnWhen)}`);
  for (const future of all) {
    if (isFuture(future)) continue;
    const wrong = isCoroutine(future) ? 'a coroutine; make it a task: createTask(coroutine)' : describeWrong(future);
    throw new TypeError(`wait: expected tasks or futures, got ${wrong}`);
  }

  const waiter = new Future<void>();
  dependsOn(waiter, { on: all, needs: returnWhen === 'FIRST_COMPLETED' ? 'any' : 'every', failsFast: returnWhen === 'FIRST_EXCEPTION' });
  const timer = timeout === undefined ? undefined : waiter.loop.callLater(timeout, release, waiter);
  let left = all.size;
  const onCompletion = (future: Future<unknown>): void => {
    left -= 1;
    if (left > 0 && returnWhen !== 'FIRST_COMPLETED') {
      if (returnWhen === 'ALL_COMPLETED' || future.state !== 'raised') return;
      // Only an error that ends the wait early counts as retrieved: that of the last future is left to whoever asked for it.
      future.markRetrieved();
    }
    timer?.cancel();
    release(waiter);
  };
  for (const future of all) future.addDoneCallback(onCompletion);
  try {
    yield* waiter;
  } finally {
    timer?.cancel();
    for (const future of all) future.removeDoneCallback(onCompletion);
  }
  const done = new Set<F>();
  const pending = new Set<F>();
  for (const future of all) (future.done() ? done : pending).add(future);
  return { done, pending };
}

/** Cancels a future and waits until it is done, whatever it makes of it. Being cancelled meanwhile is not confused with that. */
export function* cancelAndWait(future: Future<unknown>): Coroutine<void> {
  const waiter = new Future<void>();
  dependsOn(waiter, { on: [future], needs: 'every' });
  const onDone = (): void => release(waiter);
  future.addDoneCallback(onDone);
  try {
    future.cancel();
    yield* waiter;
  } finally {
    future.removeDoneCallback(onDone);
  }
}

/** @internal Also the callback of the timer by which a wait gives up, which tells that timer from others. */
export function release(waiter: Future<void>): void {
  if (!waiter.done()) waiter.setResult();
}
