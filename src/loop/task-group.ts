// Tasks that end before the block that started them does, whichever way it is left.
import type { Coroutine } from './coroutine.ts';
import { dependsOn } from './depends.ts';
import { CancelledError, type KeyboardInterrupt, LoopError, leavesTheRun } from './errors.ts';
import { ExceptionGroup } from './exception-group.ts';
import { Future } from './future.ts';
import { shownByToString } from './shown-by-to-string.ts';
import type { Task, TaskOptions } from './task.ts';
import { currentTask } from './tasks.ts';

/**
 * created -> entered -> leaving; what a group that is leaving waits for are its tasks, so with none left it is finished.
 * `#aborting` is beside that, and stays: from then on no task is added. A group aborts at the first error of a task or
 * of the body, at a cancellation from outside, and at `cancel()`.
 */
type State = 'created' | 'entered' | 'leaving';

/**
 * A block whose tasks are done when it is left. The first of them to fail has the others and the body cancelled; when all
 * are done, their errors come out as one {@link ExceptionGroup}. A task that was only cancelled is no error. A
 * cancellation from outside is passed on to every task, and goes on once they are done, unless there are errors: these
 * go first, and the request stays counted in `cancelling()`. A KeyboardInterrupt comes out bare. Stands for
 * `asyncio.TaskGroup`.
 *
 * @example
 * ```ts
 * import { asyncWith, type Coroutine, ExceptionGroup, run, sleep, TaskGroup } from 'asyncdemo';
 *
 * function* fail(delay: number): Coroutine<void> {
 *   yield* sleep(delay);
 *   throw new TypeError(`after ${delay} ms`);
 * }
 * function* main(): Coroutine<void> {
 *   yield* asyncWith(new TaskGroup(), function* (group) {
 *     const quick = group.createTask(sleep(1, 'quick'), { name: 'quick' });
 *     group.createTask(sleep(2));
 *     console.log(yield* quick);
 *   });
 *   console.log('both are done');
 *   try {
 *     yield* asyncWith(new TaskGroup(), function* (group) {
 *       group.createTask(fail(1));
 *       yield* sleep(60_000);
 *     });
 *   } catch (error) {
 *     if (error instanceof ExceptionGroup) console.log(error.message);
 *   }
 * }
 * await run(main());
 * // quick
 * // both are done
 * // unhandled errors in a TaskGroup (1 sub-exception)
 * ```
 */
export class TaskGroup {
  #state: State = 'created';
  #aborting = false;
  #cancelOnEntry = false;
  /** The task that entered. */
  #parent: Task<unknown> | undefined = undefined;
  /** Whether one of the parent's cancel requests is ours, to be taken back at the end. */
  #parentCancelled = false;
  readonly #tasks = new Set<Task<unknown>>();
  readonly #errors: unknown[] = [];
  /** The first error that leaves a run. */
  #interrupt: KeyboardInterrupt | undefined = undefined;
  /** What the parent waits for while it leaves: that the last task is done. */
  #allDone: Future<void> | undefined = undefined;

