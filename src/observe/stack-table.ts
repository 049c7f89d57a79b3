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
  /** By the program's own lines: the engine's text has others between them, not the same in each run. */
  readonly #places = new Map<string, number>();

  /** Files below the folder `root` are shown without it. */
  constructor(root: string) {
    this.#root = root.endsWith('/') ? root : `${root}/`;
  }

  /** The number of the chain that a task stands on, which has just suspended; 0 where the program has no line in it. */
  numberOf(task: Task<unknown>): number {
    const text = probeStack(task.coroutine) ?? '';
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#numberOfLines(this.#linesOf(task));
    this.#numbers.set(text, number);
    return number;
  }

  #numberOfLines(lines: StackLine[]): number {
    if (lines.length === 0) return 0;
    const place = JSON.stringify(lines);
    const known = this.#places.get(place);
    if (known !== undefined) return known;
    const number = this.all.size + 1;
    this.all.set(number, lines);
    this.#places.set(place, number);
    return number;
  }

  #linesOf(task: Task<unknown>): StackLine[] {
    return task
      .getStack()
      .filter((frame) => !isOurs(frame))
      .map(({ name, file, line, column }) => ({ name, file: this.#shown(file), line, column }));
  }

  #shown(file: string): string {
    const path = file.replaceAll('\\', '/');
    return path.startsWith(this.#root) ? path.slice(this.#root.length) : path;
  }
}
