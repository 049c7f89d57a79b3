// The queue that is a stack.
import { type Items, Queue } from './queue.ts';

/**
 * A queue that gives the item put in last. Stands for `asyncio.LifoQueue`.
 *
 * @example
 * ```ts
 * import { LifoQueue } from 'asyncdemo';
 *
 * const stack = new LifoQueue<string>();
 * for (const item of ['a', 'b', 'c']) stack.putNowait(item);
 * console.log(stack.getNowait(), stack.getNowait(), stack.getNowait()); // c b a
 * ```
 */
export class LifoQueue<T> extends Queue<T> {
  /** As {@link Queue}'s. */
  constructor(maxsize = 0) {
    super(maxsize, new Stack<T>());
  }
}

class Stack<T> implements Items<T> {
  readonly #items: T[] = [];

  get length(): number {
    return this.#items.length;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T {
    return this.#items.pop() as T;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#items[Symbol.iterator]();
  }
}
