// The ways to a task: make one, find the one that is running, find them all.
import { type Awaitable, type Coroutine, isCoroutine } from './coroutine.ts';
import { LoopError } from './errors.ts';
import { Future } from './future.ts';
import { whatRuns } from './ground.ts';
import { runningTaskHost, Task, type TaskHost, type TaskOptions } from './task.ts';

/**
 * Runs `coroutine` as a task of the running loop. Stands for `asyncio.create_task`.
 * @throws TypeError when it is not a coroutine; LoopError without a loop, or on a closed one.
 *
 * @example
 * ```ts
 * import { type Coroutine, createTask, run, sleep } from 'asyncdemo';
 *
 * function* main(): Coroutine<void> {
 *   const task = createTask(sleep(1, 'slept'));
 *   console.log('goes on meanwhile'); // goes on meanwhile
 *   console.log(yield* task); // slept
 * }
 * await run(main());
 * ```
 */
export function createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions & { loop?: TaskHost }): Task<T> {
  return (options?.loop ?? expectHost('createTask')).createTask(coroutine, options);
}

/**
 * A coroutine, or any other awaitable, as a task made with `options`; a future or task as it is. Stands for `asyncio.ensure_future`.
 * @throws TypeError for anything else; LoopError for a future of another loop than the one asked for.
 *
 * @example
 * ```ts
 * import { type Coroutine, ensureFuture, run, sleep } from 'asyncdemo';
 *
 * function* main(): Coroutine<void> {
 *   const future = ensureFuture(sleep(1, 'slept'));
 *   console.log(ensureFuture(future) === future, yield* future); // true slept
 * }
 * await run(main());
 * ```
 */
export function ensureFuture<T>(awaitable: Awaitable<T>, options: TaskOptions & { loop?: TaskHost } = {}): Future<T> {
  if (awaitable instanceof Future) {
    if (options.loop !== undefined && options.loop !== awaitable.loop) {
      throw new LoopError('The future belongs to a different loop than the one specified as the loop argument');
    }
    return awaitable;
  }
  const host = options.loop ?? expectHost('ensureFuture');
  return host.createTask(isPlainAwaitable(awaitable) ? wrapAwaitable(awaitable) : (awaitable as Coroutine<T>), options);
}

function expectHost(caller: string): TaskHost {
  const host = runningTaskHost();
  if (host === null) throw new LoopError(`${caller}: no running event loop; pass one as { loop }`);
  return host;
}

/** An object that can be awaited and is not a coroutine itself. Arrays and promises are not: a task would choke on them later. */
function isPlainAwaitable(value: unknown): value is Awaitable<unknown> {
  return !isCoroutine(value) && typeof value === 'object' && value !== null && Symbol.iterator in value && !Array.isArray(value);
}

function* wrapAwaitable<T>(awaitable: Awaitable<T>): Coroutine<T> {
  return yield* awaitable;
}

/** Makes the tasks of a loop; set with `setTaskFactory`. What it returns must be a task of that loop that runs `coroutine`. */
export type TaskFactory = <T>(loop: TaskHost, coroutine: Coroutine<T>, options: TaskOptions) => Task<T>;

/**
 * A task factory for which every task starts eagerly: its first step runs within the call that creates it, and one that
 * never waits is done at once. Stands for `asyncio.eager_task_factory`.
 *
 * @example
 * ```ts
 * import { type Coroutine, createTask, eagerTaskFactory, getRunningLoop, run } from 'asyncdemo';
 *
 * const cache = new Map([['a', 1]]);
 * function* lookUp(key: string): Coroutine<number | undefined> {
 *   return cache.get(key);
 * }
 * function* main(): Coroutine<void> {
 *   getRunningLoop().setTaskFactory(eagerTaskFactory);
 *   const task = createTask(lookUp('a'));
 *   console.log(task.done(), task.result()); // true 1
 * }
 * await run(main());
 * ```
 */
export const eagerTaskFactory: TaskFactory = createEagerTaskFactory(Task);

/**
 * The same for a class of tasks of your own. Stands for `asyncio.create_eager_task_factory`.
 *
 * @example
 * ```ts
 * import { type Coroutine, createEagerTaskFactory, createTask, getRunningLoop, run, sleep, Task } from 'asyncdemo';
 *
 * class LoudTask<T> extends Task<T> {
 *   override cancel(message?: string): boolean {
 *     console.log(`${this.getName()} is asked to stop`);
 *     return super.cancel(message);
 *   }
 * }
 * function* main(): Coroutine<void> {
 *   getRunningLoop().setTaskFactory(createEagerTaskFactory(LoudTask));
 *   createTask(sleep(1), { name: 'sleeper' }).cancel();
 * }
 * await run(main());
 * // sleeper is asked to stop
 * ```
 */
export function createEagerTaskFactory(construct: new <T>(coroutine: Coroutine<T>, options: TaskOptions & { loop: TaskHost }) => Task<T>): TaskFactory {
  return (loop, coroutine, options) => new construct(coroutine, { ...options, loop, eagerStart: true });
}

/**
 * The task whose step is being executed; null in callbacks and outside of a run. Stands for `asyncio.current_task`.
 *
 * @example
 * ```ts
 * import { type Coroutine, currentTask, run } from 'asyncdemo';
 *
 * function* main(): Coroutine<void> {
 *   console.log(currentTask()?.getName()); // Task-1
 * }
 * await run(main());
 * console.log(currentTask()); // null
 * ```
 */
export function currentTask(loop: TaskHost | null = runningTaskHost()): Task<unknown> | null {
  return (whatRuns().find((runner) => runner instanceof Task && runner.loop === loop) as Task<unknown> | undefined) ?? null;
}

/**
 * The tasks of a loop that are not done, oldest first. Stands for `asyncio.all_tasks`.
 * @throws LoopError without a loop to ask.
 *
 * @example
 * ```ts
 * import { allTasks, type Coroutine, createTask, run, sleep } from 'asyncdemo';
 *
 * function* main(): Coroutine<void> {
 *   createTask(sleep(1), { name: 'sleeper' });
 *   console.log(allTasks().map((task) => task.getName())); // [ 'Task-1', 'sleeper' ]
 * }
 * await run(main());
 * ```
 */
export function allTasks(loop: TaskHost | null = runningTaskHost()): Task<unknown>[] {
  if (loop === null) throw new LoopError('allTasks: no running event loop; pass one');
  return [...loop.tasks];
}
