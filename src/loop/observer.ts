// What can be told of a run while it happens. The loop calls these hooks and knows nothing of who listens; with nobody
// listening a hook costs one check. Subjects are passed as objects, to be looked at, never changed.
import { isEntered } from './context.ts';
import { Handle } from './handle.ts';
import type { ReadyQueue, Runnable } from './ready-queue.ts';

/** Hooks into a running loop, each optional. One that throws is removed, and the error is reported. */
export interface LoopObserver {
  /** An iteration begins: its number from 1, and how many handles it will run. */
  iteration?(count: number, ready: number): void;
  /** A plain callback is about to run (`start`) or has run (`end`). */
  handle?(phase: 'start' | 'end', handle: object): void;
  /** A timer was set, came due or was cancelled. */
  timer?(phase: 'set' | 'due' | 'cancelled', timer: object): void;
  /** A task came to life. */
  taskCreated?(task: object): void;
  /** A task's coroutine is about to be resumed (`start`) or has suspended or ended (`end`). */
  step?(phase: 'start' | 'end', task: object): void;
  /** A task suspended; `awaited` is the future it waits for, null when it only gave way. */
  taskSuspended?(task: object, awaited: object | null): void;
  /** A task became ready again because `cause` (a future) is done. */
  taskWoken?(task: object, cause: object): void;
  /** Somebody asked a task to cancel. */
  taskCancelRequested?(task: object): void;
  /** A task ended: returned, threw or was cancelled. */
  taskDone?(task: object): void;
}

/**
 * An observer as the loop calls it: it has every hook, and none throws. The first error of a hook goes to `failed`; a hook
 * that is missing costs a check. One class, so that the engine can inline the calls.
 */
export class GuardedObserver implements Required<LoopObserver> {
  readonly #observer: LoopObserver;
  readonly #failed: (hook: keyof LoopObserver, error: unknown) => void;

  constructor(observer: LoopObserver, failed: (hook: keyof LoopObserver, error: unknown) => void) {
    this.#observer = observer;
    this.#failed = failed;
  }

  iteration(count: number, ready: number): void {
    try {
      this.#observer.iteration?.(count, ready);
    } catch (error) {
      this.#failed('iteration', error);
    }
  }

  handle(phase: 'start' | 'end', handle: object): void {
    try {
      this.#observer.handle?.(phase, handle);
    } catch (error) {
      this.#failed('handle', error);
    }
  }

  timer(phase: 'set' | 'due' | 'cancelled', timer: object): void {
    try {
      this.#observer.timer?.(phase, timer);
    } catch (error) {
      this.#failed('timer', error);
    }
  }

  taskCreated(task: object): void {
    try {
      this.#observer.taskCreated?.(task);
    } catch (error) {
      this.#failed('taskCreated', error);
    }
  }

  step(phase: 'start' | 'end', task: object): void {
    try {
      this.#observer.step?.(phase, task);
    } catch (error) {
      this.#failed('step', error);
    }
  }

  taskSuspended(task: object, awaited: object | null): void {
    try {
      this.#observer.taskSuspended?.(task, awaited);
    } catch (error) {
      this.#failed('taskSuspended', error);
    }
  }

  taskWoken(task: object, cause: object): void {
    try {
      this.#observer.taskWoken?.(task, cause);
    } catch (error) {
      this.#failed('taskWoken', error);
    }
  }

  taskCancelRequested(task: object): void {
    try {
      this.#observer.taskCancelRequested?.(task);
    } catch (error) {
      this.#failed('taskCancelRequested', error);
    }
  }

  taskDone(task: object): void {
    try {
      this.#observer.taskDone?.(task);
    } catch (error) {
      this.#failed('taskDone', error);
    }
  }
}

/** Tells of a runnable before it is what runs, and after: its context is nobody's then, and no task is current. A hook may take the observer away. */
export function runWatched(runnable: Runnable, ready: ReadyQueue, watched: { readonly observer: GuardedObserver | null }): void {
  const isHandle = runnable instanceof Handle;
  if (!isHandle && isEntered(runnable.scope)) return runnable.run(); // Which it will not: there is no step to tell of.
  ready.putAway();
  if (isHandle) watched.observer?.handle('start', runnable);
  else watched.observer?.step('start', runnable);
  ready.current = runnable;
  try {
    runnable.run();
  } finally {
    ready.putAway();
    if (isHandle) watched.observer?.handle('end', runnable);
    else watched.observer?.step('end', runnable);
  }
}

const HOOKS: readonly (keyof LoopObserver)[] = [
  'iteration',
  'handle',
  'timer',
  'taskCreated',
  'step',
  'taskSuspended',
  'taskWoken',
  'taskCancelRequested',
  'taskDone',
];

/** Both of two observers as one. */
export function bothObservers(first: LoopObserver, second: LoopObserver): LoopObserver {
  const both: Record<string, (...args: unknown[]) => void> = {};
  for (const hook of HOOKS) {
    both[hook] = (...args) => {
      (first[hook] as ((...args: unknown[]) => void) | undefined)?.call(first, ...args);
      (second[hook] as ((...args: unknown[]) => void) | undefined)?.call(second, ...args);
    };
  }
  return both;
}
