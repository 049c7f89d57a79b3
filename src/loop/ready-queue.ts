// The ready queue: what the loop will run, in order.
import type { InContext } from './context.ts';
import type { Executing } from './ground.ts';
import { Ring } from './ring.ts';

/** Something the loop can run once: a handle, or a task about to take a step. */
export interface Runnable extends InContext {
  /** @internal Runs it. Throws only what must leave the run. */
  run(): void;
}

/** The runnables of the batch at hand and, behind them, those of the next. */
export class ReadyQueue extends Ring<Runnable> implements Executing {
  /** The one that was taken out last and has not been put away. */
  current: Runnable | undefined = undefined;

  /** Takes the oldest one to run it. The caller knows there is one. */
  take(): Runnable {
    const runnable = this.shift();
    this.current = runnable;
    return runnable;
  }

  /** What was taken out last is over. */
  putAway(): void {
    this.current = undefined;
  }

  /** Puts everything in it into another order, which `arrange` makes of the items. For proofs, which try every order. */
  arrange(arrange: (items: Runnable[]) => void): void {
    const items = [...this];
    arrange(items);
    this.clear();
    for (const item of items) this.push(item);
  }
}
