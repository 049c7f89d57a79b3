// Random programs that end in a deadlock, with what is to be said of it: who is stuck on what. The generator keeps a model
// of its own: each part of a program adds tasks to the deadlock, and says of each what it waits for.
import {
  asyncWith,
  Condition,
  type Coroutine,
  Event,
  type EventLoop,
  type Future,
  gather,
  Lock,
  Queue,
  Semaphore,
  sleep,
  type Task,
  timeout,
  wait,
} from '../../src/loop/index.ts';
import type { Random } from './random.ts';

/** What is to be said of a task that is stuck. */
export interface Stuck {
  /** What the deadlock report says it awaits. */
  readonly awaits: string;
  /** What the tree says that it waits for, as far as it is the same each time. */
  readonly wait: Readonly<Record<string, unknown>>;
  /** Who holds that, and its place in line, where it is something that is held. */
  readonly holders?: readonly string[];
  readonly position?: number;
}

/** A program that was set up, and not run. */
export interface DeadlockProgram {
  /** By the names of its tasks. */
  readonly stuck: ReadonlyMap<string, Stuck>;
  /** The names of those that stand in a circle of locks, permits and tasks, a list for each. */
  readonly circles: readonly (readonly string[])[];
}

/** Makes tasks on `loop` that will be stuck, some that end, and says who is stuck on what. */
export function deadlockProgram(loop: EventLoop, random: Random): DeadlockProgram {
  const program = new Maker(loop, random);
  const parts = 1 + random.int(4);
  for (let part = 0; part < parts; part++) program.addPart(part);
  return program;
}

class Maker implements DeadlockProgram {
  readonly stuck = new Map<string, Stuck>();
  readonly circles: string[][] = [];
  readonly #loop: EventLoop;
  readonly #random: Random;
  /** Whether the tasks of the part have a limit behind them, which is none any more. */
  #limited = false;

  constructor(loop: EventLoop, random: Random) {
    this.#loop = loop;
    this.#random = random;
  }

