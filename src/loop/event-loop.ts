// The event loop as its users see it: the scheduler plus futures, tasks, and runs that end with a result.

import { asyncIteratorsOf } from './async-iterators.ts';
import type { Context } from './context.ts';
import type { Awaitable, Coroutine } from './coroutine.ts';
import { describeWrong } from './describe-wrong.ts';
import type { Driver } from './driver.ts';
import { DeadlockError, LoopError, leavesTheRun } from './errors.ts';
import { type ExceptionContext, formatExceptionContext } from './exception-context.ts';
import { callInItsContext, withCreation } from './exception-reports.ts';
import { Future, isFuture } from './future.ts';
import { type Callback, Handle } from './handle.ts';
import { watchCoroutines } from './never-awaited.ts';
import { NodeDriver } from './node-driver.ts';
import type { LoopObserver } from './observer.ts';
import { runningScheduler, Scheduler } from './scheduler.ts';
import { keepShapes } from './shapes.ts';
import { expectCallback, type Signal, SignalHandlers } from './signal-handlers.ts';
import { SlowWatch } from './slow-watch.ts';
import { describeStuck } from './stuck-tasks.ts';
import { Task, type TaskHost, type TaskOptions } from './task.ts';
import { TaskList } from './task-list.ts';
import { allTasks, ensureFuture, type TaskFactory } from './tasks.ts';
import { warn } from './warn.ts';
import { Watching } from './watching.ts';

/** Told of errors that nobody else can receive. */
export type ExceptionHandler = (loop: EventLoop, context: ExceptionContext) => void;

export interface EventLoopOptions {
  /** The host: real time on Node unless given. */
  driver?: Driver;
  /** How long, in ms, the loop may keep Node waiting when it always has something ready. 4 unless given. */
  turnBudget?: number;
  /** Debug mode, see {@link EventLoop.setDebug}. On where the environment variable ASYNCDEMO_DEBUG is set and not 0, unless given. */
  debug?: boolean;
}

/**
 * Runs callbacks, coroutines and timers, one at a time, in a fixed order. Stands for asyncio's event loop. As a guest of
 * Node's own loop it cannot block: `runUntilComplete` and `runForever` return promises.
 *
 * @example
 * ```ts
 * import { EventLoop, sleep } from 'asyncdemo';
 *
 * const loop = new EventLoop();
 * console.log(await loop.runUntilComplete(sleep(1, 'slept'))); // slept
 * loop.close();
 * ```
 */
export class EventLoop extends Scheduler implements TaskHost {
  /** @internal */
  readonly tasks: TaskList<Task<unknown>> = new TaskList();
  #exceptionHandler: ExceptionHandler | undefined;
  #taskFactory: TaskFactory | undefined;
  /** In debug mode: how long, in ms, a callback or step may take before it is told of. Stands for `loop.slow_callback_duration`. */
  slowCallbackDuration = 100;
  /** In debug mode: how long, in ms, all callbacks of an iteration may take together. */
  slowIterationDuration = 100;
  readonly #watching: Watching;
  #endSlowWatch: (() => void) | undefined;
  readonly #signals = new SignalHandlers();
  /** The options of most futures and tasks, made once. */
  readonly #itself: { readonly loop: EventLoop } = { loop: this };

