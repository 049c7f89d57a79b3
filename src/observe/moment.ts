// How a loop stands at one moment of its log: what is ready, which timers are set, what runs, who holds what and who stands
// in line for it. Goes forward event by event; replay.ts goes back. What each task does at a moment is the story's to say.

import { actorOf } from './actors.ts';
import type { EventOf } from './lanes.ts';
import type { LogEvent } from './log.ts';
import type { Story } from './story.ts';

/** One that stands in the ready queue. */
export interface InQueue {
  readonly kind: 'task' | 'callback';
  /** The number of the task, or of the callback's handle. */
  readonly id: number;
  /** The event that put it there. */
  readonly since: number;
}

/** A timer that is set and not due. */
export type SetTimer = EventOf<'timer'>;

/** Who has or wants something: a task's number; 0 for a callback, or code outside of the loop; undefined where the log does not tell any more. */
export type Party = number | undefined;

/** A lock, semaphore, event, condition or queue, as it stands. */
export interface Use {
  readonly primitive: number;
  readonly kind: string;
  /** Of a lock or semaphore: what can be taken of it. */
  free: number | undefined;
  /** Of a queue: how many items are in it. */
  size: number | undefined;
  /** Who has taken it and not given it back, longest first; a task that holds two permits, twice. */
  readonly holders: Party[];
  /** Who stands in line, in order, those that were woken and have not gone on yet included. */
  readonly waiters: Party[];
}

/** A moment of a run. */
export class Moment {
  readonly #story: Story;
  /** The number of the event that happened last. */
  n: number;
  /** In order. */
  readonly ready: InQueue[] = [];
  /** How many of those in front belong to the iteration that goes on. */
  batch = 0;
  /** By number of handle, in the order they were set. */
  readonly timers: Map<number, SetTimer> = new Map();
  /** The steps and callbacks that go on, outermost first: within a step may be those of tasks that it starts eagerly. */
  readonly open: (EventOf<'step'> | EventOf<'handle'>)[] = [];
  /** By number, from the first use of each. */
  readonly uses: Map<number, Use> = new Map();
  iteration: EventOf<'iteration'> | undefined;
  /** The loop waits for its host, or for a time. */
  poll: EventOf<'poll'> | undefined;
  running = false;

  /** Before anything of a story has happened. */
  constructor(story: Story) {
    this.#story = story;
    this.n = story.log.dropped;
  }

  copy(): Moment {
    const copy = new Moment(this.#story);
    copy.n = this.n;
    for (const one of this.ready) copy.ready.push(one); // Without spreading: there may be a hundred thousand.
    copy.batch = this.batch;
    for (const [handle, timer] of this.timers) copy.timers.set(handle, timer);
    for (const open of this.open) copy.open.push(open);
    for (const [primitive, use] of this.uses) copy.uses.set(primitive, { ...use, holders: [...use.holders], waiters: [...use.waiters] });
    copy.iteration = this.iteration;
    copy.poll = this.poll;
    copy.running = this.running;
    return copy;
  }

  /** By deadline, and those for the same time in the order they were set: as they come due. */
  timersByDeadline(): SetTimer[] {
    return [...this.timers.values()].sort((a, b) => a.when - b.when);
  }

  /** Goes on to the next event. */
  apply(event: LogEvent): void {
    this.n = event.n;
    switch (event.event) {
      case 'run':
        this.running = true;
        break;
      case 'stop':
        this.running = false;
        this.poll = undefined;
        this.open.length = 0;
        this.batch = 0;
        break;
      case 'poll':
        this.poll = event;
        break;
      case 'polled':
        this.poll = undefined;
        break;
      case 'iteration':
        this.iteration = event;
        this.running = true; // Where its beginning is not in the log.
        this.poll = undefined;
        this.#trim(event.ready);
        this.batch = this.ready.length;
        break;
      case 'created':
        this.ready.push({ kind: 'task', id: event.task, since: event.n });
        break;
      case 'woken':
        this.ready.push({ kind: 'task', id: event.task, since: event.n });
        break;
      case 'scheduled':
        this.ready.push({ kind: 'callback', id: event.handle, since: event.n });
        break;
      case 'timer':
        this.timers.set(event.handle, event);
        break;
      case 'due':
        this.timers.delete(event.handle);
        this.ready.push({ kind: 'callback', id: event.handle, since: event.n });
        break;
      case 'timer-cancelled':
        this.timers.delete(event.handle);
        break;
      case 'step':
        this.#take('task', event.task);
        this.open.push(event);
        break;
      case 'handle':
        this.#take('callback', event.handle);
        this.open.push(event);
        break;
      case 'returned':
        this.open.pop();
        break;
      case 'suspended':
        this.open.pop();
        if (event.awaits === 'turn') this.ready.push({ kind: 'task', id: event.task, since: event.n });
        break;
      case 'done':
        this.open.pop();
        break;
      case 'wait':
      case 'leave':
      case 'acquire':
      case 'release':
      case 'put':
      case 'get':
        this.#use(event);
        break;
    }
  }

  /** It comes to run. What stood before it was passed over, as a task is whose context is entered already: the log says nothing else of it. */
  #take(kind: InQueue['kind'], id: number): void {
    const place = this.ready.findIndex((entry) => entry.kind === kind && entry.id === id);
    if (place === -1) return;
    const gone = this.open.length === 0 ? this.ready.splice(0, place + 1) : this.ready.splice(place, 1); // Eager tasks overtake.
    if (place < this.batch) this.batch -= gone.length;
  }

  /** No more are ready than the iteration says: what was there before the recording may have been waiting. */
  #trim(ready: number): void {
    for (let i = 0; this.ready.length > ready && i < this.ready.length; ) {
      const created = this.#story.event((this.ready[i] as InQueue).since);
      if (created?.event === 'created' && created.there) this.ready.splice(i, 1);
      else i += 1;
    }
  }

  #use(event: EventOf<'wait' | 'leave' | 'acquire' | 'release' | 'put' | 'get'>): void {
    const use = this.#useOf(event.primitive, event.kind);
    if ('size' in event) use.size = event.size;
    else if (event.free !== undefined) use.free = event.free;
    const who = actorOf(this.#story, event);
    const party = who.by === 'task' ? who.task : who.by === 'unknown' ? undefined : 0;
    if (event.event === 'wait') use.waiters.push(party);
    else if (event.event === 'leave') remove(use.waiters, party);
    else if (event.event === 'acquire') use.holders.push(party);
    else if (event.event === 'release' && !remove(use.holders, party)) use.holders.shift(); // Somebody else's, which is allowed.
  }

  #useOf(primitive: number, kind: string): Use {
    const known = this.uses.get(primitive);
    if (known !== undefined) return known;
    const use: Use = { primitive, kind, free: undefined, size: undefined, holders: [], waiters: [] };
    this.uses.set(primitive, use);
    return use;
  }
}

/** Takes the first that is equal out of a list; false where there is none. */
function remove(list: Party[], item: Party): boolean {
  const place = list.indexOf(item);
  if (place === -1) return false;
  list.splice(place, 1);
  return true;
}
