// From one emitted value of an asynchronous generator to the next. The task that awaits `anext()` resumes the body through
// a coroutine written by hand: what the body awaits passes outwards as through any `yield*`, what it emits ends the anext.
import type { Coroutine, Suspension } from './coroutine.ts';
import { GeneratorExit, LoopError, StopAsyncIteration } from './errors.ts';
import type { GeneratorBody } from './generator-body.ts';
import { backToChain, leaveChain } from './recurse.ts';

/** How a drive resumes the body: what is sent, or thrown. `aclose` throws GeneratorExit, and wants the end. */
export type Start =
  | { readonly by: 'asend'; readonly value: unknown }
  | { readonly by: 'athrow'; readonly error: unknown }
  | { readonly by: 'aclose'; readonly error: GeneratorExit };

/**
 * `anext()`, `asend()`, `athrow()` and `aclose()`: resumes the body until it emits or ends. fresh -> driving -> done.
 * Called `anext` for whoever reads a stack.
 */
class anext<T, Sent, Result> implements Coroutine<Result> {
  #state: 'fresh' | 'driving' | 'done' = 'fresh';
  readonly #body: GeneratorBody<T, Sent>;
  readonly #start: Start;
  /** What must not be collected, and its body closed for it, while a value is being waited for. */
  readonly keptAlive: object | undefined;

  constructor(body: GeneratorBody<T, Sent>, start: Start, keptAlive: object | undefined) {
    this.#body = body;
    this.#start = start;
    this.keptAlive = keptAlive;
  }

  next(sent?: unknown): IteratorResult<Suspension, Result> {
    const body = this.#body;
    const start = this.#start;
    let result: IteratorResult<Suspension, void>;
    if (this.#state === 'driving') {
      body.state = 'stepping';
      const left = leaveChain();
      try {
        result = body.coroutine.next(sent);
      } catch (error) {
        return this.#thrown(error);
      } finally {
        backToChain(left);
      }
      return this.#went(result);
    }
    if (!this.#begin()) return { done: true, value: undefined as Result };
    if (start.by !== 'asend') return this.#throw(start.error);
    this.#enter();
    const left = leaveChain();
    try {
      result = body.coroutine.next(start.value);
    } catch (error) {
      return this.#thrown(error);
    } finally {
      backToChain(left);
    }
    return this.#went(result);
  }

  throw(error: unknown): IteratorResult<Suspension, Result> {
    if (this.#state !== 'driving') this.#refuseUnlessFree();
    return this.#throw(error);
  }

  /** Ended from outside, which no task does: the body is told as by `aclose()`. */
  return(value: Result): IteratorResult<Suspension, Result> {
    if (this.#state === 'driving') {
      try {
        const result = this.throw(new GeneratorExit());
        if (!result.done) return result;
      } catch (error) {
        if (!endsIteration(error)) throw error;
      }
    }
    this.#state = 'done';
    return { done: true, value };
  }

  [Symbol.iterator](): this {
    return this;
  }

  /** Whether there is something to drive; false for a body to be closed or thrown into that has ended. */
  #begin(): boolean {
    const { by } = this.#start;
    const body = this.#body;
    if (this.#state === 'fresh' && by !== 'asend' && body.state === 'ended') {
      this.#state = 'done';
      return false;
    }
    this.#refuseUnlessFree();
    const wrong = by === 'asend' ? body.state === 'ended' : body.closing;
    if (wrong) {
      this.#state = 'done';
      throw new StopAsyncIteration();
    }
    if (this.#start.by === 'asend' && body.state === 'fresh' && this.#start.value !== undefined) {
      this.#state = 'done';
      throw new TypeError("can't send non-undefined value to a just-started async generator");
    }
    if (by === 'aclose') body.closing = true;
    return true;
  }

  #refuseUnlessFree(): void {
    const { by } = this.#start;
    const [name, family] = by === 'asend' ? ['anext', 'anext()/asend()'] : [by, 'aclose()/athrow()'];
    if (this.#state === 'done') throw new LoopError(`cannot reuse already awaited ${family}`);
    if (!this.#body.running) return;
    this.#state = 'done';
    throw new LoopError(`${name}(): asynchronous generator is already running`);
  }

  #throw(error: unknown): IteratorResult<Suspension, Result> {
    const unstarted = this.#body.state === 'fresh';
    this.#enter();
    let result: IteratorResult<Suspension, void>;
    const left = leaveChain();
    try {
      result = this.#body.coroutine.throw(error);
    } catch (thrown) {
      return this.#thrown(thrown, unstarted);
    } finally {
      backToChain(left);
    }
    return this.#went(result);
  }

  /** The body's code is about to run. */
  #enter(): void {
    const body = this.#body;
    if (body.state === 'fresh') body.ask(); // Asked for outside of a run, it has no loop before this.
    this.#state = 'driving';
    body.state = 'stepping';
  }

  /** The body awaits, has emitted, or has returned. */
  #went(result: IteratorResult<Suspension, void>): IteratorResult<Suspension, Result> {
    const body = this.#body;
    if (body.hasEmitted(result)) {
      const value = body.takeEmitted();
      this.#state = 'done';
      body.state = 'resting';
      if (this.#start.by === 'aclose') throw new LoopError('async generator ignored GeneratorExit');
      return { done: true, value: value as unknown as Result };
    }
    if (!result.done) {
      body.state = 'awaiting';
      return result;
    }
    this.#state = 'done';
    body.closing = true;
    body.end();
    if (this.#start.by !== 'aclose') throw new StopAsyncIteration();
    return { done: true, value: undefined as Result };
  }

  /** The body threw; an error thrown into one that had not started is not its own. */
  #thrown(error: unknown, unstarted = false): IteratorReturnResult<Result> {
    this.#state = 'done';
    this.#body.end();
    if (error instanceof StopAsyncIteration && !unstarted) throw new LoopError('async generator raised StopAsyncIteration', { cause: error });
    if (!endsIteration(error)) throw error;
    this.#body.closing = true;
    if (this.#start.by !== 'aclose') throw error;
    return { done: true, value: undefined as Result };
  }
}

export { anext as Drive };

function endsIteration(error: unknown): boolean {
  return error instanceof GeneratorExit || error instanceof StopAsyncIteration;
}
