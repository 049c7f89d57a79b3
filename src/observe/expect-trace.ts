// What a test may ask of a run: how many tasks were in something at once, whether all have ended, and how long steps took.
import { AssertionError } from 'node:assert';
import { findVisits } from './concurrency.ts';
import type { Call, Lane, Span } from './lanes.ts';
import type { Log, LogEvent } from './log.ts';
import { Story } from './story.ts';

/** What is expected of a run; each expectation returns this, for the next. */
export interface TraceExpectation {
  /**
   * At most `most` tasks are in something called `name` at once. Tasks called so are, from their first step to their end:
   * `fetch`, and for `fetch` also `fetch-1` and `fetch (3)`, but not `fetcher` or `fetch2`. In a recording with `stacks: true`, tasks within a
   * coroutine function called so are as well, from the first await within it to the first outside of it. Where a task waits in
   * front of a semaphore, what is behind it is best a function: the task is in itself all the time.
   * @throws AssertionError, also where nothing in the log is called so.
   */
  maxConcurrent(name: string, most: number): TraceExpectation;
  /**
   * Every task that was created while the run was recorded has ended.
   * @throws AssertionError, which names those that have not, and where they wait.
   */
  noLeakedTasks(): TraceExpectation;
  /**
   * No step of a task and no callback took more than `ms` of real time. A step within which another task was started eagerly
   * takes as long as both.
   * @throws AssertionError, also where the recording tells no real time.
   */
  noStepOver(ms: number): TraceExpectation;
}

/**
 * What is expected of a recorded run, for any test runner: what does not hold throws an AssertionError of one line.
 *
 * @example
 * ```ts
 * import { asyncWith, type Coroutine, EventLoop, gather, Semaphore, sleep, VirtualDriver } from 'asyncdemo';
 * import { expectTrace, record } from 'asyncdemo/observe';
 *
 * const semaphore = new Semaphore(3);
 * function* fetch(): Coroutine<void> {
 *   yield* sleep(100);
 * }
 * function* main(): Coroutine<void> {
 *   yield* gather(Array.from({ length: 10 }, () => asyncWith(semaphore, fetch)));
 * }
 * const loop = new EventLoop({ driver: new VirtualDriver() });
 * const recorder = record(loop, { wall: false, stacks: true });
 * await loop.runUntilComplete(main());
 * loop.close();
 * expectTrace(recorder.stop()).maxConcurrent('fetch', 3).noLeakedTasks();
 * try {
 *   expectTrace(recorder.log()).maxConcurrent('fetch', 2);
 * } catch (error) {
 *   console.log((error as Error).message); // expected at most 2 tasks at once in 'fetch', got 3: Task-2 fetch(), Task-3 fetch(), Task-4 fetch(), at 0 ms (event 28)
 * }
 * ```
 */
export function expectTrace(log: Log): TraceExpectation {
  const story = new Story(log);
  const expectation: TraceExpectation = {
    maxConcurrent(name, most) {
      if (!Number.isInteger(most) || most < 0) throw new RangeError(`maxConcurrent: expected a whole number of tasks from 0 up, got ${most}`);
      expectAtMost(story, name, most);
      return expectation;
    },
    noLeakedTasks() {
      expectAllEnded(story);
      return expectation;
    },
    noStepOver(ms) {
      if (!(ms >= 0)) throw new RangeError(`noStepOver: expected milliseconds from 0 up, got ${ms}`);
      expectShortSteps(story, ms);
      return expectation;
    },
  };
  return expectation;
}

function fail(expected: unknown, actual: unknown, message: string): never {
  throw new AssertionError({ message: message.replaceAll('\n', '\\n'), expected, actual });
}

function expectAtMost(story: Story, name: string, most: number): void {
  const visits = findVisits(story, name);
  if (visits === undefined) return fail(name, undefined, `expected something called '${name}' in the log, got ${describeNames(story)}`);
  const inside = new Set<number>();
  for (const { task, event, enters } of visits) {
    if (enters) inside.add(task);
    else inside.delete(task);
    if (inside.size <= most) continue;
    const tasks = list([...inside].map((task) => story.titleOf(task)));
    fail(
      most,
      inside.size,
      `expected at most ${most} ${most === 1 ? 'task' : 'tasks'} at once in '${name}', got ${inside.size}: ${tasks}, ${at(story, event)}`,
    );
  }
}

