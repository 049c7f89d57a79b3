// Awaits that may be nested as deep as memory reaches. `yield*` hands each resumption down through every frame, on the
// engine's stack; a chain of `recurse` keeps its coroutines in a row of its own, and only the innermost is resumed. Knows
// nothing of tasks: to whoever resumes it, the outermost of a chain is a coroutine like any other.
import { joinedStacks } from './await-stack.ts';
import { type Coroutine, gaveWay, isCoroutine, probe, recordStack, type Suspension, suspend, suspended, takeAwaited } from './coroutine.ts';
import { describeWrong } from './describe-wrong.ts';
import { type Runner, running } from './ground.ts';

type Chain = Recursion<unknown>[];
type How = 'next' | 'throw' | 'return';

/** A chain whose innermost coroutine is being resumed: recursions further up join it when they suspend. */
interface Drive {
  readonly chain: Chain;
  /** In which step that is. Another one within it, that of an eager task say, is none of the chain's. */
  readonly runner: Runner | undefined;
  /** How many recursions have begun on the engine's stack since. */
  depth: number;
}

/** The one that is going on, innermost. */
let below: Drive | undefined;

/** From so many on they begin on the driver's, once all those before have left the engine's. */
const MOST_IN_PLACE = 32;

/**
 * fresh -> running <-> suspended -> done, by whoever awaits it, as any coroutine. That is a driver if there is none below
 * it: whatever recursion its coroutine suspends on joins its chain, and so on.
 * - offered: has not begun, for there are many below it; if the driver hears of it, it is taken. If it does not, somebody
 *   resumes by hand what stands between them, and it will be a driver itself.
 * - taken: in the chain of a driver, which resumes it. Whoever resumes it directly takes it back, with all above it.
 * - returned, raised: its coroutine was ended by the driver. The one that awaits it is told when it asks.
 *
 * Invariant: a chain's first is its driver, each other one is taken, and awaited by the one before it.
 */
class Recursion<T> implements Coroutine<T> {
  state: 'fresh' | 'offered' | 'running' | 'suspended' | 'taken' | 'returned' | 'raised' | 'done' = 'fresh';
  readonly coroutine: Coroutine<T>;
  /** Returned: the iterator's result. Raised: the error. Suspended below a driver: what it awaits. */
  outcome: unknown = undefined;
  chain: Chain | undefined = undefined;

  constructor(coroutine: Coroutine<T>) {
    this.coroutine = coroutine;
  }

  next(sent?: unknown): IteratorResult<Suspension, T> {
    switch (this.state) {
      case 'returned':
        this.state = 'done';
        return this.outcome as IteratorReturnResult<T>;
      case 'raised':
        this.state = 'done';
        throw this.outcome;
      case 'done':
        throw awaitedTwice();
    }
    if (sent === probe && this.chain !== undefined) {
      recordStack(this.state === 'taken' ? undefined : joinedStacks(this.chain));
      return suspend(this);
    }
    return step(this, 'next', sent);
  }

  throw(error: unknown): IteratorResult<Suspension, T> {
    if (!hasEnded(this)) return step(this, 'throw', error);
    this.state = 'done';
    throw error;
  }

  return(value: T): IteratorResult<Suspension, T> {
    if (!hasEnded(this)) return step(this, 'return', value);
    this.state = 'done';
    return { done: true, value };
  }

  [Symbol.iterator](): this {
    if (this.state !== 'fresh') throw awaitedTwice();
    return this;
  }
}

function hasEnded({ state }: Recursion<unknown>): boolean {
  return state === 'returned' || state === 'raised' || state === 'done';
}

function awaitedTwice(): TypeError {
  return new TypeError('recurse: expected to be awaited once, got a second await; call the function again for another coroutine');
}

function step<T>(it: Recursion<T>, how: How, value: unknown): IteratorResult<Suspension, T> {
  if (it.state === 'running' || it.chain?.[0]?.state === 'running') throw new TypeError('recurse: expected to be resumed from outside, got a call from within');
  if (it.state === 'taken') takeBack(it);
  if (it.chain === undefined && below !== undefined && below.runner === running()) {
    if (below.depth < MOST_IN_PLACE) return stepInPlace(it, below, how, value);
    if (it.state === 'fresh' && how === 'next') {
      it.state = 'offered';
      return suspend(it);
    }
  }
  return drive(it, how, value);
}

