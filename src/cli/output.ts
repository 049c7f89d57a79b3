// The process's own streams, as lines; and what happens when they cannot be written any more.
// Not by the loop's index: nothing is loaded for a --version that it does not need.
import { KeyboardInterrupt } from '../loop/errors.ts';
import { ClosedPipe, type Exit } from './exits.ts';
import type { Print } from './screens/screen.ts';

let leave: ((reason: Error) => void) | undefined;
let broken: Error | undefined;

/** A line on stdout. */
export const out: Print = (line) => {
  if (broken === undefined) process.stdout.write(`${line}\n`);
};

/** A line on stderr. */
export const err: Print = (line) => {
  process.stderr.write(`${line}\n`);
};

/** Watches for the end of whoever reads us: then nothing more is written, and the run that is going on is left. */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    broken ??= reasonOf(error);
    leave?.(broken);
  });
  process.stderr.on('error', () => {});
}

/** Says how the run going on now is left. */
export function whenOutputBreaks(leaveRun: ((reason: Error) => void) | undefined): void {
  leave = leaveRun;
  if (broken !== undefined) leaveRun?.(broken);
}

/** Whether it makes sense to go on. */
export function outputIsBroken(): boolean {
  return broken !== undefined;
}

/** How the process ends, given how its command did: what could not be written counts, too. */
export function endWithOutput(exit: Exit): Exit {
  if (process.stdout.errored) broken ??= reasonOf(process.stdout.errored); // Its event may still be on the way.
  if (broken instanceof KeyboardInterrupt) return broken.signal;
  if (broken === undefined || broken instanceof ClosedPipe || exit !== 0) return exit;
  err(`asyncdemo: ${broken.message}`);
  return 1;
}

function reasonOf({ code, message }: NodeJS.ErrnoException): Error {
  if (code === 'EPIPE') return new ClosedPipe();
  // A terminal that was closed: what its hang-up signal, perhaps still under way, says as well.
  if (code === 'EIO') return new KeyboardInterrupt('SIGHUP');
  return new Error(`stdout cannot be written: ${message}`);
}