function describeNames({ log, lanes }: Story): string {
  const tasks = list([...new Set([...lanes.values()].map(({ name }) => name))]);
  const functions = list([...new Set([...log.stacks.values()].flatMap((lines) => lines.map(({ name }) => name)))]);
  return log.stacks.size === 0 ? `tasks ${tasks}; functions are told where stacks: true was recorded` : `tasks ${tasks}, and functions ${functions}`;
}

function expectAllEnded(story: Story): void {
  const leaked = [...story.lanes.values()].filter(({ end, created }) => {
    const creation = story.event(created);
    return end === undefined && !(creation?.event === 'created' && creation.there);
  });
  const [last] = story.log.events.slice(-1);
  if (leaked.length === 0 || last === undefined) return;
  const tasks = list(leaked.map(({ task, spans }) => `${story.titleOf(task)} (${describeState(story, spans.at(-1) as Span)})`));
  fail(0, leaked.length, `expected every task to end, got ${leaked.length} that ${leaked.length === 1 ? 'has' : 'have'} not: ${tasks}, ${at(story, last)}`);
}

function describeState(story: Story, { state, suspension }: Span): string {
  if (state !== 'waiting' || suspension === undefined) return state;
  return `waits for ${story.describeWait(suspension)}${lineOf(story, suspension)}`;
}

/** ` in src/app.ts:12`, the innermost line; empty where it is not known. */
function lineOf(story: Story, suspension: Span['suspension']): string {
  const line = story.stackOf(suspension).at(-1);
  return line === undefined ? '' : ` in ${line.file}:${line.line}`;
}

function expectShortSteps(story: Story, ms: number): void {
  const { events } = story.log;
  if (events.length > 0 && events[0]?.wall === undefined)
    fail(ms, undefined, `expected no step over ${ms} ms, got a log without real time: record it without wall: false`);
  const steps = [...story.lanes.values()].flatMap((lane) =>
    lane.spans.filter(({ state }) => state === 'running').map((span) => ({ ...timesOf(story, span), describe: () => describeStep(story, lane, span) })),
  );
  const calls = story.calls.map((call) => ({ ...timesOf(story, call), describe: () => `the callback ${call.name}` }));
  // Of one within another the inner one, which ends first, is to blame.
  const [long] = [...steps, ...calls].filter(({ took }) => took > ms).sort((a, b) => a.end.n - b.end.n || b.begin.n - a.begin.n);
  if (long !== undefined) fail(ms, long.took, `expected no step over ${ms} ms, got ${long.took} ms in ${long.describe()}, ${at(story, long.begin)}`);
}

/** How long it took in real time, to the microsecond, whatever the story's axis is. */
function timesOf(story: Story, { first, last }: Pick<Span | Call, 'first' | 'last'>): { begin: LogEvent; end: LogEvent; took: number } {
  const begin = story.event(first) as LogEvent;
  const end = (last === 0 ? story.log.events.at(-1) : story.event(last)) as LogEvent;
  return { begin, end, took: inWholeUs((end.wall ?? 0) - (begin.wall ?? 0)) };
}

/** With a line: of the await that it went on from, or else of the one that it came to. */
function describeStep(story: Story, { task, spans }: Lane, step: Span): string {
  const i = spans.indexOf(step);
  const before = lineOf(story, spans.slice(0, i).findLast(({ suspension }) => suspension !== undefined)?.suspension);
  const next = lineOf(story, spans[i + 1]?.suspension);
  const place = before === '' ? next && `, before the await${next}` : `, after the await${before}`;
  return `a step of ${story.titleOf(task)}${place}`;
}

function at(story: Story, event: LogEvent): string {
  return `at ${inWholeUs(story.moment(event))} ms (event ${event.n})`;
}

const MOST = 8;

function list(names: readonly string[]): string {
  const shown = names.slice(0, MOST).map((name) => (name === '' ? "''" : name));
  return names.length === 0 ? 'none' : `${shown.join(', ')}${names.length > MOST ? ` and ${names.length - MOST} more` : ''}`;
}

/** Without what a difference of two times has behind its microseconds. */
function inWholeUs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
