// The tree of pending tasks, as data: made by task-tree.ts, grouped and told by others.
import type { StackLine } from './log.ts';

/** What a task is waiting for. `call` is what it has called of this library, `Queue.get` say; left out where it awaits something of its own. */
export type Wait = { readonly call?: string } & (
  | { readonly for: 'turn'; readonly running: boolean }
  /** A time: so many ms are left. */
  | { readonly for: 'timer'; readonly left: number }
  | { readonly for: 'task'; readonly task: string }
  /** The end of all of several, so many of which are pending, or of the first. */
  | { readonly for: 'tasks'; readonly needs: 'every' | 'any'; readonly pending: number; readonly left?: number }
  /** Its turn at a primitive. */
  | {
      readonly for: 'primitive';
      /** Its class, and which one: those of a class are counted from 1. */
      readonly kind: string;
      readonly number: number;
      /** Who holds it, oldest first; of a lock or semaphore. */
      readonly holders: readonly Holder[];
      /** Its place in line, from 1, and how many stand there. */
      readonly position: number;
      readonly standing: number;
    }
  /** Work in flight: a promise, a socket. Given up after `left` ms. */
  | { readonly for: 'host'; readonly left?: number }
  /** A future that somebody may set; `left`: when the timer is due that was set just before it was awaited. */
  | { readonly for: 'future'; readonly kind: string; readonly left?: number }
);

/** Who holds a lock or a permit, or several. */
export interface Holder {
  readonly task: string;
  /** Whether it has ended and not given it back. */
  readonly ended: boolean;
}

/** One task, and what it waits for. */
export interface TaskWait {
  readonly name: string;
  readonly wait: Wait;
  /** How long it has waited, in ms of the loop's time. Left out where nobody has watched. */
  readonly waited?: number;
}

/** A task that is pending, or several that are alike. */
export interface TaskNode {
  /** More than one where they wait for the same, below the same task, at the same lines. */
  readonly tasks: readonly TaskWait[];
  /** Where they await: the program's own lines, outermost first. None before the first step. */
  readonly stack: readonly StackLine[];
  /** What they await. */
  readonly children: readonly TaskNode[];
  /** It stands above already: it is awaited by more than one, or, with `circle`, by itself. What it awaits is told there. */
  readonly above?: 'circle' | 'shared';
  /** It awaits others, too deep to be told. */
  readonly cut?: true;
}

/** All pending tasks of a loop. */
export interface TaskTree {
  readonly pending: number;
  /** Those that no other task awaits. */
  readonly roots: readonly TaskNode[];
}