/** As `yield*` would. The suspension that goes outwards is its own: the driver, if it hears of it, looks what is behind. */
function stepInPlace<T>(it: Recursion<T>, within: Drive, how: How, value: unknown): IteratorResult<Suspension, T> {
  let result: IteratorResult<Suspension, T> | undefined;
  it.state = 'running';
  within.depth += 1;
  try {
    result = resume(it.coroutine, how, value);
  } finally {
    within.depth -= 1;
    it.state = result === undefined || result.done ? 'done' : 'suspended';
  }
  if (result !== suspended && result !== gaveWay) return result;
  it.outcome = result === gaveWay ? gaveWay : takeAwaited();
  return suspend(it);
}

/** Resumes the innermost of its chain, and those below as they are told the outcome, until one suspends or all have ended. */
function drive<T>(it: Recursion<T>, how: How, value: unknown): IteratorResult<Suspension, T> {
  it.chain ??= [it];
  const chain = it.chain;
  const outer = below;
  below = { chain, runner: running(), depth: 0 };
  let result: IteratorResult<Suspension, unknown> | undefined;
  it.state = 'running';
  try {
    for (;;) {
      const top = chain[chain.length - 1] as Recursion<unknown>;
      result = undefined;
      try {
        result = resume(top.coroutine, how, value);
        if (result === suspended) {
          const outwards = takeIn(chain);
          if (outwards !== undefined) return outwards;
        } else if (!result.done || chain.length === 1) {
          return result as IteratorResult<Suspension, T>;
        } else {
          leave(chain, top, how === 'return' ? 'done' : 'returned', result);
        }
      } catch (error) {
        if (chain.length === 1) throw error;
        leave(chain, top, 'raised', error);
      }
      // The one below goes on: it asks for the outcome. A generator that was ended from outside ends those below as well.
      const ends = how === 'return' && result?.done;
      how = ends ? 'return' : 'next';
      value = ends ? result?.value : undefined;
    }
  } finally {
    below = outer;
    it.state = result === undefined || result.done ? 'done' : 'suspended';
  }
}

function resume<T>(coroutine: Coroutine<T>, how: How, value: unknown): IteratorResult<Suspension, T> {
  if (how === 'next') return coroutine.next(value);
  return how === 'throw' ? coroutine.throw(value) : coroutine.return(value as T);
}

/** Takes all that the innermost has suspended on into the chain, and suspends on what is behind; undefined where its last has yet to begin. */
function takeIn(chain: Chain): IteratorYieldResult<Suspension> | undefined {
  if (!(suspended.value instanceof Recursion)) return suspended;
  let awaited = takeAwaited();
  while (awaited instanceof Recursion) {
    const { state, outcome } = awaited;
    if (state !== 'suspended' && state !== 'offered') break; // Resumed since, by whoever hands this on: it is awaited as it is, and refused.
    chain.push(awaited);
    awaited.chain = chain;
    awaited.state = 'taken';
    awaited.outcome = undefined;
    if (state === 'offered') return undefined;
    awaited = outcome as object;
  }
  return awaited === gaveWay ? gaveWay : suspend(awaited);
}

function leave(chain: Chain, top: Recursion<unknown>, state: 'returned' | 'raised' | 'done', outcome: unknown): void {
  chain.pop();
  top.chain = undefined;
  top.state = state;
  top.outcome = outcome;
}

/** It drives its part of the chain from now on. */
function takeBack(it: Recursion<unknown>): void {
  const chain = it.chain as Chain;
  const part = chain.splice(chain.indexOf(it));
  for (const each of part) each.chain = part;
}

/** What has to be asked at each step resumes its coroutine between these two: recursions above it do not go past it. */
export function leaveChain(): unknown {
  const left = below;
  below = undefined;
  return left;
}

export function backToChain(left: unknown): void {
  below = left as Drive | undefined;
}

/**
 * Awaits a coroutine that may go deep: `yield* recurse(visit(child))` is `yield* visit(child)`, and can be nested a
 * hundred thousand times, at a cost per resumption that does not grow with it. Where nothing is deep, `yield*` alone costs
 * less. There is nothing like it in asyncio, where the interpreter's limit of recursion holds.
 * @throws TypeError when it is not a coroutine, or awaited twice.
 *
 * @example
 * ```ts
 * import { type Coroutine, recurse, run, sleep } from 'asyncdemo';
 *
 * function* sum(n: number): Coroutine<number> {
 *   if (n > 0) return n + (yield* recurse(sum(n - 1)));
 *   yield* sleep(1);
 *   return 0;
 * }
 * console.log(await run(sum(100_000))); // 5000050000
 * ```
 */
export function recurse<T>(coroutine: Coroutine<T>): Coroutine<T> {
  if (!isCoroutine(coroutine)) throw new TypeError(`recurse: expected a coroutine, got ${describeWrong(coroutine)}`);
  return new Recursion(coroutine);
}
