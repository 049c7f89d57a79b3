// What a run's log says in a sentence or two: how many tasks there were at once, and by which waits, one after the other, its end
// was reached.

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
 * Backwards from the end of the last task that the program itself started. A task that was woken by another waited for what that
 * one did, and the way goes on there; one that was woken by a timer or the host waited for just that. Before a task's first wait
 * is whoever created it: a task, or the program, which went on because an earlier task had ended.
 */
function pathOf(story: Story): Wait[] {
  const path: Wait[] = [];
  let lane = lastToEnd(story, Number.POSITIVE_INFINITY);
  let before = lane?.end?.n ?? 0;
  while (lane !== undefined) {
    const span: Span | undefined = lane.spans.findLast(({ state, last }) => state === 'waiting' && last !== 0 && last <= before);
    if (span === undefined) {
      before = lane.created;
      lane = lane.creator === undefined ? lastToEnd(story, before) : story.lanes.get(lane.creator);
      continue;
    }
    const step = wokenIn(story, span);
    if (step === undefined) {
      if (span.to > span.from) path.unshift(waitOf(story, lane, span));
      before = span.first - 1;
    } else {
      before = step.n;
      lane = story.lanes.get(step.task);
    }
  }
  return path;
}

/** The last task that the program started and that ended before this event. */
function lastToEnd(story: Story, before: number): Lane | undefined {
  let last: Lane | undefined;
  for (const lane of story.lanes.values()) {
    if (lane.creator === undefined && lane.end !== undefined && lane.end.n < before && lane.end.n > (last?.end?.n ?? 0)) last = lane;
  }
  return last;
}

/** The step in which a wait was ended; undefined where a timer or the host did that. */
function wokenIn(story: Story, { last }: Span): EventOf<'step'> | undefined {
  const behind = story.why(last).find(({ event }) => event === 'step' || event === 'due');
  return behind?.event === 'step' ? behind : undefined;
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
