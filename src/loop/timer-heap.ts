// The timers that wait, earliest first. A binary heap ordered by deadline, then by scheduling order, so that equal
// deadlines are first in, first out. Cancelled timers stay until they surface or until there are too many of them.
import type { TimerHandle } from './handle.ts';

/** Below this many timers the cancelled ones are not worth a sweep. */
const SWEEP_FROM = 100;

/**
 * Invariant: `#deadlines` has the deadline of each entry at the same index: numbers in a row, where those in the timers
 * themselves are all over the memory. Each entry but the first is not before its parent, at `(index - 1) >> 2`; four
 * children, since half as many levels are fewer places to look at. `#cancelled` counts the entries that were cancelled
 * while scheduled; every entry has its `sequence`.
 */
export class TimerHeap {
  #entries: TimerHandle[] = [];
  #deadlines: number[] = [];
  #cancelled = 0;
  #everPushed = 0;

  get length(): number {
    return this.#entries.length;
  }

  push(timer: TimerHandle): void {
    timer.sequence = this.#everPushed++;
    this.#entries.push(timer);
    this.#deadlines.push(timer.when());
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
    return this.#deadlines[0];
  }

  /** Takes the earliest timer if it is due at `now`. */
  popDue(now: number): TimerHandle | undefined {
    if (this.#entries.length === 0 || (this.#deadlines[0] as number) > now) return undefined;
    if ((this.#entries[0] as TimerHandle).cancelled()) this.#cancelled -= 1;
    return this.#pop();
  }

  /** Lets go of every timer. */
  clear(): void {
    for (const timer of this.#entries) timer.sequence = -1;
    this.#entries = [];
    this.#deadlines = [];
    this.#cancelled = 0;
  }

  /** The timers still wanted, in no particular order. */
  *[Symbol.iterator](): Generator<TimerHandle, void, undefined> {
    for (const timer of this.#entries) if (!timer.cancelled()) yield timer;
  }

  #sweep(): void {
    const wanted: TimerHandle[] = [];
    for (const timer of this.#entries) {
      if (timer.cancelled()) timer.sequence = -1;
      else wanted.push(timer);
    }
    this.#entries = wanted;
    this.#deadlines = wanted.map((timer) => timer.when());
    this.#cancelled = 0;
    for (let i = (wanted.length - 2) >> 2; i >= 0; i--) this.#sink(i);
  }

  #pop(): TimerHandle {
    const first = this.#entries[0] as TimerHandle;
    const last = this.#entries.pop() as TimerHandle;
    const deadline = this.#deadlines.pop() as number;
    if (this.#entries.length > 0) {
      this.#entries[0] = last;
      this.#deadlines[0] = deadline;
      this.#sink(0);
    }
    first.sequence = -1;
    return first;
  }

  #rise(index: number): void {
    const entries = this.#entries;
    const deadlines = this.#deadlines;
    const timer = entries[index] as TimerHandle;
    const deadline = deadlines[index] as number;
    let at = index;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const above = deadlines[parent] as number;
      // Of equal ones, the last to come stays below: nobody rises with a number smaller than that of what is there.
      if (deadline >= above) break;
      entries[at] = entries[parent] as TimerHandle;
      deadlines[at] = above;
      at = parent;
    }
    entries[at] = timer;
    deadlines[at] = deadline;
  }

  #sink(index: number): void {
    const entries = this.#entries;
    const deadlines = this.#deadlines;
    const { length } = entries;
    const timer = entries[index] as TimerHandle;
    const deadline = deadlines[index] as number;
    let at = index;
    for (let child = 4 * at + 1; child < length; child = 4 * at + 1) {
      let first = child;
      let earliest = deadlines[child] as number;
      for (let other = child + 1; other < length && other < child + 4; other++) {
        const candidate = deadlines[other] as number;
        if (candidate < earliest || (candidate === earliest && isOlder(entries, other, first))) {
          first = other;
          earliest = candidate;
        }
      }
      if (earliest > deadline || (earliest === deadline && timer.sequence < (entries[first] as TimerHandle).sequence)) break;
      entries[at] = entries[first] as TimerHandle;
      deadlines[at] = earliest;
      at = first;
    }
    entries[at] = timer;
    deadlines[at] = deadline;
  }
}

/** Decides between equal deadlines: first set, first out. */
function isOlder(entries: readonly TimerHandle[], a: number, b: number): boolean {
  return (entries[a] as TimerHandle).sequence < (entries[b] as TimerHandle).sequence;
}
