// What is known of tasks, and of the lines that they stand in and what they hold; and how that changes. wait-watch.ts is told
// of it by a loop.
import { Lock, Semaphore, type Task, type TimerHandle } from '../loop/index.ts';
import type { PrimitiveAct } from '../loop/observer.ts';
import { className } from './told.ts';

type AnyTask = Task<unknown>;

/** What is known of a lock, semaphore, event, condition, queue or the like. */
export interface Line {
  readonly primitive: object;
  /** Its class. */
  readonly kind: string;
  /** Those of a class are counted from 1, in the order in which they were used first. */
  readonly number: number;
  /** Who stands in line, first come first; the woken ones too, until they have run. */
  readonly standing: Set<AnyTask>;
  /** Who has taken how many and not given them back, oldest first. Ended tasks stay. */
  readonly holders: Map<AnyTask, number>;
  /** How many they have of it together; how many there can be, as far as is known. */
  held: number;
  most: number;
  /** How many were handed to tasks in line that have not run yet. */
  handedOver: number;
  /** Whether all who hold it are known, and only holders give it back. Otherwise it may be a signal from one task to another. */
  owned: boolean;
  /** Whether it was told that its holder has ended with it. */
  told: boolean;
}

/** What is known of a task. */
export interface WaitNote {
  /** When it suspended, in ms of the loop's time; undefined for what was there before the watch. */
  since: number | undefined;
  /** What it is suspended on; undefined once that is done, null where it gave way. */
  awaited: object | null | undefined;
  /** The line it stands in, or the timer that was set just before it suspended. */
  on: Line | TimerHandle | undefined;
  /** Whether what it stood in line for was given to it, and it has not run yet. */
  handed: boolean;
  /** What it holds, oldest first. */
  readonly holds: Set<Line>;
  /** The timers of the limits that it has set itself (`timeout`, `waitFor`) and that were pending when it suspended. */
  limits: Set<TimerHandle> | undefined;
  /** The deadlocks told of that it stands in since it suspended: what it holds in them, undefined where tasks just await each other. */
  told: Set<Line | undefined> | undefined;
}

/** The notes of one loop. */
export class WaitNotes {
  /** Whether tasks were there before, which may hold anything. */
  readonly #late: boolean;
  readonly #notes = new Map<AnyTask, WaitNote>();
  readonly #lines = new WeakMap<object, Line>();
  /** How many there were of each class. */
  readonly #counts = new Map<string, number>();

  constructor(late: boolean) {
    this.#late = late;
  }

  /** Undefined for a task that has not suspended, or has ended. */
  noteOf(task: AnyTask): WaitNote | undefined {
    return this.#notes.get(task);
  }

  /** Lets go what was known of a task that has ended, and returns it. */
  remove(task: AnyTask): WaitNote | undefined {
    const note = this.#notes.get(task);
    if (note === undefined) return undefined;
    if (isLine(note.on)) this.leave(note.on, task, note);
    this.#notes.delete(task);
    return note;
  }

  clear(): void {
    this.#notes.clear();
  }

  /** It does not stand there any more. */
  leave(line: Line, task: AnyTask, note: WaitNote): void {
    if (!line.standing.delete(task)) return;
    this.hand(note, line, false);
    note.on = undefined;
  }

  /** What it stood in line for was given to it, or it has run since. */
  hand(note: WaitNote, line: Line, handed: boolean): void {
    if (note.handed === handed) return;
    note.handed = handed;
    line.handedOver += handed ? 1 : -1;
  }

  /** Undefined where no task runs. */
  acquire(line: Line, task: AnyTask | undefined): void {
    if (task === undefined) {
      line.owned = false;
      return;
    }
    line.holders.set(task, (line.holders.get(task) ?? 0) + 1);
    this.note(task).holds.add(line);
    line.held += 1;
    if (line.held > line.most) this.#giveUp(line); // Given back before, outside of every run, which is not told of.
  }

  /** The same. */
  release(line: Line, task: AnyTask | undefined): void {
    if (task !== undefined && line.holders.has(task)) this.#giveBack(line, task);
    else this.#giveUp(line);
  }

  /** Given back by somebody who has not taken it. */
  #giveUp(line: Line): void {
    line.owned = false;
    const oldest = line.holders.keys().next().value;
    if (oldest !== undefined) this.#giveBack(line, oldest);
    else if (line.primitive instanceof Semaphore) line.most += 1;
  }

  #giveBack(line: Line, holder: AnyTask): void {
    line.held -= 1;
    line.told = false;
    const left = (line.holders.get(holder) as number) - 1;
    if (left > 0) {
      line.holders.set(holder, left);
      return;
    }
    line.holders.delete(holder);
    this.#notes.get(holder)?.holds.delete(line);
  }

  /** Made where there is none. */
  note(task: AnyTask): WaitNote {
    let note = this.#notes.get(task);
    if (note === undefined) {
      note = { since: undefined, awaited: undefined, on: undefined, handed: false, holds: new Set(), limits: undefined, told: undefined };
      this.#notes.set(task, note);
    }
    return note;
  }

  lineOf(primitive: object, act: PrimitiveAct): Line {
    const known = this.#lines.get(primitive);
    if (known !== undefined) return known;
    const kind = className(primitive);
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    // What the semaphore says of itself it says after the act.
    const most = primitive instanceof Semaphore ? primitive.permits + (act === 'acquire' ? 1 : act === 'release' ? -1 : 0) : 1;
    // Of a semaphore that others may have taken before nobody knows how many they are.
    const owned = primitive instanceof Lock || (primitive instanceof Semaphore && !this.#late);
    const line = {
      primitive,
      kind,
      number,
      standing: new Set<AnyTask>(),
      holders: new Map<AnyTask, number>(),
      held: 0,
      most,
      handedOver: 0,
      owned,
      told: false,
    };
    this.#lines.set(primitive, line);
    return line;
  }
}

/** Whether that is a line, and no timer, task or the like. */
export function isLine(on: object | undefined): on is Line {
  return on !== undefined && 'holders' in on;
}
