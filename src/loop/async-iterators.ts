// The asynchronous iterators that were begun on a loop and have not ended, so that a program's end can close them. Knows
// them as things to be closed only; each enters when it is begun and leaves when it ends.
import type { Coroutine } from './coroutine.ts';
import { CancelledError, GeneratorExit, leavesTheRun } from './errors.ts';
import { ExceptionGroup } from './exception-group.ts';
import { gather } from './gather.ts';
import { inspect } from './inspect.ts';
import { runningScheduler, type Scheduler } from './scheduler.ts';
import type { TaskHost } from './task.ts';

/** An iterator that has given its first value, or is about to. */
export interface BegunIterator {
  /** Ends it, and waits for its cleanup. */
  aclose(): Coroutine<void>;
  /** The object its user holds, for reports; undefined when that is gone. */
  subject(): object | undefined;
}

/** Those of one loop. Only a first value and an end pass through here, never the values between. */
export class AsyncIterators {
  readonly loop: TaskHost;
  readonly #begun = new Set<BegunIterator>();
  #shutDown = false;

  constructor(loop: TaskHost) {
    this.loop = loop;
  }

  get size(): number {
    return this.#begun.size;
  }

  add(iterator: BegunIterator): void {
    if (this.#shutDown) {
      const name = inspect(iterator.subject());
      process.emitWarning(`asynchronous iterator ${name} was begun after loop.shutdownAsyncIterators()`, 'ResourceWarning');
    }
    this.#begun.add(iterator);
  }

  /** False where it was not there (any more): whoever took it out closes it. */
  delete(iterator: BegunIterator): boolean {
    return this.#begun.delete(iterator);
  }

  /** Closes them all side by side; errors are reported one by one, in the order in which the iterators were begun. */
  *shutdown(): Coroutine<void> {
    this.#shutDown = true;
    const closing = [...this.#begun];
    if (closing.length === 0) return;
    this.#begun.clear();
    const errors = yield* gather(
      closing.map((iterator) => iterator.aclose()),
      { returnExceptions: true, loop: this.loop },
    );
    for (const [index, exception] of errors.entries()) {
      if (exception === undefined || !isOrdinary(exception)) continue;
      const iterator = closing[index] as BegunIterator;
      const asyncIterator = iterator.subject() ?? iterator;
      const message = `an error occurred during closing of asynchronous generator ${inspect(asyncIterator)}`;
      this.loop.callExceptionHandler({ message, exception, asyncIterator });
    }
  }
}

/** What Python's `except Exception` catches: no cancellation, interrupt or exit, and no group that has one in it. */
function isOrdinary(error: unknown): boolean {
  if (error instanceof ExceptionGroup) return error.errors.every(isOrdinary);
  return !(error instanceof CancelledError || error instanceof GeneratorExit || leavesTheRun(error));
}

/** Kept beside the loops: most have none. */
const ofLoops = new WeakMap<Scheduler, AsyncIterators>();

/** Those of `loop`. */
export function asyncIteratorsOf(loop: Scheduler): AsyncIterators {
  let iterators = ofLoops.get(loop);
  if (iterators === undefined) {
    iterators = new AsyncIterators(loop as TaskHost);
    ofLoops.set(loop, iterators);
  }
  return iterators;
}

/** Notes that `iterator` is begun on the running loop; undefined where none runs, and nobody will close it. */
export function noteBegun(iterator: BegunIterator): AsyncIterators | undefined {
  const loop = runningScheduler();
  if (loop === null) return undefined;
  const iterators = asyncIteratorsOf(loop);
  iterators.add(iterator);
  return iterators;
}
