// The edge: the process's words, streams and end.
import { readFileSync } from 'node:fs';
import type { Exit } from './exits.ts';
import { endWithOutput, out, watchOutput } from './output.ts';
import { showSourceLines } from './source-lines.ts';

/** Runs the command line of this process and ends the process the way the command ended. */
export async function main(): Promise<void> {
  // Asked for before there are tasks to tell of, or after: it must not end the process, as it would by itself.
  if (process.platform !== 'win32') process.on('SIGUSR2', ignore);
  showSourceLines();
  watchOutput();
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  const exit = endWithOutput(await answer(process.argv.slice(2), version));
  process.off('SIGUSR2', ignore);
  if (typeof exit === 'number') {
    // Not process.exit(): that would cut off what a slow pipe has not taken yet.
    process.exitCode = exit;
  } else {
    // Ended by a signal, so that a shell sees it: all our listeners are gone, and what it does now is kill.
    process.kill(process.pid, exit);
  }
}

/** The version is asked for by scripts: it waits for nothing that only other commands need. */
async function answer(words: readonly string[], version: string): Promise<Exit> {
  if (words.length === 1 && words[0] === '--version') {
    out(version);
    return 0;
  }
  const { runProgram } = await import('./program.ts');
  return runProgram(words, version);
}

function ignore(): void {}
