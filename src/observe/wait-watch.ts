// Who waits for what, and since when; who holds what, and who stands in which line: kept through the hooks of a loop, which
// itself does not know. Cheap enough to be there always: it notes, and looks through nothing before it is asked.
import { dependenceOf, HOST } from '../loop/depends.ts';
import { allTasks, currentTask, DeadlockError, type EventLoop, type LoopObserver, Task, TimerHandle } from '../loop/index.ts';
import type { PrimitiveAct } from '../loop/observer.ts';
import { wake } from '../loop/sleep.ts';
import { expire, type Timeout } from '../loop/timeout.ts';
import { release } from '../loop/wait.ts';
import { DeadlockSearch } from './deadlocks.ts';
import { isLine, type Line, type WaitNote, WaitNotes } from './wait-notes.ts';

type AnyTask = Task<unknown>;

/** Of those who wait for what an ended task has not given back, so many are looked into. */
const MOST_LOOKED_INTO = 10;

const watches = new WeakMap<EventLoop, Set<WaitWatch>>();

/** What watches the waits of a loop, if anything does; of several the oldest, which knows most. */
export function watchOf(loop: EventLoop): WaitWatch | undefined {
  const [oldest] = watches.get(loop) ?? [];
  return oldest;
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
  readonly #notes: WaitNotes;
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
    this.#notes = new WaitNotes(allTasks(loop).length > 0);
    this.#search = new DeadlockSearch(this);
    const running = currentTask(loop);
    this.#running = running === null ? [] : [running];
    this.#remove = loop.addObserver(this);
    const all = watches.get(loop) ?? new Set();
    watches.set(loop, all.add(this));
  }

  /** Ends the watch. Stopping twice is fine. */
  stop(): void {
    this.#remove();
    watches.get(this.#loop)?.delete(this);
    this.#notes.clear();
    this.#suspects.clear();
    this.#earlier.clear();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  /** @internal What is known of a task; undefined for one that has not suspended, or has ended. */
  noteOf(task: AnyTask): WaitNote | undefined {
    return this.#notes.noteOf(task);
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
    const note = this.#notes.note(task as AnyTask);
    note.since = this.#loop.time();
    note.awaited = awaited;
    note.on = this.#whatFor(awaited);
    note.told = undefined;
    this.#last = undefined;
    for (const limit of note.limits ?? []) if (!limit.pending) note.limits?.delete(limit);
    if (note.limits?.size === 0) note.limits = undefined;
    if (isLine(note.on)) note.on.standing.add(task as AnyTask);
    if (awaited === null || this.#deadlocked === undefined || note.on instanceof TimerHandle) return;
    if (isLine(note.on) || note.holds.size > 0 || (task as AnyTask).waiting.length > 0) this.#suspects.add(task as AnyTask);
  }

  /** The line joined or the timer set just before, where that is why it suspends: any other timer may have been set there by chance. */
  #whatFor(awaited: object | null): Line | TimerHandle | undefined {
    const last = this.#last;
    if (awaited === null || awaited instanceof Task) return undefined;
    if (!(last instanceof TimerHandle) || last.callback === wake || last.callback === release) return last;
    const dependence = dependenceOf(awaited);
    return dependence === undefined || dependence === HOST ? last : undefined;
  }

  taskWoken(task: object, cause: object): void {
    this.#last = undefined;
    const note = this.#notes.noteOf(task as AnyTask);
    if (note === undefined) return;
    note.awaited = undefined;
    note.told = undefined;
    if (!isLine(note.on)) note.on = undefined;
    else if ((cause as AnyTask).state === 'returned') this.#notes.hand(note, note.on, true);
  }

  taskDone(task: object): void {
    this.#last = undefined;
    const note = this.#notes.remove(task as AnyTask);
    if (note === undefined) return;
    this.#suspects.delete(task as AnyTask);
    this.#earlier.delete(task as AnyTask);
    if (this.#deadlocked === undefined) return;
    // Nobody is left to give back what it holds: those who wait for that may be stuck from now on.
    for (const line of note.holds) for (const first of take(line.standing, MOST_LOOKED_INTO)) this.#suspects.add(first);
  }

  timer(phase: 'set' | 'due' | 'cancelled', timer: object): void {
    this.#last = phase === 'set' ? (timer as TimerHandle) : undefined;
    if (phase !== 'set' || (timer as TimerHandle).callback !== expire) return;
    const { task } = (timer as TimerHandle).argument as Timeout; // Somebody else may move its deadline.
    if (task === undefined || task.loop !== this.#loop) return;
    const note = this.#notes.note(task);
    note.limits ??= new Set();
    note.limits.add(timer as TimerHandle);
  }

  primitive(act: PrimitiveAct, primitive: object): void {
    const line = this.#notes.lineOf(primitive, act);
    this.#last = act === 'wait' ? line : undefined;
    const task = this.#running.at(-1);
    if (act === 'leave' && task !== undefined) this.#notes.leave(line, task, this.#notes.note(task));
    else if (act === 'acquire') this.#notes.acquire(line, task);
    else if (act === 'release') this.#notes.release(line, task);
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
