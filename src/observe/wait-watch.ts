// Who waits for what, and since when; who holds what, and who stands in which line: kept through the hooks of a loop, which
// itself does not know. Cheap enough to be there always: it notes, and looks through nothing before it is asked.
import { allTasks, currentTask, DeadlockError, type EventLoop, Lock, type LoopObserver, Semaphore, Task, TimerHandle } from '../loop/index.ts';
import type { PrimitiveAct } from '../loop/observer.ts';
import { findDeadlock, findOrphan } from './deadlocks.ts';

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
  /** What it holds, oldest first, each as often as it was taken. */
  readonly holds: Line[];
}

/** Of those who wait for what an ended task has not given back, so many are looked into. */
const MOST_LOOKED_INTO = 10;

const watches = new WeakMap<EventLoop, WaitWatch>();

/** What watches the waits of a loop, if anything does. */
export function watchOf(loop: EventLoop): WaitWatch | undefined {
  return watches.get(loop);
}

/** How waits are watched. */
export interface WaitWatchOptions {
  /** Told once of each deadlock of some tasks beside which others go on, on one line, when it comes about. */
  readonly deadlocked?: (message: string) => void;
  /** Told of a deadlock that ends a run, while its tasks are as they were. */
  readonly stuck?: (error: DeadlockError) => void;
}

/** A watch that is kept: see {@link watchWaits}. */
export class WaitWatch implements LoopObserver {
  readonly #loop: EventLoop;
  readonly #deadlocked: WaitWatchOptions['deadlocked'];
  readonly #stuck: WaitWatchOptions['stuck'];
  readonly #remove: () => void;
  /** Whether tasks were there before, which may hold anything. */
  readonly #late: boolean;
  readonly #notes = new Map<AnyTask, WaitNote>();
  readonly #lines = new WeakMap<object, Line>();
  /** How many there were of each class. */
  readonly #counts = new Map<string, number>();
  /** Whose steps are going on, outermost first: within one may be those of tasks that it starts eagerly. */
  readonly #running: AnyTask[];
  /** The timer set or the line joined last, if nothing has happened since: who suspends now waits for just that. */
  #last: Line | TimerHandle | undefined;
  /** A task that may have closed a circle with what it suspended on. Looked into when its step is over: it may be cancelled at once. */
  #suspect: AnyTask | undefined;
  readonly #told = new Set<string>();

  /** @internal See {@link watchWaits}. */
  constructor(loop: EventLoop, { deadlocked, stuck }: WaitWatchOptions) {
    this.#loop = loop;
    this.#deadlocked = deadlocked;
    this.#stuck = stuck;
    this.#late = allTasks(loop).length > 0;
    const running = currentTask(loop);
    this.#running = running === null ? [] : [running];
    this.#remove = loop.addObserver(this);
    watches.set(loop, this);
  }

