// A log as a story: what each task was doing from when to when, and why. All pictures, reports and assertions are told from this.
import type { Awaits, Log, LogEvent, StackLine } from './log.ts';

export type EventOf<Name extends LogEvent['event']> = Extract<LogEvent, { event: Name }>;

/** What a task is doing: it stands in the ready queue, its coroutine runs, or it waits. */
export type State = 'ready' | 'running' | 'waiting';

/** A task in one state. Spans of a task follow each other without gaps. */
export interface Span {
  readonly state: State;
  /** The event that began it, and the one that ended it, 0 where the log ends first. */
  readonly first: number;
  last: number;
  /** In ms on the story's axis. */
  readonly from: number;
  to: number;
  /** Of waiting: the suspension, which says for what. */
  readonly suspension?: EventOf<'suspended'>;
}

/** All of one task. */
export interface Lane {
  readonly task: number;
  name: string;
  /** The coroutine's function, where stacks were recorded. */
  coroutine: string | undefined;
  /** The event it was created by, 0 where that is not in the log. */
  readonly created: number;
  /** The task that created it. */
  readonly creator: number | undefined;
  readonly spans: Span[];
  /** Requests to cancel it. */
  readonly cancels: EventOf<'cancel'>[];
  end: EventOf<'done'> | undefined;
}

/** What was done with one lock, semaphore, event, condition or queue. */
export interface PrimitiveStory {
  readonly primitive: number;
  readonly kind: string;
  readonly acts: EventOf<'wait' | 'leave' | 'acquire' | 'release' | 'put' | 'get'>[];
}

/** A callback that ran: not a task's step. */
export interface Call {
  readonly handle: number;
  readonly name: string;
  readonly first: number;
  last: number;
  readonly from: number;
  to: number;
}

/** An iteration of the loop. */
export interface Iteration {
  readonly event: EventOf<'iteration'>;
  readonly from: number;
  to: number;
}

/** A time that the loop waited for its host. */
export interface Poll {
  readonly first: number;
  last: number;
  readonly from: number;
  to: number;
  readonly until: number | undefined;
}

/** The callback that `runUntilComplete` has called when its task is done. */
const STOPS_THE_RUN = 'stopLoop';

/**
 * A log, told.
 *
 * @example
 * ```ts
 * import { EventLoop, sleep, VirtualDriver } from 'asyncdemo';
 * import { record, Story } from 'asyncdemo/observe';
 *
 * const loop = new EventLoop({ driver: new VirtualDriver() });
 * const recorder = record(loop, { wall: false });
 * await loop.runUntilComplete(sleep(10));
 * const story = new Story(recorder.stop());
 * loop.close();
 * for (const { name, spans } of story.lanes.values()) {
 *   console.log(name, spans.map(({ state, from, to }) => `${state} ${from}-${to}`).join(', '));
 * }
 * console.log(story.criticalPath().map(({ event }) => event).join(' '));
 * // Task-1 ready 0-0, running 0-0, waiting 0-10, ready 10-10, running 10-10
 * // created step timer due handle woken step done
 * ```
 */
export class Story {
  readonly log: Log;
  /** By number of task. */
  readonly lanes: ReadonlyMap<number, Lane>;
  readonly primitives: ReadonlyMap<number, PrimitiveStory>;
  readonly calls: readonly Call[];
  readonly iterations: readonly Iteration[];
  readonly polls: readonly Poll[];
  /** Where the axis begins and ends, in ms: of the loop's time in virtual time, else of real time. */
  readonly from: number;
  readonly to: number;

  constructor(log: Log) {
    this.log = log;
    const teller = new Teller(log);
    for (const event of log.events) teller.tell(event);
    teller.end();
    this.lanes = teller.lanes;
    this.primitives = teller.primitives;
    this.calls = teller.calls;
    this.iterations = teller.iterations;
    this.polls = teller.polls;
    this.from = log.events.length === 0 ? 0 : momentOf(log, log.events[0] as LogEvent);
    this.to = log.events.length === 0 ? 0 : momentOf(log, log.events.at(-1) as LogEvent);
  }

  /** When it happened, in ms on the axis. */
  moment(event: LogEvent): number {
    return momentOf(this.log, event);
  }

  /** The event with this number; undefined where it was dropped. */
  event(n: number): LogEvent | undefined {
    return this.log.events[n - this.log.dropped - 1];
  }

  /** The task whose step it happened in, or is about. */
  taskOf(event: LogEvent): number | undefined {
    if ('task' in event && (event.event === 'step' || event.event === 'suspended' || event.event === 'done')) return event.task;
    const within = event.cause === undefined ? undefined : this.event(event.cause);
    return within?.event === 'step' ? within.task : undefined;
  }

  /** `Task-2 spin()`; only the name where the coroutine is not known. */
  titleOf(task: number): string {
    const lane = this.lanes.get(task);
    if (lane === undefined) return `task ${task}`;
    return lane.coroutine === undefined ? lane.name : `${lane.name} ${lane.coroutine}()`;
  }

  /** The chain of awaits of a suspension, outermost first. */
  stackOf(suspension: EventOf<'suspended'> | undefined): readonly StackLine[] {
    return (suspension?.stack !== undefined && this.log.stacks.get(suspension.stack)) || [];
  }

