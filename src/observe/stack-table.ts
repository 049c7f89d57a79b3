// Where tasks await, each place once: a program awaits at the same few lines over and over.
import { isOurs } from '../loop/await-stack.ts';
import { probeStack } from '../loop/coroutine.ts';
import type { Task } from '../loop/index.ts';
import type { StackLine } from './log.ts';

/** Chains of awaits and their numbers, from 1. */
export class StackTable {
  readonly all: Map<number, readonly StackLine[]> = new Map();
  readonly #root: string;
  /** By the engine's text, which is read only when it is a new one. */
  readonly #numbers = new Map<string, number>();

  /** Files below the folder `root` are shown without it. */
  constructor(root: string) {
    this.#root = root.endsWith('/') ? root : `${root}/`;
    void new Error().stack; // Source maps are read for the first stack: let that be before the run.
  }

  /** The number of the chain that a task stands on, which has just suspended; 0 where the program has no line in it. */
  numberOf(task: Task<unknown>): number {
    const text = probeStack(task.coroutine) ?? '';
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const lines = this.#linesOf(task);
    const number = lines.length === 0 ? 0 : this.all.size + 1;
    if (number > 0) this.all.set(number, lines);
    this.#numbers.set(text, number);
    return number;
  }

  #linesOf(task: Task<unknown>): StackLine[] {
    return task
      .getStack()
      .filter((frame) => !isOurs(frame))
      .map(({ name, file, line, column }) => ({ name: name.replace(/^Object\./, ''), file: this.#shown(file), line, column }));
  }

  #shown(file: string): string {
    const path = file.replaceAll('\\', '/');
    return path.startsWith(this.#root) ? path.slice(this.#root.length) : path;
  }
}
