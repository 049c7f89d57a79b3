// What a scenario keeps its books with: who is inside, who waits, where each item is, which errors were thrown. Every rule
// that does not hold is noted here, wherever in the run it was seen.
import type { Coroutine, EventLoop } from '../../src/loop/index.ts';
import { Waiters } from '../../src/loop/waiters.ts';

/** An error of the scenario's own. It must come out somewhere. */
export class Oops extends Error {
  override readonly name = 'Oops';
}

/** What a scenario sets up for one run. */
export interface Play {
  /** They become tasks called a, b, c, d: the ones that are cancelled. */
  readonly actors: readonly Coroutine<unknown>[];
  /** Whether those who wait when nothing is ready may do so for ever: they are cancelled then. Otherwise it is a deadlock. */
  mayWait?(): boolean;
  /** Looked at whenever nothing is ready. */
  atRest?(): void;
  /** Looked at when all is over, in a callback of the loop. */
  atEnd?(): void;
  /** Errors an actor may end with, beside `Oops`. */
  readonly expected?: readonly (new (
    ...args: never
  ) => Error)[];
  /** One actor awaits another, or cancels it: it may be cancelled without having been asked. */
  readonly contagious?: boolean;
  /** An actor catches the cancellation, or ends in spite of it. */
  readonly refuses?: boolean;
  /** Errors that come after nobody listens any more are dropped, as in asyncio. */
  readonly dropsLateErrors?: boolean;
}

/** The waiting lines of the run that is going on: a primitive does not show its own. */
let lines: Set<Waiters> | undefined;
const waitInLine = Waiters.prototype.wait;
Waiters.prototype.wait = function (onCancel) {
  lines?.add(this);
  return waitInLine.call(this, onCancel);
};

export class World {
  readonly loop: EventLoop;
  readonly violations: string[] = [];
  readonly thrown = new Set<Oops>();
  readonly #heard = new Set<unknown>();
  /** Everybody is cancelled: the run was interrupted, or those who are left may wait for ever. */
  ending = false;
  readonly #lines = new Set<Waiters>();
  readonly #open = new Map<string, number>();

  constructor(loop: EventLoop) {
    this.loop = loop;
    lines = this.#lines;
  }

  /** Notes a rule that does not hold. */
  demand(holds: boolean, rule: string): void {
    if (!holds && !this.violations.includes(rule)) this.violations.push(rule);
  }

  /** A block was entered; what it returns belongs into its `finally`. */
  enter(block: string): () => void {
    this.#open.set(block, (this.#open.get(block) ?? 0) + 1);
    let left = 0;
    return () => {
      left += 1;
      this.demand(left === 1, `the finally of ${block} runs once`);
      if (left === 1) this.#open.set(block, (this.#open.get(block) as number) - 1);
    };
  }

  /** A place with room for so many. */
  room(name: string, most: number): Room {
    return new Room(this, name, most);
  }

  /** Counts who waits. */
  line(): Line {
    return new Line();
  }

  /** Books on items that go through a queue. */
  items<T>(): Items<T> {
    return new Items(this);
  }

  /** An error to throw. */
  oops(text: string): Oops {
    const error = new Oops(text);
    this.thrown.add(error);
    return error;
  }

  /** An error, with those inside of it, has come out. */
  hear(error: unknown): void {
    this.#heard.add(error);
    if (error instanceof AggregateError) for (const inner of error.errors) this.hear(inner);
    if (error instanceof Error && error.cause !== undefined) this.hear(error.cause);
  }

  /** Awaits without a loop: what must not suspend. */
  atOnce<T>(coroutine: Coroutine<T>, what: string): T | undefined {
    const step = coroutine.next();
    this.demand(step.done === true, `${what} does not have to wait`);
    return step.done === true ? step.value : undefined;
  }

  /** The books are closed. */
  close(): void {
    for (const [block, open] of this.#open) this.demand(open === 0, `the finally of ${block} runs, whatever happens`);
    for (const line of this.#lines) this.demand(line.length === 0, 'nobody is left in a waiting line');
    for (const error of this.thrown) this.demand(this.#heard.has(error), `the error '${error.message}' is not lost`);
    lines = undefined;
  }
}

/** Invariant: at most `most` are inside. */
export class Room {
  inside = 0;
  readonly #world: World;
  readonly #name: string;
  readonly #most: number;

  constructor(world: World, name: string, most: number) {
    this.#world = world;
    this.#name = name;
    this.#most = most;
  }

  enter(): () => void {
    this.inside += 1;
    this.#world.demand(this.inside <= this.#most, `at most ${this.#most} at once in ${this.#name}`);
    const leave = this.#world.enter(this.#name);
    return () => {
      this.inside -= 1;
      leave();
    };
  }
}

export class Line {
  length = 0;

  /** Awaits something, counted as waiting meanwhile. */
  *through<T>(awaited: Coroutine<T>): Coroutine<T> {
    this.length += 1;
    try {
      return yield* awaited;
    } finally {
      this.length -= 1;
    }
  }
}

export class Items<T> {
  readonly got: T[] = [];
  readonly #in = new Set<T>();
  readonly #out = new Set<T>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** How many are in and not out. */
  get inside(): number {
    return this.#in.size - this.#out.size;
  }

  /** Its put has returned. */
  put(item: T): void {
    this.#in.add(item);
  }

  /** Its get has returned. */
  take(item: T): void {
    this.got.push(item);
    this.#world.demand(this.#in.has(item), 'nothing comes out that did not go in');
    this.#world.demand(!this.#out.has(item), 'no item comes out twice');
    this.#out.add(item);
  }

  /** At the end, with what is still in the queue. */
  balance(left: Iterable<T>): void {
    for (const item of left) this.take(item);
    this.#world.demand(this.#in.size === this.#out.size, 'no item is lost');
  }
}
