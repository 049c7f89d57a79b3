// What happened, and what a task is doing, in plain words.

import { actorOf } from './actors.ts';
import type { EventOf, Span } from './lanes.ts';
import type { LogEvent } from './log.ts';
import type { Story } from './story.ts';

/** A time, to be read: `1.752 s`, `120.5 ms`, `35 µs`. */
export function inTime(ms: number): string {
  const size = Math.abs(ms);
  // What would be rounded up to a thousand of a unit is told in the next.
  if (size >= 999.95) return `${trimmed(ms / 1000, 3)} s`;
  if (size >= 0.9995 || ms === 0) return `${trimmed(ms, 1)} ms`;
  return `${trimmed(ms * 1000, 0)} µs`;
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

/** An event as a sentence without its full stop: `Task-2 fetch() set a timer for 1.5 s`. */
export function inWords(story: Story, event: LogEvent): string {
  switch (event.event) {
    case 'run':
      return 'The loop begins to run';
    case 'stop':
      return event.error === undefined ? 'The loop stops' : `The loop stops: ${event.error}`;
    case 'poll':
      if (event.until === undefined) return 'Nothing is ready: the loop waits for its host';
      return event.until > event.at
        ? `Nothing is ready: the loop waits until ${inTime(story.timeOf(event.until, event))}`
        : 'The loop lets its host have its say';
    case 'polled':
      return 'The loop goes on';
    case 'iteration':
      return `Iteration ${event.count} begins with ${event.ready} ready`;
    case 'scheduled':
      return `${actor(story, event)} put the callback ${event.name}() into the ready queue`;
    case 'handle':
      return event.name === '(cancelled)' ? 'A callback that was taken back is passed over' : `The callback ${event.name}() runs`;
    case 'returned':
      return 'The callback is over';
    case 'timer':
      return `${actor(story, event)} set a timer for ${inTime(story.timeOf(event.when, event))}`;
    case 'due':
      return 'The timer came due';
    case 'timer-cancelled':
      return `${actor(story, event)} took a timer back`;
    case 'created':
      return event.there ? `${story.titleOf(event.task)} was there before the recording` : `${actor(story, event)} created ${story.titleOf(event.task)}`;
    case 'named':
      return `Task ${event.task} is called ${event.name}`;
    case 'step':
      return `${story.titleOf(event.task)} runs`;
    case 'suspended':
      return event.awaits === 'turn' ? `${story.titleOf(event.task)} gave way` : `${story.titleOf(event.task)} began to wait for ${story.describeWait(event)}`;
    case 'woken': {
      const reason = wakingInWords(story, event);
      return `${story.titleOf(event.task)} is ready${reason === undefined ? '' : `: ${reason}`}`;
    }
    case 'cancel':
      return `${actor(story, event)} asked ${story.titleOf(event.task)} to cancel`;
    case 'done':
      return `${story.titleOf(event.task)} ${endInWords(event)}`;
    default:
      return useInWords(story, event);
  }
}

/** How a task ended: `returned`, `was cancelled`, `raised Error: no`. */
export function endInWords({ outcome, error }: EventOf<'done'>): string {
  if (outcome === 'raised') return `raised ${error ?? 'an error'}`;
  return outcome === 'cancelled' ? 'was cancelled' : 'returned';
}

/** What a task is doing right after event `n`: `waits for Semaphore 1`. */
export function doingInWords(story: Story, task: number, n: number): string {
  const span = story.spanAt(task, n);
  if (span === undefined) {
    const end = story.lanes.get(task)?.end;
    return end === undefined || n < end.n ? 'is not there yet' : endInWords(end);
  }
  if (span.state === 'waiting') return span.suspension === undefined ? 'waits' : `waits for ${story.describeWait(span.suspension)}`;
  return span.state === 'running' ? 'runs' : 'is ready';
}

/** Whether it waits for what somebody else holds, gives or tells: a lock, permit, event, condition or queue. */
export function waitsInLine(span: Span): boolean {
  return span.state === 'waiting' && span.suspension?.awaits === 'primitive';
}

/** What a task was woken for: `its time is up`; never with a name of the program's in front. Undefined where the log does not tell. */
export function wakingInWords(story: Story, event: EventOf<'woken'>): string | undefined {
  const wait = story.waitEndedBy(event);
  const cancel = story.lanes.get(event.task)?.cancels.findLast(({ n }) => n < event.n);
  if (cancel !== undefined && wait !== undefined && cancel.n > wait.first) return 'it was asked to cancel';
  const suspension = wait?.suspension;
  switch (suspension?.awaits) {
    case 'timer':
      return 'its time is up';
    case 'task':
      if (suspension.on === undefined) return suspension.kind === 'GatheringFuture' ? 'all it gathers is done' : 'those it awaited are done';
      return `the task it awaited, ${story.describeWait(suspension)}, is over`;
    case 'primitive':
      return letGoBy(story.describeWait(suspension));
    case 'host':
      return 'the host has answered';
    case 'future':
      return 'the future it awaited is done';
    default:
      return undefined;
  }
}

/** Why one that waited for a primitive, `Event 4` say, waits no longer. */
function letGoBy(what: string): string {
  if (what.startsWith('Event ')) return `${what} was set`;
  return what.startsWith('Barrier ') ? `${what} let all of them go on` : `its turn at ${what} has come`;
}

function useInWords(story: Story, event: EventOf<'wait' | 'leave' | 'acquire' | 'release' | 'put' | 'get'>): string {
  const [who, what] = [actor(story, event), story.describePrimitive(event.primitive)];
  switch (event.event) {
    case 'wait':
      return `${who} stands in line at ${what}`;
    case 'leave':
      return `${who} left the line at ${what}`;
    case 'acquire':
      return `${who} took ${taken(event, what)}`;
    case 'release':
      return `${who} gave ${taken(event, what)} back`;
    case 'put':
      return `${who} put an item into ${what}, which has ${event.size} now`;
    case 'get':
      return `${who} took an item out of ${what}, which has ${event.size} now`;
  }
}

function taken({ kind }: { readonly kind: string }, what: string): string {
  return kind.endsWith('Semaphore') ? `a permit of ${what}` : what;
}

/** Whose step or callback it happened in. */
function actor(story: Story, event: LogEvent): string {
  const who = actorOf(story, event);
  switch (who.by) {
    case 'task':
      return story.titleOf(who.task);
    case 'callback':
      return `The callback ${who.name}()`;
    case 'outside':
      return 'Code outside of the loop';
    case 'unknown':
      return 'Something that is not in the log any more';
  }
}
