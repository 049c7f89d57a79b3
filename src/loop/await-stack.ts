// The chain of awaits a coroutine stands on, read on demand: nothing is recorded while programs run. A suspended coroutine
// answers the probe with all its frames.
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Coroutine, MOST_FRAMES, probeStack } from './coroutine.ts';
import { limitStacks } from './stack-limit.ts';

/** One frame of an await stack. */
export interface Frame {
  /** The coroutine function, `<anonymous>` where it has no name. */
  readonly name: string;
  /** The file as a path, absolute. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const FRAME = /^\s+at (?:(.*) \()?((?:file:\/\/)?[^()]*?):(\d+):(\d+)\)?$/;

/** Reads the text of `Error.stack`, innermost frame first. */
export function parseStack(stack: string): Frame[] {
  const frames: Frame[] = [];
  for (const text of stack.split('\n')) {
    const match = FRAME.exec(text);
    if (match === null) continue;
    const [, name = '<anonymous>', file = '', line, column] = match;
    frames.push({
      name: name.replace(/ \[as .*\]$/, ''),
      file: file.startsWith('file:') ? fileURLToPath(file) : file,
      line: Number(line),
      column: Number(column),
    });
  }
  return frames;
}

/** The chain of awaits a suspended coroutine stands on, oldest frame first. */
export function awaitStack(coroutine: Coroutine<unknown>): Frame[] {
  const frames = parseStack(probeStack(coroutine) ?? '');
  const prober = frames.findIndex((frame) => frame.name === 'probeStack');
  // In front of the coroutine's own frames: recordStack and the awaitable's next(). Behind them: the prober and its callers.
  const chain = frames.slice(2, prober === -1 ? undefined : prober).reverse();
  // A coroutine written by hand stands in its next().
  return chain.map((frame) => ({ ...frame, name: frame.name.replace(/\.next$/, '') }));
}

/**
 * The chain of awaits a running coroutine stands on, oldest frame first, for a method that is asked for it: down to the frame
 * `step`, which resumed it, behind so many steps of others within it.
 */
export function runningStack(step: string, within: number): Frame[] {
  const limit = limitStacks(MOST_FRAMES); // Ten unless told otherwise: less than a chain of awaits.
  let frames = parseStack(new Error().stack ?? '').slice(2); // Neither this function nor that method.
  limitStacks(limit);
  const nextStep = (): number => frames.findIndex(({ name }) => name === step);
  for (let others = within; others > 0; others--) frames = frames.slice(nextStep() + 1);
  return frames.slice(0, nextStep() === -1 ? undefined : nextStep()).reverse();
}

/**
 * The text of the stack that coroutines stand on together, each awaited by the one before it; within whoever is probed
 * himself, and asks for it. No more of it than the engine gives of one.
 */
export function joinedStacks(chain: readonly { readonly coroutine: Coroutine<unknown> }[]): string {
  const lines: string[] = [];
  let below: string[] = [];
  for (let at = chain.length - 1; at >= 0 && lines.length < MOST_FRAMES; at--) {
    const stack = (probeStack((chain[at] as (typeof chain)[number]).coroutine) ?? '').split('\n').filter((line) => line.startsWith('    at '));
    const prober = stack.findIndex((line) => line.startsWith('    at probeStack '));
    // In front of each but the innermost, recordStack and the next() of the one above it. Behind: the prober, we and our caller.
    lines.push(...stack.slice(at === chain.length - 1 ? 0 : 2, prober === -1 ? undefined : prober));
    below = prober === -1 ? [] : stack.slice(prober + 3);
  }
  return [...lines, ...below].slice(0, MOST_FRAMES).join('\n');
}

let homes: readonly string[] | undefined;

/** Whether a frame belongs to this library, this folder or those beside it, rather than to the program that uses it. */
export function isOurs(frame: Frame): boolean {
  homes ??= findHomes();
  return homes.some((home) => frame.file.startsWith(home));
}

/** This file's place as stacks tell it: in src or in dist, as source maps are on or off, and wherever a bundler has put it. */
function findHomes(): string[] {
  const limit = limitStacks(1);
  const here = parseStack(new Error().stack ?? '')[0];
  limitStacks(limit);
  return here === undefined ? [] : ['', '../node', '../observe'].map((folder) => join(dirname(here.file), folder) + sep);
}

/** `src/app.ts:12`, from the working directory where the file lies below it. */
export function formatPlace(file: string, line: number, root?: string): string {
  const path = relativePath(file, root);
  return `${path.startsWith('..') || path === '' ? file : path}:${line}`;
}

function relativePath(file: string, root: string | undefined): string {
  try {
    return relative(root ?? process.cwd(), file);
  } catch {
    return ''; // The working directory was removed under us.
  }
}
