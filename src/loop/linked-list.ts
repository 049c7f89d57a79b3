// A list through its items: each knows its neighbours, so that any of them leaves from the middle at once and nothing is
// allocated. A Set in its place costs several times the rest of a spawn; and at the front of one that items leave in the
// order they came, their empty places are walked over again by each that looks for the first.

/** An item that carries its own place in a list. */
export interface Linked<Item> {
  /** @internal The item that was added before, while both are in the list. */
  older: Item | undefined;
  /** @internal The item that was added after. */
  newer: Item | undefined;
}

/** Items, oldest first. */
export class LinkedList<Item extends Linked<Item>> {
  #oldest: Item | undefined = undefined;
  #newest: Item | undefined = undefined;

  /** The first one. */
  get oldest(): Item | undefined {
    return this.#oldest;
  }

  add(item: Item): void {
    item.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = item;
    else this.#newest.newer = item;
    this.#newest = item;
  }

  remove(item: Item): void {
    if (item.older === undefined) this.#oldest = item.newer;
    else item.older.newer = item.newer;
    if (item.newer === undefined) this.#newest = item.older;
    else item.newer.older = item.older;
    item.older = undefined;
    item.newer = undefined;
  }

  /** Those that are in it now, whatever leaves meanwhile. */
  [Symbol.iterator](): IterableIterator<Item> {
    const items: Item[] = [];
    for (let item = this.#oldest; item !== undefined; item = item.newer) items.push(item);
    return items.values();
  }
}
