// Errors that nobody ever asked for. A future whose error was not retrieved is reported when it is garbage-collected,
// as asyncio does; so an error can be looked at late, but it cannot be lost.
import type { Frame } from './await-stack.ts';
import { creationOf } from './creation.ts';
import type { Scheduler } from './scheduler.ts';

/** The promise that somebody will look at an error. It must not refer to the future, which could then never be collected. */
export class Retrieval {
  readonly loop: Scheduler;
  readonly description: string;
  readonly sourceTraceback: readonly Frame[] | undefined;
  /** Nothing, once somebody looked. */
  error: unknown;

  constructor(loop: Scheduler, description: string, sourceTraceback: readonly Frame[] | undefined, error: unknown) {
    this.loop = loop;
    this.description = description;
    this.sourceTraceback = sourceTraceback;
    this.error = error;
  }

  /** Somebody looked. */
  done(): void {
    this.error = undefined;
    collected.unregister(this);
  }
}

const collected = new FinalizationRegistry(({ loop, description, error, sourceTraceback }: Retrieval) => {
  const message = `${description} exception was never retrieved`;
  loop.callExceptionHandler({ message, exception: error, ...(sourceTraceback && { sourceTraceback }) });
});

/** Those of this turn: most are retrieved before it is over. */
let fresh: Retrieval[] = [];

/** Starts waiting for `error` to be retrieved from `future`. */
export function expectRetrieval(future: object, loop: Scheduler, error: unknown): Retrieval {
  const retrieval = new Retrieval(loop, future.constructor.name, loop.debugging ? creationOf(future) : undefined, error);
  collected.register(future, retrieval, retrieval);
  if (fresh.length === 0) queueMicrotask(letGoOfFrames);
  fresh.push(retrieval);
  return retrieval;
}

/**
 * Until its `stack` is read for the first time, an Error refers to the frames it was made in and so to the task that was
 * stepped in them, which could then never be collected. Reading it costs microseconds, hence only where nobody looked yet.
 */
function letGoOfFrames(): void {
  for (const { error } of fresh) if (error instanceof Error) void error.stack;
  fresh = [];
}
