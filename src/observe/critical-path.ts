// Where the time of a run went, along the chain of causes that its end has waited for.
import type { LogEvent } from './log.ts';
import type { Story } from './story.ts';

/**
 * What the time between two events of the path was spent on; `host`: on I/O, other threads and whatever else is Node's;
 * `cancelled`: on a wait that was ended from outside, by a Ctrl-C say.
 */
export type Spent = 'running' | 'ready' | 'timer' | 'host' | 'cancelled';

/** From one event of the critical path to the next. */
export interface Part {
  readonly from: LogEvent;
  readonly to: LogEvent;
  readonly spent: Spent;
  /** Whose time it was, where that was a task's. */
  readonly task: number | undefined;
  /** How long, in ms on the story's axis. */
  readonly ms: number;
}

/** The critical path in parts, oldest first. */
export function partsOf(story: Story, path: readonly LogEvent[] = story.criticalPath()): Part[] {
  const parts: Part[] = [];
  // What waits, in timers and callbacks too, waits for the task that runs next: so from the end to the beginning.
  let task: number | undefined;
  for (let i = path.length - 1; i > 0; i--) {
    const [from, to] = [path[i - 1], path[i]] as [LogEvent, LogEvent];
    const spent = spentBetween(story, from, to);
    if (spent === 'running') task = story.taskOf(from) ?? task;
    parts.push({ from, to, spent, task, ms: story.moment(to) - story.moment(from) });
  }
  return parts.reverse();
}

/** How much of each, in ms. */
export function sumOf(parts: readonly Part[]): Record<Spent, number> {
  const sum: Record<Spent, number> = { running: 0, ready: 0, timer: 0, host: 0, cancelled: 0 };
  for (const { spent, ms } of parts) sum[spent] += ms;
  return sum;
}

/** Parts of the same task spent on the same, one behind the other, as one. */
export function joined(parts: readonly Part[]): Part[] {
  const all: Part[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (last !== undefined && last.spent === part.spent && last.task === part.task) all[all.length - 1] = { ...last, to: part.to, ms: last.ms + part.ms };
    else all.push(part);
  }
  return all;
}

function spentBetween(story: Story, from: LogEvent, to: LogEvent): Spent {
  if (to.cause !== from.n) {
    const before = story.event(to.n - 1);
    return before?.event === 'cancel' && to.event === 'woken' && before.task === to.task ? 'cancelled' : 'host';
  }
  if (to.event === 'step' || to.event === 'handle') return 'ready';
  return to.event === 'due' ? 'timer' : 'running';
}