  /** Ends the watch. Stopping twice is fine. */
  stop(): void {
    this.#remove();
    if (watches.get(this.#loop) === this) watches.delete(this.#loop);
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  /** @internal What is known of a task; undefined for one that has not suspended, or has ended. */
  noteOf(task: AnyTask): WaitNote | undefined {
    return this.#notes.get(task);
  }

  run(phase: 'start' | 'end', error?: unknown): void {
    if (phase === 'end' && error instanceof DeadlockError) this.#stuck?.(error);
  }

  step(phase: 'start' | 'end', task: object): void {
    this.#last = undefined;
    if (phase === 'start') {
      this.#running.push(task as AnyTask);
      return;
    }
    this.#running.pop();
    if (this.#suspect !== task) return;
    this.#suspect = undefined;
    this.#lookInto(task as AnyTask);
  }

  taskSuspended(task: object, awaited: object | null): void {
    const note = this.#note(task as AnyTask);
    note.since = this.#loop.time();
    note.awaited = awaited;
    note.on = awaited instanceof Task ? undefined : this.#last;
    this.#last = undefined;
    if (note.on !== undefined && !(note.on instanceof TimerHandle)) note.on.standing.add(task as AnyTask);
    if (awaited !== null && !(note.on instanceof TimerHandle) && this.#deadlocked !== undefined) this.#suspect = task as AnyTask;
  }

  taskWoken(task: object, cause: object): void {
    this.#last = undefined;
    const note = this.#notes.get(task as AnyTask);
    if (note === undefined) return;
    note.awaited = undefined;
    if (!isLine(note.on)) note.on = undefined;
    else if ((cause as AnyTask).state === 'returned') this.#hand(note, note.on, true);
  }

  taskDone(task: object): void {
    this.#last = undefined;
    const note = this.#notes.get(task as AnyTask);
    if (note === undefined) return;
    if (isLine(note.on)) this.#leave(note.on, task as AnyTask, note);
    this.#notes.delete(task as AnyTask);
    if (this.#deadlocked === undefined) return;
    // Nobody is left to give back what it holds: those who wait for that may be stuck from now on.
    for (const line of new Set(note.holds)) [...take(line.standing, MOST_LOOKED_INTO)].some((first) => this.#lookInto(first));
  }

  timer(phase: 'set' | 'due' | 'cancelled', timer: object): void {
    this.#last = phase === 'set' ? (timer as TimerHandle) : undefined;
  }

  primitive(act: PrimitiveAct, primitive: object): void {
    const line = this.#lineOf(primitive, act);
    this.#last = act === 'wait' ? line : undefined;
    const task = this.#running.at(-1);
    if (act === 'leave' && task !== undefined) this.#leave(line, task, this.#note(task));
    else if (act === 'acquire') this.#acquire(line, task);
    else if (act === 'release') this.#release(line, task);
  }

  #leave(line: Line, task: AnyTask, note: WaitNote): void {
    if (!line.standing.delete(task)) return;
    this.#hand(note, line, false);
    note.on = undefined;
  }

  /** What it stood in line for was given to it, or it has run since. */
  #hand(note: WaitNote, line: Line, handed: boolean): void {
    if (note.handed === handed) return;
    note.handed = handed;
    line.handedOver += handed ? 1 : -1;
  }

  #acquire(line: Line, task: AnyTask | undefined): void {
    if (task === undefined) {
      line.owned = false;
      return;
    }
    line.holders.set(task, (line.holders.get(task) ?? 0) + 1);
    this.#note(task).holds.push(line);
    line.held += 1;
    if (line.held > line.most) this.#giveUp(line); // Given back before, outside of every run, which is not told of.
  }

  #release(line: Line, task: AnyTask | undefined): void {
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
    const left = (line.holders.get(holder) as number) - 1;
    if (left > 0) line.holders.set(holder, left);
    else line.holders.delete(holder);
    const holds = this.#notes.get(holder)?.holds;
    const at = holds?.lastIndexOf(line) ?? -1;
    if (at !== -1) holds?.splice(at, 1);
  }

  #note(task: AnyTask): WaitNote {
    let note = this.#notes.get(task);
    if (note === undefined) {
      note = { since: undefined, awaited: undefined, on: undefined, handed: false, holds: [] };
      this.#notes.set(task, note);
    }
    return note;
  }

  #lineOf(primitive: object, act: PrimitiveAct): Line {
    const known = this.#lines.get(primitive);
    if (known !== undefined) return known;
    const kind = primitive.constructor.name;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    // What the semaphore says of itself it says after the act.
    const most = primitive instanceof Semaphore ? primitive.permits + (act === 'acquire' ? 1 : act === 'release' ? -1 : 0) : 1;
    // Of a semaphore that others may have taken before nobody knows how many they are.
    const owned = primitive instanceof Lock || (primitive instanceof Semaphore && !this.#late);
    const line = { primitive, kind, number, standing: new Set<AnyTask>(), holders: new Map<AnyTask, number>(), held: 0, most, handedOver: 0, owned };
    this.#lines.set(primitive, line);
    return line;
  }

  /** Tells of the deadlock that a task is in since just now; once for the same ones at the same things. */
  #lookInto(task: AnyTask): boolean {
    const message = findDeadlock(task, this) ?? findOrphan(task, this);
    if (message === undefined) return false;
    if (!this.#told.has(message)) {
      this.#told.add(message);
      this.#deadlocked?.(message);
    }
    return true;
  }
}

function* take<T>(all: Iterable<T>, most: number): Generator<T> {
  let left = most;
  for (const one of all) {
    if (left-- === 0) return;
    yield one;
  }
}

function isLine(on: Line | TimerHandle | undefined): on is Line {
  return on !== undefined && !(on instanceof TimerHandle);
}

/**
 * Watches what the tasks of a loop wait for, until `stop()` is called on what it returns: what `taskTree` then knows more
 * of, and deadlocks of some tasks beside which others go on. To be called before the loop runs: what was taken before is
 * not known. Costs 100 to 500 ns a step.
 *
 * @example
 * ```ts
 * import { type Coroutine, createTask, EventLoop, Lock, sleep, VirtualDriver } from 'asyncdemo';
 * import { watchWaits } from 'asyncdemo/observe';
 *
 * const [forks, knives] = [new Lock(), new Lock()];
 * function* eat(first: Lock, second: Lock): Coroutine<void> {
 *   yield* first.acquire();
 *   yield* sleep(1);
 *   yield* second.acquire();
 * }
 * function* main(): Coroutine<void> {
 *   createTask(eat(forks, knives), { name: 'Ann' });
 *   createTask(eat(knives, forks), { name: 'Bob' });
 *   yield* sleep(10); // Goes on, and would hide the deadlock.
 * }
 * const loop = new EventLoop({ driver: new VirtualDriver() });
 * watchWaits(loop, { deadlocked: (message) => console.log(message.replace(/ at [^ ,]+/g, '')) });
 * await loop.runUntilComplete(main());
 * loop.close();
 * // Bob awaits Lock-1, held by Ann, which awaits Lock-2, held by Bob; only a cancellation can end this
 * ```
 */
export function watchWaits(loop: EventLoop, options: WaitWatchOptions = {}): WaitWatch {
  return new WaitWatch(loop, options);
}
