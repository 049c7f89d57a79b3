// Logs written by hand: what each event took is known to the microsecond.
import { describe, expect, test } from 'vitest';
import { createTask, sleep } from '../../src/loop/index.ts';
import { type Figures, figuresOf } from '../../src/observe/figures.ts';
import { type Log, type LogEvent, Story } from '../../src/observe/index.ts';
import { recorded } from '../support/recorded.ts';

/** What an event tells besides its number, and how many ms of real time it comes after the one before. */
type Row = readonly [ms: number, event: Record<string, unknown> & { event: LogEvent['event'] }];

function logOf(rows: readonly Row[], facts: Partial<Log> = {}): Log {
  let wall = 0;
  const events = rows.map(([ms, event], i) => {
    wall += ms;
    return { n: (facts.dropped ?? 0) + i + 1, at: 0, wall, ...event } as LogEvent;
  });
  return { version: 1, virtual: false, title: '', events, dropped: 0, earlier: new Map(), stacks: new Map(), ...facts };
}

function figures(rows: readonly Row[], facts: Partial<Log> = {}): Figures {
  return figuresOf(new Story(logOf(rows, facts)));
}

const created = (task: number): Row => [0, { event: 'created', task, name: `task ${task}` }];
const begins = (task: number): Row => [0, { event: 'step', task }];
const suspends = (task: number, ms: number, stack?: number): Row => [ms, { event: 'suspended', task, awaits: 'timer', ...(stack && { stack }) }];
const ends = (task: number, ms: number): Row => [ms, { event: 'done', task, outcome: 'returned' }];
const calls = (handle: number): Row => [0, { event: 'handle', handle, name: `callback${handle}` }];
const returns = (handle: number, ms: number): Row => [ms, { event: 'returned', handle }];
const passes = (ms: number): Row => [ms, { event: 'polled' }];

/** Steps of one task that take so long. */
const steps = (durations: readonly number[]): Row[] => [created(1), ...durations.flatMap((ms) => [begins(1), suspends(1, ms)])];

describe('busy', () => {
  test('is the part of the time that steps and callbacks took', () => {
    const { busy, length } = figures([created(1), begins(1), suspends(1, 10), passes(65), calls(1), returns(1, 5), begins(1), ends(1, 20)]);
    expect(length).toBe(100);
    expect(busy).toBeCloseTo(0.35);
  });

  test('a step or callback within another is counted once', () => {
    const within: Row[] = [created(1), begins(1), created(2), begins(2), created(3), begins(3), suspends(3, 5), suspends(2, 10), begins(4), ends(4, 15)];
    expect(figures([...within, suspends(1, 20), passes(50)]).busy).toBeCloseTo(0.5);
    expect(figures([calls(1), created(1), begins(1), ends(1, 30), returns(1, 10), passes(60)]).busy).toBeCloseTo(0.4);
  });

  test('what is still going on, or was when the log begins, is busy as well', () => {
    expect(figures([passes(0), passes(30), begins(1), begins(2), suspends(2, 4), passes(6)]).busy).toBeCloseTo(0.25);
    // Task 8 had started task 9, which suspends first.
    expect(figures([passes(0), suspends(9, 20), suspends(8, 10), passes(70)], { dropped: 7 }).busy).toBeCloseTo(0.3);
  });

  test('nobody is for no time at all', () => {
    expect(figures([])).toMatchObject({ length: 0, steps: 0, busy: undefined, percentiles: undefined, slowest: undefined });
  });
});

describe('durations of steps', () => {
  test('p50 is the middle one, p99 the one that 99 of 100 do not exceed, and max the longest', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) + 1);
    const { percentiles, steps: count } = figures(steps(hundred));
    expect(count).toBe(100);
    expect([percentiles?.p50, percentiles?.p99, percentiles?.max].map((ms) => Math.round(ms as number))).toEqual([50, 99, 100]);
  });

  test.each([
    [[7], 7, 7, 7],
    [[4, 2], 2, 4, 4],
    [[9, 1, 5], 5, 9, 9],
  ])('of %j the middle one is %d, the p99 %d, the longest %d', (durations, p50, p99, max) => {
    expect(figures(steps(durations)).percentiles).toEqual({ p50, p99, max });
  });

  test('that of a step within which another was taken is as long as both', () => {
    expect(figures([created(1), begins(1), begins(2), suspends(2, 8), suspends(1, 4)]).percentiles).toEqual({ p50: 8, p99: 12, max: 12 });
  });

  test('callbacks are not among them', () => {
    expect(figures([...steps([1]), calls(1), returns(1, 50)])).toMatchObject({ steps: 1, callbacks: 1, percentiles: { max: 1 } });
  });

  test('each step is in one column of the histogram, on the upper side of an end that it meets', () => {
    // Sums of these are exact, so that differences are as well.
    expect(figures(steps([0, 2 ** -8, 2 ** -5, 0.25, 0.5, 0.75, 1, 8, 16, 128, 256])).histogram).toEqual([2, 1, 3, 2, 1, 2]);
  });
});

describe('slowest', () => {
  test('is the longest step, with the line that it went on from', () => {
    const line = (n: number) => ({ name: 'f', file: 'app.ts', line: n, column: 1 });
    const stacks = new Map([
      [1, [line(10), line(11)]],
      [2, [line(20)]],
    ]);
    const { slowest } = figures([created(1), begins(1), suspends(1, 1, 1), begins(1), suspends(1, 9, 2), begins(1), ends(1, 3)], { stacks });
    expect(slowest).toMatchObject({ took: 9, lane: { task: 1 }, from: line(11) });
  });

  test('or the longest callback', () => {
    expect(figures([...steps([3]), calls(1), returns(1, 4), calls(2), returns(2, 2)]).slowest).toEqual({ took: 4, callback: 'callback1' });
  });

  test('of steps within each other it is the one that took the time itself', () => {
    const nested = (outer: number, inner: number): Figures['slowest'] => figures([begins(1), begins(2), suspends(2, inner), suspends(1, outer)]).slowest;
    expect(nested(4, 50)).toMatchObject({ took: 50, lane: { task: 2 } });
    expect(nested(50, 4)).toMatchObject({ took: 50, lane: { task: 1 } });
  });
});

test('in virtual time things are counted, and nothing takes time', async () => {
  const log = await recorded(function* () {
    createTask(sleep(1));
    yield* sleep(2);
  });
  expect(figuresOf(new Story(log))).toMatchObject({ tasks: 2, steps: 4, length: 2, busy: undefined, percentiles: undefined, histogram: undefined });
});
