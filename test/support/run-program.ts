// Real child processes: a small program that imports the built library, and how it ended.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Another build can be given: one with a fault in it, which the tests must notice. */
const build = process.env.ASYNCDEMO_DIST === undefined ? new URL('../../dist/', import.meta.url) : pathToFileURL(`${process.env.ASYNCDEMO_DIST}/`);

/**
 * Runs an ES module in a Node of its own, with `'asyncdemo'` and its other doors standing for the built library. `signals` are sent one by
 * one, each once the program has printed the next line `ready`.
 */
export function runProgram(source: string, options: { nodeArgs?: readonly string[]; signals?: readonly NodeJS.Signals[] } = {}): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'asyncdemo-program-'));
  const file = join(folder, 'program.mjs');
  writeFileSync(
    file,
    source.replace(/'asyncdemo(?:\/(node|observe))?'/g, (_all, door = 'loop') => `'${new URL(`${door}/index.js`, build).href}'`),
  );
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const signals = [...(options.signals ?? [])];
  let stdout = '';
  let stderr = '';
  let heard = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const ready = stdout.split('\n').filter((line) => line === 'ready').length; heard < ready; heard++) {
      const signal = signals.shift();
      if (signal !== undefined) child.kill(signal);
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      rmSync(folder, { recursive: true, force: true });
      resolve({ stdout, stderr, code, signal });
    });
  });
}
