// Events as numbers in typed arrays, a chunk of them at a time: 49 bytes an event, and nothing for the collector to walk
// through. A ring of chunks, where no more than so many are to be kept.
import { EVENT, EVENTS, factsOf, round } from './codes.ts';
import type { LogEvent } from './log.ts';

/** How many events a chunk holds. */
export const CHUNK = 4096;

/** Where an event's numbers stand in its row. Six together: in arrays of their own they would cost an event 10 ns more. */
const COLUMN = {
  /** Whom it is about: the number of a task, handle or primitive; of an iteration, its count. */
  subject: 0,
  /** What a task awaits; of a creation, 1 where the task was there before. */
  other: 1,
  /** What it comes to: a time, how many are ready, free or in a queue; an outcome's number; of a suspension, what it awaits and where. */
  value: 2,
  cause: 3,
  at: 4,
  wall: 5,
} as const;
const WIDTH = 6;

class Chunk {
  readonly event = new Uint8Array(CHUNK);
  readonly rows = new Float64Array(CHUNK * WIDTH);
  readonly text: (string | undefined)[] = new Array<string | undefined>(CHUNK).fill(undefined);

  /** Where events of a kind are. */
  *indexesOf(event: number): Generator<number, void> {
    for (let i = this.event.indexOf(event); i !== -1; i = this.event.indexOf(event, i + 1)) yield i;
  }

  subject(i: number): number {
    return this.rows[i * WIDTH + COLUMN.subject] as number;
  }
}

/** Where a recorder writes. Events are numbered from 1. */
export class Columns {
  readonly #mostChunks: number;
  readonly #wallStart: number | undefined;
  /** The real time that was read last. */
  #wall = 0;
  readonly #chunks: Chunk[] = [new Chunk()];
  #newest: Chunk = this.#chunks[0] as Chunk;
  /** How many events are in the newest chunk. */
  #used = 0;
  #count = 0;
  #dropped = 0;
  readonly #names = new Map<number, string>();
  /** The loop's time, for the events that follow. */
  at = 0;
  /** Events up to this one may be let go, once there are too many. */
  droppable: number = Number.POSITIVE_INFINITY;

  /** Keeps at least `capacity` events; tells real time since now, if `wall`. */
  constructor(capacity: number, wall: boolean) {
    this.#mostChunks = Math.ceil(capacity / CHUNK) + 1;
    this.#wallStart = wall ? wallTime() : undefined;
  }

  /** How many events there were, and so the number of the last. */
  get count(): number {
    return this.#count;
  }

  /** How many of them are gone. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The names of tasks whose creation is gone, but not their end. */
  get earlier(): ReadonlyMap<number, string> {
    return this.#names;
  }

  /** An event that happens now; its number. */
  put(event: number, subject: number, other: number, value: number, cause: number, text: string | undefined): number {
    this.#readClock();
    return this.putNext(event, subject, other, value, cause, text);
  }

  /** One that follows the event before at once: the clock, which takes a third of the time of recording, is not read again. */
  putNext(event: number, subject: number, other: number, value: number, cause: number, text: string | undefined): number {
    if (this.#used === CHUNK) this.#begin();
    const chunk = this.#newest;
    const i = this.#used;
    const { rows } = chunk;
    const row = i * WIDTH;
    chunk.event[i] = event;
    rows[row + COLUMN.subject] = subject;
    rows[row + COLUMN.other] = other;
    rows[row + COLUMN.value] = value;
    rows[row + COLUMN.cause] = cause;
    rows[row + COLUMN.at] = this.at;
    rows[row + COLUMN.wall] = this.#wall;
    if (text !== undefined) chunk.text[i] = text;
    this.#used = i + 1;
    return ++this.#count;
  }

  /** Gives the event that was put last another value. What it took to find that belongs to no event: the next one begins now. */
  amend(value: number): void {
    this.#newest.rows[(this.#used - 1) * WIDTH + COLUMN.value] = value;
    this.#readClock();
  }

  #readClock(): void {
    if (this.#wallStart !== undefined) this.#wall = wallTime() - this.#wallStart;
  }

  /** Goes on in the oldest chunk, once there are enough of them, and it may be let go; in a new one until then. */
  #begin(): void {
    let next: Chunk | undefined;
    while (this.#chunks.length >= this.#mostChunks && this.#dropped + CHUNK <= this.droppable) {
      next = this.#chunks.shift() as Chunk;
      this.#drop(next);
    }
    next?.text.fill(undefined);
    this.#newest = next ?? new Chunk();
    this.#chunks.push(this.#newest);
    this.#used = 0;
  }

  #drop(gone: Chunk): void {
    this.#dropped += CHUNK;
    // In the order in which they come to a task.
    for (const event of [EVENT.created, EVENT.named]) {
      for (const i of gone.indexesOf(event)) this.#names.set(gone.subject(i), gone.text[i] as string);
    }
    for (const i of gone.indexesOf(EVENT.done)) this.#names.delete(gone.subject(i));
  }

  /** The events from number `first` on that are not gone. */
  read(first = 1): LogEvent[] {
    const events: LogEvent[] = [];
    for (let n = Math.max(first, this.#dropped + 1); n <= this.#count; n++) {
      const index = n - this.#dropped - 1;
      events.push(this.#decode(this.#chunks[Math.floor(index / CHUNK)] as Chunk, index % CHUNK, n));
    }
    return events;
  }

  #decode(chunk: Chunk, i: number, n: number): LogEvent {
    const event = EVENTS[chunk.event[i] as number] as LogEvent['event'];
    const [subject, other, value, cause, at, wall] = chunk.rows.subarray(i * WIDTH, (i + 1) * WIDTH) as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const text = chunk.text[i] ?? '';
    const told = {
      n,
      event,
      at: round(at),
      ...(this.#wallStart !== undefined && { wall: round(wall) }),
      ...(cause > 0 && { cause }),
    };
    return { ...told, ...factsOf(event, subject, other, value, text) } as LogEvent;
  }
}

/** In ms. Two thirds of what `performance.now()` costs, which is most of what an event does. */
function wallTime(): number {
  const time = process.hrtime();
  return time[0] * 1e3 + time[1] / 1e6;
}
