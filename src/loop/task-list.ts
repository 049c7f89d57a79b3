// The live tasks of one loop, oldest first. Holding them here is what keeps alive a task that nobody refers to.
import { type Linked, LinkedList } from './linked-list.ts';

/** The tasks, and the numbers of those without a name. */
export class TaskList<Item extends Linked<Item>> extends LinkedList<Item> {
  #numbers = 0;

  /** A number for a task without a name, from 1. */
  nextNumber(): number {
    return ++this.#numbers;
  }
}
