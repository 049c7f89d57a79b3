// The body of an asynchronous generator in progress, and the emitting of a value from it. Knows nothing of loops: who
// wants to hear of its beginning and its end says so.
import { type Coroutine, isCoroutine, type Suspension } from './coroutine.ts';
import { describeWrong } from './describe-wrong.ts';
import { LoopError } from './errors.ts';

/**
 * Hands a value to whoever asked for the next one, and waits to be asked again: `yield* emit(value)`. Its result is what
 * `asend` sent, `undefined` after `anext`.
 */
export type Emit<T, Sent = undefined> = (value: T) => Coroutine<Sent | undefined>;

/**
 * fresh -> stepping <-> awaiting | resting -> ended.
 * - fresh: no line of it has run;
 * - stepping: its code is being executed;
 * - awaiting: suspended in the task that drives it;
 * - resting: suspended at an `emit`; nobody drives it;
 * - ended: returned, thrown, or closed while it was fresh.
 *
 * `closing` is set once an aclose() has begun or the iteration is over, and never taken back, even where the body ignores it.
 */
export class GeneratorBody<T, Sent> {
  state: 'fresh' | 'stepping' | 'awaiting' | 'resting' | 'ended' = 'fresh';
  closing = false;
  #asked = false;
  readonly coroutine: Coroutine<void>;
  /** Every value it emits travels in this one object, recognised by identity as `suspended` is. */
  readonly #emitted: { done: false; value: Suspension } = { done: false, value: undefined as never };
  readonly #listener: BodyListener;

  /** @throws TypeError when `body` is not a coroutine function. */
  constructor(body: (emit: Emit<T, Sent>) => Coroutine<void>, listener: BodyListener) {
    if (typeof body !== 'function') throw new TypeError(`asyncGenerator: expected a coroutine function, got ${describeWrong(body)}`);
    this.coroutine = body((value) => new Emission<T, Sent>(this, value));
    this.#listener = listener;
    if (!isCoroutine(this.coroutine)) {
      throw new TypeError(`asyncGenerator: expected a function that returns a coroutine (function*), it returned ${describeWrong(this.coroutine)}`);
    }
  }

  /** Whether somebody drives it. */
  get running(): boolean {
    return this.state === 'stepping' || this.state === 'awaiting';
  }

  /** Somebody asks for a value, or for its end, be it that nobody will await that. Told until somebody has heard it. */
  ask(): void {
    if (!this.#asked) this.#asked = this.#listener.asked();
  }

  end(): void {
    this.state = 'ended';
    this.#listener.ended();
  }

  /** What its `emit` returns while it is suspended there. */
  emit(value: T): IteratorYieldResult<Suspension> {
    // Another task would take it for its own suspension.
    if (this.state !== 'stepping') throw new LoopError('emit: expected to be awaited by its own asynchronous generator, got another task');
    this.#emitted.value = value as never;
    return this.#emitted;
  }

  /** Whether this result is an emitted value of its own; one of another body passes through as a suspension does. */
  hasEmitted(result: IteratorResult<Suspension, void>): boolean {
    return result === this.#emitted;
  }

  takeEmitted(): T {
    const value = this.#emitted.value as unknown as T;
    this.#emitted.value = undefined as never;
    return value;
  }
}

/** Told that somebody asks for something, until it answers that it has taken note, and of the body's end. */
export interface BodyListener {
  asked(): boolean;
  ended(): void;
}

/** `emit(value)`: fresh -> given -> done. */
class Emission<T, Sent> implements Coroutine<Sent | undefined> {
  #state: 'fresh' | 'given' | 'done' = 'fresh';
  readonly #body: GeneratorBody<T, Sent>;
  readonly #value: T;

  constructor(body: GeneratorBody<T, Sent>, value: T) {
    this.#body = body;
    this.#value = value;
  }

  next(sent?: unknown): IteratorResult<Suspension, Sent | undefined> {
    if (this.#state !== 'fresh') {
      const value = this.#state === 'given' ? (sent as Sent | undefined) : undefined;
      this.#state = 'done';
      return { done: true, value };
    }
    this.#state = 'given';
    return this.#body.emit(this.#value);
  }

  throw(error: unknown): IteratorResult<Suspension, Sent | undefined> {
    this.#state = 'done';
    throw error;
  }

  return(value: Sent | undefined): IteratorReturnResult<Sent | undefined> {
    this.#state = 'done';
    return { done: true, value };
  }

  [Symbol.iterator](): this {
    return this;
  }
}
