// The process's own streams, as lines; and what happens when they cannot be written any more.
// Not by the loop's index: nothing is loaded for a --version that it does not need.
import { KeyboardInterrupt } from '../loop/errors.ts';
import { ClosedPipe, type Exit } from './exits.ts';
import type { Print } from './screens/screen.ts';

let leave: ((reason: Error) => void) | undefined;
let broken: Error | undefined;

/** Lines for stdout that are not written yet. */
let waiting = '';

/**
 * A line on stdout. Off a terminal, what one turn of the loop prints is written at once when the turn is over: each write
 * to a pipe or file is a system call that is waited for, a tenth of the time of fetching thousands of URLs.
 */
export const out: Print = (line) => {
  if (broken !== undefined) return;
  if (waiting === '' && !process.stdout.isTTY) {
    queueMicrotask(writeWaiting);
    process.on('exit', writeWaiting); // A crash skips the microtasks.
  }
  waiting += `${line}\n`;
  if (process.stdout.isTTY) writeWaiting();
};

function writeWaiting(): void {
  const text = waiting;
  if (text === '') return;
  waiting = '';
  process.off('exit', writeWaiting);
  if (broken === undefined) process.stdout.write(text);
}

/** A line on stderr, after those on stdout that were printed before it. */
export const err: Print = (line) => {
  writeWaiting();
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
