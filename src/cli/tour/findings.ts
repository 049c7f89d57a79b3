// What a run's log says in a sentence or two: how many tasks there were at once, and by which waits, one after the other, its end
// was reached.

import { type Part, partsOf } from '../../observe/critical-path.ts';
import type { Span } from '../../observe/lanes.ts';
import type { Awaits, LogEvent } from '../../observe/log.ts';
import type { Story } from '../../observe/story.ts';

/** A time that the end of the run had to wait for. */
export interface Wait {
  /** The task's name; with its coroutine: `Task-1 spin()`. Undefined where no task has waited, but the program, for a bare future. */
  readonly task: string | undefined;
  readonly title: string | undefined;
  readonly awaits: Awaits;
  /** Whether it did not come to its end, but was ended by a cancellation from outside of the loop. */
  readonly cancelled: boolean;
  readonly ms: number;
  /** The line of the example it waited at: `src/demos/spinner.ts:29`. */
  readonly place: string | undefined;
}

export interface Findings {
  readonly tasks: number;
  readonly iterations: number;
  readonly steps: number;
  /** As many tasks there were at the same time. */
  readonly most: number;
  /** How long the run took, in ms of the loop's time. */
  readonly length: number;
  /** Oldest first: each began when the one before was over. Those that took no time are left out. */
  readonly path: readonly Wait[];
  readonly longest: Wait | undefined;
}

export function findingsOf(story: Story): Findings {
  const { lanes, iterations, log, from, to } = story;
  const path = pathOf(story);
  return {
    tasks: lanes.size,
    iterations: iterations.length,
    steps: log.events.filter(({ event }) => event === 'step').length,
    most: mostAtOnce(log.events),
    length: to - from,
    path,
    longest: path.reduce<Wait | undefined>((longest, wait) => (longest === undefined || wait.ms > longest.ms ? wait : longest), undefined),
  };
}

function mostAtOnce(events: readonly LogEvent[]): number {
  let [most, alive] = [0, 0];
  for (const { event } of events) {
    if (event === 'created') most = Math.max(most, ++alive);
    else if (event === 'done') alive -= 1;
  }
  return most;
}

/** The waits on the critical path of the last run, and of those before it: a program goes on with its next run when one has ended. */
function pathOf(story: Story): Wait[] {
  const ends = story.ends();
  const path: Wait[] = [];
  let events = story.criticalPath();
  while (events.length > 0) {
    path.unshift(...waitsOn(story, events));
    const [first] = events as [LogEvent];
    const earlier = ends.findLast(({ n }) => n < first.n);
    events = earlier === undefined ? [] : story.criticalPath(earlier);
  }
  return path;
}

/** One that several timers lie behind, each set when the one before was due, is one all the same. */
function waitsOn(story: Story, events: readonly LogEvent[]): Wait[] {
  const waits: Wait[] = [];
  let before: Span | undefined;
  for (const part of partsOf(story, events)) {
    const { spent, task, to, ms } = part;
    if (ms === 0 || spent === 'running' || spent === 'ready') continue;
    const span = task === undefined ? undefined : story.spanAt(task, to.n - 1);
    const last = span === before ? waits.pop() : undefined;
    waits.push({ ...waitOf(story, part, span), ms: ms + (last?.ms ?? 0) });
    before = span;
  }
  return waits;
}

function waitOf(story: Story, { spent, task, ms }: Part, span: Span | undefined): Wait {
  const suspension = span?.suspension;
  const stack = story.stackOf(suspension);
  const line = stack.findLast(({ file }) => file.startsWith('src/demos/')) ?? stack.at(-1);
  const waiting = span === undefined ? undefined : task;
  return {
    task: waiting === undefined ? undefined : story.lanes.get(waiting)?.name,
    title: waiting === undefined ? undefined : story.titleOf(waiting),
    awaits: suspension?.awaits ?? (spent === 'timer' ? 'timer' : 'host'),
    cancelled: spent === 'cancelled',
    ms,
    place: line && `${line.file}:${line.line}`,
  };
}
