// The timers that wait, earliest first. A binary heap ordered by deadline, then by scheduling order, so that equal
// deadlines are first in, first out. Cancelled timers stay until they surface or until there are too many of them.
import type { TimerHandle } from './handle.ts';

/** Below this many timers the cancelled ones are not worth a sweep. */
const SWEEP_FROM = 100;

/** Invariant: `#cancelled` counts the entries that were cancelled while scheduled; every entry has `scheduled === true`. */
export class TimerHeap {
  #entries: TimerHandle[] = [];
  #cancelled = 0;

  get length(): number {
    return this.#entries.length;
  }

  push(timer: TimerHandle): void {
    timer.scheduled = true;
    this.#entries.push(timer);
    this.#rise(this.#entries.length - 1);
  }

  /** Told by a timer that it was cancelled. */
  noteCancelled(timer: TimerHandle): void {
    if (timer.scheduled) this.#cancelled += 1;
  }

  /** The deadline of the earliest timer that is still wanted, `undefined` when there is none. Sweeps the cancelled on the way. */
  earliest(): number | undefined {
    if (this.#entries.length > SWEEP_FROM && this.#cancelled * 2 > this.#entries.length) this.#sweep();
    while (this.#entries.length > 0 && (this.#entries[0] as TimerHandle).cancelled()) {
      this.#cancelled -= 1;
      this.#pop();
    }
    return this.#entries[0]?.when();
  }

  /** Takes the earliest timer if it is due at `now`. */
  popDue(now: number): TimerHandle | undefined {
    const first = this.#entries[0];
    if (first === undefined || first.when() > now) return undefined;
    if (first.cancelled()) this.#cancelled -= 1;
    return this.#pop();
  }

  /** Lets go of every timer. */
  clear(): void {
    for (const timer of this.#entries) timer.scheduled = false;
    this.#entries = [];
    this.#cancelled = 0;
  }

  /** The timers still wanted, in no particular order. */
  *[Symbol.iterator](): Generator<TimerHandle, void, undefined> {
    for (const timer of this.#entries) if (!timer.cancelled()) yield timer;
  }

  #sweep(): void {
    const wanted: TimerHandle[] = [];
    for (const timer of this.#entries) {
      if (timer.cancelled()) timer.scheduled = false;
      else wanted.push(timer);
    }
    this.#entries = wanted;
    this.#cancelled = 0;
    for (let i = (wanted.length >> 1) - 1; i >= 0; i--) this.#sink(i);
  }

  #pop(): TimerHandle {
    const entries = this.#entries;
    const first = entries[0] as TimerHandle;
    const last = entries.pop() as TimerHandle;
    if (entries.length > 0) {
      entries[0] = last;
      this.#sink(0);
    }
    first.scheduled = false;
    return first;
  }

  #rise(index: number): void {
    const entries = this.#entries;
    const timer = entries[index] as TimerHandle;
    let child = index;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const above = entries[parent] as TimerHandle;
      if (!isBefore(timer, above)) break;
      entries[child] = above;
      child = parent;
    }
    entries[child] = timer;
  }

  #sink(index: number): void {
    const entries = this.#entries;
    const timer = entries[index] as TimerHandle;
    const half = entries.length >> 1;
    let parent = index;
    while (parent < half) {
      let child = 2 * parent + 1;
      const right = child + 1;
      if (right < entries.length && isBefore(entries[right] as TimerHandle, entries[child] as TimerHandle)) child = right;
      const below = entries[child] as TimerHandle;
      if (!isBefore(below, timer)) break;
      entries[parent] = below;
      parent = child;
    }
    entries[parent] = timer;
  }
}

function isBefore(a: TimerHandle, b: TimerHandle): boolean {
  return a.when() < b.when() || (a.when() === b.when() && a.sequence < b.sequence);
}