  addPart(part: number): void {
    this.#limited = this.#random.chance(0.3);
    const kinds = [this.#lockCircle, this.#awaitCircle, this.#permits, this.#mixedCircle, this.#nobodySets, this.#orphan, this.#collectors];
    (kinds[this.#random.int(kinds.length)] as (prefix: string) => void).call(this, `p${part}`);
    if (this.#random.chance(0.5)) this.#loop.createTask(sleep(this.#random.int(50)), { name: `p${part}-ends` });
  }

  #start(name: string, body: Coroutine<unknown>, stuck: Stuck): Task<unknown> {
    this.stuck.set(name, stuck);
    function* limited(): Coroutine<unknown> {
      yield* asyncWith(timeout(60_000), () => sleep(0));
      return yield* body;
    }
    return this.#loop.createTask(this.#limited ? limited() : body, { name });
  }

  #pause(): number {
    return this.#random.int(20);
  }

  /** Each holds a lock and wants that of the next; some others stand in line behind. */
  #lockCircle(prefix: string): void {
    const size = 1 + this.#random.int(5);
    const locks = Array.from({ length: size }, () => new Lock());
    const names = locks.map((_lock, n) => `${prefix}-lock${n}`);
    const { random } = { random: this.#random };
    names.forEach((name, n) => {
      const [mine, next] = [locks[n] as Lock, locks[(n + 1) % size] as Lock];
      const [first, second] = [random.int(3), this.#pause()];
      const nested = random.chance(0.5);
      function* body(): Coroutine<void> {
        yield* sleep(first);
        if (nested) yield* asyncWith(mine, () => asyncWith(next, () => sleep(second)));
        else {
          yield* mine.acquire();
          yield* sleep(10);
          yield* next.acquire();
        }
      }
      function* waits(): Coroutine<void> {
        yield* sleep(first);
        yield* asyncWith(mine, function* () {
          yield* sleep(10 + second);
          yield* next.acquire();
        });
      }
      // Nested without a pause in between, the first would take both.
      const holders = [names[(n + 1) % size] as string];
      this.#start(name, nested ? waits() : body(), { awaits: 'Lock.acquire()', wait: { for: 'primitive', kind: 'Lock', standing: 1 }, holders, position: 1 });
    });
    this.circles.push(names);
    if (this.#random.chance(0.5)) this.#latecomers(prefix, locks[0] as Lock, [names[0] as string], 'Lock', 1);
  }

  /** They come when everything is stuck. */
  #latecomers(prefix: string, primitive: Lock | Semaphore, holders: readonly string[], kind: string, ahead: number): void {
    const count = 1 + this.#random.int(3);
    for (let n = 0; n < count; n++) {
      function* comes(): Coroutine<void> {
        yield* sleep(100 + n);
        yield* primitive.acquire();
      }
      this.#start(`${prefix}-late${n}`, comes(), {
        awaits: `${kind}.acquire()`,
        wait: { for: 'primitive', kind, standing: ahead + count },
        holders,
        position: ahead + n + 1,
      });
    }
    for (const [name, stuck] of this.stuck) {
      if (!name.startsWith(prefix) || name.includes('-late') || stuck.holders?.join() !== holders.join()) continue;
      this.stuck.set(name, { ...stuck, wait: { ...stuck.wait, standing: ahead + count } });
    }
  }

  #awaitCircle(prefix: string): void {
    const size = 2 + this.#random.int(5);
    const tasks: Task<unknown>[] = [];
    const names = Array.from({ length: size }, (_, n) => `${prefix}-await${n}`);
    names.forEach((name, n) => {
      const pause = this.#pause();
      function* body(): Coroutine<void> {
        yield* sleep(pause);
        yield* tasks[(n + 1) % size] as Task<unknown>;
      }
      const next = names[(n + 1) % size] as string;
      tasks.push(this.#start(name, body(), { awaits: `Task '${next}'`, wait: { for: 'task', task: next } }));
    });
    this.circles.push(names);
  }

  /** All permits are held by those who want one more. */
  #permits(prefix: string): void {
    const size = 1 + this.#random.int(4);
    const semaphore = new Semaphore(size);
    const names = Array.from({ length: size }, (_, n) => `${prefix}-permit${n}`);
    names.forEach((name, n) => {
      function* body(): Coroutine<void> {
        yield* semaphore.acquire();
        yield* sleep(10 + n);
        yield* asyncWith(semaphore, () => sleep(1));
      }
      this.#start(name, body(), {
        awaits: 'Semaphore.acquire()',
        wait: { for: 'primitive', kind: 'Semaphore', standing: size },
        holders: names,
        position: n + 1,
      });
    });
    this.circles.push(names);
    if (this.#random.chance(0.5)) this.#latecomers(prefix, semaphore, names, 'Semaphore', size);
  }

  /** Holds a lock, awaits a task, which wants that lock. */
  #mixedCircle(prefix: string): void {
    const [lock, loop] = [this.#random.chance(0.5) ? new Lock() : new Semaphore(1), this.#loop];
    const kind = lock.constructor.name;
    const through = this.#random.int(3);
    const [parent, child] = [`${prefix}-parent`, `${prefix}-child`];
    function* wants(): Coroutine<void> {
      yield* lock.acquire();
    }
    function* holds(): Coroutine<void> {
      yield* lock.acquire();
      const task = loop.createTask(wants(), { name: child });
      if (through === 0) yield* task;
      else if (through === 1) yield* gather([task, sleep(5)]);
      else yield* wait([task]);
    }
    const tasks = { for: 'tasks', needs: 'every', pending: 1 };
    this.#start(
      parent,
      holds(),
      [
        { awaits: `Task '${child}'`, wait: { for: 'task', task: child } },
        { awaits: 'gather()', wait: { ...tasks, call: 'gather' } },
        { awaits: 'wait()', wait: { ...tasks, call: 'wait' } },
      ][through] as Stuck,
    );
    this.stuck.set(child, { awaits: `${kind}.acquire()`, wait: { for: 'primitive', kind, standing: 1 }, holders: [parent], position: 1 });
    this.circles.push([parent, child]);
  }

  /** Waits for what might be set, and is not. */
  #nobodySets(prefix: string): void {
    const [future, event, queue, full, condition]: [Future<void>, Event, Queue<number>, Queue<number>, Condition] = [
      this.#loop.createFuture(),
      new Event(),
      new Queue(),
      new Queue(1),
      new Condition(),
    ];
    full.putNowait(1);
    function* onFuture(): Coroutine<void> {
      yield* future;
    }
    const ways: [string, () => Coroutine<unknown>, Stuck][] = [
      ['future', onFuture, { awaits: 'a Future nobody has set', wait: { for: 'future', kind: 'Future' } }],
      ['event', () => event.wait(), line('Event', 'wait')],
      ['get', () => queue.get(), line('Queue', 'get')],
      ['put', () => full.put(2), line('Queue', 'put')],
      ['condition', () => asyncWith(condition, () => condition.wait()), line('Condition', 'wait')],
    ];
    for (const [name, body, stuck] of ways) if (this.#random.chance(0.5)) this.#start(`${prefix}-${name}`, body(), stuck);
  }

  /** The holder has ended and not given it back. */
  #orphan(prefix: string): void {
    const lock = new Lock();
    function* takes(): Coroutine<void> {
      yield* lock.acquire(); // As a task of its own it would be taken for somebody else.
    }
    this.#loop.createTask(takes(), { name: `${prefix}-gone` });
    const wait = { for: 'primitive', kind: 'Lock', standing: 1 };
    this.#start(`${prefix}-heir`, lock.acquire(), { awaits: 'Lock.acquire()', wait, holders: [`${prefix}-gone`], position: 1 });
  }

  /** Waits for the end of several that wait for what nobody sets. */
  #collectors(prefix: string): void {
    const event = new Event();
    const count = 1 + this.#random.int(4);
    const names = Array.from({ length: count }, (_, n) => `${prefix}-part${n}`);
    const parts = names.map((name, n) => this.#start(name, event.wait(), { ...line('Event', 'wait', count), position: n + 1 }));
    function* collects(): Coroutine<void> {
      yield* gather([...parts, sleep(3)]);
    }
    const wait = { for: 'tasks', needs: 'every', pending: count, call: 'gather' };
    this.#start(`${prefix}-collector`, collects(), { awaits: 'gather()', wait });
  }
}

