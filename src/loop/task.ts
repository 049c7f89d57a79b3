// A coroutine that runs by itself, as a future for its result. The only place that resumes coroutines on behalf of a loop.

import { awaitStack, type Frame, parseStack, runningStack } from './await-stack.ts';
import { type Context, contextOf, enterContext, type InContext, isEntered, leaveContext, type Scope, snapshot } from './context.ts';
import { type Coroutine, gaveWay, isCoroutine, suspended, takeAwaited } from './coroutine.ts';
import { describeWrong } from './describe-wrong.ts';
import { CancelledError, LoopError, leavesTheRun } from './errors.ts';
import { Future } from './future.ts';
import { runningWithin, runWithin } from './ground.ts';
import { formatTask } from './inspect.ts';
import type { Linked } from './linked-list.ts';
import type { Runnable } from './ready-queue.ts';
import { runningScheduler, type Scheduler } from './scheduler.ts';
import type { TaskList } from './task-list.ts';

/** How a task is made. */
export interface TaskOptions {
  /** What it is called; `Task-` and a number unless given. */
  name?: string;
  /** The context its steps run in; a copy of the current one unless given. */
  context?: Context;
  /** Runs the first step at once, within the call, where the loop is executing a step. False unless given. */
  eagerStart?: boolean;
}

/** Those who pass a cancellation on right now to a task or gather that they await. One that is asked again among these awaits itself in the end. */
const passingOn = new Set<Task<unknown>>();

/** A scheduler that makes and keeps tasks: what every event loop is. */
export interface TaskHost extends Scheduler {
  /** @internal */
  readonly tasks: TaskList<Task<unknown>>;
  createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions): Task<T>;
}

/** The loop whose step is being executed. Every scheduler that runs is an event loop, and so keeps tasks. */
export function runningTaskHost(): TaskHost | null {
  return runningScheduler() as TaskHost | null;
}

/**
 * Runs a coroutine on a loop. Stands for `asyncio.Task`; made by `createTask`, `ensureFuture`, `gather` and the like.
 *
 * A pending task is in exactly one of two states:
 * - ready: its next step is in the ready queue; `awaiting` is undefined, or the future whose end made it ready;
 * - suspended: `awaiting` is the pending future that will make it ready.
 *
 * `cancel()` of a suspended task cancels what it awaits, and the error arrives through that. Of a ready task, it is
 * remembered in `#mustCancel`, and the next step throws it into the coroutine, or, at the coroutine's first, ends the
 * task without running a line of it.
 *
 * @example
 * ```ts
 * import { CancelledError, type Coroutine, createTask, run, sleep } from 'asyncdemo';
 *
 * function* main(): Coroutine<void> {
 *   const task = createTask(sleep(60_000), { name: 'sleeper' });
 *   yield* sleep(1);
 *   task.cancel();
 *   try {
 *     yield* task;
 *   } catch (error) {
 *     console.log(error instanceof CancelledError, task.getName(), task.cancelled()); // true sleeper true
 *   }
 * }
 * await run(main());
 * ```
 */
export class Task<T> extends Future<T> implements Runnable, InContext, Linked<Task<unknown>> {
  /** @internal */
  declare readonly loop: TaskHost;
  /** @internal */
  readonly coroutine: Coroutine<T>;
  /** Its `next`, looked up once, as `yield*` does: every generator function has a hidden class of its own, so that the look-up is never cached for long. */
  readonly #next: Coroutine<T>['next'];
  /** @internal */
  awaiting: Future<unknown> | undefined = undefined;
  /** @internal The neighbours in the loop's list of live tasks. */
  older: Task<unknown> | undefined = undefined;
  /** @internal */
  newer: Task<unknown> | undefined = undefined;
  #started = false;
  #mustCancel = false;
  #cancelRequests = 0;
  /** An error for the next step to throw into the coroutine: it awaited what cannot be awaited. */
  #misuse: LoopError | undefined = undefined;
  #name: string | number;
  /** @internal */
  scope: Scope;

