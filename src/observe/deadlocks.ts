// Circles of waits, looked for from the task that may have closed one. A lock or semaphore that somebody has given back
// who had not taken it is a signal between tasks, and no part of any circle; nor is what anybody might set at any time.
import { formatPlace } from '../loop/await-stack.ts';
import { dependenceOf } from '../loop/depends.ts';
import { GatheringFuture, Lock, Task, TimerHandle } from '../loop/index.ts';
import { AwaitPoints } from './await-points.ts';
import { shownName } from './shown-text.ts';
import type { Line, WaitNote } from './wait-watch.ts';

type AnyTask = Task<unknown>;

/** Where the notes are. */
interface Notes {
  noteOf(task: AnyTask): WaitNote | undefined;
}

/** What must happen for a task to go on: one of `tasks`, or each of them, must. */
interface Need {
  readonly tasks: readonly AnyTask[];
  readonly every: boolean;
}

/** So many tasks are looked at for one, and no more: a chain of awaits may be as long as it likes. */
const MOST_TASKS = 1000;
const MOST_LINKS = 10_000;

/** The deadlock that `task` closed with its last wait, on one line; undefined where there is none. */
export function findDeadlock(task: AnyTask, notes: Notes): string | undefined {
  // Whom nobody waits for, and who holds nothing, closes no circle: so it is for most, and a long chain is not walked each time.
  if (task.waiting.length === 0 && (notes.noteOf(task)?.holds.length ?? 0) === 0) return undefined;
  if (leadsOut(task, notes)) return undefined;
  const stuck = stuckWith(task, notes);
  const circle = stuck && circleFrom(task, stuck, notes);
  return circle && `${describeCircle(circle, notes)}; only a cancellation can end this`;
}

/** The lock that `task` awaits and nobody is left to give back, on one line; undefined where that is not so. */
export function findOrphan(task: AnyTask, notes: Notes): string | undefined {
  const line = notes.noteOf(task)?.on;
  if (line === undefined || line instanceof TimerHandle || !(line.primitive instanceof Lock) || !line.owned) return undefined;
  const [holder] = line.holders.keys();
  if (!holder?.done()) return undefined;
  return `${shownName(task)} awaits ${describeWait(task, holder, false, notes, new AwaitPoints())}; only a cancellation can end this`;
}

/** Whether a plain chain of tasks that await tasks ends with one that may go on: how most are seen to be well, at hardly any cost. */
function leadsOut(task: AnyTask, notes: Notes): boolean {
  let at = task;
  for (let links = 0; links < MOST_LINKS; links++) {
    const awaited = notes.noteOf(at)?.awaited;
    if (!(awaited instanceof Task) || awaited.done()) return needOf(at, notes) === undefined;
    if (awaited === task) return false;
    at = awaited;
  }
  return false;
}

/**
 * Those that cannot go on if `task` cannot, itself among them; undefined when it can. Whoever is met again counts as stuck;
 * what was found by that is forgotten where it turns out otherwise.
 */
function stuckWith(task: AnyTask, notes: Notes): Set<AnyTask> | undefined {
  const stuck = new Set<AnyTask>();
  const free = new Set<AnyTask>();
  const isStuck = (one: AnyTask): boolean => {
    if (stuck.has(one)) return true;
    if (free.has(one) || stuck.size + free.size > MOST_TASKS) return false;
    const need = needOf(one, notes);
    if (need === undefined) {
      free.add(one);
      return false;
    }
    const before = stuck.size;
    stuck.add(one);
    // Of many, first those that are known: children of a gather that wait for what their parent holds.
    const result = need.every ? need.tasks.some((part) => stuck.has(part)) || need.tasks.some(isStuck) : need.tasks.every(isStuck);
    if (!result) {
      for (const later of [...stuck].slice(before)) stuck.delete(later);
      free.add(one);
    }
    return result;
  };
  return isStuck(task) ? stuck : undefined;
}

