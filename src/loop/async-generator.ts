// Python's asynchronous generators: a coroutine that gives values on its way, as an object to ask for them. Begun ones are
// noted with their loop, which closes at its end those that are left, and before that those that nobody refers to any more.
import type { CoroutineIterator } from './async-for.ts';
import { type AsyncIterators, type BegunIterator, noteBegun } from './async-iterators.ts';
import type { Coroutine } from './coroutine.ts';
import { GeneratorExit } from './errors.ts';
import { type BodyListener, type Emit, GeneratorBody } from './generator-body.ts';
import { Drive, type Start } from './generator-drive.ts';
import { watchable } from './never-awaited.ts';
import { shownByToString } from './shown-by-to-string.ts';
import { createTask } from './tasks.ts';

/**
 * An asynchronous generator, as `asyncGenerator` makes it. Its body runs in the task of whoever awaits one of these
 * methods: a cancellation of that task arrives at the await in the body. Stands for the `async_generator` object of
 * PEP 525.
 */
export class CoroutineGenerator<T, Sent = undefined> implements CoroutineIterator<T> {
  readonly #body: GeneratorBody<T, Sent>;
  readonly #name: string;

  /** @internal */
  constructor(body: (emit: Emit<T, Sent>) => Coroutine<void>) {
    const registration = new Registration(this);
    this.#body = new GeneratorBody(body, registration);
    registration.body = this.#body as GeneratorBody<unknown, unknown>;
    this.#name = body.name || '<anonymous>';
  }

  /** Itself. Stands for `__aiter__`. */
  aiter(): this {
    return this;
  }

  /**
   * The next value. Stands for `__anext__`.
   * @throws StopAsyncIteration when the body has ended; LoopError while another value is being waited for; what the body throws.
   */
  anext(): Coroutine<T> {
    return this.#ask(ANEXT);
  }

  /**
   * The same, with `value` as the result of the `emit` the body stands at.
   * @throws what `anext` throws; TypeError for a value sent to a body that has not started.
   */
  asend(value: Sent | undefined): Coroutine<T> {
    return this.#ask({ by: 'asend', value });
  }

  /**
   * Throws `error` at the `emit` the body stands at; returns the value it emits next, `undefined` when it had ended before.
   * @throws what `anext` throws; `error`, unless the body catches it.
   */
  athrow(error: unknown): Coroutine<T | undefined> {
    return this.#ask({ by: 'athrow', error });
  }

  /**
   * Ends it: throws GeneratorExit at the `emit` the body stands at, and waits for its `finally` blocks. Nothing happens
   * where it has ended, or was never begun.
   * @throws LoopError while a value is being waited for, and when the body emits again; what the body throws.
   */
  aclose(): Coroutine<void> {
    return this.#ask({ by: 'aclose', error: new GeneratorExit() });
  }

  /** From the first question on, the running loop knows it, as with `sys.set_asyncgen_hooks`. */
  #ask<Result>(start: Start): Drive<T, Sent, Result> {
    this.#body.ask();
    return new Drive(this.#body, start, this);
  }

  /** `<CoroutineGenerator numbers resting>` */
  toString(): string {
    return `<${this.constructor.name} ${this.#name} ${this.#body.state}>`;
  }
}

shownByToString(CoroutineGenerator);

watchable(CoroutineGenerator, 'anext', 'asend', 'athrow', 'aclose');

const ANEXT = { by: 'asend', value: undefined } as const;

/** A generator in its loop's list. Must not refer to it but weakly, nor must the body: else it could never be seen to be dropped. */
class Registration implements BodyListener, BegunIterator {
  readonly #generator: WeakRef<object>;
  #iterators: AsyncIterators | undefined;
  declare body: GeneratorBody<unknown, unknown>;

  constructor(generator: object) {
    this.#generator = new WeakRef(generator);
  }

  asked(): boolean {
    const generator = this.#generator.deref();
    this.#iterators = noteBegun(this);
    if (this.#iterators !== undefined && generator !== undefined) dropped.register(generator, this, this);
    return this.#iterators !== undefined;
  }

  ended(): void {
    this.#iterators?.delete(this);
    dropped.unregister(this);
  }

  aclose(): Coroutine<void> {
    return new Drive(this.body, { by: 'aclose', error: new GeneratorExit() }, this.#generator.deref());
  }

  subject(): object | undefined {
    return this.#generator.deref();
  }

  /** Nobody can ask for another value: a task of its own closes it, unless the loop's end is quicker. */
  dropped(): void {
    const iterators = this.#iterators;
    if (iterators === undefined || iterators.loop.isClosed()) return;
    iterators.loop.callSoon(() => {
      if (iterators.delete(this)) createTask(this.aclose(), { loop: iterators.loop });
    });
  }
}

const dropped = new FinalizationRegistry((registration: Registration) => registration.dropped());

/**
 * Makes an asynchronous generator of a coroutine function: its body awaits with `yield*` as any coroutine does, and gives
 * a value with `yield* emit(value)`. Stands for `async def` with `yield` in it. Nothing runs until the first value is
 * asked for. `asyncFor` iterates over it, and closes it when left early.
 * @throws TypeError when `body` is not a coroutine function.
 *
 * @example
 * ```ts
 * import { asyncFor, asyncGenerator, type Coroutine, type CoroutineGenerator, run, sleep } from 'asyncdemo';
 *
 * const countdown = (from: number): CoroutineGenerator<number> =>
 *   asyncGenerator(function* (emit) {
 *     for (let n = from; n > 0; n--) {
 *       yield* sleep(1);
 *       yield* emit(n);
 *     }
 *   });
 * function* main(): Coroutine<void> {
 *   yield* asyncFor(countdown(3), function* (n) {
 *     console.log(n);
 *   });
 * }
 * await run(main());
 * // 3
 * // 2
 * // 1
 * ```
 */
export function asyncGenerator<T, Sent = undefined>(body: (emit: Emit<T, Sent>) => Coroutine<void>): CoroutineGenerator<T, Sent> {
  return new CoroutineGenerator(body);
}
