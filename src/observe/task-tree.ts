// The pending tasks of a loop as a tree: who awaits whom, where, for how long, and what for. tree-text.ts makes text of it.
import { dependenceOf, HOST } from '../loop/depends.ts';
import { allTasks, currentTask, type EventLoop, type Future, GatheringFuture, Lock, Semaphore, Task, TimerHandle } from '../loop/index.ts';
import { type AwaitPoint, AwaitPoints } from './await-points.ts';
import { shownName, shownText } from './shown-text.ts';
import { className } from './told.ts';
import type { Holder, TaskNode, TaskTree, TaskWait, Wait } from './tree-data.ts';
import { groupNodes, shapeOfWait } from './tree-groups.ts';
import { isLine, type Line, type WaitNote } from './wait-notes.ts';
import { type WaitWatch, watchOf } from './wait-watch.ts';

/** What is told of tasks. */
export interface TaskTreeOptions {
  /** Whether lines of this library are shown as well. False unless given. */
  readonly all?: boolean;
}

type AnyTask = Task<unknown>;

/** Deeper than this nothing is drawn, and no program is read by a person. */
const MOST_LEVELS = 200;

/**
 * The tree of all pending tasks: who awaits whom, the lines each awaits at, and what it waits for. With `watchWaits` it also
 * tells for how long, which lock, who holds it and who stands where in line. Costs nothing until called, then some 100 us
 * for each task.
 *
 * @example
 * ```ts
 * import { type Coroutine, createTask, EventLoop, Lock, sleep, VirtualDriver } from 'asyncdemo';
 * import { formatTree, taskTree, watchWaits } from 'asyncdemo/observe';
 *
 * const loop = new EventLoop({ driver: new VirtualDriver() });
 * const lock = new Lock();
 * function* printer(): Coroutine<void> {
 *   yield* lock.acquire();
 *   yield* sleep(5000);
 * }
 * function* main(): Coroutine<void> {
 *   for (const name of ['red', 'green', 'blue']) createTask(printer(), { name });
 *   yield* sleep(1000);
 *   console.log(formatTree(taskTree(loop), { stacks: false }));
 * }
 * watchWaits(loop);
 * await loop.runUntilComplete(main());
 * loop.close();
 * // 4 pending tasks
 * // ├─ Task-1  running
 * // ├─ red  sleep, 4.0 s left, for 1.0 s
 * // └─ ×2 green, blue  Lock-1.acquire, held by red, 1st and 2nd of 2, for 1.0 s
 * ```
 */
export function taskTree(loop: EventLoop, { all = false }: TaskTreeOptions = {}): TaskTree {
  const tasks = allTasks(loop);
  const builder = new Builder(loop, tasks, all);
  return { pending: tasks.length, roots: builder.roots() };
}

/** One look at a loop. */
class Builder {
  readonly #loop: EventLoop;
  /** The time of all of it, which may take a while. */
  readonly #now: number;
  readonly #tasks: readonly AnyTask[];
  readonly #numbers: ReadonlyMap<AnyTask, number>;
  readonly #watch: WaitWatch | undefined;
  readonly #points: ReadonlyMap<AnyTask, AwaitPoint>;
  readonly #shown = new Set<AnyTask>();
  readonly #above = new Set<AnyTask>();
  /** Of each line, who stands where; made when the first is asked for. */
  readonly #positions = new Map<Line, Map<AnyTask, number>>();

  constructor(loop: EventLoop, tasks: readonly AnyTask[], all: boolean) {
    this.#loop = loop;
    this.#now = loop.time();
    this.#tasks = tasks;
    this.#numbers = new Map(tasks.map((task, index) => [task, index]));
    this.#watch = watchOf(loop);
    // All at once, and from here: whoever probes from deep down is given a longer stack, and another one each time.
    const points = new AwaitPoints(all);
    this.#points = new Map(tasks.map((task) => [task, points.of(task)]));
  }

