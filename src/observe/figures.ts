// A run in numbers: how busy the loop was, and how long its steps took.

import type { Lane, Span } from './lanes.ts';
import type { StackLine } from './log.ts';
import type { Story } from './story.ts';

/** A step of a task, or a callback: whatever kept the loop. */
export interface Stint {
  /** In ms of real time. */
  readonly took: number;
  /** Of a task: whose step it was, and the line it went on from, where stacks were recorded. */
  readonly lane?: Lane;
  readonly from?: StackLine;
  /** Of a callback: its name. */
  readonly callback?: string;
  /** The event that began it. */
  readonly first: number;
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
  /** Durations of steps, in ms: the middle one, the one that 99 of 100 stay below, and the longest. Undefined in virtual time. */
  readonly percentiles: { readonly p50: number; readonly p99: number; readonly max: number } | undefined;
  /** How many steps took less than 10 us, 100 us, 1 ms, 10 ms, 100 ms, and more. */
  readonly histogram: readonly number[] | undefined;
  /** What kept the loop longest. */
  readonly slowest: Stint | undefined;
}

/** The upper ends of the histogram's columns, in ms. */
export const HISTOGRAM_ENDS: readonly number[] = [0.01, 0.1, 1, 10, 100];

/** Counts and measures. */
export function figuresOf(story: Story): Figures {
  const { lanes, calls, iterations, log } = story;
  const stints: Stint[] = [];
  for (const lane of lanes.values()) {
    let before: Span | undefined;
    for (const span of lane.spans) {
      if (span.state === 'running') {
        const from = story.stackOf(before?.suspension).at(-1);
        stints.push({ took: span.to - span.from, lane, first: span.first, ...(from && { from }) });
      } else if (span.suspension !== undefined) {
        before = span;
      }
    }
  }
  const steps = stints.map(({ took }) => took).sort((a, b) => a - b);
  for (const call of calls) stints.push({ took: call.to - call.from, callback: call.name, first: call.first });
  const length = story.to - story.from;
  const counts = { tasks: lanes.size, iterations: iterations.length, steps: steps.length, callbacks: calls.length, length };
  if (log.virtual) return { ...counts, busy: undefined, percentiles: undefined, histogram: undefined, slowest: undefined };
  const spent = stints.reduce((sum, { took }) => sum + took, 0);
  return {
    ...counts,
    busy: length > 0 ? Math.min(1, spent / length) : undefined,
    percentiles: steps.length === 0 ? undefined : { p50: percentile(steps, 0.5), p99: percentile(steps, 0.99), max: steps.at(-1) as number },
    histogram: [...HISTOGRAM_ENDS, Number.POSITIVE_INFINITY].map((end, i) => steps.filter((took) => took < end && took >= (HISTOGRAM_ENDS[i - 1] ?? 0)).length),
    slowest: stints.reduce<Stint | undefined>((most, stint) => (most === undefined || stint.took > most.took ? stint : most), undefined),
  };
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] as number;
}
