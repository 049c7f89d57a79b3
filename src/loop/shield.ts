// Keeping a cancellation away from something that must go on.
import type { Awaitable } from './coroutine.ts';
import { dependsOn } from './depends.ts';
import { Future } from './future.ts';
import type { TaskHost } from './task.ts';
import { ensureFuture } from './tasks.ts';

/**
 * A future for the outcome of `awaitable` that can be cancelled without cancelling it. The other way round, an inner one
 * cancelled by itself cancels the outer. Stands for `asyncio.shield`. Once the outer is cancelled nobody listens to the
 * inner: keep a reference to it if its outcome matters.
 * @throws TypeError for what cannot be awaited; LoopError outside of a run unless `loop` is given or it is a future.
 *
 * @example
 * ```ts
 * import { type Coroutine, createTask, run, shield, sleep } from 'asyncdemo';
 *
 * function* main(): Coroutine<void> {
 *   const work = createTask(sleep(5, 'saved'));
 *   const outer = shield(work);
 *   outer.cancel();
 *   console.log(outer.cancelled(), yield* work); // true saved
 * }
 * await run(main());
 * ```
 */
export function shield<T>(awaitable: Awaitable<T>, options: { loop?: TaskHost } = {}): Future<T> {
  const inner = ensureFuture(awaitable, options);
  if (inner.done()) return inner;
  const outer = new Future<T>({ loop: inner.loop });
  dependsOn(outer, { on: [inner], needs: 'every', failsFast: true });
  const innerDone = (): void => {
    if (outer.cancelled()) {
      inner.markRetrieved();
    } else if (inner.cancelled()) {
      outer.cancel();
    } else {
      const error = inner.exception();
      if (inner.state === 'raised') outer.setException(error);
      else outer.setResult(inner.result());
    }
  };
  const outerDone = (): void => {
    if (!inner.done()) inner.removeDoneCallback(innerDone);
  };
  inner.addDoneCallback(innerDone);
  outer.addDoneCallback(outerDone);
  return outer;
}
