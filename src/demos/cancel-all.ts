// Section 3: after Ctrl-C every task is cancelled, and the loop is started again, so that they can finish.
import { allTasks, CancelledError, type Coroutine, gather, KeyboardInterrupt, sleep } from '../loop/index.ts';
import type { Run, Screen } from './demo.ts';

export interface Options {
  readonly count: number;
  /** After so many ms it interrupts itself. */
  readonly after: number;
}

function* waitForever(screen: Screen, id: number): Coroutine<void> {
  screen.line(`task ${id}: waiting`, { event: 'waiting', id });
  try {
    for (;;) yield* sleep(60_000);
  } catch (error) {
    if (error instanceof CancelledError) screen.line(`task ${id}: cancelled`, { event: 'cancelled', id });
    throw error;
  }
}

export const run: Run<Options> = async ({ loop, screen }, { count, after }) => {
  const tasks = Array.from({ length: count }, (_, id) => loop.createTask(waitForever(screen, id)));
  // Errors as results: else the first cancelled task would end the wait for the others.
  const all = gather(tasks, { returnExceptions: true });
  const timer = loop.callLater(after, () => loop.interrupt(new KeyboardInterrupt()));
  try {
    await loop.runUntilComplete(all);
  } catch (error) {
    timer.cancel(); // Whatever came before it: nobody else may be interrupted by it.
    if (!(error instanceof KeyboardInterrupt)) throw error;
    screen.line('KeyboardInterrupt', { event: 'interrupted', signal: error.signal });
    for (const task of allTasks(loop)) task.cancel();
    // The loop is restarted. Left to run forever it would hang here: it ends with the last task.
    await loop.runUntilComplete(all);
    const cancelled = tasks.filter((task) => task.cancelled()).length;
    screen.line(`loop drained: ${cancelled} of ${count} tasks cancelled`, { event: 'drained', cancelled });
  }
  // Not in a `finally`: interrupted once more, the loop still has tasks to drain.
  loop.close();
  screen.line('loop closed', { event: 'closed' });
};
