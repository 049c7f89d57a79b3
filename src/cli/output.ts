// The process's own streams, as lines; and what happens when whoever reads them has gone.
import { ClosedPipe } from './exits.ts';
import type { Print } from './screens/screen.ts';

let leave: ((reason: Error) => void) | undefined;
let closed = false;

/** A line on stdout. */
export const out: Print = (line) => {
  if (!closed) process.stdout.write(`${line}\n`);
};

/** A line on stderr. */
export const err: Print = (line) => {
  process.stderr.write(`${line}\n`);
};

/** Watches for the end of whoever reads us: then nothing more is written, and the run that is going on is left. */
export function watchPipes(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed = true;
    leave?.(new ClosedPipe());
  });
  process.stderr.on('error', () => {});
}

/** Says how the run going on now is left. */
export function whenPipeCloses(leaveRun: ((reason: Error) => void) | undefined): void {
  leave = leaveRun;
  if (closed) leaveRun?.(new ClosedPipe());
}
