/// <reference lib="esnext.disposable" preserve="true" />
// A whole program on a loop of its own: run it, and on Ctrl-C cancel every task, restart the loop until the last of them
// is done, then close it.
import { type Context, copyContext } from './context.ts';
import type { Awaitable } from './coroutine.ts';
import { abandon, type DrainOptions, drain, GRACE } from './drain.ts';
import type { Driver } from './driver.ts';
import { KeyboardInterrupt, type SignalName } from './errors.ts';
import { EventLoop } from './event-loop.ts';
import { tellOfLeftTasks } from './never-awaited.ts';
import { allTasks } from './tasks.ts';

/** npm passes on the signal that the terminal has sent already: two within this many ms are one keystroke. */
const ONE_KEYSTROKE = 100;

export interface RunnerOptions extends DrainOptions {
  /** The signals that interrupt. `['SIGINT']` unless given; none where the program listens to SIGINT itself already. */
  signals?: readonly SignalName[];
  /** The host: real time on Node unless given. */
  driver?: Driver;
  /** Debug mode of the loop, see {@link EventLoop.setDebug}. */
  debug?: boolean;
  /** Makes the loop, where the default one will not do; `driver` and `debug` are then its own affair. */
  loopFactory?: () => EventLoop;
}

/**
 * Runs a program on a loop of its own, with Ctrl-C handled, and leaves nothing behind. Stands for `asyncio.Runner`.
 * A signal leaves the run with KeyboardInterrupt at the next handle boundary; then every task is cancelled and the loop
 * drained and closed. A second signal leaves the draining. Tasks that would not end are named to the loop's exception
 * handler, and left.
 *
 * @example
 * ```ts
 * import { Runner, sleep } from 'asyncdemo';
 *
 * const runner = new Runner();
 * console.log(await runner.run(sleep(1, 'first'))); // first
 * console.log(await runner.run(sleep(1, 'second'))); // second
 * await runner.close();
 * ```
 */
export class Runner {
  /** The loop everything runs on. */
  readonly loop: EventLoop;
  readonly #grace: number;
  readonly #signals: readonly SignalName[];
  readonly #context: Context = copyContext();
  #listening = 0;
  #draining = false;
  /** Whether the last run was not left by an error or a signal: what is left then was forgotten. */
  #wentWell = false;
  #lastSignal: { readonly name: SignalName; readonly at: number } | undefined;
  #interruption: KeyboardInterrupt | undefined;
  #leaveBody: ((reason: KeyboardInterrupt) => void) | undefined;

  constructor(options: RunnerOptions = {}) {
    const { driver, debug, loopFactory } = options;
    this.loop = loopFactory?.() ?? new EventLoop({ ...(driver && { driver }), ...(debug !== undefined && { debug }) });
    this.#grace = options.grace ?? GRACE;
    this.#signals = options.signals ?? (process.listenerCount('SIGINT') === 0 ? ['SIGINT'] : []);
  }

  /**
   * Runs a coroutine as the loop's main task, in `context`, or in one that all runs of this runner share. Stands for
   * `Runner.run`.
   * @throws KeyboardInterrupt after a signal, once everything is cleaned up; otherwise what the coroutine throws.
   */
  run<T>(main: Awaitable<T>, options: { context?: Context } = {}): Promise<T> {
    return this.guard(() => this.loop.runUntilComplete(main, { context: options.context ?? this.#context }));
  }

  /**
   * The same for a program that runs {@link loop} by itself, as often as it likes.
   * @throws KeyboardInterrupt after a signal, once everything is cleaned up; otherwise what `body` throws.
   */
  async guard<T>(body: () => Promise<T>): Promise<T> {
    const left = new Promise<never>((_resolve, reject) => {
      this.#leaveBody = reject;
    });
    this.#wentWell = false;
    this.#listen();
    try {
      const result = await Promise.race([body(), left]);
      if (this.#interruption !== undefined) throw this.#interruption;
      this.#wentWell = true;
      return result;
    } finally {
      this.#leaveBody = undefined;
      if (this.#interruption !== undefined) await this.close();
      this.#unlisten();
    }
  }

  /**
   * Cancels what is left, drains the loop and closes it. Closing twice is fine. Stands for `Runner.close`.
   * @throws KeyboardInterrupt when the first signal came meanwhile, once everything is cleaned up.
   */
  async close(): Promise<void> {
    this.loop.takeInterruption();
    if (this.loop.isClosed()) return;
    if (this.#wentWell && this.loop.getDebug()) tellOfLeftTasks(allTasks(this.loop));
    const before = this.#interruption;
    this.#listen();
    this.#draining = true;
    try {
      for (const task of await drain(this.loop, { grace: this.#grace })) {
        this.loop.callExceptionHandler({ message: `Task '${task.getName()}' did not stop when cancelled, and was left`, task });
        abandon(task);
      }
      this.loop.close();
    } finally {
      this.#draining = false;
      this.#unlisten();
    }
    if (this.#interruption !== before) throw this.#interruption;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  readonly #onSignal = (signal: SignalName): void => {
    if (this.loop.handlesSignal(signal)) return; // The program has taken this one over.
    const last = this.#lastSignal;
    const now = performance.now();
    if (last !== undefined && last.name === signal && now - last.at < ONE_KEYSTROKE) return;
    this.#lastSignal = { name: signal, at: now };
    const first = this.#interruption === undefined;
    this.#interruption ??= new KeyboardInterrupt(signal);
    // The first one asks for what is being done already.
    if (first && this.#draining) return;
    this.loop.interrupt(this.#interruption);
    // Between two runs there is no run to leave: the program itself is left.
    if (!this.loop.isRunning()) this.#leaveBody?.(this.#interruption);
  };

  #listen(): void {
    if (this.#listening++ > 0) return;
    for (const signal of this.#signals) process.on(signal, this.#onSignal as NodeJS.SignalsListener);
  }

  #unlisten(): void {
    if (--this.#listening > 0) return;
    for (const signal of this.#signals) process.off(signal, this.#onSignal as NodeJS.SignalsListener);
  }
}

/**
 * Runs a coroutine as a whole program: a loop is made for it, and cleaned up after it. Stands for `asyncio.run`.
 * @throws what {@link Runner.run} throws; LoopError inside of a running loop.
 *
 * @example
 * ```ts
 * import { type Coroutine, run, sleep } from 'asyncdemo';
 *
 * function* main(): Coroutine<string> {
 *   yield* sleep(1);
 *   return 'done';
 * }
 * console.log(await run(main())); // done
 * ```
 */
export async function run<T>(main: Awaitable<T>, options: RunnerOptions = {}): Promise<T> {
  const runner = new Runner(options);
  try {
    return await runner.run(main);
  } finally {
    await runner.close();
  }
}