  /**
   * @throws TypeError when `coroutine` is not a coroutine; LoopError without a loop, or on a closed one.
   */
  constructor(coroutine: Coroutine<T>, options: TaskOptions & { loop?: TaskHost } = {}) {
    if (!isCoroutine(coroutine) || (coroutine as unknown) instanceof Future) {
      const got = (coroutine as unknown) instanceof Future ? `${coroutine}; ensureFuture takes either` : describeWrong(coroutine);
      throw new TypeError(`a coroutine was expected, got ${got}`);
    }
    super(options);
    this.coroutine = coroutine;
    this.#next = coroutine.next;
    this.scope = options.context ?? snapshot();
    const eagerly = options.eagerStart === true && runningScheduler() === this.loop;
    if (!eagerly) this.loop.enqueue(this);
    else if (isEntered(this.scope)) throw new LoopError('a task that starts eagerly cannot run in the context of its creator; give it a copy');
    this.loop.tasks.add(this);
    this.#name = options.name ?? this.loop.tasks.nextNumber();
    this.loop.observer?.taskCreated(this);
    if (eagerly) Task.#runEagerly(this);
  }

  /** The name, `Task-` and a number counted per loop unless one was given. Stands for `get_name()`. */
  getName(): string {
    return typeof this.#name === 'number' ? `Task-${this.#name}` : this.#name;
  }

  /** Stands for `set_name()`. */
  setName(name: string): void {
    this.#name = name;
  }

  /** The context its steps run in. Stands for `get_context()`. */
  getContext(): Context {
    return contextOf(this);
  }

  /** The coroutine it runs. Stands for `get_coro()`. */
  getCoro(): Coroutine<T> {
    return this.coroutine;
  }

  /**
   * Asks the coroutine to stop: a CancelledError is thrown at the await it stands at, in a later iteration. The coroutine
   * may clean up, or refuse by catching the error. Returns false when the task is done already.
   */
  override cancel(message?: string): boolean {
    this.markRetrieved();
    if (this.done()) return false;
    if (passingOn.size > 0 && passingOn.has(this)) {
      if (this.awaiting === undefined) return true; // It has left the circle already, and is ready.
      if (!this.awaiting.done()) return Task.#leaveCircle(this, message);
    }
    this.#cancelRequests += 1;
    this.loop.observer?.taskCancelRequested(this);
    // What it awaits may be a task that refuses: so `awaiting` stays, to be asked again by the next cancel().
    if (this.awaiting !== undefined && Task.#passOn(this, this.awaiting, message)) return true;
    this.#mustCancel = true;
    this.cancelMessage = message;
    return true;
  }

  /** How many cancellations were asked for and not taken back. */
  cancelling(): number {
    return this.#cancelRequests;
  }

  /** Takes back one request; the last one also calls off a cancellation that was not delivered yet. Returns how many are left. */
  uncancel(): number {
    if (this.#cancelRequests > 0) {
      this.#cancelRequests -= 1;
      if (this.#cancelRequests === 0) this.#mustCancel = false;
    }
    return this.#cancelRequests;
  }

  /** A task's outcome comes from its coroutine alone. */
  override setResult(): never {
    throw new LoopError('Task does not support setResult operation');
  }

  /** A task's outcome comes from its coroutine alone. */
  override setException(): never {
    throw new LoopError('Task does not support setException operation');
  }

  /**
   * Where the coroutine stands: every frame of the chain of awaits, oldest first, with file and line; before the first
   * step none; after an error, where it was thrown. Costs nothing until called. Stands for `get_stack()`, which shows the oldest frame only.
   */
  getStack(): Frame[] {
    const inner = runningWithin(this);
    // Within its own step may be those of tasks it has started eagerly.
    if (inner !== undefined) return runningStack('Task.run', inner.filter((runner) => runner instanceof Task).length);
    if (this.state === 'raised' && this.outcome instanceof Error) return parseStack(this.outcome.stack ?? '').reverse();
    // At a plain yield there is no awaitable to answer the probe: the coroutine itself would be resumed.
    return this.#started && !this.done() && this.#misuse === undefined ? awaitStack(this.coroutine) : [];
  }

  override toString(): string {
    return formatTask(this);
  }

  /** @internal One step: resume the coroutine, then see what it did. Called by the loop, once for each time it was enqueued. */
  run(): void {
    const { awaiting } = this;
    if (isEntered(this.scope)) return this.loop.contextTaken(this, this.getName());
    enterContext(this);
    this.awaiting = undefined;
    try {
      const result = this.#mustCancel || this.#misuse !== undefined ? Task.#throwIn(this, awaiting) : Task.#resume(this);
      if (result === gaveWay) Task.#giveWay(this);
      else if (result === suspended) Task.#suspendOn(this, takeAwaited() as Future<unknown>);
      else if (result.done) Task.#return(this, result.value);
      else Task.#refuse(this, `plain 'yield' was used in ${this.getName()}: await with 'yield*'`);
    } catch (error) {
      Task.#raise(this, error);
    } finally {
      leaveContext(this);
    }
  }

  static #passOn(task: Task<unknown>, awaited: Future<unknown>, message: string | undefined): boolean {
    if (Object.getPrototypeOf(awaited) === Future.prototype) return awaited.cancel(message); // Which asks nobody else.
    const isFirst = !passingOn.has(task);
    passingOn.add(task);
    try {
      return awaited.cancel(message);
    } finally {
      if (isFirst) passingOn.delete(task);
    }
  }

  /** Tasks that await each other would pass a cancellation on for ever: the first one asked is woken by it instead of by what it awaits. */
  /* v8 ignore next -- @preserve: for conformance:coverage; CPython ends such a program with a RecursionError */
  static #leaveCircle(task: Task<unknown>, message: string | undefined): true {
    const awaited = task.awaiting as Future<unknown>;
    task.awaiting = undefined;
    awaited.removeWaiting(task);
    if (!(awaited instanceof Task)) awaited.addDoneCallback((gathering) => gathering.markRetrieved()); // Nobody else will ask for its outcome.
    task.#mustCancel = true;
    task.cancelMessage = message;
    task.loop.enqueue(task);
    task.loop.observer?.taskWoken(task, awaited);
    return true;
  }

