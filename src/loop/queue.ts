// What producers put in and consumers take out, each waiting for the other where need be.
import type { Coroutine } from './coroutine.ts';
import { QueueEmpty, QueueFull, QueueShutDown } from './errors.ts';
import { Event } from './event.ts';
import { formatValue } from './inspect.ts';
import { watchable } from './never-awaited.ts';
import { Ring } from './ring.ts';
import { shownByToString } from './shown-by-to-string.ts';
import { tellUse, Waiters } from './waiters.ts';

/** Where a queue keeps its items. `shift` takes out the one that comes next: that is all in which queues differ. */
export interface Items<T> extends Iterable<T> {
  readonly length: number;
  push(item: T): void;
  shift(): T;
}

/**
 * A queue, first in, first out, between tasks. Stands for `asyncio.Queue`.
 *
 * open -> shut down, and not back. Whoever waits is woken with no more than a hint: it looks again, since another may
 * have been quicker. Invariant: while there are items and somebody waits to get one, one of those is woken, and so for
 * free places and those who wait to put; who is cancelled after the wake-up wakes the next.
 *
 * @example
 * ```ts
 * import { type Coroutine, createTask, Queue, QueueShutDown, run, sleep } from 'asyncdemo';
 *
 * const queue = new Queue<string>(2);
 * function* producer(): Coroutine<void> {
 *   for (const item of ['a', 'b', 'c']) yield* queue.put(item); // waits while two are in it
 *   queue.shutdown();
 * }
 * function* main(): Coroutine<void> {
 *   createTask(producer());
 *   try {
 *     for (;;) console.log(yield* queue.get());
 *   } catch (error) {
 *     if (error instanceof QueueShutDown) console.log('no more');
 *   }
 * }
 * await run(main());
 * // a
 * // b
 * // c
 * // no more
 * ```
 */
export class Queue<T> {
  readonly #maxsize: number;
  readonly #items: Items<T>;
  readonly #getters = new Waiters(this);
  readonly #putters = new Waiters(this);
  /** Set while nothing is unfinished. */
  readonly #finished = new Event();
  #unfinished = 0;
  #isShutDown = false;

  /**
   * @param maxsize how many items it holds; 0 or less for no limit.
   * @throws RangeError unless `maxsize` is a whole number.
   */
  constructor(maxsize?: number);
  /** @internal */
  constructor(maxsize: number, items: Items<T>);
  constructor(maxsize = 0, items: Items<T> = new Ring<T>()) {
    if (!Number.isInteger(maxsize)) {
      throw new RangeError(`${this.constructor.name}: expected a whole number for maxsize, 0 for no limit, got ${String(maxsize)}`);
    }
    this.#maxsize = maxsize;
    this.#items = items;
    this.#finished.set();
  }

  /** How many items it holds at most; 0 or less means any number. */
  get maxsize(): number {
    return this.#maxsize;
  }

  /** How many items are in it. */
  qsize(): number {
    return this.#items.length;
  }

  /** Whether nothing is in it. */
  empty(): boolean {
    return this.#items.length === 0;
  }

  /** Whether it holds as many items as it may. */
  full(): boolean {
    return this.#maxsize > 0 && this.#items.length >= this.#maxsize;
  }

  /**
   * Puts an item in, waiting while the queue is full. Not full: does not suspend.
   * @throws QueueShutDown when it was shut down, or is meanwhile.
   */
  *put(item: T): Coroutine<void> {
    while (this.full()) {
      this.#refuseIfShutDown();
      yield* this.#putters.wait((wasWoken) => {
        if (wasWoken && !this.full()) this.#putters.wakeNext();
      });
    }
    this.putNowait(item);
  }

  /**
   * Takes the next item out, waiting while there is none. There is one: does not suspend.
   * @throws QueueShutDown when it is empty and was shut down, or is meanwhile.
   */
  *get(): Coroutine<T> {
    while (this.empty()) {
      this.#refuseIfShutDown();
      yield* this.#getters.wait((wasWoken) => {
        if (wasWoken && !this.empty()) this.#getters.wakeNext();
      });
    }
    return this.getNowait();
  }

  /**
   * Puts an item in, at once or not at all. Stands for `put_nowait()`.
   * @throws QueueFull; QueueShutDown when it was shut down.
   */
  putNowait(item: T): void {
    this.#refuseIfShutDown();
    if (this.full()) throw new QueueFull(`the queue holds ${this.#maxsize} already`);
    this.#items.push(item);
    this.#unfinished += 1;
    this.#finished.clear();
    tellUse('put', this);
    this.#getters.wakeNext();
  }

  /**
   * Takes the next item out, at once or not at all. Stands for `get_nowait()`.
   * @throws QueueEmpty; QueueShutDown when it is empty and was shut down.
   */
  getNowait(): T {
    if (this.empty()) {
      this.#refuseIfShutDown();
      throw new QueueEmpty('the queue holds nothing');
    }
    const item = this.#items.shift();
    tellUse('get', this);
    this.#putters.wakeNext();
    return item;
  }

  /**
   * Says that the work on an item taken out is done; `join()` counts these. Stands for `task_done()`.
   * @throws RangeError when there were fewer items than calls.
   */
  taskDone(): void {
    if (this.#unfinished === 0) throw new RangeError('taskDone() called too many times');
    this.#unfinished -= 1;
    this.#tellIfFinished();
  }

  /** Waits until `taskDone()` was called for every item ever put in. Nothing unfinished: does not suspend. */
  *join(): Coroutine<void> {
    if (this.#unfinished > 0) yield* this.#finished.wait();
  }

  /**
   * Ends it: nothing more can be put, and what is in it can still be taken out. Whoever waits, to put or to get from an
   * empty queue, gets a QueueShutDown. With `immediate` the items are thrown away, and count as done.
   */
  shutdown({ immediate = false }: { immediate?: boolean } = {}): void {
    this.#isShutDown = true;
    while (immediate && !this.empty()) {
      this.#items.shift();
      if (this.#unfinished > 0) this.#unfinished -= 1;
    }
    this.#tellIfFinished(); // At the end: of a loop that is closed by now whoever joins cannot be woken, and this throws.
    this.#getters.wake(Number.POSITIVE_INFINITY);
    this.#putters.wake(Number.POSITIVE_INFINITY);
  }

  /** As asyncio shows it: `<Queue maxsize=2 _queue=[ 'a', 'b' ] _putters[1] tasks=2>`. */
  toString(): string {
    const info = [`maxsize=${this.#maxsize}`];
    if (!this.empty()) info.push(`_queue=${formatValue([...this.#items])}`);
    if (this.#getters.length > 0) info.push(`_getters[${this.#getters.length}]`);
    if (this.#putters.length > 0) info.push(`_putters[${this.#putters.length}]`);
    if (this.#unfinished > 0) info.push(`tasks=${this.#unfinished}`);
    if (this.#isShutDown) info.push('shutdown');
    return `<${this.constructor.name} ${info.join(' ')}>`;
  }

  #tellIfFinished(): void {
    if (this.#unfinished === 0) this.#finished.set();
  }

  #refuseIfShutDown(): void {
    if (this.#isShutDown) throw new QueueShutDown('the queue was shut down');
  }
}

shownByToString(Queue);
watchable(Queue, 'put', 'get', 'join');
