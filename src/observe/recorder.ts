// Records what a loop does, through its observer hooks. Schedules nothing on the loop it watches, and keeps no program alive: it
// is in no picture of its own.

import { dependenceOf, HOST } from '../loop/depends.ts';
import { allTasks, type EventLoop, type LoopObserver, Task, type TimerHandle } from '../loop/index.ts';
import type { PrimitiveAct } from '../loop/observer.ts';
import { wake } from '../loop/sleep.ts';
import { AWAIT, EVENT, NONE, OUTCOME, suspensionValue } from './codes.ts';
import { CHUNK, Columns } from './columns.ts';
import { LOG_VERSION, type Log, type LogEvent, type LogHead } from './log.ts';
import { Outlet } from './outlet.ts';
import { HandleNotes, PrimitiveNumbers, type TaskNote, TaskNotes } from './record-notes.ts';
import { StackTable } from './stack-table.ts';
import { callbackName, className, errorText, levelOf, taskName } from './told.ts';

/** How a run is recorded. */
export interface RecordOptions {
  /** How many events are kept at least, the newest. 65,536 unless given; `Infinity` for all. */
  readonly capacity?: number;
  /** Whether it is noted where each task awaits: 10 us a step and more. False unless given. */
  readonly stacks?: boolean;
  /**
   * Whether real time is told. True unless given; without it, a program in virtual time gives the same log each time, and pictures are
   * drawn along the loop's time.
   */
  readonly wall?: boolean;
  /** What is run, for whoever reads the log. */
  readonly title?: string;
  /** The folder below which files are shown without it; the working directory unless given. */
  readonly root?: string;
  /**
   * Given every event, some thousands at a time and what there is four times a second, within a step only when the process exits
   * in it: for keeping more than fits in memory, and what a killed program did.
   */
  readonly sink?: (events: readonly LogEvent[], stacks: Log['stacks'], head: LogHead) => void;
}

/** A step or a callback that is going on: its event, and whose it is. */
interface Open {
  readonly n: number;
  readonly handle: number;
  readonly task: TaskNote | undefined;
}

/** A recording that is going on, or over: see {@link record}. */
export class Recorder implements LoopObserver {
  readonly #loop: EventLoop;
  readonly #options: RecordOptions;
  readonly #columns: Columns;
  readonly #stacks: StackTable | undefined;
  readonly #start: number;
  readonly #remove: () => void;
  #pollUntil = NONE;
  readonly #outlet: Outlet | undefined;

  readonly #tasks = new TaskNotes();
  readonly #handles = new HandleNotes();
  readonly #primitives = new PrimitiveNumbers();

  /** What is going on: the event it began with, 0 for nothing, and whose it is. In fields, since there is one in nearly all steps, and an object costs them 20 ns. */
  #current = 0;
  #handle = 0;
  #task: TaskNote | undefined;
  /** What that goes on within, outermost first: within a step may be those of tasks that it starts eagerly. */
  readonly #outer: Open[] = [];
  /** Whether the step that ends next is said to suspend its task, and on what. One that is neither that nor done was refused: its turn comes again. */
  #suspends = false;
  /** Whether that is told already. */
  #suspensionTold = false;
  #awaits = AWAIT.turn;
  #on = 0;
  #kind: string | undefined;
  /** The last timer set by a `sleep`, and the last line joined, with their events: who suspends with nothing in between awaits just that. */
  #sleepSet = { n: NONE, id: 0 };
  #lineJoined = { n: NONE, id: 0 };

  /** @internal See {@link record}. */
  constructor(loop: EventLoop, options: RecordOptions) {
    const { capacity = 65_536 } = options;
    if (!(capacity >= 0)) throw new RangeError(`record: expected a capacity of events from 0 up, got ${capacity}`);
    this.#loop = loop;
    this.#options = options;
    this.#stacks = options.stacks ? new StackTable(options.root ?? process.cwd()) : undefined; // Which takes its time, before either clock begins.
    this.#columns = new Columns(capacity, options.wall ?? true);
    this.#start = loop.time();
    this.#outlet = options.sink && this.#outletTo(options.sink);
    for (const task of allTasks(loop)) this.#noteTask(task, true);
    for (const task of allTasks(loop)) this.#noteWaiting(task);
    this.#remove = loop.addObserver(this);
  }

