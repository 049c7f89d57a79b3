// Circles of waits, looked for from the tasks that may have closed one. A lock or semaphore that somebody has given back
// who had not taken it is a signal between tasks, and no part of any circle; nor is what anybody might set at any time.
import { type Dependence, dependenceOf } from '../loop/depends.ts';
import { type Future, Lock, Task } from '../loop/index.ts';
import { describeCircle, describeOrphan } from './deadlock-text.ts';
import { groupsOf, isHandover, type Need, type Notes, needOf } from './needs.ts';
import { isLine, type Line, type WaitNote } from './wait-notes.ts';

type AnyTask = Task<unknown>;

/** A circle has no more tasks than this. */
const MOST_TASKS = 1000;
/** So much may be looked at for one task, and so much is added for each: a gather that is looked through for everybody who comes costs no more than that. */
const MOST_LOOKS = 20_000;
const LOOKS_EACH = 100;

/** Looks for deadlocks, and tells of each once for as long as it stands. */
export class DeadlockSearch {
  readonly #notes: Notes;
  /** How many tasks, holders and parts may be looked at yet. Below 0 whatever is asked after counts as going on. */
  #looks = MOST_LOOKS;
  /** Whether something was not looked at for that, or for being too far away. */
  #gaveUp = false;
  /** Those that were found to go on, in this search. */
  readonly #free = new Set<AnyTask>();
  /** Those that cannot go on if the one that is looked into cannot, in the order in which they were met; and the same to look up. */
  readonly #met: AnyTask[] = [];
  readonly #stuck = new Set<AnyTask>();

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  /** A line for each deadlock that one of these is in and that was not told of. */
  search(suspects: Iterable<AnyTask>): string[] {
    const told: string[] = [];
    // The last one first: it has closed what it stands in.
    for (const task of [...suspects].reverse()) {
      const message = this.#lookInto(task);
      if (message !== undefined) told.push(message);
    }
    this.#free.clear();
    this.#forget(0);
    return told.reverse();
  }

  #lookInto(task: AnyTask): string | undefined {
    const note = this.#notes.noteOf(task);
    const need = needOf(task, this.#notes);
    if (note === undefined || need === undefined) return undefined;
    if (isLine(need) && this.#isOrphan(need)) return this.#orphan(task, need);
    // Whom nobody waits for, and who holds nothing, closes no circle: so it is for most.
    if (task.waiting.length === 0 && note.holds.size === 0) return undefined;
    this.#looks = Math.min(Math.max(this.#looks, 0) + LOOKS_EACH, MOST_LOOKS);
    this.#gaveUp = false;
    this.#forget(0);
    if (this.#leadsOut(task) || !this.#isStuck(task)) return undefined;
    const circle = this.#circleFrom(task);
    return circle === undefined || this.#isKnown(circle) ? undefined : describeCircle(circle, this.#notes, (one) => this.#isStuck(one));
  }

  /** Whether nobody is left to give back a lock. */
  #isOrphan({ primitive, holders }: Line): boolean {
    if (!(primitive instanceof Lock)) return false;
    const [holder] = holders.keys();
    return holder?.done() === true && !isHandover(holder);
  }

  #orphan(task: AnyTask, line: Line): string | undefined {
    if (line.told) return undefined;
    line.told = true;
    return describeOrphan(task, line, this.#notes);
  }

  #mayLook(): boolean {
    this.#looks -= 1;
    if (this.#looks < 0) this.#gaveUp = true;
    return this.#looks >= 0;
  }

  /** Whether a plain chain of tasks that await tasks ends with one that may go on: how most are seen to be well, at hardly any cost. */
  #leadsOut(task: AnyTask): boolean {
    const links: AnyTask[] = [];
    for (let at = task; this.#mayLook(); ) {
      const need = this.#free.has(at) ? undefined : needOf(at, this.#notes);
      links.push(at);
      if (need === undefined) {
        for (const link of links) this.#free.add(link);
        return true;
      }
      if (!(need instanceof Task) || need === task) return false;
      at = need;
    }
    return true;
  }

