// What a story is made of: tasks in one state after the other, callbacks, iterations, waits of the loop, and what was done with locks.
import type { Log, LogEvent } from './log.ts';

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

/** When an event happened, in ms since the first of its log: of the loop's time in virtual time, else of real time. */
export function momentOf(log: Log, event: LogEvent): number {
  return told(log, event) - (log.events[0] === undefined ? 0 : told(log, log.events[0]));
}

function told({ virtual }: Log, { at, wall }: LogEvent): number {
  return virtual ? at : (wall ?? at);
}
