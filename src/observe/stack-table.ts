// Where tasks await, each place once: a program awaits at the same few lines over and over.
import { awaitStack, isOurs } from '../loop/await-stack.ts';
import { probeStack } from '../loop/coroutine.ts';
import type { Task } from '../loop/index.ts';
import type { StackLine } from './log.ts';

/** Chains of awaits and their numbers, from 1. */
export class StackTable {
  readonly all: Map<number, readonly StackLine[]> = new Map();
  readonly #root: string;
  /** By the engine's text, which is read only when it is a new one; it also tells who runs the loop, and so there are several of the same chain. */
  readonly #byText = new Map<string, number>();
  readonly #byLines = new Map<string, number>();

  /** Files below the folder `root` are shown without it. */
  constructor(root: string) {
    this.#root = withSlashes(root).replace(/\/?$/, '/');
    void new Error().stack; // Source maps are read for the first stack: let that be before the run.
  }

  /** The number of the chain that a task stands on, which has just suspended; 0 where the program has no line in it. */
  numberOf(task: Task<unknown>): number {
    const text = probeStack(task.coroutine) ?? '';
    let number = this.#byText.get(text);
    if (number === undefined) {
      number = this.#numberOfLines(this.#linesOf(task));
      this.#byText.set(text, number);
    }
    return number;
  }

  #numberOfLines(lines: readonly StackLine[]): number {
    if (lines.length === 0) return 0;
    const key = JSON.stringify(lines);
    const known = this.#byLines.get(key);
    if (known !== undefined) return known;
    const number = this.all.size + 1;
    this.all.set(number, lines);
    this.#byLines.set(key, number);
    return number;
  }

  #linesOf(task: Task<unknown>): StackLine[] {
    return awaitStack(task.coroutine)
      .filter((frame) => !isOurs(frame))
      .map(({ name, file, line, column }) => ({ name: name.replace(/^Object\./, ''), file: this.#shown(file), line, column }));
  }

  #shown(file: string): string {
    const path = withSlashes(file);
    return path.startsWith(this.#root) ? path.slice(this.#root.length) : path;
  }
}

/** The same path on every system. */
function withSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}
