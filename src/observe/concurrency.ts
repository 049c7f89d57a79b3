// Which tasks are in something that has a name, from when to when: tasks that are called so, and coroutine functions on the chains
// of awaits that were recorded.

import type { Lane } from './lanes.ts';
import type { LogEvent } from './log.ts';
import type { Story } from './story.ts';

/** A task enters what is called so, or leaves it. */
export interface Visit {
  readonly task: number;
  readonly event: LogEvent;
  readonly enters: boolean;
}

/** Who enters and leaves what is called `name`, oldest first; undefined where nothing in the log is called so. */
export function findVisits(story: Story, name: string): Visit[] | undefined {
  const within = new Set([...story.log.stacks].filter(([, lines]) => lines.some((line) => isFunction(line.name, name))).map(([number]) => number));
  const lanes = [...story.lanes.values()];
  if (within.size === 0 && !lanes.some((lane) => isTask(lane.name, name))) return undefined;
  return lanes.flatMap((lane) => visitsOf(story, lane, isTask(lane.name, name), within)).sort((a, b) => a.event.n - b.event.n);
}

function visitsOf(story: Story, lane: Lane, itself: boolean, within: ReadonlySet<number>): Visit[] {
  const visits: Visit[] = [];
  let inside = false;
  const turn = (n: number, enters: boolean): void => {
    const event = story.event(n);
    if (event === undefined || enters === inside) return;
    inside = enters;
    visits.push({ task: lane.task, event, enters });
  };
  for (const { first, state, suspension } of lane.spans) {
    if (itself && (state === 'running' || suspension !== undefined)) turn(first, true);
    // Without a line nothing is said of where it is: a plain yield, say, in place of an await.
    else if (suspension?.stack !== undefined) turn(first, within.has(suspension.stack));
  }
  if (lane.end !== undefined) turn(lane.end.n, false);
  return visits;
}

/** `fetch`, `fetch-1` and `fetch (3)` for `fetch`, but not `fetcher` or `fetch2`. */
function isTask(task: string, name: string): boolean {
  return task.startsWith(name) && !/^[\p{L}\p{N}_$]/u.test(task.slice(name.length));
}

/** A method is also found without its class: `Client.fetch` for `fetch`. */
function isFunction(called: string, name: string): boolean {
  return called === name || called.endsWith(`.${name}`);
}
