// A callback that waits for its turn, and can be cancelled until then.
import { type Context, contextOf, enterContext, type InContext, isEntered, leaveContext, type Scope, snapshot } from './context.ts';
import { createdAt, noteCreation } from './creation.ts';
import { LoopError } from './errors.ts';
import type { Runnable } from './ready-queue.ts';
import { shownByToString } from './shown-by-to-string.ts';

/** Where a handle reports what its callback threw, and a timer that it was cancelled. */
export interface HandleOwner {
  /** @internal Whether handles remember where they were made. */
  readonly debugging: boolean;
  /** @internal */
  handleFailed(error: unknown, handle: Handle): void;
  /** @internal */
  timerCancelled(timer: TimerHandle): void;
}

/** Anything that can be scheduled. Arguments are kept beside the callback, so that no closure is needed. */
export type Callback = (...args: never) => void;

/** The arguments of a callback that has not just one. */
class Arguments {
  static readonly NONE = new Arguments([]);
  readonly all: readonly unknown[];

  constructor(all: readonly unknown[]) {
    this.all = all;
  }
}

/**
 * A scheduled callback, as `callSoon` returns it. Stands for `asyncio.Handle`.
 *
 * @example
 * ```ts
 * import { EventLoop, sleep } from 'asyncdemo';
 *
 * const loop = new EventLoop();
 * const handle = loop.callSoon(() => loop.stop());
 * handle.cancel();
 * await loop.runUntilComplete(sleep(1));
 * console.log(handle.cancelled()); // true
 * loop.close();
 * ```
 */
export class Handle implements Runnable, InContext {
  protected readonly owner: HandleOwner;
  #callback: Callback | undefined;
  /** The argument, which most callbacks have one of; or {@link Arguments}. An array each: 12 % more time and 5.5 MB of 100,000 sleeping tasks. */
  #given: unknown;
  /** @internal */
  scope: Scope;

  /** @internal It runs in `scope`: a copy of the context it is made in, unless given. */
  constructor(owner: HandleOwner, callback: Callback, args: readonly unknown[], scope: Scope = snapshot()) {
    this.owner = owner;
    this.#callback = callback;
    this.scope = scope;
    if (owner.debugging) noteCreation(this);
    if (args.length === 1) this.#given = args[0];
    else this.#given = args.length === 0 ? Arguments.NONE : new Arguments(args);
  }

  /** Keeps the callback from running. What it would have run on is let go at once. Safe to call twice, or too late. */
  cancel(): void {
    this.#callback = undefined;
    this.#given = undefined;
  }

  /** Whether `cancel()` was called. */
  cancelled(): boolean {
    return this.#callback === undefined;
  }

  /** The context the callback runs in. Stands for `get_context()`. */
  getContext(): Context {
    return contextOf(this);
  }

  /** The function to be called; `undefined` once cancelled. */
  get callback(): Callback | undefined {
    return this.#callback;
  }

  /** @internal What it is called with, where that is one thing. */
  get argument(): unknown {
    return this.#given;
  }

  /** `<Handle spin()>`, with its place of birth in debug mode; `<Handle cancelled>`. */
  toString(): string {
    const what = this.cancelled() ? 'cancelled' : `${this.callback?.name || '<anonymous>'}()`;
    return `<${[this.constructor.name, ...this.details(), what, ...createdAt(this)].join(' ')}>`;
  }

  protected details(): string[] {
    return [];
  }

  /** @internal Runs the callback, once, unless cancelled. */
  run(): void {
    const callback = this.#callback as ((...args: unknown[]) => void) | undefined;
    if (callback === undefined) return;
    try {
      Handle.#call(this, callback);
    } catch (error) {
      this.owner.handleFailed(error, this);
    }
  }

  /** Static: a private method of the instance would cost each handle a field, to show that it has it. */
  static #call(handle: Handle, callback: (...args: unknown[]) => void): void {
    if (isEntered(handle.scope)) throw new LoopError('cannot enter context: it is entered already');
    enterContext(handle);
    try {
      const given = handle.#given;
      if (given instanceof Arguments) callback(...given.all);
      else callback(given);
    } finally {
      leaveContext(handle);
    }
  }
}

/**
 * A callback scheduled for a time, as `callLater` and `callAt` return it. Stands for `asyncio.TimerHandle`.
 *
 * @example
 * ```ts
 * import { EventLoop, VirtualDriver } from 'asyncdemo';
 *
 * const loop = new EventLoop({ driver: new VirtualDriver() });
 * const timer = loop.callLater(1500, () => loop.stop());
 * console.log(timer.when()); // 1500
 * await loop.runForever();
 * loop.close();
 * ```
 */
export class TimerHandle extends Handle {
  readonly #when: number;
  /** @internal The order of setting, which decides between equal deadlines, while it stands in the timer heap; else -1. */
  sequence = -1;

  /** @internal */
  constructor(owner: HandleOwner, when: number, callback: Callback, args: readonly unknown[]) {
    super(owner, callback, args);
    this.#when = when;
  }

  /** @internal Whether it stands in the timer heap. One that was cancelled may stand there for a while. */
  get scheduled(): boolean {
    return this.sequence >= 0;
  }

  /** @internal Whether it will come due, and call. */
  get pending(): boolean {
    return this.scheduled && !this.cancelled();
  }

  /** When it is due, in ms of the loop's `time()`. */
  when(): number {
    return this.#when;
  }

  protected override details(): string[] {
    return [`when=${this.#when}`];
  }

  override cancel(): void {
    if (this.cancelled()) return;
    super.cancel();
    this.owner.timerCancelled(this);
  }
}

shownByToString(Handle);