  /** Whoever is met again counts as stuck; what was found by that is forgotten where it turns out otherwise. */
  #isStuck(task: AnyTask): boolean {
    if (this.#stuck.has(task)) return true;
    if (this.#met.length >= MOST_TASKS) this.#gaveUp = true;
    if (this.#gaveUp || this.#free.has(task) || !this.#mayLook()) return false;
    const need = needOf(task, this.#notes);
    if (need !== undefined) {
      const before = this.#met.push(task) - 1;
      this.#stuck.add(task);
      if (this.#isInVain(need)) return true;
      this.#forget(before);
    }
    if (!this.#gaveUp) this.#free.add(task);
    return false;
  }

  #forget(before: number): void {
    for (const task of this.#met.splice(before)) this.#stuck.delete(task);
  }

  #isInVain(need: Need): boolean {
    if (need instanceof Task) return this.#isStuck(need);
    if (isLine(need)) return this.#areHoldersStuck(need);
    return need.needs === 'every' ? this.#isAnyStuck(need) : this.#areAllStuck(need.on);
  }

  /** Those that wait for nobody are a way out that is seen at once. Those that have ended give nothing back. */
  #areHoldersStuck({ holders }: Line): boolean {
    for (const holder of holders.keys()) {
      if (!this.#mayLook() || (holder.done() ? isHandover(holder) : !this.#waits(holder))) return false;
    }
    for (const holder of holders.keys()) if (!holder.done() && !this.#isStuck(holder)) return false;
    return true;
  }

  /** One that is done ends the wait at once. Futures of which nothing is known may be set at any time. */
  #areAllStuck(parts: Iterable<object>): boolean {
    for (const part of parts)
      if (!this.#mayLook() || !(part instanceof Task ? this.#waits(part) : this.#hasOneThatWaits(part as Future<unknown>))) return false;
    let some = false;
    for (const part of parts) {
      if (!(part instanceof Task ? this.#isStuck(part) : this.#isInVain(dependenceOf(part) as Dependence))) return false;
      some = true;
    }
    return some;
  }

  /** First whether it is one of those that are known: children of a gather that wait for what their parent holds. */
  #isAnyStuck(dependence: Dependence): boolean {
    for (const { all } of groupsOf(dependence)) {
      const [fewer, others] = all.size < this.#met.length ? [all, this.#stuck] : [this.#met, all];
      for (const one of fewer) {
        if (!this.#mayLook()) return false;
        if ((others as ReadonlySet<object>).has(one)) return true;
      }
    }
    for (const { all } of groupsOf(dependence)) {
      for (const part of all) {
        if (!this.#mayLook()) return false;
        if (part instanceof Task && this.#waits(part) && this.#isStuck(part)) return true;
      }
    }
    return false;
  }

  /** Of a gather or the like, whether it is not seen at once to go on. */
  #hasOneThatWaits(gathering: Future<unknown>): boolean {
    const dependence = gathering.done() ? undefined : dependenceOf(gathering);
    if (dependence === undefined) return false;
    for (const { all } of groupsOf(dependence)) {
      for (const part of all) if (!this.#mayLook() || (part instanceof Task && this.#waits(part))) return !this.#gaveUp;
    }
    return false;
  }

  #waits(task: AnyTask): boolean {
    return needOf(task, this.#notes) !== undefined;
  }

  /** The shortest way from `task` back to it, through those that are stuck. */
  #circleFrom(task: AnyTask): AnyTask[] | undefined {
    const cameFrom = new Map<AnyTask, AnyTask>();
    const lines = new Set<Line>();
    const queue = [task];
    for (const one of queue) {
      const need = needOf(one, this.#notes) as Need;
      if (isLine(need)) {
        if (lines.has(need)) continue;
        lines.add(need);
      }
      for (const next of this.#stuckOf(need)) {
        if (next === task) return wayTo(one, task, cameFrom);
        if (cameFrom.has(next)) continue;
        cameFrom.set(next, one);
        queue.push(next);
      }
    }
    return undefined;
  }

  #stuckOf(need: Need): AnyTask[] {
    if (need instanceof Task) return [need];
    if (isLine(need)) return [...need.holders.keys()].filter((holder) => this.#stuck.has(holder));
    const groups = [...groupsOf(need)].map(({ all }) => all);
    return this.#met.filter((one) => groups.some((group) => group.has(one)));
  }

  /**
   * Whether it was told of before, and stands since: n children that want a lock of the parent who awaits them all are one
   * deadlock. Noted with those who hold what is in it, until they go on.
   */
  #isKnown(circle: readonly AnyTask[]): boolean {
    const edges = circle.flatMap((task, index) => {
      const need = needOf(task, this.#notes) as Need;
      return isLine(need) ? [{ line: need, holder: circle[(index + 1) % circle.length] as AnyTask }] : [];
    });
    const known = (holder: AnyTask, line: Line | undefined): boolean => this.#notes.noteOf(holder)?.told?.has(line) === true;
    if (edges.length === 0 ? circle.some((task) => known(task, undefined)) : edges.every(({ holder, line }) => known(holder, line))) return true;
    for (const { holder, line } of edges.length === 0 ? circle.map((holder) => ({ holder, line: undefined })) : edges) {
      const note = this.#notes.noteOf(holder) as WaitNote;
      note.told ??= new Set();
      note.told.add(line);
    }
    return false;
  }
}

function wayTo(last: AnyTask, first: AnyTask, cameFrom: ReadonlyMap<AnyTask, AnyTask>): AnyTask[] {
  const way = [last];
  for (let at = last; at !== first; ) {
    at = cameFrom.get(at) as AnyTask;
    way.push(at);
  }
  return way.reverse();
}
