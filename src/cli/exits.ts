// How a command ends. Decided here and there, carried out by main alone.
import type { SignalName } from '../loop/index.ts';

/** 0: done. 1: something failed. 2: wrong usage. 3: deadlock. Or death by a signal, so that a shell sees 128 and its number. */
export type Exit = 0 | 1 | 2 | 3 | SignalName;

/** The command line asks for something that cannot be: said in one line, exit 2, nothing started. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Whoever reads our output has gone (`| head -1`). Ends the command quietly. */
export class ClosedPipe extends Error {
  override readonly name = 'ClosedPipe';
}
