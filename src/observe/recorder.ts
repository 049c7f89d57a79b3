// Records what a loop does, through its observer hooks. Schedules nothing on the loop it watches and asks nothing of Node: it
// keeps no program alive, and is in no picture of its own.
import { allTasks, type EventLoop, type Handle, Lock, type LoopObserver, Queue, Semaphore, Task, type TimerHandle } from '../loop/index.ts';
import type { PrimitiveAct } from '../loop/observer.ts';
import { AWAIT, CHUNK, Columns, EVENT, NONE, OUTCOME, suspensionValue } from './columns.ts';
import { LOG_VERSION, type Log, type LogEvent } from './log.ts';
import { StackTable } from './stack-table.ts';

/** How a run is recorded. */
export interface RecordOptions {
  /** How many events are kept at least, the newest. 65,536 unless given; `Infinity` for all. */
  readonly capacity?: number;
  /** Whether it is noted where each task awaits: 10 us a step and more. False unless given. */
  readonly stacks?: boolean;
  /** Whether real time is told. True unless given; without it, a program in virtual time gives the same log each time. */
  readonly wall?: boolean;
  /** What is run, for whoever reads the log. */
  readonly title?: string;
  /** The folder below which files are shown without it; the working directory unless given. */
  readonly root?: string;
  /** Given every event, some thousands at a time and never within a step: for keeping more than fits in memory. */
  readonly sink?: (events: readonly LogEvent[], stacks: Log['stacks']) => void;
}

/** What is known of a task until it has ended. */
interface TaskNote {
  readonly id: number;
  name: string;
  /** The event that made it ready. */
  ready: number;
  ended: boolean;
}

/** What is known of a callback until it has run. */
interface HandleNote {
  readonly id: number;
  /** The event that brought it. */
  cause: number;
}

/** A step or a callback that is going on: its event, and whose it is. */
interface Open {
  readonly n: number;
  readonly id: number;
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
  /** The last event that the sink was given. */
  #poured = 0;

  readonly #tasks = new Map<object, TaskNote>();
  #taskCount = 0;
  readonly #handles = new Map<object, HandleNote>();
  #handleCount = 0;
  readonly #primitives = new WeakMap<object, number>();
  #primitiveCount = 0;

  /** What is going on, outermost first: within a step may be those of tasks that it starts eagerly. */
  readonly #open: Open[] = [];
  /** The event of the innermost, 0 for none. */
  #current = 0;
  /** Whether the step that ends next is said to suspend its task, and on what. One that is neither that nor done was refused: its turn comes again. */
  #suspends = false;
  #awaits = AWAIT.turn;
  #on = 0;
  #kind: string | undefined;
  /** The last timer set, and the last line joined, with their events: who suspends with nothing in between awaits just that. */
  #timerSet = { n: 0, id: 0 };
  #lineJoined = { n: 0, id: 0 };

  /** @internal See {@link record}. */
  constructor(loop: EventLoop, options: RecordOptions) {
    this.#loop = loop;
    this.#options = options;
    this.#columns = new Columns(options.capacity ?? 65_536, (options.wall ?? true) ? performance.now() : undefined);
    this.#stacks = options.stacks ? new StackTable(options.root ?? process.cwd()) : undefined;
    this.#start = loop.time();
    if (options.sink !== undefined) this.#columns.droppable = 0;
    for (const task of allTasks(loop)) this.#noteTask(task, true);
    this.#remove = loop.addObserver(this);
  }

