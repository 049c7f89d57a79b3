// What a run's log says in a sentence or two: how many tasks there were at once, and by which waits, one after the other, its end
// was reached.

import { type Part, partsOf } from '../../observe/critical-path.ts';
import type { EventOf, Lane, Span } from '../../observe/lanes.ts';
import type { Awaits, LogEvent } from '../../observe/log.ts';
import type { Story } from '../../observe/story.ts';

/** A time that the end of the run had to wait for. */
export interface Wait {
  /** The task's name; with its coroutine: `Task-1 spin()`. */
  readonly task: string;
  readonly title: string;
  readonly awaits: Awaits;
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

/**
 * The waits on the critical path of the last run, and of those before it: a program goes on with its next run when one has ended.
 * In whose wait the time of a timer or of the host went is the task that it let go on.
 */
function pathOf(story: Story): Wait[] {
  const path: Wait[] = [];
  let end = lastToEnd(story, Number.POSITIVE_INFINITY);
  while (end !== undefined) {
    const events = story.criticalPath(end);
    path.unshift(...partsOf(story, events).flatMap((part) => waitDuring(story, part) ?? []));
    end = lastToEnd(story, (events[0] as LogEvent).n);
  }
  return path;
}

/** The end of the last task that the program itself started and that ended before this event. */
function lastToEnd(story: Story, before: number): EventOf<'done'> | undefined {
  const ends = [...story.lanes.values()].flatMap(({ creator, end }) => (creator === undefined && end !== undefined && end.n < before ? [end] : []));
  return ends.reduce<EventOf<'done'> | undefined>((last, end) => (last === undefined || end.n > last.n ? end : last), undefined);
}

function waitDuring(story: Story, { spent, to, task, ms }: Part): Wait | undefined {
  if (spent === 'running' || spent === 'ready' || task === undefined || ms === 0) return undefined;
  const [lane, span] = [story.lanes.get(task), story.spanAt(task, to.n - 1)];
  return lane && span && waitOf(story, lane, span);
}

function waitOf(story: Story, { task, name }: Lane, { from, to, suspension }: Span): Wait {
  const stack = story.stackOf(suspension);
  const line = stack.findLast(({ file }) => file.startsWith('src/demos/')) ?? stack.at(-1);
  return {
    task: name,
    title: story.titleOf(task),
    awaits: suspension?.awaits ?? 'future',
    ms: to - from,
    place: line && `${line.file}:${line.line}`,
  };
}
