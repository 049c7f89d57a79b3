// Errors that nobody ever asked for. A future whose error was not retrieved is reported when it is garbage-collected,
// as asyncio does; so an error can be looked at late, but it cannot be lost.
import type { Scheduler } from './scheduler.ts';

/** The promise that somebody will look at an error. It must not refer to the future, which could then never be collected. */
export class Retrieval {
  readonly loop: Scheduler;
  readonly description: string;
  readonly error: unknown;

  constructor(loop: Scheduler, description: string, error: unknown) {
    this.loop = loop;
    this.description = description;
    this.error = error;
  }

  /** Somebody looked. */
  done(): void {
    collected.unregister(this);
  }
}

const collected = new FinalizationRegistry((retrieval: Retrieval) => {
  retrieval.loop.callExceptionHandler({ message: `${retrieval.description} exception was never retrieved`, exception: retrieval.error });
});

/** Starts waiting for `error` to be retrieved from `future`. */
export function expectRetrieval(future: object, loop: Scheduler, error: unknown): Retrieval {
  const retrieval = new Retrieval(loop, future.constructor.name, error);
  collected.register(future, retrieval, retrieval);
  return retrieval;
}
