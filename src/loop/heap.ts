// A binary heap: the first item by an order of the caller's, equal ones in the order they came. Knows nothing of what it
// orders. The timers have one of their own, which the loop's speed depends on.

interface Entry<T> {
  readonly item: T;
  /** Where it came in the order of arrival: what decides between equal items. */
  readonly number: number;
}

/** Invariant: no entry is before its parent. A comparison that throws leaves the heap as it was. */
export class Heap<T> {
  readonly #entries: Entry<T>[] = [];
  readonly #compare: (a: T, b: T) => number;
  #arrivals = 0;

  /** @param compare negative where `a` comes out before `b`, positive where after. */
  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get length(): number {
    return this.#entries.length;
  }

  push(item: T): void {
    const entries = this.#entries;
    const entry = { item, number: this.#arrivals++ };
    // Every comparison is made before anything is moved.
    const path = [entries.length];
    for (let index = entries.length; index > 0; ) {
      index = (index - 1) >> 1;
      if (!this.#isBefore(entry, entries[index] as Entry<T>)) break;
      path.push(index);
    }
    this.#shiftAlong(path, entry);
  }

  /** Takes the first item out. The caller knows there is one. */
  shift(): T {
    const entries = this.#entries;
    const first = entries[0] as Entry<T>;
    const last = entries.length - 1;
    const moved = entries[last] as Entry<T>;
    const path = [0];
    for (let parent = 0; ; ) {
      let child = 2 * parent + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#isBefore(entries[child + 1] as Entry<T>, entries[child] as Entry<T>)) child += 1;
      if (!this.#isBefore(entries[child] as Entry<T>, moved)) break;
      path.push(child);
      parent = child;
    }
    this.#shiftAlong(path, moved);
    entries.pop();
    return first.item;
  }

  /** The items, the first one first, the others in no particular order. */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (const { item } of this.#entries) yield item;
  }

  /** Moves each entry of the path one place towards its beginning, and puts `entry` at its end. */
  #shiftAlong(path: readonly number[], entry: Entry<T>): void {
    for (let i = 1; i < path.length; i++) this.#entries[path[i - 1] as number] = this.#entries[path[i] as number] as Entry<T>;
    this.#entries[path.at(-1) as number] = entry;
  }

  #isBefore(a: Entry<T>, b: Entry<T>): boolean {
    const order = this.#compare(a.item, b.item);
    return order < 0 || (order === 0 && a.number < b.number);
  }
}
