// Several awaitables as one future for all their results.
import { type Awaitable, isCoroutine } from './coroutine.ts';
import type { Dependence } from './depends.ts';
import { describeWrong } from './describe-wrong.ts';
import { arriving, LoopError } from './errors.ts';
import { Future } from './future.ts';
import { runningTaskHost, type TaskHost } from './task.ts';
import { ensureFuture } from './tasks.ts';

/** The results of a tuple of awaitables. */
export type Results<Awaitables extends readonly Awaitable<unknown>[]> = {
  -readonly [Index in keyof Awaitables]: Awaitables[Index] extends Awaitable<infer T> ? T : never;
};

/** The same with errors among them. Mapped over the awaitables, not over their results: only so does a tuple stay one. */
type ResultsOrErrors<Awaitables extends readonly Awaitable<unknown>[]> = {
  -readonly [Index in keyof Awaitables]: (Awaitables[Index] extends Awaitable<infer T> ? T : never) | Error;
};

/** The future `gather` returns: cancelling it cancels every child. */
export class GatheringFuture<T> extends Future<T> {
  readonly #children: readonly Future<unknown>[];
  readonly #failsFast: boolean;
  #cancelRequested = false;

  /** @internal */
  constructor(children: readonly Future<unknown>[], failsFast: boolean, options: { loop: TaskHost }) {
    super(options);
    this.#children = children;
    this.#failsFast = failsFast;
  }

  /** Whether a child was cancelled through this future: then it ends cancelled whatever the children make of it. */
  get cancelRequested(): boolean {
    return this.#cancelRequested;
  }

  /** @internal */
  get dependence(): Dependence {
    return { on: this.#children, needs: 'every', failsFast: this.#failsFast };
  }

  override cancel(message?: string): boolean {
    if (this.done()) return false;
    let cancelled = false;
    for (const child of this.#children) if (child.cancel(message)) cancelled = true;
    if (cancelled) this.#cancelRequested = true;
    return cancelled;
  }
}

/** What is known of a gather while it goes on. A class: as closures all of it would be compiled anew for each gather. */
class Gathering {
  readonly #returnExceptions: boolean;
  /** In the order given, one given twice standing there twice. */
  readonly children: Future<unknown>[] = [];
  /** How many there are, each counted once. */
  size = 0;
  #finished = 0;
  outer: GatheringFuture<unknown[]> | undefined = undefined;

  constructor(returnExceptions: boolean) {
    this.#returnExceptions = returnExceptions;
  }

  childDone(child: Future<unknown>): void {
    const { outer } = this;
    this.#finished += 1;
    // Without an outer one a child that could not be started had gather throw: nobody will ask for the others' errors.
    if (outer === undefined || outer.done()) return child.markRetrieved();
    if (!this.#returnExceptions) {
      if (child.cancelled()) return outer.setException(child.makeCancelledError());
      const error = child.exception();
      if (child.state === 'raised') return outer.setException(error);
    }
    if (this.#finished < this.size) return;
    const results = this.#results();
    // The last one given, not the last one done: as CPython has it.
    if (outer.cancelRequested) outer.setException((this.children.at(-1) as Future<unknown>).makeCancelledError());
    else outer.setResult(results);
  }

  /** A loop: `map` over tens of thousands is thrown out of the optimised code each time. */
  #results(): unknown[] {
    const results: unknown[] = [];
    for (const child of this.children) results.push(outcomeOf(child));
    return results;
  }
}

/**
 * Runs awaitables side by side; a future for the tuple of their results, in the order given. The first error propagates
 * at once, and the others keep running; with `returnExceptions` errors take the place of results. Cancelling it cancels
 * every child and waits for them all. Stands for `asyncio.gather`.
 * @throws LoopError outside of a run unless `loop` is given or one of the awaitables is a future.
 *
 * @example
 * ```ts
 * import { type Coroutine, gather, run, sleep } from 'asyncdemo';
 *
 * function* main(): Coroutine<void> {
 *   const [text, number] = yield* gather([sleep(2, 'two'), sleep(1, 1)]);
 *   console.log(text, number); // two 1
 * }
 * await run(main());
 * ```
 */
export function gather<const Awaitables extends readonly Awaitable<unknown>[]>(
  awaitables: Awaitables,
  options?: { returnExceptions?: false; loop?: TaskHost },
): Future<Results<Awaitables>>;
export function gather<const Awaitables extends readonly Awaitable<unknown>[]>(
  awaitables: Awaitables,
  options: { returnExceptions: boolean; loop?: TaskHost },
): Future<ResultsOrErrors<Awaitables>>;
export function gather(awaitables: readonly Awaitable<unknown>[], options: { returnExceptions?: boolean; loop?: TaskHost } = {}): Future<unknown[]> {
  if (isCoroutine(awaitables)) throw new TypeError('gather: expected an array of awaitables, got one awaitable: gather([first, second])');
  if (!Array.isArray(awaitables)) throw new TypeError(`gather: expected an array of awaitables, got ${describeWrong(awaitables)}`);
  const returnExceptions = options.returnExceptions ?? false;
  const gathering = new Gathering(returnExceptions);
  const childDone = (child: Future<unknown>): void => gathering.childDone(child);
  let host = loopOf(options.loop ?? runningTaskHost());
  const already: Future<unknown>[] = [];
  // The same awaitable given twice is run once. They are looked up only where one was: 8 % of spawning 100,000.
  const known = new Set(awaitables).size < awaitables.length ? new Map<Awaitable<unknown>, Future<unknown>>() : undefined;
  for (const awaitable of awaitables) {
    let future = known?.get(awaitable);
    if (future === undefined) {
      future = ensureFuture(awaitable, host);
      host ??= loopOf(future.loop as TaskHost);
      known?.set(awaitable, future);
      gathering.size += 1;
      // At once: the next one may be an eager task, which settles this one in its first step, or waits for it behind us.
      if (future.done()) already.push(future);
      else future.addDoneCallback(childDone);
    }
    gathering.children.push(future);
  }
  if (host === undefined) throw new LoopError('gather: no running event loop; pass one as { loop }');

  const outer = new GatheringFuture<unknown[]>(gathering.children, !returnExceptions, host);
  gathering.outer = outer;
  if (gathering.size === 0) outer.setResult([]);
  for (const future of already) gathering.childDone(future);
  return outer;
}

/** A loop as an option, made once for all children. */
function loopOf(loop: TaskHost | null): { loop: TaskHost } | undefined {
  return loop === null ? undefined : { loop };
}

/** The result, or the error in its place. */
function outcomeOf(child: Future<unknown>): unknown {
  if (child.cancelled()) return arriving(child.cancelMessage, child.loop.debugging);
  child.markRetrieved();
  return child.outcome;
}
