// The ready queue: what the loop will run, in order.
import { Ring } from './ring.ts';

/** Something the loop can run once: a handle, or a task about to take a step. */
export interface Runnable {
  /** @internal Runs it. Throws only what must leave the run. */
  run(): void;
}

/** The runnables of the batch at hand and, behind them, those of the next. */
export class ReadyQueue extends Ring<Runnable> {}
