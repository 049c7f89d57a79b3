// Who brought it about: the task, timer or host behind an event, through whatever callbacks lie between.

import { actorOf } from './actors.ts';
import type { Lane } from './lanes.ts';
import type { LogEvent } from './log.ts';
import type { Story } from './story.ts';
import type { TimelineWords } from './timeline-words.ts';

/** Whoever it was. `host`: the program around the loop, a signal, Node's I/O. `unknown`: the log does not go back so far. */
export type Waker = { readonly by: 'task'; readonly task: number } | { readonly by: 'timer' | 'host' | 'unknown' };

/** Who is behind an event that has happened in a step or callback, or outside. */
export function wakerOf(story: Story, event: LogEvent): Waker {
  let first = event;
  for (const cause of story.why(event.n)) {
    if (cause.event === 'step') return { by: 'task', task: cause.task };
    if (cause.event === 'due') return { by: 'timer' };
    first = cause;
  }
  if (first.event === 'handle') return { by: 'unknown' }; // Somebody has scheduled it.
  const who = actorOf(story, first);
  if (who.by === 'task') return who;
  return { by: who.by === 'outside' ? 'host' : 'unknown' };
}

/** How a task ended, in a few words: `returned`, `raised TypeError: no`, `cancelled by Task-1`, `waits for Lock 1`. */
export function endOf(story: Story, lane: Lane, words: TimelineWords): string {
  const { end } = lane;
  if (end === undefined) {
    const last = lane.spans.at(-1);
    if (last?.state === 'waiting' && last.suspension !== undefined) return words.waitsFor(story.describeWait(last.suspension));
    return words.doing[last?.state === 'running' ? 'running' : 'ready'];
  }
  if (end.outcome === 'raised') return words.raised(end.error ?? 'an error');
  const request = lane.cancels.at(-1);
  if (end.outcome === 'returned' || request === undefined) return words.doing[end.outcome];
  return words.cancelledBy(nameOf(story, wakerOf(story, request), { timer: words.aTimer, host: words.program, unknown: words.unknown }));
}

/** Who woke a task how often: `woken by timers 9 times, by Task-3`. Empty for one that never was. */
export function wakersOf(story: Story, lane: Lane, words: TimelineWords): string {
  const counts = new Map<string, number>();
  for (const { state, first } of lane.spans) {
    const event = story.event(first);
    if (state !== 'ready' || event?.event !== 'woken') continue;
    const who = nameOf(story, wakerOf(story, event), words);
    counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  if (counts.size === 0) return '';
  const who = [...counts].sort((a, b) => b[1] - a[1]).map(([name, count]) => (count === 1 ? name : `${name} ×${count}`));
  return words.wokenBy(who.length > 3 ? [...who.slice(0, 2), words.others(who.length - 2)] : who);
}

function nameOf(story: Story, waker: Waker, words: Pick<TimelineWords, 'timer' | 'host' | 'unknown'>): string {
  return waker.by === 'task' ? (story.lanes.get(waker.task)?.name ?? 'a task') : words[waker.by];
}
