// Where tasks await, in the words of the program: its own lines, and what of this library it has called on the last of them.
// Each place is read once: of ten thousand tasks most stand at the same few.
import { basename, dirname } from 'node:path';
import { type Frame, isOurs } from '../loop/await-stack.ts';
import { probeStack } from '../loop/coroutine.ts';
import type { Task } from '../loop/index.ts';

/** Where a task awaits. */
export interface AwaitPoint {
  /** The chain of awaits, outermost first: the program's own part of it, unless all was asked for. */
  readonly frames: readonly Frame[];
  /** What it awaits of this library: `Lock.acquire`, `sleep`; undefined where it awaits a future, task or gather of its own. */
  readonly call: string | undefined;
  /** Whether that waits for the host: a promise, a stream, a process. */
  readonly host: boolean;
}

/** What only passes an await on; the last in debug mode. */
const TRANSPARENT = ['asyncWith', 'waitFor', 'recurse', 'Watched'];

/** What is better known under the name of the function or class that the program uses. */
const KNOWN_AS: readonly (readonly [begin: string, name: string])[] = [
  ['AsCompleted.', 'asCompleted'],
  ['TaskGroup.', 'TaskGroup'],
];

export class AwaitPoints {
  readonly #all: boolean;
  /** By the engine's text. */
  readonly #known = new Map<string, AwaitPoint>();

  /** @param all whether frames of this library are shown as well. */
  constructor(all = false) {
    this.#all = all;
  }

  of(task: Task<unknown>): AwaitPoint {
    // Only who is suspended may be probed; who is ready or runs is asked in another way, and is one of few.
    if (task.awaiting === undefined || task.awaiting.done()) return this.#read(task.getStack());
    const text = probeStack(task.coroutine) ?? '';
    let point = this.#known.get(text);
    if (point === undefined) {
      point = this.#read(task.getStack());
      this.#known.set(text, point);
    }
    return point;
  }

  #read(read: readonly Frame[]): AwaitPoint {
    // What a bundle, or whoever has imported all of a module, calls as a member of it.
    const stack = read.map((frame) => ({ ...frame, name: frame.name.replace(/^Object\./, '') }));
    const ours = stack.slice(stack.findLastIndex((frame) => !isOurs(frame)) + 1);
    const called = ours.find(({ name }) => !TRANSPARENT.includes(name)) ?? ours[0];
    const inner = ours.at(-1);
    return {
      frames: this.#all ? stack : stack.filter((frame) => !isOurs(frame)),
      call: called && (KNOWN_AS.find(([begin]) => called.name.startsWith(begin))?.[1] ?? called.name),
      host: inner !== undefined && (inner.name === 'fromPromise' || basename(dirname(inner.file)) === 'node'),
    };
  }
}