  /** What caused an event; undefined where that is not in the log. A cause comes before what it causes, whatever a file says. */
  causeOf(event: LogEvent): LogEvent | undefined {
    return event.cause === undefined || event.cause >= event.n ? undefined : this.event(event.cause);
  }

  /** Why an event happened: what caused it, what caused that, and so on, nearest first. */
  why(n: number): LogEvent[] {
    const chain: LogEvent[] = [];
    const event = this.event(n);
    for (let at = event && this.causeOf(event); at !== undefined; at = this.causeOf(at)) chain.push(at);
    return chain;
  }

  /**
   * What the end of the run has waited for, oldest first: the chain of causes behind the end of the task that was run. Where
   * the time between two of its events went is where the run can become shorter. What came from outside has no cause: there the path
   * goes on where the task that it woke had begun to wait for it.
   */
  criticalPath(): LogEvent[] {
    const path: LogEvent[] = [];
    let woken: EventOf<'woken'> | undefined;
    let at: LogEvent | undefined = this.#lastEnd() ?? this.log.events.findLast((event) => event.cause !== undefined);
    while (at !== undefined) {
      path.push(at);
      if (at.event === 'woken') woken = at;
      let before = this.causeOf(at);
      if (before === undefined && woken !== undefined) {
        const { suspension } = this.waitEndedBy(woken) ?? {};
        if (suspension !== undefined && suspension.n < at.n) before = suspension;
        woken = undefined;
      }
      at = before;
    }
    return path.reverse();
  }

  /** The end of the task whose result ends the run, of the last run in the log; where none is, of whichever task ended last. */
  #lastEnd(): EventOf<'done'> | undefined {
    const stop = this.log.events.findLast((event) => event.event === 'scheduled' && event.name === STOPS_THE_RUN);
    const ends = [...this.lanes.values()].flatMap(({ end }) => end ?? []);
    return ends.find(({ cause }) => cause !== undefined && cause === stop?.cause) ?? this.log.events.findLast((event) => event.event === 'done');
  }

  /** What a task does right after event `n`; undefined before it was there and after it has ended. */
  spanAt(task: number, n: number): Span | undefined {
    const spans = this.lanes.get(task)?.spans ?? [];
    let [low, high] = [0, spans.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((spans[middle] as Span).first <= n) low = middle + 1;
      else high = middle;
    }
    const span = spans[low - 1];
    return span !== undefined && (span.last === 0 || n < span.last) ? span : undefined;
  }

  /** What the task had been doing that this made ready: waiting, where the log has its beginning. */
  waitEndedBy({ task, n }: EventOf<'woken'>): Span | undefined {
    const span = this.spanAt(task, n - 1);
    return span?.state === 'waiting' ? span : undefined;
  }

  /** What a task waits for, in a few words: `a timer`, `Semaphore 1`, `Task-3`. */
  describeWait({ awaits, on, kind }: { readonly awaits: Awaits; readonly on?: number; readonly kind?: string }): string {
    switch (awaits) {
      case 'turn':
        return 'its turn';
      case 'timer':
        return 'a timer';
      case 'task':
        if (on === undefined) return kind === 'GatheringFuture' ? 'all it gathers' : 'its tasks';
        return this.lanes.get(on)?.name ?? `task ${on}`;
      case 'primitive':
        return on === undefined ? 'a primitive' : this.describePrimitive(on);
      case 'host':
        return 'the host';
      case 'future':
        return kind === 'Future' || kind === undefined ? 'a future' : `a ${kind}`;
    }
  }

  /** `Semaphore 1`. */
  describePrimitive(primitive: number): string {
    return `${this.primitives.get(primitive)?.kind ?? 'primitive'} ${primitive}`;
  }
}

function momentOf({ virtual }: Log, event: LogEvent): number {
  return virtual ? event.at : (event.wall ?? event.at);
}

/** What a task did before it was in that state, unless it was just created or gave way. */
const BEFORE: Readonly<Record<State, State>> = { ready: 'waiting', running: 'ready', waiting: 'running' };

/** Goes through the events once. */
class Teller {
  readonly lanes = new Map<number, Lane>();
  readonly primitives = new Map<number, PrimitiveStory>();
  readonly calls: Call[] = [];
  readonly iterations: Iteration[] = [];
  readonly polls: Poll[] = [];
  readonly #log: Log;
  readonly #openCalls: Call[] = [];
  /** The one that is going on. */
  #iteration: Iteration | undefined;
  readonly #start: number;
  readonly #guessed = new Set<number>();
  #now = 0;

  constructor(log: Log) {
    this.#log = log;
    this.#start = log.events[0] === undefined ? 0 : momentOf(log, log.events[0]);
  }

