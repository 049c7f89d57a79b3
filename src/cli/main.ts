// The edge: the process's words, streams and end.
import { readFileSync } from 'node:fs';
import { watchPipes } from './output.ts';
import { runProgram } from './program.ts';

/** Runs the command line of this process and ends the process the way the command ended. */
export async function main(): Promise<void> {
  watchPipes();
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  const exit = await runProgram(process.argv.slice(2), version);
  if (typeof exit === 'number') {
    // Not process.exit(): that would cut off what a slow pipe has not taken yet.
    process.exitCode = exit;
  } else {
    // Ended by a signal, so that a shell sees it: all our listeners are gone, and what it does now is kill.
    process.kill(process.pid, exit);
  }
}
