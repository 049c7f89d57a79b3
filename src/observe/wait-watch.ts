// Who waits for what, and since when; who holds what, and who stands in which line: kept through the hooks of a loop, which
// itself does not know. Cheap enough to be there always: it notes, and looks through nothing before it is asked.

import { dependenceOf, HOST } from '../loop/depends.ts';
import { allTasks, currentTask, DeadlockError, type EventLoop, Lock, type LoopObserver, Semaphore, Task, TimerHandle } from '../loop/index.ts';
import type { PrimitiveAct } from '../loop/observer.ts';
import { wake } from '../loop/sleep.ts';
import { DeadlockSearch } from './deadlocks.ts';

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

/** Of those who wait for what an ended task has not given back, so many are looked into. */
const MOST_LOOKED_INTO = 10;

/** The callbacks of the timers by which `timeout` and `wait` end. They are closures, or their own file's: known by name. */
const LIMIT = 'expire';
const WAIT_LIMIT = 'release';

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
  /**
   * Tasks that may have closed a circle with what they suspended on, in this iteration and in the one before. They are looked
   * into when another one is over, or nothing is ready: what runs next may cancel them, or give back what they wait for.
   */
  #suspects = new Set<AnyTask>();
  #earlier = new Set<AnyTask>();
  readonly #search: DeadlockSearch;

  /** @internal See {@link watchWaits}. */
  constructor(loop: EventLoop, { deadlocked, stuck }: WaitWatchOptions) {
    this.#loop = loop;
    this.#deadlocked = deadlocked;
    this.#stuck = stuck;
    this.#late = allTasks(loop).length > 0;
    this.#search = new DeadlockSearch(this);
    const running = currentTask(loop);
    this.#running = running === null ? [] : [running];
    this.#remove = loop.addObserver(this);
    watches.set(loop, this);
  }

  /** Ends the watch. Stopping twice is fine. */
  stop(): void {
    this.#remove();
    if (watches.get(this.#loop) === this) watches.delete(this.#loop);
    this.#notes.clear();
    this.#suspects.clear();
    this.#earlier.clear();
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

  iteration(): void {
    if (this.#earlier.size + this.#suspects.size === 0) return;
    const due = this.#earlier;
    this.#earlier = this.#suspects;
    this.#suspects = due;
    this.#lookInto(due);
  }

  poll(phase: 'start' | 'end', deadline?: number): void {
    if (phase === 'end' || (deadline !== undefined && deadline <= this.#loop.time())) return;
    if (this.#earlier.size === 0) return this.#lookInto(this.#suspects);
    for (const task of this.#suspects) this.#earlier.add(task);
    this.#suspects.clear();
    this.#lookInto(this.#earlier);
  }

  step(phase: 'start' | 'end', task: object): void {
    this.#last = undefined;
    if (phase === 'start') this.#running.push(task as AnyTask);
    else this.#running.pop();
  }

  taskSuspended(task: object, awaited: object | null): void {
    const note = this.#note(task as AnyTask);
    note.since = this.#loop.time();
    note.awaited = awaited;
    note.on = this.#whatFor(awaited);
    note.told = undefined;
    this.#last = undefined;
    for (const limit of note.limits ?? []) if (!limit.scheduled) note.limits?.delete(limit);
    if (note.limits?.size === 0) note.limits = undefined;
    if (isLine(note.on)) note.on.standing.add(task as AnyTask);
    if (awaited === null || this.#deadlocked === undefined || note.on instanceof TimerHandle) return;
    if (isLine(note.on) || note.holds.size > 0 || (task as AnyTask).waiting.length > 0) this.#suspects.add(task as AnyTask);
  }

  /** The line joined or the timer set just before, where that is why it suspends: any other timer may have been set there by chance. */
  #whatFor(awaited: object | null): Line | TimerHandle | undefined {
    const last = this.#last;
    if (awaited === null || awaited instanceof Task) return undefined;
    if (!(last instanceof TimerHandle) || last.callback === wake || last.callback?.name === WAIT_LIMIT) return last;
    const dependence = dependenceOf(awaited);
    return dependence === undefined || dependence === HOST ? last : undefined;
  }

  taskWoken(task: object, cause: object): void {
    this.#last = undefined;
    const note = this.#notes.get(task as AnyTask);
    if (note === undefined) return;
    note.awaited = undefined;
    note.told = undefined;
    if (!isLine(note.on)) note.on = undefined;
    else if ((cause as AnyTask).state === 'returned') this.#hand(note, note.on, true);
  }

  taskDone(task: object): void {
    this.#last = undefined;
    const note = this.#notes.get(task as AnyTask);
    if (note === undefined) return;
    if (isLine(note.on)) this.#leave(note.on, task as AnyTask, note);
    this.#notes.delete(task as AnyTask);
    this.#suspects.delete(task as AnyTask);
    this.#earlier.delete(task as AnyTask);
    if (this.#deadlocked === undefined) return;
    // Nobody is left to give back what it holds: those who wait for that may be stuck from now on.
    for (const line of note.holds) for (const first of take(line.standing, MOST_LOOKED_INTO)) this.#suspects.add(first);
  }

  timer(phase: 'set' | 'due' | 'cancelled', timer: object): void {
    this.#last = phase === 'set' ? (timer as TimerHandle) : undefined;
    if (phase !== 'set' || (timer as TimerHandle).callback?.name !== LIMIT) return;
    const task = this.#running.at(-1);
    if (task === undefined) return;
    const note = this.#note(task);
    note.limits ??= new Set();
    note.limits.add(timer as TimerHandle);
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
    this.#note(task).holds.add(line);
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
    line.told = false;
    const left = (line.holders.get(holder) as number) - 1;
    if (left > 0) {
      line.holders.set(holder, left);
      return;
    }
    line.holders.delete(holder);
    this.#notes.get(holder)?.holds.delete(line);
  }

  #note(task: AnyTask): WaitNote {
    let note = this.#notes.get(task);
    if (note === undefined) {
      note = { since: undefined, awaited: undefined, on: undefined, handed: false, holds: new Set(), limits: undefined, told: undefined };
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

  #lookInto(suspects: Set<AnyTask>): void {
    if (suspects.size === 0) return;
    const told = this.#search.search(suspects);
    suspects.clear();
    for (const message of told) this.#deadlocked?.(message);
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
 * // Bob awaits Lock-1, held by Ann, which awaits Lock-2, held by Bob; only a cancellation, or somebody else giving it back, can end this
 * ```
 */
export function watchWaits(loop: EventLoop, options: WaitWatchOptions = {}): WaitWatch {
  return new WaitWatch(loop, options);
}
