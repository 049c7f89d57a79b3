// What a timeline says besides names and numbers. English; a set in another language has the same shape.
import type { Doing } from './chart.ts';

export interface TimelineWords {
  /** Between things told one after the other. */
  readonly comma: string;
  /** How long the run was; `length` is as `2.5 s`. */
  readonly lasted: (length: string, virtual: boolean) => string;
  readonly tasks: (n: string) => string;
  readonly iterations: (n: string) => string;
  readonly steps: (n: string) => string;
  readonly callbacks: (n: string) => string;
  /** What the signs stand for. */
  readonly doing: Readonly<Record<Doing, string>>;
  /** Behind the name of a primitive: what its digits count. */
  readonly free: string;
  readonly items: string;
  /** What digits count, in general. */
  readonly freeOrItems: string;
  /** What the steps took, in virtual time. */
  readonly noTime: string;
  readonly busy: (percent: string) => string;
  readonly p50: (length: string) => string;
  readonly p99: (length: string) => string;
  readonly most: (length: string) => string;
  /** Behind a column of the histogram: how long the steps in it took. */
  readonly below: (length: string) => string;
  readonly fromUp: (length: string) => string;
  readonly slowest: (length: string, who: string) => string;
  /** Behind it: the line that it went on from. */
  readonly from: (place: string) => string;
  readonly callback: (name: string) => string;
  readonly dropped: (n: string) => string;
  /** How many of the tasks in a row ended so. */
  readonly ended: (n: number, how: Doing | 'pending') => string;
  readonly raised: (error: string) => string;
  readonly cancelledBy: (who: string) => string;
  readonly waitsFor: (what: string) => string;
  readonly wokenBy: (who: readonly string[]) => string;
  readonly others: (n: number) => string;
  readonly timer: string;
  readonly aTimer: string;
  readonly host: string;
  readonly program: string;
  /** Whoever it was that the log does not tell of any more. */
  readonly unknown: string;
}

export const ENGLISH: TimelineWords = {
  comma: ', ',
  lasted: (length, virtual) => `${length} of ${virtual ? 'virtual' : 'real'} time`,
  tasks: (n) => counted(n, 'task'),
  iterations: (n) => counted(n, 'iteration'),
  steps: (n) => counted(n, 'step'),
  callbacks: (n) => counted(n, 'callback'),
  doing: {
    step: 'a step',
    running: 'runs',
    ready: 'is ready',
    timer: 'waits for a timer',
    task: 'for tasks',
    primitive: 'for a permit, lock, event or queue',
    future: 'for the host, or a future',
    returned: 'returned',
    raised: 'raised',
    cancelled: 'was cancelled',
  },
  free: 'free',
  items: 'items',
  freeOrItems: 'free, or items',
  noTime: 'in virtual time they take none',
  busy: (percent) => `busy for ${percent} of the time`,
  p50: (length) => `a step takes ${length} (p50)`,
  p99: (length) => `${length} (p99)`,
  most: (length) => `${length} at most`,
  below: (length) => `below ${length}`,
  fromUp: (length) => `from ${length}`,
  slowest: (length, who) => `slowest: ${length} in ${who}`,
  from: (place) => `, from ${place} on`,
  callback: (name) => `callback ${name}()`,
  dropped: (n) => `the first ${counted(n, 'event')} were dropped: record with a larger capacity to see them`,
  ended: (n, how) => `${n} ${how}`,
  raised: (error) => `raised ${error}`,
  cancelledBy: (who) => `cancelled by ${who}`,
  waitsFor: (what) => `waits for ${what}`,
  wokenBy: (who) => `woken by ${who.join(', ')}`,
  others: (n) => `${n} others`,
  timer: 'timer',
  aTimer: 'a timer',
  host: 'host',
  program: 'the program',
  unknown: 'what is not in the log',
};

function counted(n: string, what: string): string {
  return `${n} ${what}${n === '1' ? '' : 's'}`;
}