  /** What was recorded until now. */
  log(): Log {
    const { dropped, earlier } = this.#columns;
    return {
      version: LOG_VERSION,
      virtual: this.#options.wall === false,
      title: this.#options.title ?? '',
      events: this.#columns.read(),
      dropped,
      earlier: new Map(earlier),
      stacks: new Map(this.#stacks?.all),
    };
  }

  /** Ends the recording; returns what was recorded. Stopping twice is fine. */
  stop(): Log {
    this.#remove();
    this.#pour();
    return this.log();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  run(phase: 'start' | 'end', error?: unknown): void {
    this.#tellTime();
    this.#open.length = 0;
    this.#current = 0;
    this.#columns.put(phase === 'start' ? EVENT.run : EVENT.stop, 0, 0, 0, 0, error === undefined ? undefined : errorText(error));
  }

  poll(phase: 'start' | 'end', deadline?: number): void {
    this.#tellTime();
    if (phase === 'end') this.#columns.put(EVENT.polled, 0, 0, 0, 0, undefined);
    else this.#columns.put(EVENT.poll, 0, 0, deadline === undefined ? NONE : deadline - this.#start, 0, undefined);
  }

  iteration(count: number, ready: number): void {
    if (this.#options.sink !== undefined && this.#columns.count - this.#poured >= CHUNK) this.#pour();
    this.#tellTime();
    this.#columns.put(EVENT.iteration, count, 0, ready, 0, undefined);
  }

  handleScheduled(handle: object): void {
    const id = ++this.#handleCount;
    this.#handles.set(handle, { id, cause: this.#columns.put(EVENT.scheduled, id, 0, 0, this.#current, callbackName(handle)) });
  }

  handle(phase: 'start' | 'end', handle: object): void {
    if (phase === 'start') {
      const { id, cause } = this.#noteOfHandle(handle);
      this.#handles.delete(handle); // That of a signal is scheduled again and again, perhaps while it runs.
      this.#begin(this.#columns.put(EVENT.handle, id, 0, 0, cause, callbackName(handle)), id, undefined);
    } else {
      const open = this.#end();
      if (open !== undefined) this.#columns.put(EVENT.returned, open.id, 0, 0, open.n, undefined);
    }
  }

  timer(phase: 'set' | 'due' | 'cancelled', timer: object): void {
    const { columns, handles } = { columns: this.#columns, handles: this.#handles };
    if (phase === 'set') {
      this.#tellTime();
      const id = ++this.#handleCount;
      const n = columns.put(EVENT.timer, id, 0, (timer as TimerHandle).when() - this.#start, this.#current, callbackName(timer));
      handles.set(timer, { id, cause: n });
      this.#timerSet = { n, id };
      return;
    }
    const note = this.#noteOfHandle(timer);
    if (phase === 'due') {
      note.cause = columns.put(EVENT.due, note.id, 0, 0, note.cause, undefined);
    } else {
      columns.put(EVENT['timer-cancelled'], note.id, 0, 0, this.#current, undefined);
      handles.delete(timer);
    }
  }

  taskCreated(task: object): void {
    this.#noteTask(task as Task<unknown>, false);
  }

  step(phase: 'start' | 'end', task: object): void {
    if (phase === 'start') {
      const note = this.#noteOf(task);
      this.#begin(this.#columns.put(EVENT.step, note.id, 0, 0, note.ready, undefined), note.id, note);
      return;
    }
    const open = this.#end();
    const note = open?.task;
    if (open === undefined || note === undefined || note.ended) return;
    const stack = this.#suspends && this.#stacks !== undefined ? this.#stacks.numberOf(task as Task<unknown>) : 0;
    const value = suspensionValue(this.#awaits, stack);
    const n = this.#columns.put(EVENT.suspended, note.id, this.#on, value, open.n, this.#kind);
    if (this.#awaits === AWAIT.turn) note.ready = n;
    this.#suspends = false;
    this.#awaits = AWAIT.turn;
    this.#on = 0;
    this.#kind = undefined;
  }

  taskSuspended(_task: object, awaited: object | null): void {
    const last = this.#columns.count;
    this.#suspends = true;
    if (awaited === null) this.#awaits = AWAIT.turn;
    else if (awaited instanceof Task) [this.#awaits, this.#on] = [AWAIT.task, this.#noteOf(awaited).id];
    else if (this.#timerSet.n === last) [this.#awaits, this.#on] = [AWAIT.timer, this.#timerSet.id];
    else if (this.#lineJoined.n === last) [this.#awaits, this.#on] = [AWAIT.primitive, this.#lineJoined.id];
    else [this.#awaits, this.#kind] = [AWAIT.future, awaited.constructor.name];
  }

  taskWoken(task: object): void {
    const note = this.#noteOf(task);
    note.ready = this.#columns.put(EVENT.woken, note.id, 0, 0, this.#current, undefined);
  }

  taskCancelRequested(task: object): void {
    this.#columns.put(EVENT.cancel, this.#noteOf(task).id, 0, 0, this.#current, undefined);
  }

  taskDone(task: object): void {
    const note = this.#noteOf(task);
    const { state, outcome } = task as Task<unknown>;
    const name = (task as Task<unknown>).getName();
    if (name !== note.name) this.#columns.put(EVENT.named, note.id, 0, 0, this.#current, name);
    const how = state === 'pending' ? OUTCOME.cancelled : OUTCOME[state];
    this.#columns.put(EVENT.done, note.id, 0, how, this.#current, state === 'raised' ? errorText(outcome) : undefined);
    note.ended = true;
    this.#tasks.delete(task);
  }

  primitive(act: PrimitiveAct, primitive: object): void {
    let id = this.#primitives.get(primitive);
    if (id === undefined) {
      id = ++this.#primitiveCount;
      this.#primitives.set(primitive, id);
    }
    const n = this.#columns.put(EVENT[act], id, 0, levelOf(act, primitive), this.#current, primitive.constructor.name);
    if (act === 'wait') this.#lineJoined = { n, id };
  }

  #tellTime(): void {
    this.#columns.at = this.#loop.time() - this.#start;
  }

  #begin(n: number, id: number, task: TaskNote | undefined): void {
    this.#open.push({ n, id, task });
    this.#current = n;
  }

  /** Undefined for what began before the recording did. */
  #end(): Open | undefined {
    const open = this.#open.pop();
    this.#current = this.#open.at(-1)?.n ?? 0;
    return open;
  }

  #noteTask(task: Task<unknown>, there: boolean): TaskNote {
    const [id, name] = [++this.#taskCount, task.getName()];
    if (this.#current === 0) this.#tellTime();
    const ready = this.#columns.put(EVENT.created, id, there ? 1 : 0, 0, there ? 0 : this.#current, name);
    const note = { id, name, ready, ended: false };
    this.#tasks.set(task, note);
    return note;
  }

  #noteOf(task: object): TaskNote {
    return this.#tasks.get(task) ?? this.#noteTask(task as Task<unknown>, true);
  }

  #noteOfHandle(handle: object): HandleNote {
    const known = this.#handles.get(handle);
    if (known !== undefined) return known;
    const note = { id: ++this.#handleCount, cause: 0 };
    this.#handles.set(handle, note);
    return note;
  }

  #pour(): void {
    const { sink } = this.#options;
    if (sink === undefined || this.#columns.count === this.#poured) return;
    const events = this.#columns.read(this.#poured + 1);
    this.#poured = this.#columns.count;
    this.#columns.droppable = this.#poured;
    sink(events, this.#stacks?.all ?? new Map());
  }
}

/**
 * Records what a loop does from now on, until `stop()` is called on what it returns. Recording costs some 300 ns a step;
 * with `stacks`, which tell at which line of the program each task awaits, tens of microseconds.
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

/** Nobody's code may throw here: the observer would be taken away. */
function errorText(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}${error.message === '' ? '' : `: ${error.message.split('\n', 1)[0]}`}` : String(error);
  } catch {
    return 'an error that cannot be shown';
  }
}

function callbackName(handle: object): string {
  const { callback } = handle as Handle;
  return callback === undefined ? '(cancelled)' : callback.name || '<anonymous>';
}

/** What there is of it at this moment: permits that are free; of a queue that is given or gives an item, how many are in it. */
function levelOf(act: PrimitiveAct, primitive: object): number {
  if (primitive instanceof Semaphore) return primitive.permits;
  if (primitive instanceof Lock) return primitive.locked() ? 0 : 1;
  return primitive instanceof Queue && (act === 'put' || act === 'get') ? primitive.qsize() : NONE;
}