  constructor(options: EventLoopOptions = {}) {
    super(options.driver ?? new NodeDriver(), options.turnBudget);
    this.#watching = new Watching((observer) => {
      this.observer = observer;
    }, this.#observerFailed);
    keepShapes(() => new EventLoop({ debug: false }));
    if (options.debug ?? (process.env.ASYNCDEMO_DEBUG ?? '0') !== '0') this.setDebug(true);
  }

  /** A pending future of this loop. Stands for `loop.create_future()`. */
  createFuture<T>(): Future<T> {
    return new Future<T>(this.#itself);
  }

  /** Runs a coroutine on this loop. Stands for `loop.create_task()`. */
  createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions & { loop?: TaskHost }): Task<T> {
    if (this.#taskFactory !== undefined) return this.#taskFactory(this, coroutine, options ?? {});
    if (options === undefined) return new Task(coroutine, this.#itself);
    return new Task(coroutine, options.loop === this ? options : { ...options, loop: this });
  }

  /** Sets what makes the tasks of this loop, wherever they are created; `undefined` for the default. */
  setTaskFactory(factory: TaskFactory | undefined): void {
    if (factory !== undefined && typeof factory !== 'function') {
      throw new TypeError(`setTaskFactory: expected a function or undefined, got ${describeWrong(factory)}`);
    }
    this.#taskFactory = factory;
  }

  /** Stands for `get_task_factory()`. */
  getTaskFactory(): TaskFactory | undefined {
    return this.#taskFactory;
  }

  /** A coroutine as a task of this loop; a future of this loop as it is. Stands for `asyncio.ensure_future(x, loop=loop)`. */
  ensureFuture<T>(awaitable: Awaitable<T>): Future<T> {
    return ensureFuture(awaitable, { loop: this });
  }

  /**
   * Runs until `awaitable` is done; a promise for its result. A coroutine runs as a task in `context`, or in a copy of the
   * current one. Stands for `loop.run_until_complete()`.
   * @throws (as a rejection) its error; LoopError when the loop is stopped before; and what `runForever` throws.
   */
  async runUntilComplete<T>(awaitable: Awaitable<T>, options: { context?: Context } = {}): Promise<T> {
    if (this.isClosed()) throw new LoopError('Event loop is closed');
    if (this.isRunning()) throw new LoopError('This event loop is already running');
    if (runningScheduler() !== null) throw new LoopError('Cannot run the event loop while another loop is running');
    const future = ensureFuture(awaitable, { ...options, loop: this });
    future.addDoneCallback(stopLoop);
    try {
      await this.runForever();
    } catch (error) {
      // A task of ours that raised a KeyboardInterrupt: the error goes out through the run, nobody else can ask for it.
      if (!isFuture(awaitable) && future.done()) future.markRetrieved();
      throw error;
    } finally {
      future.removeDoneCallback(stopLoop);
    }
    if (!future.done()) throw new LoopError('Event loop stopped before Future completed.');
    return future.result();
  }

  /**
   * Closes the asynchronous generators and native iterators that were begun on this loop and have not ended, side by side;
   * their errors go to the exception handler. One that is begun later is warned of. `run` and `drain` do this at the
   * end. Stands for `loop.shutdown_asyncgens()`.
   */
  shutdownAsyncIterators(): Coroutine<void> {
    return asyncIteratorsOf(this).shutdown();
  }

  /** Sets who is told of errors nobody receives; `undefined` for the default, which writes them to stderr. */
  setExceptionHandler(handler: ExceptionHandler | undefined): void {
    this.#exceptionHandler = handler;
  }

  /** Stands for `get_exception_handler()`. */
  getExceptionHandler(): ExceptionHandler | undefined {
    return this.#exceptionHandler;
  }

  /** Reports an error. One thrown by the handler itself is reported as well, in the default way. */
  override callExceptionHandler(context: ExceptionContext): void {
    const full = withCreation(context);
    if (this.#exceptionHandler === undefined) return this.defaultExceptionHandler(full);
    try {
      callInItsContext(this.#exceptionHandler, this, full);
    } catch (exception) {
      if (leavesTheRun(exception)) throw exception;
      this.defaultExceptionHandler({ message: 'Unhandled error in exception handler', exception });
      this.defaultExceptionHandler(full);
    }
  }

  /** Writes what happened, to whom, and the error with its stack to stderr. */
  defaultExceptionHandler(context: ExceptionContext): void {
    console.error(formatExceptionContext(context));
  }

  /** Sets who watches this loop, in place of whom was set before; `undefined` for nobody. See {@link LoopObserver}. */
  setObserver(observer: LoopObserver | undefined): void {
    this.#watching.set(observer);
  }

  /** Lets one more watch this loop, beside whoever does; returns what ends that. For tools, which leave `setObserver` to the program. */
  addObserver(observer: LoopObserver): () => void {
    return this.#watching.add(observer);
  }

  /**
   * Debug mode: handles, futures and tasks remember where they were made, and say so in reports and texts; callbacks slower
   * than {@link slowCallbackDuration} and iterations slower than {@link slowIterationDuration} are told of, and so are
   * coroutines of this library that were dropped without being awaited. Warnings are Node's own, of the type
   * `LoopWarning`. It costs several times the rest: for looking for a fault. Stands for `loop.set_debug`.
   */
  setDebug(enabled: boolean): void {
    if (enabled === this.debugging) return;
    this.debugging = enabled;
    watchCoroutines(enabled);
    if (enabled) this.#endSlowWatch = this.#watching.add(new SlowWatch(this, warn));
    else this.#endSlowWatch?.();
  }

  /** Stands for `loop.get_debug()`. */
  getDebug(): boolean {
    return this.debugging;
  }

  /**
   * Calls `callback(...args)` in the loop each time the process gets `signal`, instead of the handler before. While it is
   * set a run does not end as a deadlock: the signal may still come. Stands for `loop.add_signal_handler`.
   * @throws RangeError for what is no signal here; LoopError for one that cannot be caught, or on a closed loop;
   * TypeError for a coroutine function.
   */
  addSignalHandler<Args extends unknown[]>(signal: Signal, callback: (...args: Args) => void, ...args: Args): void {
    if (this.isClosed()) throw new LoopError('Event loop is closed');
    expectCallback(callback);
    this.#signals.add(signal, new Handle(this, callback as Callback, args), (handle) => this.enqueueHandle(handle));
    this.listen(true);
  }

  /** Takes back a handler; false when there was none. Stands for `loop.remove_signal_handler`. */
  removeSignalHandler(signal: Signal): boolean {
    const removed = this.#signals.remove(signal);
    this.listen(this.#signals.size > 0);
    return removed;
  }

  /** @internal Whether this loop has a handler for `signal`. */
  handlesSignal(signal: Signal): boolean {
    return this.#signals.has(signal);
  }

  override close(): void {
    super.close();
    this.#signals.clear();
    this.setDebug(false);
  }

  readonly #observerFailed = (hook: keyof LoopObserver, exception: unknown): void => {
    try {
      this.callExceptionHandler({ message: `Observer removed: its hook '${hook}' threw`, exception });
    } catch (error) {
      this.interrupt(error as Error); // What leaves the run does so behind the step that was being told of.
    }
  };

  protected override deadlock(): DeadlockError {
    return new DeadlockError(allTasks(this).map(describeStuck));
  }
}

/**
 * The loop whose step is being executed. Stands for `asyncio.get_running_loop`.
 * @throws LoopError when none is.
 *
 * @example
 * ```ts
 * import { type Coroutine, getRunningLoop, run, sleep } from 'asyncdemo';
 *
 * function* main(): Coroutine<void> {
 *   getRunningLoop().callSoon(() => console.log('called')); // called
 *   yield* sleep(1);
 * }
 * await run(main());
 * ```
 */
export function getRunningLoop(): EventLoop {
  const loop = runningScheduler();
  if (loop === null) throw new LoopError('no running event loop');
  return loop as EventLoop;
}

/** The done callback behind `runUntilComplete`: the rest of the batch still runs. */
function stopLoop(future: Future<unknown>): void {
  // After a KeyboardInterrupt the run is over already: a stop would end the next one.
  future.markRetrieved();
  if (future.state === 'raised' && leavesTheRun(future.outcome)) return;
  future.loop.stop();
}
