// A log as a story: what each task was doing from when to when, and why. All pictures, reports and assertions are told from this.
import { type Call, type EventOf, type Iteration, type Lane, momentOf, type Poll, type PrimitiveStory, type Span } from './lanes.ts';
import type { Awaits, Log, LogEvent, StackLine } from './log.ts';
import { partitionPoint } from './partition-point.ts';
import { Teller } from './teller.ts';

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
  /** Whose the steps are that began in what was dropped, by the number of that event: their ends are in the log, and tell. */
  readonly #begunBefore = new Map<number, number>();

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
    for (const event of log.dropped > 0 ? log.events : [])
      if ((event.event === 'suspended' || event.event === 'done') && event.cause !== undefined && event.cause <= log.dropped)
        this.#begunBefore.set(event.cause, event.task);
    this.from = log.events.length === 0 ? 0 : momentOf(log, log.events[0] as LogEvent);
    this.to = log.events.length === 0 ? 0 : momentOf(log, log.events.at(-1) as LogEvent);
  }

  /** When it happened, in ms on the axis. */
  moment(event: LogEvent): number {
    return momentOf(this.log, event);
  }

  /** Where a time of the loop's lies that an event names, a deadline: in ms on the axis, which in real time is another clock's. */
  timeOf(time: number, event: LogEvent): number {
    return this.moment(event) + time - event.at;
  }

  /** The event with this number; undefined where it was dropped. */
  event(n: number): LogEvent | undefined {
    return this.log.events[n - this.log.dropped - 1];
  }

  /** The task whose step it happened in, or is about. */
  taskOf(event: LogEvent): number | undefined {
    if ('task' in event && (event.event === 'step' || event.event === 'suspended' || event.event === 'done')) return event.task;
    if (event.cause === undefined) return undefined;
    const within = this.event(event.cause);
    return within?.event === 'step' ? within.task : this.#begunBefore.get(event.cause);
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
   * goes on where the task that it woke had begun to wait for it. With `end`, one of `ends()`, of an earlier run.
   */
  criticalPath(end: LogEvent | undefined = this.#lastEnd()): LogEvent[] {
    const path: LogEvent[] = [];
    let woken: EventOf<'woken'> | undefined;
    let at = end;
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

  /**
   * With what each run of the loop that came to its end has ended, oldest first: with the end of the task that was run, or, where
   * that was a future, with the callback that stops the run.
   */
  ends(): LogEvent[] {
    const done = new Map<number | undefined, LogEvent>();
    for (const { end } of this.lanes.values()) if (end?.cause !== undefined) done.set(end.cause, end);
    return this.log.events.flatMap((event) => (event.event === 'scheduled' && event.name === STOPS_THE_RUN ? (done.get(event.cause) ?? event) : []));
  }

  /** Where no run has ended, whichever task ended last. */
  #lastEnd(): LogEvent | undefined {
    const { events } = this.log;
    return this.ends().at(-1) ?? events.findLast(({ event }) => event === 'done') ?? events.findLast(({ cause }) => cause !== undefined);
  }

  /** What a task does right after event `n`; undefined before it was there and after it has ended. */
  spanAt(task: number, n: number): Span | undefined {
    const spans = this.lanes.get(task)?.spans ?? [];
    const span = spans[partitionPoint(spans.length, (place) => (spans[place] as Span).first <= n) - 1];
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
