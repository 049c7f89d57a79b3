// What can be told of a run while it happens. The loop calls these hooks and knows nothing of who listens; with nobody
// listening a hook costs one check. Subjects are passed as objects, to be looked at, never changed.
import { isEntered } from './context.ts';
import { Handle } from './handle.ts';
import type { ReadyQueue, Runnable } from './ready-queue.ts';

/** Hooks into a running loop, each optional. One that throws is removed, and the error is reported. */
export interface LoopObserver {
  /** A run begins, or is over: with `error`, if it was left with one. */
  run?(phase: 'start' | 'end', error?: unknown): void;
  /**
   * The loop lets its host have its say, and waits for it, or until `deadline`, where nothing is ready; or it goes on. What
   * asyncio calls `select`.
   */
  poll?(phase: 'start' | 'end', deadline?: number): void;
  /** An iteration begins: its number from 1, and how many handles it will run. */
  iteration?(count: number, ready: number): void;
  /** A callback was put into the ready queue, by `callSoon`, or because `cause` (a future) is done. */
  handleScheduled?(handle: object, cause: object | null): void;
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
  /** What runs has used a lock, semaphore, event, condition or queue. */
  primitive?(act: PrimitiveAct, primitive: object): void;
}

/**
 * `wait`: what runs stands in its line, and will be suspended; `leave`: it has left the line, woken or cancelled. `acquire`
 * and `release`: of a lock or a permit. `put` and `get`: an item of a queue.
 */
export type PrimitiveAct = 'wait' | 'leave' | 'acquire' | 'release' | 'put' | 'get';

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

  run(phase: 'start' | 'end', error?: unknown): void {
    try {
      this.#observer.run?.(phase, error);
    } catch (thrown) {
      this.#failed('run', thrown);
    }
  }

  poll(phase: 'start' | 'end', deadline?: number): void {
    try {
      this.#observer.poll?.(phase, deadline);
    } catch (error) {
      this.#failed('poll', error);
    }
  }

  iteration(count: number, ready: number): void {
    try {
      this.#observer.iteration?.(count, ready);
    } catch (error) {
      this.#failed('iteration', error);
    }
  }

  handleScheduled(handle: object, cause: object | null): void {
    try {
      this.#observer.handleScheduled?.(handle, cause);
    } catch (error) {
      this.#failed('handleScheduled', error);
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

  primitive(act: PrimitiveAct, primitive: object): void {
    try {
      this.#observer.primitive?.(act, primitive);
    } catch (error) {
      this.#failed('primitive', error);
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
