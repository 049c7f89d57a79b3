// A flag that tasks can wait for.
import type { Coroutine } from './coroutine.ts';
import { formatPrimitive } from './inspect.ts';
import { watchable } from './never-awaited.ts';
import { shownByToString } from './shown-by-to-string.ts';
import { Waiters } from './waiters.ts';

/**
 * A flag, unset at first. `set()` wakes everybody who waits; while it is set, nobody has to. Stands for `asyncio.Event`.
 *
 * @example
 * ```ts
 * import { type Coroutine, createTask, Event, run, sleep } from 'asyncdemo';
 *
 * const ready = new Event();
 * function* waiter(): Coroutine<void> {
 *   yield* ready.wait();
 *   console.log('it is set');
 * }
 * function* main(): Coroutine<void> {
 *   const task = createTask(waiter());
 *   yield* sleep(1);
 *   console.log('setting it');
 *   ready.set();
 *   yield* task;
 * }
 * await run(main());
 * // setting it
 * // it is set
 * ```
 */
export class Event {
  readonly #waiters = new Waiters(this);
  #isSet = false;

  /** Whether the flag is set. Stands for `is_set()`. */
  isSet(): boolean {
    return this.#isSet;
  }

  /** Sets the flag. Everybody who waits at this moment will go on, even if it is cleared again before their step. */
  set(): void {
    if (this.#isSet) return;
    this.#isSet = true;
    this.#waiters.wake(Number.POSITIVE_INFINITY);
  }

  /** Takes the flag down: from now on `wait()` waits. */
  clear(): void {
    this.#isSet = false;
  }

  /** Waits until the flag is set. Set already: does not suspend. */
  *wait(): Coroutine<true> {
    if (!this.#isSet) yield* this.#waiters.wait();
    return true;
  }

  /** As asyncio shows it: `<Event [unset, waiters:2]>`. */
  toString(): string {
    return formatPrimitive(this, this.#isSet ? 'set' : 'unset', this.#waiters.length);
  }
}

shownByToString(Event);
watchable(Event, 'wait');
