// What can be told of a run while it happens. The loop calls these hooks and knows nothing of who listens; with nobody
// listening a hook costs one check. Subjects are passed as objects, to be looked at, never changed.

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
