// A log as a Chrome trace: what ui.perfetto.dev and chrome://tracing open. A lane for each task, with what it waits for; arrows
// for who woke, created, cancelled or scheduled whom; curves for what is ready, set, free and queued.

import { actorOf } from './actors.ts';
import type { EventOf, Lane, Span } from './lanes.ts';
import type { Log, LogEvent } from './log.ts';
import { Story } from './story.ts';
import { TraceWriter } from './trace-writer.ts';

/**
 * A log as Chrome trace JSON, for ui.perfetto.dev and chrome://tracing. Each run of the loop is a process of its own, so that
 * one that was stopped and run again is seen to be: its first lane has iterations and polls, the second callbacks, the others
 * are those of tasks. A task that lives on over the end of a run has a lane in each, and goes on there with what it waits for;
 * between runs nothing is drawn. Arrows lead from the step or callback that woke, created or cancelled a task to the step that
 * came of it, and from whoever scheduled a callback or set its timer to where it runs. A task that is ready is drawn as nothing: the gap between what it waited for and its step.
 *
 * In virtual time the axis is the loop's time. Steps take none of it, and are drawn as long as there is room for, up to a
 * five-hundredth of the whole an event: their order is that of the run, their length means nothing. In real time, what took less
 * than the clock can tell is drawn as an eighth of a microsecond an event.
 *
 * @example
 * ```ts
 * import { EventLoop, sleep, VirtualDriver } from 'asyncdemo';
 * import { chromeTrace, record } from 'asyncdemo/observe';
 *
 * const loop = new EventLoop({ driver: new VirtualDriver() });
 * const recorder = record(loop, { wall: false });
 * await loop.runUntilComplete(sleep(1500));
 * const { traceEvents } = JSON.parse(chromeTrace(recorder.stop()));
 * loop.close();
 * const slices = traceEvents.filter(({ ph, args }) => ph === 'X' && args.task === 'Task-1');
 * console.log(slices.map(({ name }) => name)); // [ 'run', 'await a timer', 'run' ]
 * ```
 */
export function chromeTrace(log: Log): string {
  const story = new Story(log);
  const writer = new TraceWriter(story);
  const cancels = findCancels(story);
  drawLoop(writer, story);
  drawCalls(writer, story);
  for (const lane of [...story.lanes.values()].sort((a, b) => a.task - b.task)) drawTask(writer, story, lane, cancels);
  drawArrows(writer, story, cancels);
  drawCurves(writer, story);
  return writer.text();
}

function drawLoop(writer: TraceWriter, { log }: Story): void {
  const row = writer.mainRow('loop');
  let open: EventOf<'iteration' | 'poll'> | undefined;
  const close = (last: number): void => {
    if (open?.event === 'iteration') writer.slice(row, 'iteration', 'loop', open.n, last, { count: open.count, ready: open.ready });
    if (open?.event === 'poll') writer.slice(row, 'poll', 'loop', open.n, last, { until: open.until });
    open = undefined;
  };
  for (const event of log.events) {
    if (event.event === 'iteration' || event.event === 'poll') {
      close(event.n);
      open = event;
    } else if (event.event === 'stop' || (event.event === 'polled' && open?.event === 'poll')) close(event.n);
  }
  close(0);
}

function drawCalls(writer: TraceWriter, story: Story): void {
  const row = writer.row('callbacks', 1);
  for (const { handle, name, first, last } of story.calls)
    writer.slice(row, name || '<anonymous>', 'callback', first, last, { handle, cause: describeCause(story, first) });
}

function drawTask(writer: TraceWriter, story: Story, lane: Lane, cancels: Cancels): void {
  const task = story.titleOf(lane.task) || `task ${lane.task}`;
  const row = writer.row(task, 1 + lane.task);
  let where: readonly string[] | undefined;
  for (const { state, first, last, suspension } of lane.spans) {
    where = whereOf(story, suspension) ?? where;
    if (state === 'running') {
      const end = story.event(last);
      const ended = end?.event === 'done' ? { outcome: end.outcome, error: end.error } : {};
      const cancelled = cancels.get(first)?.map((cancel) => describeSource(story, cancel));
      writer.slice(row, 'run', 'task', first, last, { task, cause: describeCause(story, first), cancelled, ...ended, where });
    } else if (state === 'waiting' && suspension !== undefined) {
      writer.slice(row, `await ${story.describeWait(suspension)}`, 'await', first, last, { task, where, cause: describeEnd(story, last) });
    }
  }
}

/** The lines a task stands at, outermost first; of its step, those that it goes on from. */
function whereOf(story: Story, suspension: Span['suspension']): readonly string[] | undefined {
  const lines = story.stackOf(suspension).map(({ name, file, line, column }) => `${name} (${file}:${line}:${column})`);
  return lines.length === 0 ? undefined : lines;
}

