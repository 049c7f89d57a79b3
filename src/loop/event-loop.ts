// The event loop as its users see it: the scheduler plus futures, tasks, and runs that end with a result.

import { type Frame, formatPlace, isOurs } from './await-stack.ts';
import type { Awaitable, Coroutine } from './coroutine.ts';
import { describeWrong } from './describe-wrong.ts';
import type { Driver } from './driver.ts';
import { DeadlockError, LoopError, leavesTheRun } from './errors.ts';
import { Future, isFuture } from './future.ts';
import { formatError, inspect } from './inspect.ts';
import { NodeDriver } from './node-driver.ts';
import type { LoopObserver } from './observer.ts';
import { type ExceptionContext, runningScheduler, Scheduler } from './scheduler.ts';
import { Task, type TaskHost, type TaskOptions } from './task.ts';
import { TaskList } from './task-list.ts';
import { allTasks, ensureFuture, type TaskFactory } from './tasks.ts';

/** Told of errors that nobody else can receive. */
export type ExceptionHandler = (loop: EventLoop, context: ExceptionContext) => void;

export interface EventLoopOptions {
  /** The host: real time on Node unless given. */
  driver?: Driver;
  /** How long, in ms, the loop may keep Node waiting when it always has something ready. 4 unless given. */
  turnBudget?: number;
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
  /** The options of most tasks, made once. */
  readonly #itself: { readonly loop: EventLoop } = { loop: this };

  constructor(options: EventLoopOptions = {}) {
    super(options.driver ?? new NodeDriver(), options.turnBudget);
  }

  /** A pending future of this loop. Stands for `loop.create_future()`. */
  createFuture<T>(): Future<T> {
    return new Future<T>({ loop: this });
  }

  /** Runs a coroutine on this loop. Stands for `loop.create_task()`. */
  createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions): Task<T> {
    if (this.#taskFactory !== undefined) return this.#taskFactory(this, coroutine, options ?? {});
    return new Task(coroutine, options === undefined ? this.#itself : { ...options, loop: this });
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
   * Runs until `awaitable` is done; a promise for its result. Stands for `loop.run_until_complete()`.
   * @throws (as a rejection) its error; LoopError when the loop is stopped before; and what `runForever` throws.
   */
  async runUntilComplete<T>(awaitable: Awaitable<T>): Promise<T> {
    if (this.isClosed()) throw new LoopError('Event loop is closed');
    if (this.isRunning()) throw new LoopError('This event loop is already running');
    if (runningScheduler() !== null) throw new LoopError('Cannot run the event loop while another loop is running');
    const future = this.ensureFuture(awaitable);
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
    if (this.#exceptionHandler === undefined) return this.defaultExceptionHandler(context);
    try {
      this.#exceptionHandler(this, context);
    } catch (exception) {
      if (leavesTheRun(exception)) throw exception;
      this.defaultExceptionHandler({ message: 'Unhandled error in exception handler', exception });
      this.defaultExceptionHandler(context);
    }
  }

  /** Writes what happened, to whom, and the error with its stack to stderr. */
  defaultExceptionHandler(context: ExceptionContext): void {
    const { message, exception, ...subjects } = context;
    const lines = [message, ...Object.entries(subjects).map(([role, subject]) => `${role}: ${inspect(subject)}`)];
    if (exception !== undefined) lines.push(exception instanceof Error ? (exception.stack ?? formatError(exception)) : inspect(exception));
    console.error(lines.join('\n'));
  }

  /** Sets who watches this loop; `undefined` for nobody. See {@link LoopObserver}. */
  setObserver(observer: LoopObserver | undefined): void {
    this.observer = observer ?? null;
  }

  protected override deadlock(): DeadlockError {
    return new DeadlockError(
      allTasks(this).map((task) => {
        const stack = task.getStack();
        const line = stack.findLast((frame) => !isOurs(frame));
        return { name: task.getName(), awaits: describeAwait(task.awaiting, stack), line: line && formatPlace(line.file, line.line) };
      }),
    );
  }
}

/** `Lock.acquire()` where the await is inside one of our coroutines; otherwise the future itself. */
function describeAwait(awaited: Future<unknown> | undefined, stack: readonly Frame[]): string {
  const innermost = stack.findLast((frame) => !frame.name.startsWith('Waiters.'));
  if (innermost !== undefined && isOurs(innermost)) return `${innermost.name}()`;
  return awaited instanceof Task ? `Task '${awaited.getName()}'` : `a ${awaited?.constructor.name ?? 'Future'} nobody has set`;
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
