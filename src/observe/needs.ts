// What must happen for a task to go on, as far as others have it in their hands: nothing is listed, since a gather may have
// a hundred thousand parts.
import { Acquiring } from '../loop/acquiring.ts';
import { type Dependence, dependenceOf } from '../loop/depends.ts';
import { type Future, Task, TimerHandle, waitFor } from '../loop/index.ts';
import { Watched } from '../loop/never-awaited.ts';
import type { Line, WaitNote } from './wait-notes.ts';

type AnyTask = Task<unknown>;

/** Where the notes are. */
export interface Notes {
  noteOf(task: AnyTask): WaitNote | undefined;
}

/** A task must end, or a holder give something back, or some futures be done. */
export type Need = AnyTask | Line | Dependence;

/** What a task needs of others; undefined where it may go on by itself: it is ready, or a time will wake it. */
export function needOf(task: AnyTask, notes: Notes): Need | undefined {
  const { awaiting } = task;
  if (awaiting === undefined || awaiting.done()) return undefined;
  const note = notes.noteOf(task);
  // A limit of its own ends the wait some time, whatever it waits for.
  if (note === undefined || note.awaited !== awaiting || hasLimit(note)) return undefined;
  if (awaiting instanceof Task) return awaiting;
  const { on } = note;
  if (on instanceof TimerHandle) return undefined;
  const dependence = dependenceOf(on?.primitive ?? awaiting);
  if (dependence !== undefined) return dependence.until?.pending ? undefined : dependence;
  return on === undefined || !on.owned || on.handedOver > 0 || on.holders.size === 0 ? undefined : on;
}

function hasLimit({ limits }: WaitNote): boolean {
  for (const limit of limits ?? []) if (limit.pending) return true;
  return false;
}

/**
 * Whether a task has taken something for others, and was nothing but that: `createTask(lock.acquire())`, also in debug mode,
 * and with a limit, of which nobody knows what it was set to. Whoever made it gives that back.
 */
export function isHandover({ coroutine }: AnyTask): boolean {
  const inner = coroutine instanceof Watched ? coroutine.inner : coroutine;
  return inner instanceof Acquiring || inner instanceof waitFor;
}

/** The futures that some wait depends on. */
export interface Group {
  readonly all: ReadonlySet<object>;
  readonly failsFast: boolean;
  /** Those among them that are gathers and the like. */
  readonly inner: readonly Future<unknown>[];
}

const groups = new WeakMap<Iterable<object>, Group>();

/** Made once for each list, and kept as long as that: a list may be asked after by each who stands on it. */
function groupOf({ on, failsFast = false }: Dependence): Group {
  let group = groups.get(on);
  if (group === undefined) {
    // A set may change, as that of a task group does: but of tasks only.
    const all = on instanceof Set ? (on as Set<object>) : new Set(on);
    const inner: Future<unknown>[] = [];
    for (const part of all) if (!(part instanceof Task) && dependenceOf(part) !== undefined) inner.push(part as Future<unknown>);
    group = { all, inner, failsFast };
    groups.set(on, group);
  }
  return group;
}

/** What all of must be done, through gathers in gathers: each group once. */
export function* groupsOf(dependence: Dependence): Generator<Group> {
  const met = new Set([groupOf(dependence)]);
  for (const group of met) {
    yield group;
    for (const within of pendingIn(group)) met.add(groupOf(within));
  }
}

/** The gathers and the like in a group that need all of what they are made of. */
function* pendingIn({ inner }: Group): Generator<Dependence> {
  for (const part of inner) {
    const within = part.done() ? undefined : dependenceOf(part);
    if (within?.needs === 'every') yield within;
  }
}

/** Whether the error of one that is not stuck, or has failed just now, would end a wait that others are stuck in. */
export function endsByError(dependence: Dependence, isStuck: (task: AnyTask) => boolean): boolean {
  const met = new Set([groupOf(dependence)]);
  for (const group of met) {
    if (group.failsFast) for (const part of group.all) if (mayFail(part as Future<unknown>, isStuck)) return true;
    // The end of one within is of use where that fails, or where it is what the wait is stuck in.
    for (const within of pendingIn(group)) if (group.failsFast || holdsStuck(within, isStuck)) met.add(groupOf(within));
  }
  return false;
}

function mayFail(part: Future<unknown>, isStuck: (task: AnyTask) => boolean): boolean {
  return part.done() ? part.state !== 'returned' : part instanceof Task && !isStuck(part);
}

function holdsStuck(dependence: Dependence, isStuck: (task: AnyTask) => boolean): boolean {
  for (const { all } of groupsOf(dependence)) for (const part of all) if (part instanceof Task && !part.done() && isStuck(part)) return true;
  return false;
}
