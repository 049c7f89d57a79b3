// Section 1: a loop that was run can be run again, until it is closed.
import { type Coroutine, LoopError, sleep } from '../loop/index.ts';
import { type Run, type Screen, seconds } from './demo.ts';

function* coro(screen: Screen, delay: number): Coroutine<void> {
  screen.line(`Waiting ${seconds(delay)}s ...`, { event: 'waiting', seconds: delay / 1000 });
  yield* sleep(delay);
  screen.line('done', { event: 'done', seconds: delay / 1000 });
}

export const run: Run<unknown> = async ({ loop, screen }) => {
  await loop.runUntilComplete(coro(screen, 3000));
  await loop.runUntilComplete(coro(screen, 2000));

  loop.close();
  screen.line('loop closed', { event: 'closed' });
  try {
    loop.callSoon(() => {});
  } catch (error) {
    if (!(error instanceof LoopError)) throw error;
    screen.line(`${error.name}: ${error.message}`, { event: 'refused', error: error.message });
  }
};
