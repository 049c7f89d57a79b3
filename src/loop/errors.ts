// The errors of the loop, under the names asyncio gives them. Everything above throws these and nothing of its own.
import { limitStacks } from './stack-limit.ts';

/** A task or future was cancelled. Stands for `asyncio.CancelledError`. Catch it to clean up, then rethrow it. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

/**
 * A cancellation as it arrives at an await. Without a stack, unless asked for: taking one is 60 % of cancelling 100,000
 * tasks, and most of these errors are only passed on.
 */
export function arriving(message: string | undefined, withStack: boolean): CancelledError {
  if (withStack) return new CancelledError(message);
  const limit = limitStacks(0);
  const error = new CancelledError(message);
  limitStacks(limit);
  return error;
}

/** An operation does not fit the state of a future: its result is not set yet, or is set already. Stands for `asyncio.InvalidStateError`. */
export class InvalidStateError extends Error {
  override readonly name = 'InvalidStateError';
}

/** A deadline passed. Stands for `TimeoutError`, which is what `asyncio.TimeoutError` is today. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** Ends an asynchronous iteration when thrown by `anext()`. Stands for `StopAsyncIteration`. */
export class StopAsyncIteration extends Error {
  override readonly name = 'StopAsyncIteration';
}

/** The barrier is broken, or was reset while the task waited at it. Stands for `asyncio.BrokenBarrierError`. */
export class BrokenBarrierError extends Error {
  override readonly name = 'BrokenBarrierError';
}

/** `getNowait()` of a queue that holds nothing. Stands for `asyncio.QueueEmpty`. */
export class QueueEmpty extends Error {
  override readonly name = 'QueueEmpty';
}

/** `putNowait()` into a queue that is full. Stands for `asyncio.QueueFull`. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/** The queue was shut down: nothing can be put, or nothing is left to get. Stands for `asyncio.QueueShutDown`. */
export class QueueShutDown extends Error {
  override readonly name = 'QueueShutDown';
}

/**
 * Thrown by `aclose()` at the `emit` an asynchronous generator stands at. Let it pass: `finally` blocks run, and may await.
 * Stands for `GeneratorExit`.
 */
export class GeneratorExit extends Error {
  override readonly name = 'GeneratorExit';
}

/** The signals a program may be asked to stop by. Spelled out: `NodeJS.Signals` would ask every user for Node's types. */
export type SignalName = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGQUIT' | 'SIGBREAK' | 'SIGUSR1' | 'SIGUSR2';

/**
 * The user asked the program to stop (Ctrl-C). Leaves the run at once instead of going to the exception handler.
 * Stands for `KeyboardInterrupt`; `signal` tells which signal it was.
 */
export class KeyboardInterrupt extends Error {
  override readonly name = 'KeyboardInterrupt';
  readonly signal: SignalName;

  constructor(signal: SignalName = 'SIGINT') {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}

/** The loop was used against its rules: run twice at once, closed while it runs, used after `close()`. Stands for asyncio's `RuntimeError`. */
export class LoopError extends Error {
  override readonly name = 'LoopError';
}

/** What a {@link DeadlockError} knows of one task that can never go on. */
export interface StuckTask {
  /** The task's name, `Task-3` say. */
  readonly name: string;
  /** What it awaits, as `inspect` shows it. */
  readonly awaits: string;
  /** The await it stands at, `src/app.ts:12`, or `undefined` where no frame could be read. */
  readonly line: string | undefined;
}

/**
 * Nothing is ready, no timer is set, nothing is in flight and nothing can wake the loop: the run would never end.
 * asyncio hangs here, plain Node exits with 13; this loop names each pending task, what it awaits and where.
 */
export class DeadlockError extends Error {
  override readonly name = 'DeadlockError';
  readonly tasks: readonly StuckTask[];

  constructor(tasks: readonly StuckTask[]) {
    const lines = tasks.map((task) => `  ${task.name} awaits ${task.awaits}${task.line ? ` at ${task.line}` : ''}`);
    super(
      tasks.length === 0
        ? 'deadlock: the loop waits, but no task, no timer and nothing in flight is left to wake it'
        : `deadlock: ${tasks.length} pending ${tasks.length === 1 ? 'task' : 'tasks'}, and nothing left to wake ${tasks.length === 1 ? 'it' : 'any'}\n${lines.join('\n')}`,
    );
    this.tasks = tasks;
  }
}

/** True for the errors that leave a run at once, as `KeyboardInterrupt` and `SystemExit` do in asyncio. */
export function leavesTheRun(error: unknown): error is KeyboardInterrupt {
  return error instanceof KeyboardInterrupt;
}
