// Section 6.1: a task that turns a spinner while something slow goes on, and is cancelled when that is done.
import { CancelledError, type Coroutine, ensureFuture, inspect, sleep } from '../loop/index.ts';
import type { Run, Screen, Spinner } from './demo.ts';

export interface Options {
  /** How long the slow function takes, in ms. */
  readonly duration: number;
  readonly message: string;
}

function* spin(spinner: Spinner, message: string): Coroutine<void> {
  for (const char of cycle('|/-\\')) {
    spinner.draw(char, message);
    try {
      yield* sleep(100);
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
      break;
    }
  }
  spinner.clear();
}

function* slowFunction(duration: number): Coroutine<number> {
  yield* sleep(duration);
  return 42;
}

function* supervisor(screen: Screen, line: Spinner, { duration, message }: Options): Coroutine<number> {
  const spinner = ensureFuture(spin(line, message));
  screen.line(`spinner object: ${inspect(spinner)}`, { event: 'spinner', task: inspect(spinner) });
  const result = yield* slowFunction(duration);
  spinner.cancel();
  return result;
}

export const run: Run<Options> = async ({ loop, screen }, options) => {
  const line = await screen.spinner();
  // Interrupted, the loop stays open: whoever set the stage drains it first.
  const result = await loop.runUntilComplete(supervisor(screen, line, options));
  loop.close();
  screen.line(`Answer: ${result}`, { event: 'answer', answer: result });
};

function* cycle(characters: string): Generator<string, never, unknown> {
  for (;;) yield* characters;
}