  /** What was recorded until now. */
  log(): Log {
    const { dropped, earlier } = this.#columns;
    return {
      ...this.#head(),
      events: this.#columns.read(),
      dropped,
      earlier: new Map(earlier),
      stacks: new Map(this.#stacks?.all),
    };
  }

  /** Ends the recording; returns what was recorded. Stopping twice is fine. */
  stop(): Log {
    this.#remove();
    this.#outlet?.close();
    this.#outlet?.pour();
    this.#tasks.clear();
    return this.log();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  run(phase: 'start' | 'end', error?: unknown): void {
    if (phase === 'start') this.#outlet?.open();
    this.#tellTime();
    this.#outer.length = 0;
    this.#end();
    this.#columns.put(phase === 'start' ? EVENT.run : EVENT.stop, 0, 0, 0, 0, error === undefined ? undefined : errorText(error));
  }

  poll(phase: 'start' | 'end', deadline?: number): void {
    const until = deadline === undefined ? NONE : deadline - this.#start;
    if (this.#options.wall === false) return this.#pollVirtually(phase, until);
    this.#tellTime();
    if (phase === 'start') this.#columns.put(EVENT.poll, 0, 0, until, 0, undefined);
    else this.#columns.put(EVENT.polled, 0, 0, 0, 0, undefined);
  }

  /**
   * In virtual time only a wait in which time passes is one: in how many goes the host brings in what is there at this moment is
   * another each run.
   */
  #pollVirtually(phase: 'start' | 'end', until: number): void {
    if (phase === 'start') {
      this.#pollUntil = until;
    } else if (this.#loop.time() - this.#start > this.#columns.at) {
      this.#columns.put(EVENT.poll, 0, 0, this.#pollUntil, 0, undefined);
      this.#tellTime();
      this.#columns.put(EVENT.polled, 0, 0, 0, 0, undefined);
    }
  }

  iteration(count: number, ready: number): void {
    this.#outlet?.pour(CHUNK);
    this.#tellTime();
    this.#columns.put(EVENT.iteration, count, 0, ready, 0, undefined);
  }

  handleScheduled(handle: object): void {
    const note = this.#handles.add(handle);
    note.cause = this.#columns.put(EVENT.scheduled, note.id, 0, 0, this.#current, callbackName(handle));
  }

  handle(phase: 'start' | 'end', handle: object): void {
    if (phase === 'start') {
      const { id, cause } = this.#handles.of(handle);
      this.#handles.end(handle); // That of a signal is scheduled again and again, perhaps while it runs.
      this.#begin(this.#columns.putNext(EVENT.handle, id, 0, 0, cause, callbackName(handle)), id, undefined);
    } else if (this.#current !== 0) {
      this.#columns.put(EVENT.returned, this.#handle, 0, 0, this.#current, undefined);
      this.#end();
    }
  }

  timer(phase: 'set' | 'due' | 'cancelled', timer: object): void {
    const columns = this.#columns;
    if (phase === 'set') {
      this.#tellTime();
      const note = this.#handles.add(timer);
      note.cause = columns.put(EVENT.timer, note.id, 0, (timer as TimerHandle).when() - this.#start, this.#current, callbackName(timer));
      if ((timer as TimerHandle).callback === wake) this.#sleepSet = { n: note.cause, id: note.id };
      return;
    }
    const note = this.#handles.of(timer);
    if (phase === 'cancelled') columns.put(EVENT['timer-cancelled'], note.id, 0, 0, this.#current, undefined);
    // Perhaps one that was cancelled before: it comes due among others, and then runs as nothing.
    else note.cause = columns.put(EVENT.due, note.id, 0, 0, note.cause, undefined);
  }

  taskCreated(task: object): void {
    this.#noteTask(task as Task<unknown>, false);
  }

  step(phase: 'start' | 'end', task: object): void {
    if (phase === 'start') {
      const note = this.#tasks.next(task) ?? this.#noteTask(task as Task<unknown>, true);
      this.#begin(this.#columns.putNext(EVENT.step, note.id, 0, 0, note.ready, undefined), 0, note);
      return;
    }
    const note = this.#task;
    // What began before the recording did is nobody's here.
    if (note === undefined) return;
    if (!this.#suspensionTold && !(task as Task<unknown>).done()) this.#tellSuspended(task as Task<unknown>, note, this.#suspends);
    this.#suspensionTold = false;
    this.#end();
  }

  taskSuspended(task: object, awaited: object | null): void {
    this.#suspends = true;
    if (awaited !== null) this.#noteAwaited(awaited, this.#columns.count);
    // In a step that began before the recording did, whose end is told to nobody who was not there at its beginning.
    if (this.#current === 0) this.#tellSuspended(task as Task<unknown>, this.#noteOf(task), false);
  }

  taskWoken(task: object): void {
    const note = this.#noteOf(task);
    // One that was asked to cancel in its own step is woken while it suspends: that comes first.
    if (this.#suspends && this.#task === note) {
      this.#tellSuspended(task as Task<unknown>, note, true);
      this.#suspensionTold = true;
    }
    note.ready = this.#columns.put(EVENT.woken, note.id, 0, 0, this.#current, undefined);
  }

  taskCancelRequested(task: object): void {
    this.#columns.put(EVENT.cancel, this.#noteOf(task).id, 0, 0, this.#current, undefined);
  }

  taskDone(task: object): void {
    const note = this.#noteOf(task);
    const { state, outcome } = task as Task<unknown>;
    const name = taskName(task as Task<unknown>);
    if (name !== note.name) this.#columns.put(EVENT.named, note.id, 0, 0, this.#current, name);
    const how = state === 'pending' ? OUTCOME.cancelled : OUTCOME[state];
    this.#columns.put(EVENT.done, note.id, 0, how, this.#current, state === 'raised' ? errorText(outcome) : undefined);
    this.#tasks.end(task, note);
  }

  primitive(act: PrimitiveAct, primitive: object): void {
    const id = this.#primitives.of(primitive);
    const n = this.#columns.put(EVENT[act], id, 0, levelOf(act, primitive), this.#current, className(primitive));
    if (act === 'wait') this.#lineJoined = { n, id };
  }

  #head(): LogHead {
    return { version: LOG_VERSION, virtual: this.#options.wall === false, title: this.#options.title ?? '' };
  }

  #tellTime(): void {
    this.#columns.at = this.#loop.time() - this.#start;
  }

  #begin(n: number, handle: number, task: TaskNote | undefined): void {
    if (this.#current !== 0) this.#outer.push({ n: this.#current, handle: this.#handle, task: this.#task });
    this.#current = n;
    this.#handle = handle;
    this.#task = task;
  }

  #end(): void {
    const outer = this.#outer.length === 0 ? undefined : this.#outer.pop();
    this.#current = outer?.n ?? 0;
    this.#handle = outer?.handle ?? 0;
    this.#task = outer?.task;
  }

  /** What a task awaits that suspends; `last`: the event before, which tells of what no future knows. */
  #noteAwaited(awaited: object, last: number): void {
    if (awaited instanceof Task) {
      this.#awaits = AWAIT.task;
      this.#on = this.#noteOf(awaited).id;
    } else if (this.#sleepSet.n === last) {
      this.#awaits = AWAIT.timer;
      this.#on = this.#sleepSet.id;
    } else if (this.#lineJoined.n === last) {
      this.#awaits = AWAIT.primitive;
      this.#on = this.#lineJoined.id;
    } else {
      const dependence = dependenceOf(awaited);
      this.#awaits = dependence === undefined ? AWAIT.future : dependence === HOST ? AWAIT.host : AWAIT.task;
      this.#kind = className(awaited);
    }
  }

  /** One that was suspended before the recording began: on a timer or in whose line, nobody can tell any more. */
  #noteWaiting(task: Task<unknown>): void {
    if (task.awaiting?.state !== 'pending') return;
    this.#noteAwaited(task.awaiting, this.#columns.count);
    this.#tellSuspended(task, this.#noteOf(task), true);
  }

  /** With what was noted of it; `probed`: it can be asked where it awaits. One that was refused would go on if it were. */
  #tellSuspended(task: Task<unknown>, note: TaskNote, probed: boolean): void {
    const n = this.#columns.put(EVENT.suspended, note.id, this.#on, suspensionValue(this.#awaits, 0), this.#current, this.#kind);
    // Behind the event, which says when the step was over: reading a stack is our work, not the program's.
    if (probed && this.#stacks !== undefined) this.#columns.amend(suspensionValue(this.#awaits, this.#stacks.numberOf(task)));
    if (this.#awaits === AWAIT.turn) note.ready = n;
    this.#suspends = false;
    this.#awaits = AWAIT.turn;
    this.#on = 0;
    this.#kind = undefined;
  }

  #noteTask(task: Task<unknown>, there: boolean): TaskNote {
    const note = this.#tasks.add(task, taskName(task));
    if (this.#current === 0) this.#tellTime();
    note.ready = this.#columns.put(EVENT.created, note.id, there ? 1 : 0, 0, there ? 0 : this.#current, note.name);
    return note;
  }

  #noteOf(task: object): TaskNote {
    return this.#tasks.get(task) ?? this.#noteTask(task as Task<unknown>, true);
  }

  #outletTo(sink: NonNullable<RecordOptions['sink']>): Outlet {
    return new Outlet({
      columns: this.#columns,
      give: (events) => sink(events, this.#stacks?.all ?? new Map(), this.#head()),
      isRunning: () => this.#loop.isRunning(),
      failed: (exception) => {
        this.#remove();
        this.#loop.callExceptionHandler({ message: 'Observer removed: the sink of a recording threw', exception });
      },
    });
  }
}

/**
 * Records what a loop does from now on, until `stop()` is called on what it returns. Recording costs some 300 ns a step;
 * with `stacks`, which tell at which line of the program each task awaits, tens of microseconds.
 * @throws RangeError for a capacity below 0.
 *
 * @example
 * ```ts
 * import { EventLoop, sleep, VirtualDriver } from 'asyncdemo';
 * import { record } from 'asyncdemo/observe';
 *
 * const loop = new EventLoop({ driver: new VirtualDriver() });
 * const recorder = record(loop);
 * await loop.runUntilComplete(sleep(1500));
 * const log = recorder.stop();
 * loop.close();
 * console.log(log.events.filter(({ event }) => event === 'due').map(({ at }) => at)); // [ 1500 ]
 * ```
 */
export function record(loop: EventLoop, options: RecordOptions = {}): Recorder {
  return new Recorder(loop, options);
}
