// A run in numbers: how busy the loop was, and how long its steps took.

import type { Call, Lane, Span } from './lanes.ts';
import type { StackLine } from './log.ts';
import type { Story } from './story.ts';

/** What kept the loop longest: a step of a task, or a callback. */
export interface Slowest {
  /** In ms of real time, without the steps and callbacks within it. */
  readonly took: number;
  /** Of a task: whose step it was, and the line it went on from, where stacks were recorded. */
  readonly lane?: Lane;
  readonly from?: StackLine;
  /** Of a callback: its name. */
  readonly callback?: string;
}

export interface Figures {
  readonly tasks: number;
  readonly iterations: number;
  readonly steps: number;
  readonly callbacks: number;
  /** How long the story is, in ms on its axis. */
  readonly length: number;
  /** What part of it steps and callbacks took; undefined in virtual time, where they take none. */
  readonly busy: number | undefined;
  /**
   * Durations of steps, in ms, each with all that happened within it: the middle one, the one that 99 of 100 stay below, and the
   * longest. Undefined in virtual time.
   */
  readonly percentiles: { readonly p50: number; readonly p99: number; readonly max: number } | undefined;
  /** How many steps took less than 10 us, 100 us, 1 ms, 10 ms, 100 ms, and more. */
  readonly histogram: readonly number[] | undefined;
  /** Undefined in virtual time. */
  readonly slowest: Slowest | undefined;
}

/** The upper ends of the histogram's columns, in ms. */
export const HISTOGRAM_ENDS: readonly number[] = [0.01, 0.1, 1, 10, 100];

/** Counts and measures. */
export function figuresOf(story: Story): Figures {
  const { lanes, calls, iterations, log } = story;
  const stints = stintsOf(story);
  const steps = stints.flatMap(({ span, lane }) => (lane === undefined ? [] : [span.to - span.from])).sort((a, b) => a - b);
  const length = story.to - story.from;
  const counts = { tasks: lanes.size, iterations: iterations.length, steps: steps.length, callbacks: calls.length, length };
  if (log.virtual) return { ...counts, busy: undefined, percentiles: undefined, histogram: undefined, slowest: undefined };
  const spent = stints.reduce((sum, { own }) => sum + own, 0);
  const most = stints.reduce<Stint | undefined>((most, stint) => (most === undefined || stint.own > most.own ? stint : most), undefined);
  return {
    ...counts,
    busy: length > 0 ? spent / length : undefined,
    percentiles: steps.length === 0 ? undefined : { p50: percentile(steps, 0.5), p99: percentile(steps, 0.99), max: steps.at(-1) as number },
    histogram: [...HISTOGRAM_ENDS, Number.POSITIVE_INFINITY].map((end, i) => steps.filter((took) => took < end && took >= (HISTOGRAM_ENDS[i - 1] ?? 0)).length),
    slowest: most && told(story, most),
  };
}

/** A step of a task, or a callback: whatever kept the loop. */
interface Stint {
  readonly span: Span | Call;
  /** Of a step. */
  readonly lane?: Lane;
  /** How long it took itself: within it may be steps of tasks that it started eagerly. The own times of all are what all took, each ms counted once. */
  own: number;
}

function stintsOf({ lanes, calls }: Story): Stint[] {
  const stints: Stint[] = calls.map((span) => ({ span, own: span.to - span.from }));
  for (const lane of lanes.values()) {
    for (const span of lane.spans) if (span.state === 'running') stints.push({ span, lane, own: span.to - span.from });
  }
  const open: Stint[] = [];
  // Outermost first, where several were going on when the log begins.
  for (const stint of stints.sort((a, b) => a.span.first - b.span.first || endOf(b) - endOf(a))) {
    while (open.length > 0 && endOf(open.at(-1) as Stint) <= stint.span.first) open.pop();
    const around = open.at(-1);
    if (around !== undefined) around.own -= stint.span.to - stint.span.from;
    open.push(stint);
  }
  return stints;
}

/** The number of the event that ended it. */
function endOf({ span: { last } }: Stint): number {
  return last === 0 ? Number.MAX_SAFE_INTEGER : last;
}

function told(story: Story, { span, lane, own }: Stint): Slowest {
  if (lane === undefined) return { took: own, callback: (span as Call).name };
  const before = lane.spans.slice(0, lane.spans.indexOf(span as Span)).findLast(({ suspension }) => suspension !== undefined);
  const from = story.stackOf(before?.suspension).at(-1);
  return { took: own, lane, ...(from && { from }) };
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] as number;
}
