// The process's own streams, as lines; and what happens when whoever reads them has gone.
// Not by the loop's index: nothing is loaded for a --version that it does not need.
import { KeyboardInterrupt } from '../loop/errors.ts';
import { ClosedPipe, type Exit } from './exits.ts';
import type { Print } from './screens/screen.ts';

let leave: ((reason: Error) => void) | undefined;
let gone: ClosedPipe | KeyboardInterrupt | undefined;

/** A line on stdout. */
export const out: Print = (line) => {
  if (gone === undefined) process.stdout.write(`${line}\n`);
};

/** A line on stderr. */
export const err: Print = (line) => {
  process.stderr.write(`${line}\n`);
};

/** Watches for the end of whoever reads us: then nothing more is written, and the run that is going on is left. */
export function watchReaders(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    gone ??= whyGone(error);
    if (gone === undefined) throw error;
    leave?.(gone);
  });
  process.stderr.on('error', () => {});
}

/** Says how the run going on now is left. */
export function whenReaderGoes(leaveRun: ((reason: Error) => void) | undefined): void {
  leave = leaveRun;
  if (gone !== undefined) leaveRun?.(gone);
}

function whyGone(error: NodeJS.ErrnoException | null): ClosedPipe | KeyboardInterrupt | undefined {
  if (error?.code === 'EPIPE') return new ClosedPipe();
  // A terminal that was closed: what its hang-up signal, perhaps still under way, says as well.
  return error?.code === 'EIO' ? new KeyboardInterrupt('SIGHUP') : undefined;
}

/** How the process ends when its reader has gone, whatever the command made of it. */
export function endWithoutReader(exit: Exit): Exit {
  gone ??= whyGone(process.stdout.errored); // Its event may still be on the way.
  return gone instanceof KeyboardInterrupt ? gone.signal : exit;
}