  tell(event: LogEvent): void {
    this.#now = momentOf(this.#log, event);
    switch (event.event) {
      case 'created':
        this.#begin(event.task, event.name, event.n, event.cause).spans.push({ state: 'ready', first: event.n, last: 0, from: this.#now, to: this.#now });
        if (event.there) this.#guessed.add(event.task);
        break;
      case 'named':
        this.#lane(event.task).name = event.name;
        break;
      case 'step':
        this.#enter(event.task, 'running', event.n);
        break;
      case 'suspended':
        this.#suspend(event);
        break;
      case 'woken':
        if (event.cause === undefined) this.#wokenFromOutside(event.task);
        this.#enter(event.task, 'ready', event.n);
        break;
      case 'cancel':
        this.#lane(event.task).cancels.push(event);
        break;
      case 'done':
        this.#close(this.#lane(event.task, 'running'), event.n);
        this.#lane(event.task, 'running').end = event;
        break;
      case 'wait':
      case 'leave':
      case 'acquire':
      case 'release':
      case 'put':
      case 'get':
        this.#primitive(event.primitive, event.kind).acts.push(event);
        break;
      case 'handle':
        this.#call(event);
        break;
      case 'returned':
        this.#endCall(event.n);
        break;
      case 'iteration':
        this.#endIteration();
        this.#iteration = { event, from: this.#now, to: this.#now };
        this.iterations.push(this.#iteration);
        break;
      case 'poll':
        this.#endIteration();
        this.polls.push({ first: event.n, last: 0, from: this.#now, to: this.#now, until: event.until });
        break;
      case 'polled':
        this.#endPoll(event.n);
        break;
      case 'stop':
        this.#endIteration();
        this.#endPoll(event.n);
        break;
    }
  }

  /** What is still going on lasts as long as the log. */
  end(): void {
    for (const lane of this.lanes.values()) if (lane.end === undefined) this.#close(lane, 0);
    for (const call of this.#openCalls) call.to = this.#now;
    this.#endIteration();
    this.#endPoll(0);
  }

  #begin(task: number, name: string, created: number, cause: number | undefined): Lane {
    const by = cause === undefined ? undefined : this.#log.events[cause - this.#log.dropped - 1];
    const lane: Lane = {
      task,
      name,
      coroutine: undefined,
      created,
      creator: by?.event === 'step' ? by.task : undefined,
      spans: [],
      cancels: [],
      end: undefined,
    };
    this.lanes.set(task, lane);
    return lane;
  }

  /**
   * A task whose beginning was dropped is first heard of in the middle of its life: it must have been in the state `before`
   * since then. Where that is not known, the next thing that is heard of it tells.
   */
  #lane(task: number, before?: State): Lane {
    const lane = this.lanes.get(task) ?? this.#begin(task, this.#log.earlier.get(task) ?? `task ${task}`, 0, undefined);
    if (lane.spans.length === 0) {
      lane.spans.push({ state: before ?? 'waiting', first: this.#log.dropped, last: 0, from: this.#start, to: this.#now });
      if (before === undefined) this.#guessed.add(task);
    } else if (before !== undefined && this.#guessed.delete(task)) lane.spans[0] = { ...(lane.spans[0] as Span), state: before };
    return lane;
  }

  #enter(task: number, state: State, n: number, suspension?: EventOf<'suspended'>): void {
    const lane = this.#lane(task, BEFORE[state]);
    this.#close(lane, n);
    lane.spans.push({ state, first: n, last: 0, from: this.#now, to: this.#now, ...(suspension && { suspension }) });
  }

  #suspend(event: EventOf<'suspended'>): void {
    this.#lane(event.task, 'running');
    this.#enter(event.task, event.awaits === 'turn' ? 'ready' : 'waiting', event.n, event);
    const outermost = event.stack === undefined ? undefined : this.#log.stacks.get(event.stack)?.[0];
    this.#lane(event.task, 'running').coroutine ??= outermost?.name;
  }

  /** What settled the future it waited for was not the program's: it has waited for the host. */
  #wokenFromOutside(task: number): void {
    const spans = this.#lane(task, 'waiting').spans;
    const span = spans.at(-1);
    if (span?.suspension?.awaits === 'future') spans[spans.length - 1] = { ...span, suspension: { ...span.suspension, awaits: 'host' } };
  }

  #close(lane: Lane, n: number): void {
    const span = lane.spans.at(-1);
    if (span === undefined) return;
    span.to = this.#now;
    span.last = n;
  }

  #primitive(primitive: number, kind: string): PrimitiveStory {
    const known = this.primitives.get(primitive);
    if (known !== undefined) return known;
    const story: PrimitiveStory = { primitive, kind, acts: [] };
    this.primitives.set(primitive, story);
    return story;
  }

  #call({ n, handle, name }: EventOf<'handle'>): void {
    const call: Call = { handle, name, first: n, last: 0, from: this.#now, to: this.#now };
    this.calls.push(call);
    this.#openCalls.push(call);
  }

  #endCall(n: number): void {
    const call = this.#openCalls.pop();
    if (call === undefined) return;
    call.last = n;
    call.to = this.#now;
  }

  #endIteration(): void {
    if (this.#iteration !== undefined) this.#iteration.to = this.#now;
    this.#iteration = undefined;
  }

  #endPoll(n: number): void {
    const poll = this.polls.at(-1);
    if (poll === undefined || poll.last !== 0) return;
    poll.to = this.#now;
    poll.last = n;
  }
}
