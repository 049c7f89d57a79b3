// Makes a story of a log, event by event.
import { type Call, type EventOf, type Iteration, type Lane, momentOf, type Poll, type PrimitiveStory, type Span, type State } from './lanes.ts';
import type { Log, LogEvent } from './log.ts';

/** What a task did before it was in that state, unless it was just created or gave way. */
const BEFORE: Readonly<Record<State, State>> = { ready: 'waiting', running: 'ready', waiting: 'running' };

/** Goes through the events once. */
export class Teller {
  readonly lanes: Map<number, Lane> = new Map();
  readonly primitives: Map<number, PrimitiveStory> = new Map();
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
