// Who brought it about: the task, timer or host behind an event, through whatever callbacks lie between.

import type { Lane } from './lanes.ts';
import type { LogEvent } from './log.ts';
import type { Story } from './story.ts';
import { ENGLISH, type TimelineWords } from './timeline-words.ts';

/** Whoever it was. `host`: the program around the loop, a signal, Node's I/O. */
export type Waker = { readonly by: 'task'; readonly task: number } | { readonly by: 'timer' } | { readonly by: 'host' };

/** Who is behind an event that has happened in a step or callback, or outside. */
export function wakerOf(story: Story, event: LogEvent): Waker {
  for (const cause of story.why(event.n)) {
    if (cause.event === 'step') return { by: 'task', task: cause.task };
    if (cause.event === 'due') return { by: 'timer' };
  }
  return { by: 'host' };
}

/** How a task ended, in a few words: `returned`, `raised TypeError: no`, `cancelled by Task-1`, `waits for Lock 1`. */
export function endOf(story: Story, lane: Lane, words: TimelineWords = ENGLISH): string {
  const { end } = lane;
  if (end === undefined) {
    const last = lane.spans.at(-1);
    if (last?.state === 'waiting' && last.suspension !== undefined) return words.waitsFor(story.describeWait(last.suspension));
    return words.doing[last?.state === 'running' ? 'running' : 'ready'];
  }
  if (end.outcome === 'raised') return words.raised(end.error ?? 'an error');
  const request = lane.cancels.at(-1);
  if (end.outcome === 'returned' || request === undefined) return words.doing[end.outcome];
  const waker = wakerOf(story, request);
  return words.cancelledBy(waker.by === 'task' ? (story.lanes.get(waker.task)?.name ?? 'a task') : waker.by === 'timer' ? words.aTimer : words.program);
}

/** Who woke a task how often: `woken by timers 9 times, by Task-3`. Empty for one that never was. */
export function wakersOf(story: Story, lane: Lane, words: TimelineWords = ENGLISH): string {
  const counts = new Map<string, number>();
  for (const { state, first } of lane.spans) {
    const event = story.event(first);
    if (state !== 'ready' || event?.event !== 'woken') continue;
    const waker = wakerOf(story, event);
    const who = waker.by === 'task' ? (story.lanes.get(waker.task)?.name ?? 'a task') : waker.by === 'timer' ? words.timer : words.host;
    counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  if (counts.size === 0) return '';
  const who = [...counts].sort((a, b) => b[1] - a[1]).map(([name, count]) => (count === 1 ? name : `${name} ×${count}`));
  return words.wokenBy(who.length > 3 ? [...who.slice(0, 2), words.others(who.length - 2)] : who);
}
