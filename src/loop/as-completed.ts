// Results in the order in which they come in.
import { type Awaitable, type Coroutine, isCoroutine } from './coroutine.ts';
import { dependsOn } from './depends.ts';
import { LoopError, StopAsyncIteration, TimeoutError } from './errors.ts';
import type { Future } from './future.ts';
import type { TimerHandle } from './handle.ts';
import { runningTaskHost, type TaskHost } from './task.ts';
import { ensureFuture } from './tasks.ts';
import { Waiters } from './waiters.ts';

/** What stands in the queue of arrivals for a future that the timeout came before. */
const TOO_LATE = null;

/**
 * What `asCompleted` returns. Iterated with `for`, it gives coroutines, each for the next result to come in; iterated
 * with `asyncFor`, the futures themselves as they are done.
 */
export class AsCompleted<T> implements Iterable<Coroutine<T>> {
  readonly #arrived: (Future<T> | typeof TOO_LATE)[] = [];
  readonly #waiters = new Waiters(this);
  readonly #todo = new Set<Future<T>>();
  readonly #timer: TimerHandle | undefined;
  #left: number;

  /** @internal */
  constructor(awaitables: Iterable<Awaitable<T>>, loop: TaskHost, timeout: number | undefined) {
    for (const awaitable of new Set(awaitables)) this.#todo.add(ensureFuture(awaitable, { loop }));
    for (const future of this.#todo) future.addDoneCallback(this.#onCompletion);
    this.#left = this.#todo.size;
    this.#timer = timeout === undefined || this.#left === 0 ? undefined : loop.callLater(timeout, () => this.#onTimeout());
    dependsOn(this, { on: this.#todo, needs: 'any', until: this.#timer });
  }

  /** How many results were not asked for yet. */
  get left(): number {
    return this.#left;
  }

  *[Symbol.iterator](): Generator<Coroutine<T>, void, undefined> {
    while (this.#left > 0) {
      this.#left -= 1;
      yield this.nextResult();
    }
  }

  aiter(): this {
    return this;
  }

  *anext(): Coroutine<Future<T>> {
    if (this.#left === 0) throw new StopAsyncIteration();
    this.#left -= 1;
    return yield* this.nextFuture();
  }

  /** @internal Not private: in a stack that would stand without the class. */
  *nextResult(): Coroutine<T> {
    return (yield* this.nextFuture()).result();
  }

  /** @internal */
  *nextFuture(): Coroutine<Future<T>> {
    while (this.#arrived.length === 0) {
      yield* this.#waiters.wait((wasWoken) => {
        if (wasWoken && this.#arrived.length > 0) this.#waiters.wakeNext();
      });
    }
    const future = this.#arrived.shift() as Future<T> | typeof TOO_LATE;
    if (future === TOO_LATE) throw new TimeoutError('timed out');
    return future;
  }

  readonly #onCompletion = (future: Future<T>): void => {
    if (!this.#todo.delete(future)) return;
    this.#arrive(future);
    if (this.#todo.size === 0) this.#timer?.cancel();
  };

  #onTimeout(): void {
    for (const future of this.#todo) {
      future.removeDoneCallback(this.#onCompletion);
      this.#arrive(TOO_LATE);
    }
    this.#todo.clear();
  }

  #arrive(future: Future<T> | typeof TOO_LATE): void {
    this.#arrived.push(future);
    this.#waiters.wakeNext();
  }
}

/**
 * Runs awaitables side by side and gives their results in the order of completion. After `timeout` ms each result that
 * is still missing throws TimeoutError when awaited; the awaitables themselves go on. Stands for `asyncio.as_completed`.
 * @throws TypeError for one awaitable instead of several; LoopError outside of a run unless `loop` is given.
 *
 * @example
 * ```ts
 * import { asCompleted, type Coroutine, run, sleep } from 'asyncdemo';
 *
 * function* main(): Coroutine<void> {
 *   for (const next of asCompleted([sleep(100, 'slow'), sleep(1, 'quick')])) console.log(yield* next);
 * }
 * await run(main());
 * // quick
 * // slow
 * ```
 */
export function asCompleted<T>(awaitables: Iterable<Awaitable<T>>, options: { timeout?: number | undefined; loop?: TaskHost } = {}): AsCompleted<T> {
  if (isCoroutine(awaitables)) throw new TypeError('asCompleted: expected a list of awaitables, got one awaitable: asCompleted([first, second])');
  const loop = options.loop ?? runningTaskHost();
  if (loop === null) throw new LoopError('asCompleted: no running event loop; pass one as { loop }');
  return new AsCompleted(awaitables, loop, options.timeout);
}