/** The shortest way from `task` back to it, through those that are stuck. */
function circleFrom(task: AnyTask, stuck: ReadonlySet<AnyTask>, notes: Notes): AnyTask[] | undefined {
  const cameFrom = new Map<AnyTask, AnyTask>();
  const queue = [task];
  for (const one of queue) {
    for (const next of needOf(one, notes)?.tasks ?? []) {
      if (next === task) {
        const circle = [one];
        for (let at = one; at !== task; ) {
          at = cameFrom.get(at) as AnyTask;
          circle.unshift(at);
        }
        return circle;
      }
      if (!stuck.has(next) || cameFrom.has(next)) continue;
      cameFrom.set(next, one);
      queue.push(next);
    }
  }
  return undefined;
}

/** Undefined for a task that may go on by itself. Of an ended one, which holds something for ever, nothing is needed that could come. */
function needOf(task: AnyTask, notes: Notes): Need | undefined {
  if (task.done()) return NEVER;
  const note = notes.noteOf(task);
  const awaited = note?.awaited;
  if (note === undefined || awaited === undefined || awaited === null || (awaited as AnyTask).done()) return undefined;
  if (awaited instanceof Task) return { tasks: [awaited], every: true };
  if (note.on instanceof TimerHandle) return undefined;
  const dependence = dependenceOf(note.on?.primitive ?? awaited);
  if (dependence !== undefined) return partsOf(dependence.on, dependence.needs === 'every');
  return note.on === undefined ? undefined : holdersOf(note.on);
}

const NEVER: Need = { tasks: [], every: false };

function holdersOf({ owned, handedOver, holders }: Line): Need | undefined {
  return !owned || handedOver > 0 || holders.size === 0 ? undefined : { tasks: [...holders.keys()], every: false };
}

/** Futures of which nothing is known may be set at any time: of all, they are none to wait for in vain; of any, they are a way out. */
function partsOf(parts: Iterable<object>, every: boolean): Need | undefined {
  const tasks: AnyTask[] = [];
  for (const part of parts) {
    if (part instanceof Task) {
      if (!part.done()) tasks.push(part);
      continue;
    }
    const inner = dependenceOf(part);
    const need = inner && partsOf(inner.on, inner.needs === 'every');
    if (every && need?.every) tasks.push(...need.tasks);
    else if (!every) return undefined;
  }
  return tasks.length === 0 ? undefined : { tasks, every };
}

/** `Task-1 awaits Lock-1 at src/app.ts:12, held by Task-2, which awaits Task-1 at src/app.ts:20`. */
function describeCircle(circle: readonly AnyTask[], notes: Notes): string {
  const points = new AwaitPoints();
  return circle.reduce((told, task, index) => {
    const next = circle[index + 1] ?? (circle[0] as AnyTask);
    const whose = index === 0 ? shownName(task) : told.endsWith(OF_SEVERAL) ? ` ${shownName(task)}` : ', which';
    return `${told}${whose} awaits ${describeWait(task, next, index < circle.length - 1, notes, points)}`;
  }, '');
}

const OF_SEVERAL = ', of whom';

/** What a task awaits, where, and who holds it, first `next`; where that one is told of then, so that it can be. */
function describeWait(task: AnyTask, next: AnyTask, goesOn: boolean, notes: Notes, points: AwaitPoints): string {
  const note = notes.noteOf(task);
  const { frames, call } = points.of(task);
  const frame = frames.at(-1);
  const at = frame === undefined ? '' : ` at ${formatPlace(frame.file, frame.line)}`;
  const line = note?.on;
  if (line !== undefined && !(line instanceof TimerHandle) && line.holders.size > 0) {
    const others = [...line.holders.keys()].filter((holder) => holder !== next);
    const holders = [next === task ? 'itself' : describeHolder(next), ...others.map(describeHolder)];
    const shown = holders.length > 3 ? [...holders.slice(0, 2), `${holders.length - 2} more`] : holders;
    return `${line.kind}-${line.number}${at}, held by ${listed(shown)}${goesOn && others.length > 0 ? OF_SEVERAL : ''}`;
  }
  if (note?.awaited instanceof Task) return `${shownName(note.awaited)}${at}`;
  return `${call ?? (note?.awaited instanceof GatheringFuture ? 'gather' : 'shield')}${at}, and so ${shownName(next)}`;
}

function describeHolder(holder: AnyTask): string {
  return holder.done() ? `${shownName(holder)}, which has ended without giving it back` : shownName(holder);
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