  roots(): TaskNode[] {
    const awaited = new Set(this.#tasks.flatMap((task) => this.#awaitedBy(task)));
    const roots = this.#nodes(this.#tasks.filter((task) => !awaited.has(task)));
    // What is left is in circles that nobody else awaits, or behind them.
    const left = this.#tasks.filter((task) => !this.#shown.has(task));
    return groupNodes([...roots, ...left.flatMap((task) => (this.#shown.has(task) ? [] : this.#nodes([task])))]);
  }

  /** Tasks below the same one. Those that await the same tasks are one node: what they await is told once. */
  #nodes(tasks: readonly AnyTask[]): TaskNode[] {
    const nodes: TaskNode[] = [];
    const alike = new Map<string, TaskWait[]>();
    for (const task of tasks) {
      const point = this.#points.get(task) as AwaitPoint;
      const one = this.#describe(task, point);
      const stack = point.frames.map(({ name, file, line, column }) => ({ name: shownText(name), file, line, column }));
      if (this.#shown.has(task)) {
        nodes.push({ tasks: [one], stack, children: [], above: this.#above.has(task) ? 'circle' : 'shared' });
        continue;
      }
      this.#shown.add(task);
      const awaited = this.#awaitedBy(task);
      const key = JSON.stringify([stack, shapeOfWait(one.wait), awaited.map((other) => this.#numbers.get(other))]);
      const others = alike.get(key);
      if (others !== undefined) {
        others.push(one);
        continue;
      }
      const together = [one];
      alike.set(key, together);
      nodes.push({ tasks: together, stack, ...this.#below(task, awaited) });
    }
    return groupNodes(nodes);
  }

  #below(task: AnyTask, awaited: readonly AnyTask[]): { children: TaskNode[]; cut?: true } {
    if (awaited.length === 0) return { children: [] };
    if (this.#above.size === MOST_LEVELS) return this.#cutOff(awaited);
    this.#above.add(task);
    const children = this.#nodes(awaited);
    this.#above.delete(task);
    return { children };
  }

  /** What is so deep is not told anywhere else either. */
  #cutOff(awaited: readonly AnyTask[]): { children: TaskNode[]; cut: true } {
    const below = [awaited];
    for (const tasks of below) {
      for (const task of tasks) {
        if (this.#shown.has(task)) continue;
        this.#shown.add(task);
        below.push(this.#awaitedBy(task));
      }
    }
    return { children: [], cut: true };
  }

  #describe(task: AnyTask, point: AwaitPoint): TaskWait {
    const note = this.#watch?.noteOf(task);
    const since = task.awaiting?.done() === false ? note?.since : undefined;
    return { name: shownName(task), wait: this.#wait(task, point, note), ...(since !== undefined && { waited: Math.max(0, this.#now - since) }) };
  }

  /** The tasks that a task awaits, through any number of gathers. */
  #awaitedBy(task: AnyTask): AnyTask[] {
    const { awaiting } = task;
    if (awaiting === undefined || awaiting.done()) return [];
    const on = this.#watch?.noteOf(task)?.on;
    return [...pendingParts(isLine(on) ? on.primitive : awaiting).tasks];
  }

  #wait(task: AnyTask, { call, host }: AwaitPoint, note: WaitNote | undefined): Wait {
    const { awaiting } = task;
    if (awaiting === undefined || awaiting.done()) return { for: 'turn', running: currentTask(this.#loop) === task };
    if (awaiting instanceof Task) return { for: 'task', task: shownName(awaiting) };
    const called = call === undefined ? {} : { call };
    const on = note?.on;
    const left = on instanceof TimerHandle ? { left: Math.max(0, on.when() - this.#now) } : {};
    const line = isLine(on) ? on : undefined;
    const dependence = dependenceOf(line?.primitive ?? awaiting);
    if (dependence === HOST || host) return { ...called, for: 'host', ...left };
    if (dependence !== undefined) {
      const pending = pendingParts(line?.primitive ?? awaiting).count;
      return { ...(awaiting instanceof GatheringFuture ? { call: 'gather' } : called), for: 'tasks', needs: dependence.needs, pending, ...left };
    }
    if (line !== undefined) return { ...called, for: 'primitive', ...this.#place(task, line) };
    if (call === 'sleep' && left.left !== undefined) return { call, for: 'timer', left: left.left };
    return { ...called, for: 'future', kind: className(awaiting), ...left };
  }

  #place(task: AnyTask, line: Line): { kind: string; number: number; holders: Holder[]; position: number; standing: number } {
    const { kind, number, standing, primitive } = line;
    let positions = this.#positions.get(line);
    if (positions === undefined) {
      positions = new Map([...standing].map((one, index) => [one, index + 1]));
      this.#positions.set(line, positions);
    }
    const isHeld = primitive instanceof Lock || primitive instanceof Semaphore;
    const holders = isHeld ? [...line.holders.keys()].map((holder) => ({ task: shownName(holder), ended: holder.done() })) : [];
    return { kind, number, holders, position: positions.get(task) ?? standing.size, standing: standing.size };
  }
}

/** What must be done before `waits` is, of what is pending: the tasks, and how many futures there are in all. Each gather is looked through once. */
function pendingParts(waits: object): { tasks: ReadonlySet<AnyTask>; count: number } {
  if (waits instanceof Task) return { tasks: new Set([waits]), count: 1 };
  const tasks = new Set<AnyTask>();
  let count = 0;
  const met = new Set([waits]);
  // A level at a time: within gathers may be gathers, deeper than any stack.
  for (const one of met) {
    for (const part of dependenceOf(one)?.on ?? []) {
      if ((part as Future<unknown>).done()) continue;
      if (one === waits) count += 1;
      if (part instanceof Task) tasks.add(part);
      else met.add(part);
    }
  }
  return { tasks, count };
}