  // The parts of a step. Static: a private method of the instance would cost each task a field, to show that it has it.

  static #runEagerly(task: Task<unknown>): void {
    task.loop.observer?.step('start', task);
    try {
      runWithin(task, () => task.run());
    } finally {
      task.loop.observer?.step('end', task);
    }
  }

  static #resume<T>(task: Task<T>): IteratorResult<unknown, T> {
    task.#started = true;
    return task.#next.call(task.coroutine);
  }

  /** A cancellation that waited for this step, or the answer to a misuse. At a coroutine's first step no line of it runs. */
  static #throwIn<T>(task: Task<T>, awaited: Future<unknown> | undefined): IteratorResult<unknown, T> {
    let error: Error | undefined = task.#misuse;
    task.#misuse = undefined;
    if (task.#mustCancel) {
      task.#mustCancel = false;
      awaited?.markRetrieved();
      error = arrivedWith(awaited) ?? task.makeCancelledError();
    }
    return task.coroutine.throw(error);
  }

  static #giveWay(task: Task<unknown>): void {
    task.loop.observer?.taskSuspended(task, null);
    task.loop.enqueue(task);
  }

  static #suspendOn(task: Task<unknown>, future: Future<unknown>): void {
    const { loop } = task;
    if (future.loop !== loop) return Task.#refuse(task, `${task.getName()} awaits ${future}, which belongs to a different loop`);
    if (future === task) return Task.#refuse(task, `${task.getName()} cannot await itself`);
    loop.observer?.taskSuspended(task, future);
    future.addWaiting(task);
    task.awaiting = future;
    if (task.#mustCancel && future.cancel(task.cancelMessage)) task.#mustCancel = false;
  }

  static #refuse(task: Task<unknown>, message: string): void {
    task.#misuse = new LoopError(message);
    task.loop.enqueue(task);
  }

  static #return<T>(task: Task<T>, value: T): void {
    if (task.#mustCancel) {
      task.#mustCancel = false;
      task.settleCancelled(undefined, task.cancelMessage);
    } else {
      task.settle('returned', value);
    }
    Task.#end(task);
  }

  static #raise(task: Task<unknown>, error: unknown): void {
    if (error instanceof CancelledError) task.settleCancelled(error, undefined);
    else task.settleRaised(error);
    Task.#end(task);
    if (leavesTheRun(error)) throw error;
  }

  static #end(task: Task<unknown>): void {
    task.loop.tasks.remove(task);
    task.loop.observer?.taskDone(task);
  }
}

/** A cancellation that comes out of what was awaited goes before the request; it may be there as an error, as gather's is. */
function arrivedWith(awaited: Future<unknown> | undefined): CancelledError | undefined {
  if (awaited?.cancelled()) return awaited.makeCancelledError();
  return awaited?.state === 'raised' && awaited.outcome instanceof CancelledError ? awaited.outcome : undefined;
}