  /**
   * Runs `coroutine` as a task of the group, on its loop. Tasks of the group may add others, until the last one is done.
   * Stands for `create_task()`.
   * @throws LoopError when the group was not entered, aborts, or is finished; TypeError when it is not a coroutine.
   */
  createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions): Task<T> {
    const parent = this.#parent;
    if (parent === undefined) throw new LoopError(`TaskGroup ${this} has not been entered`);
    if (this.#finished) throw new LoopError(`TaskGroup ${this} is finished`);
    if (this.#aborting) throw new LoopError(`TaskGroup ${this} is shutting down`);
    const task = parent.loop.createTask(coroutine, options);
    if (task.done()) {
      this.#onTaskDone(task);
      return task;
    }
    this.#tasks.add(task);
    task.addDoneCallback(this.#onTaskDone);
    // Its first step may have run already, and have cancelled the group it was not in yet.
    if (this.#aborting) task.cancel();
    return task;
  }

  /**
   * Ends the group before its time: its tasks and the body are cancelled, and when they are done the block is left
   * without a CancelledError; the result of `asyncWith` is `undefined` if the body was interrupted. Errors that come up
   * meanwhile are thrown as ever. Before entry: the body is cancelled at its first await. A second call does nothing, nor
   * does one when the group is finished. Stands for `cancel()` of Python 3.15.
   */
  cancel(): void {
    if (this.#parent === undefined) {
      this.#cancelOnEntry = true;
    } else if (!this.#aborting && !this.#finished) {
      this.#abort();
      this.#cancelParent(this.#parent);
    }
  }

  *aenter(): Coroutine<this> {
    if (this.#state !== 'created') throw new LoopError(`TaskGroup ${this} has already been entered`);
    const parent = currentTask();
    if (parent === null) throw new LoopError(`TaskGroup ${this} cannot determine the parent task`);
    this.#parent = parent;
    this.#state = 'entered';
    if (this.#cancelOnEntry) this.cancel();
    return this;
  }

  /** True when the body's error was the group's own doing: a cancellation that ends here. */
  *aexit(error: unknown): Coroutine<boolean> {
    const parent = this.#parent as Task<unknown>;
    this.#state = 'leaving';
    if (leavesTheRun(error)) this.#interrupt ??= error;
    if (error !== undefined && !this.#aborting) this.#abort();
    let cancellation = error instanceof CancelledError ? error : undefined;
    let late: CancelledError | undefined;
    // Until no task is left, however often the parent is cancelled meanwhile.
    while (this.#tasks.size > 0) {
      this.#allDone = new Future();
      dependsOn(this.#allDone, { on: this.#tasks, needs: 'every', failsFast: true });
      try {
        yield* this.#allDone;
      } catch (cancelled) {
        if (!(cancelled instanceof CancelledError)) throw cancelled;
        late = cancelled;
        if (!this.#aborting) {
          cancellation = cancelled;
          this.#abort();
        }
      }
      this.#allDone = undefined;
    }

    if (this.#interrupt !== undefined) throw this.#interrupt;
    // Requests beyond our own came from outside, and have to go on: be it one that came while all was ending anyway.
    if (this.#parentCancelled) cancellation = parent.uncancel() === 0 ? undefined : (cancellation ?? late);
    if (cancellation !== undefined && this.#errors.length === 0) throw cancellation;

    if (error !== undefined && !(error instanceof CancelledError)) this.#errors.push(error);
    if (this.#errors.length === 0) return error !== undefined;
    if (parent.cancelling() > 0) {
      // The errors go first, but somebody wants this task to end: asked anew, it is told so at its next await.
      parent.uncancel();
      parent.cancel();
    }
    throw new ExceptionGroup('unhandled errors in a TaskGroup', this.#errors.splice(0));
  }

  /** As asyncio shows it: `<TaskGroup tasks=2 entered>`. */
  toString(): string {
    const info = ['TaskGroup'];
    if (this.#tasks.size > 0) info.push(`tasks=${this.#tasks.size}`);
    if (this.#errors.length > 0) info.push(`errors=${this.#errors.length}`);
    if (this.#aborting) info.push('cancelling');
    else if (this.#state !== 'created') info.push('entered');
    return `<${info.join(' ')}>`;
  }

  get #finished(): boolean {
    return this.#state === 'leaving' && this.#tasks.size === 0;
  }

  #abort(): void {
    this.#aborting = true;
    for (const task of this.#tasks) if (!task.done()) task.cancel();
  }

  #cancelParent(parent: Task<unknown>): void {
    this.#parentCancelled = true;
    parent.cancel();
  }

  readonly #onTaskDone = (task: Task<unknown>): void => {
    this.#tasks.delete(task);
    if (this.#tasks.size === 0 && this.#allDone?.done() === false) this.#allDone.setResult();
    if (task.cancelled()) return;
    const exception = task.exception();
    if (task.state !== 'raised') return;
    this.#errors.push(exception);
    if (leavesTheRun(exception)) this.#interrupt ??= exception;
    const parent = this.#parent as Task<unknown>;
    if (parent.done()) {
      const message = `Task ${task} has errored out but its parent task ${parent} is already completed`;
      parent.loop.callExceptionHandler({ message, exception, task });
    } else if (!this.#aborting && !this.#parentCancelled) {
      this.#abort();
      this.#cancelParent(parent);
    }
  };
}

shownByToString(TaskGroup);
