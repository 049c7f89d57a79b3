// The sources that a log's stacks name, for a report to show. A log may come from anywhere: what it names is read from disk
// only where it is a program below the working directory.
import { readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import type { Log } from './log.ts';

/** In characters. A generated file of a megabyte is nothing to look at. */
const LONGEST = 300_000;
const LONGEST_TOGETHER = 3_000_000;

const PROGRAM = /\.[cm]?[jt]sx?$/;

/** The text of each file that occurs in the stacks, as `read` gives it, unless it is too long. */
export function sourcesOf(log: Log, read: (file: string) => string | undefined): Map<string, string> {
  const files = new Set([...log.stacks.values()].flatMap((lines) => lines.map(({ file }) => file)));
  const sources = new Map<string, string>();
  let length = 0;
  for (const file of [...files].sort()) {
    const text = read(file);
    if (text === undefined || text.length > LONGEST || length + text.length > LONGEST_TOGETHER) continue;
    length += text.length;
    sources.set(file, text);
  }
  return sources;
}

/** A program's source below a folder, the working directory unless given; undefined for anything else. */
export function readProgram(file: string, folder: string = process.cwd()): string | undefined {
  if (!PROGRAM.test(file)) return undefined;
  try {
    const root = realpathSync(folder);
    const path = realpathSync(resolve(root, file)); // Through links: they may lead out of it.
    const below = relative(root, path);
    return below.startsWith('..') || isAbsolute(below) || !PROGRAM.test(path) ? undefined : readFileSync(path, 'utf8');
  } catch {
    return undefined; // It is somewhere else, or not there any more.
  }
}