function line(kind: string, method: string, standing = 1): Stuck {
  return { awaits: `${kind}.${method}()`, wait: { for: 'primitive', kind, call: `${kind}.${method}`, standing }, holders: [], position: 1 };
}

/** Makes tasks that use locks, permits and each other, and all end: whoever takes several takes them in one order. */
export function finishingProgram(loop: EventLoop, random: Random): void {
  const locks = Array.from({ length: 1 + random.int(4) }, () => new Lock());
  const semaphores = Array.from({ length: 1 + random.int(3) }, () => new Semaphore(1 + random.int(3)));
  const inOrder = [...locks, ...semaphores];
  const earlier: Task<unknown>[] = [];
  const count = 2 + random.int(8);
  for (let n = 0; n < count; n++) {
    const wanted = inOrder.filter(() => random.chance(0.5));
    const nap = random.int(5);
    const joins = random.chance(0.4) ? earlier[random.int(Math.max(1, earlier.length))] : undefined;
    const cancelledAt = random.chance(0.15) ? random.int(30) : undefined;
    function* nested(rest: readonly (Lock | Semaphore)[]): Coroutine<void> {
      const [next, ...others] = rest;
      yield* sleep(nap);
      if (next !== undefined) yield* asyncWith(next, () => nested(others));
    }
    function* body(): Coroutine<void> {
      if (joins !== undefined && random.chance(0.5)) yield* wait([joins]);
      yield* nested(wanted);
      // Holding nothing: those that came before wait for none that came after.
      if (joins !== undefined) yield* wait([joins]);
    }
    const task = loop.createTask(body(), { name: `t${n}` });
    earlier.push(task);
    if (cancelledAt !== undefined) loop.callLater(cancelledAt, () => task.cancel());
  }
  signalsBetween(loop, random.int(3), random.int(4));
  waitsForFirst(loop);
}

/** Semaphores and locks as signals from one task to another: given back by who has not taken them, again and again. */
function signalsBetween(loop: EventLoop, rounds: number, start: number): void {
  const [ping, pong] = [new Semaphore(0), new Semaphore(0)];
  function* there(): Coroutine<void> {
    yield* sleep(start);
    for (let n = 0; n < rounds; n++) {
      ping.release();
      yield* pong.acquire();
    }
  }
  function* back(): Coroutine<void> {
    for (let n = 0; n < rounds; n++) {
      yield* ping.acquire();
      pong.release();
    }
  }
  loop.createTask(there(), { name: 'there' });
  loop.createTask(back(), { name: 'back' });
}

/** Holds a lock, and goes on although one of those it waits for wants it: the other is done first. */
function waitsForFirst(loop: EventLoop): void {
  const lock = new Lock();
  function* body(): Coroutine<void> {
    yield* asyncWith(lock, function* () {
      const wants = loop.createTask(
        asyncWith(lock, () => sleep(1)),
        { name: 'wants' },
      );
      yield* wait([wants, loop.createTask(sleep(5), { name: 'first' })], { returnWhen: 'FIRST_COMPLETED' });
    });
  }
  loop.createTask(body(), { name: 'holds' });
}
