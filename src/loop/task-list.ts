// The live tasks of one loop, oldest first. Holding them here is what keeps alive a task that nobody refers to.

/** An item that carries its own place in a list. */
export interface Linked<Item> {
  /** @internal The item that was added before, while both are in the list. */
  older: Item | undefined;
  /** @internal The item that was added after. */
  newer: Item | undefined;
}

/** A doubly linked list through the tasks themselves, a Set costing several times the rest of a spawn. */
export class TaskList<Item extends Linked<Item>> {
  #oldest: Item | undefined;
  #newest: Item | undefined;
  #numbers = 0;

  /** A number for a task without a name, from 1. */
  nextNumber(): number {
    return ++this.#numbers;
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

  *[Symbol.iterator](): Generator<Item, void, undefined> {
    for (let item = this.#oldest; item !== undefined; item = item.newer) yield item;
  }
}
