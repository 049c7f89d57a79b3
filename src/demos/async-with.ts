// Section 5: an asynchronous context manager, and proof that a coroutine needs no loop: this one is driven by hand.
import { asyncWith, type Coroutine } from '../loop/index.ts';
import type { Run, Screen } from './demo.ts';

function* log(screen: Screen, message: string): Coroutine<void> {
  screen.line(message, { event: 'log', message });
}

class AsyncContextManager {
  readonly #screen: Screen;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  *aenter(): Coroutine<void> {
    yield* log(this.#screen, 'entering context');
  }

  *aexit(): Coroutine<void> {
    yield* log(this.#screen, 'exiting context');
  }
}

function* coro(screen: Screen): Coroutine<void> {
  yield* asyncWith(new AsyncContextManager(screen), function* () {
    screen.line('body', { event: 'body' });
  });
}

export const run: Run<unknown> = async ({ screen }) => {
  const c = coro(screen);
  // What Python says by raising StopIteration, an iterator says by `done`.
  if (c.next().done) screen.line('finished', { event: 'finished' });
};
