// Section 4: a callback on a future, called when a time has passed.
import { type Coroutine, ensureFuture, type Future, sleep } from '../loop/index.ts';
import { type Run, type Screen, seconds } from './demo.ts';

export interface Options {
  /** How long to wait, in ms. */
  readonly delay: number;
}

function* timer(screen: Screen, delay: number, callback: (future: Future<void>) => void): Coroutine<void> {
  const future = ensureFuture(sleep(delay));
  future.addDoneCallback(callback);
  screen.line(`Waiting ${seconds(delay)}s ...`, { event: 'waiting', seconds: delay / 1000 });
  yield* future;
}

/** What is left, once a second. A task beside the timer, for the eye only. */
function* countdown(screen: Screen, delay: number): Coroutine<void> {
  for (let left = delay; left > 0; left -= 1000) {
    screen.status(`${seconds(left)}s left`);
    yield* sleep(Math.min(left, 1000));
  }
}

export const run: Run<Options> = async ({ loop, screen }, { delay }) => {
  if (screen.animated) loop.createTask(countdown(screen, delay));
  const done = (future: Future<void>): void => {
    screen.status('');
    // Interrupted it is done as well, but the time has not passed.
    if (!future.cancelled()) screen.line('>>> Done', { event: 'done' });
  };
  await loop.runUntilComplete(timer(screen, delay, done));
};
