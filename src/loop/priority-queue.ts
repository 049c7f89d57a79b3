// The queue whose smallest item comes out next, and what "smaller" is.
import { describeWrong } from './describe-wrong.ts';
import { Heap } from './heap.ts';
import { Queue } from './queue.ts';

/** Says which of two items comes out first: negative for `a`, positive for `b`, 0 for the one put in first. As for `Array.sort`. */
export type Compare<T> = (a: T, b: T) => number;

/**
 * A queue that gives the smallest item first, and of equal ones the one put in first. Stands for `asyncio.PriorityQueue`.
 * Numbers, strings and dates have their order; arrays are compared element by element, so that `[priority, data]` goes
 * by priority; for anything else say `compare`.
 *
 * @example
 * ```ts
 * import { PriorityQueue } from 'asyncdemo';
 *
 * const queue = new PriorityQueue<[number, string]>();
 * queue.putNowait([10, 'sweep']);
 * queue.putNowait([1, 'put out the fire']);
 * console.log(queue.getNowait()[1]); // put out the fire
 *
 * interface Job {
 *   name: string;
 *   urgency: number;
 * }
 * const jobs = new PriorityQueue<Job>(0, { compare: (a, b) => b.urgency - a.urgency });
 * jobs.putNowait({ name: 'sweep', urgency: 1 });
 * jobs.putNowait({ name: 'cook', urgency: 5 });
 * console.log(jobs.getNowait().name); // cook
 * ```
 */
export class PriorityQueue<T> extends Queue<T> {
  /**
   * @param maxsize as {@link Queue}'s.
   * @throws RangeError as `Queue`. Without `compare`, putting in an item that cannot be ordered among the others is a
   * TypeError, and the item is not put in.
   */
  constructor(maxsize = 0, options: { compare?: Compare<T> } = {}) {
    super(maxsize, new Heap<T>(options.compare ?? compareByNature));
  }
}

/** Python's order of numbers, strings and tuples, as far as JavaScript has one. */
export function compareByNature(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (Array.isArray(a) && Array.isArray(b)) return compareElements(a, b);
  const [x, y] = [ordinal(a), ordinal(b)];
  if (x === undefined || y === undefined || (typeof x === 'string') !== (typeof y === 'string')) {
    throw new TypeError(`PriorityQueue: expected items that can be ordered, got ${describeWrong(a)} and ${describeWrong(b)}; pass { compare }`);
  }
  if (x < y) return -1;
  return x > y ? 1 : 0;
}

/** By the first element that differs; where none does, the shorter one comes first. */
function compareElements(a: readonly unknown[], b: readonly unknown[]): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) {
    const order = compareByNature(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** What orders a value by itself: a date is its time. */
function ordinal(value: unknown): number | bigint | string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string') return value;
  if (typeof value === 'boolean') return Number(value);
  return value instanceof Date ? value.getTime() : undefined;
}