/** Why a step or callback happened; undefined where that is not in the log. */
function describeCause(story: Story, n: number): string | undefined {
  const cause = story.event(story.event(n)?.cause ?? 0);
  switch (cause?.event) {
    case 'created':
      return cause.there ? undefined : `created ${describeSource(story, cause)}`;
    case 'scheduled':
      return `scheduled ${describeSource(story, cause)}`;
    case 'woken':
      return `woken ${describeSource(story, cause)}`;
    case 'suspended':
      return 'its turn came again';
    case 'due':
      return 'its time came';
    default:
      return undefined;
  }
}

/** What ended an await. */
function describeEnd(story: Story, n: number): string | undefined {
  const end = story.event(n);
  return end?.event === 'woken' ? `woken ${describeSource(story, end)}` : undefined;
}

function describeSource(story: Story, event: LogEvent): string {
  const who = actorOf(story, event);
  switch (who.by) {
    case 'task':
      return `by ${story.titleOf(who.task)}`;
    case 'callback':
      return `by the callback ${who.name}`;
    case 'outside':
      return 'from outside the loop';
    case 'unknown':
      return 'by what is not in the log';
  }
}

type Cancels = ReadonlyMap<number, readonly EventOf<'cancel'>[]>;

/** Requests to cancel, by the step that came of them. */
function findCancels({ lanes }: Story): Cancels {
  const found = new Map<number, EventOf<'cancel'>[]>();
  for (const { cancels, spans } of lanes.values()) {
    let told = 0;
    for (const { state, first } of spans) {
      if (state !== 'running') continue;
      const from = told;
      while (told < cancels.length && (cancels[told] as LogEvent).n < first) told += 1;
      if (told > from) found.set(first, cancels.slice(from, told));
    }
  }
  return found;
}

function drawArrows(writer: TraceWriter, story: Story, cancels: Cancels): void {
  const arrow = (name: string, { n, cause }: LogEvent, to: number): void => {
    // The first event of a log begins with the slice around it, and readers differ on arrows there.
    if (cause !== undefined && story.event(n - 1) !== undefined) writer.arrow(name, cause, n, to);
  };
  for (const event of story.log.events) {
    if (event.event !== 'step' && event.event !== 'handle') continue;
    const cause = story.causeOf(event);
    if (cause?.event === 'woken') arrow('wake', cause, event.n);
    if (cause?.event === 'created') arrow('create', cause, event.n);
    if (cause?.event === 'scheduled') arrow('schedule', cause, event.n);
    const timer = cause?.event === 'due' ? story.causeOf(cause) : undefined;
    if (timer !== undefined) arrow('timer', timer, event.n);
    for (const cancel of cancels.get(event.n) ?? []) arrow('cancel', cancel, event.n);
  }
}

function drawCurves(writer: TraceWriter, story: Story): void {
  const curves = new Curves(writer, story);
  const timers = new Set<number>();
  for (const event of story.log.events) {
    switch (event.event) {
      case 'run':
        curves.begin(event.n);
        break;
      case 'stop':
        curves.end(event.n);
        break;
      case 'iteration':
        curves.draw('ready', 'handles', event.n, event.ready);
        break;
      case 'poll':
        curves.draw('ready', 'handles', event.n, 0);
        break;
      case 'timer':
        curves.draw('timers', 'set', event.n, timers.add(event.handle).size);
        break;
      case 'due':
      case 'timer-cancelled':
        timers.delete(event.handle); // It may have been set before the log begins, and one that was cancelled may still come due.
        curves.draw('timers', 'set', event.n, timers.size);
        break;
      case 'wait':
      case 'leave':
      case 'acquire':
      case 'release':
        if (event.free !== undefined) curves.draw(story.describePrimitive(event.primitive), 'free', event.n, event.free);
        break;
      case 'put':
      case 'get':
        curves.draw(story.describePrimitive(event.primitive), 'items', event.n, event.size);
    }
  }
  curves.end(0);
}

/**
 * Curves that begin in each run with what is known by then, and end with it, at 0: one that is left as it is would go on to the
 * end of the whole trace. What happens between two runs is drawn in neither.
 */
class Curves {
  readonly #writer: TraceWriter;
  readonly #known = new Map<string, { readonly unit: string; readonly value: number }>();
  #running: boolean;

  constructor(writer: TraceWriter, { log }: Story) {
    this.#writer = writer;
    this.#running = log.events.length > 0 && log.events.find(({ event }) => event === 'run' || event === 'stop')?.event !== 'run';
    // Readers begin with what is drawn first: that is the first event, whatever it is.
    const [first] = log.events;
    this.#known.set('ready', { unit: 'handles', value: 0 });
    if (first !== undefined) writer.curve('ready', 'handles', first.n, 0);
  }

  begin(n: number): void {
    this.#running = true;
    for (const [name, { unit, value }] of this.#known) this.#writer.curve(name, unit, n, value);
  }

  draw(name: string, unit: string, n: number, value: number): void {
    this.#known.set(name, { unit, value });
    if (this.#running) this.#writer.curve(name, unit, n, value);
  }

  end(n: number): void {
    if (!this.#running) return;
    for (const [name, { unit }] of this.#known) this.#writer.curve(name, unit, n, 0);
    this.#known.set('ready', { unit: 'handles', value: 0 });
    this.#running = false;
  }
}
