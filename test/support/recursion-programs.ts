// Random programs of nested awaits, each of which can be played with `yield* f()` and with `yield* recurse(f())`: whatever
// is seen of it must be the same. A program is data; its await sites stand on the same lines either way.
import {
  asyncFor,
  asyncGenerator,
  asyncWith,
  BREAK,
  type Coroutine,
  createTask,
  currentTask,
  type Emit,
  EventLoop,
  gather,
  Lock,
  recurse,
  shield,
  sleep,
  Timeout,
  VirtualDriver,
  waitFor,
} from '../../src/loop/index.ts';
import type { Random } from './random.ts';

const BLOCKS = ['seq', 'try', 'finally', 'waitFor', 'timeout', 'with', 'for', 'gather', 'task', 'eager', 'shield', 'hand', 'wrapper', 'lock'] as const;
const LEAVES = ['sleep', 'sleep', 'sleep', 'give way', 'throw', 'emit', 'cancel self', 'yield'] as const;

export interface Program {
  readonly id: number;
  readonly kind: (typeof BLOCKS)[number] | (typeof LEAVES)[number];
  readonly parts: readonly Program[];
  readonly ms: number;
}

/** A program of at most `depth` levels. */
export function randomProgram(random: Random, depth: number, count = { n: 0 }): Program {
  const id = count.n++;
  const ms = random.int(6);
  if (depth === 0 || random.chance(0.1)) return { id, kind: LEAVES[random.int(random.chance(0.3) ? LEAVES.length : 4)] as Program['kind'], parts: [], ms };
  const kind = random.chance(0.4) ? 'seq' : (BLOCKS[random.int(BLOCKS.length)] as Program['kind']);
  const parts = Array.from({ length: 1 + random.int(count.n > 60 ? 1 : 3) }, () => randomProgram(random, depth - 1, count));
  return { id, kind, parts, ms };
}

/** How a site awaits: as it is, or through `recurse`. */
export type Via = <T>(coroutine: Coroutine<T>) => Coroutine<T>;
export const plainly: Via = (coroutine) => coroutine;
export const recursively: Via = (coroutine) => recurse(coroutine);
export function mixed(random: Random): Via {
  return (coroutine) => (random.chance(0.5) ? recurse(coroutine) : coroutine);
}

type Log = (line: string) => void;

class Wrapper<T> implements Coroutine<T> {
  readonly inner: Coroutine<T>;
  constructor(inner: Coroutine<T>) {
    this.inner = inner;
  }
  next(sent?: unknown): ReturnType<Coroutine<T>['next']> {
    return this.inner.next(sent);
  }
  throw(error: unknown): ReturnType<Coroutine<T>['next']> {
    return this.inner.throw(error);
  }
  return(value: T): ReturnType<Coroutine<T>['next']> {
    return this.inner.return(value);
  }
  [Symbol.iterator](): this {
    return this;
  }
}

/** One program in progress. */
export class Play {
  readonly #via: Via;
  readonly #log: Log;
  /** Whether there is a loop below. */
  readonly #onLoop: boolean;

  constructor(via: Via, log: Log, onLoop: boolean) {
    this.#via = via;
    this.#log = log;
    this.#onLoop = onLoop;
  }

  *run(program: Program, emit?: Emit<string>): Coroutine<number> {
    const { id, kind, ms } = program;
    this.#log(`${kind} ${id} begins`);
    try {
      const result = yield* this.#via(this.#run(program, emit));
      this.#log(`${kind} ${id} returns ${result}`);
      return result + 1;
    } catch (error) {
      this.#log(`${kind} ${id} throws ${error}`);
      throw error;
    } finally {
      if (ms === 0) yield* this.#via(sleep(0));
      this.#log(`${kind} ${id} ends`);
    }
  }

  *#run({ id, kind, parts, ms }: Program, emit: Emit<string> | undefined): Coroutine<number> {
    const all = (): Coroutine<number> => this.#via(this.#all(parts, emit));
    switch (kind) {
      case 'try':
        try {
          return yield* all();
        } catch (error) {
          this.#log(`caught ${error}`);
          yield* sleep(this.#onLoop ? ms : 0);
          return ms;
        }
      case 'finally':
        try {
          return yield* all();
        } finally {
          yield* this.#via(sleep(this.#onLoop ? ms : 0));
          if (ms === 5) yield* all();
        }
      case 'hand':
        return this.#byHand(this.run(parts[0] as Program), ms);
      case 'wrapper':
        return yield* new Wrapper(all());
      case 'give way':
        yield* sleep(0);
        return 1;
      case 'throw':
        throw new Error(`of ${id}`);
      case 'emit':
        return emit === undefined ? 0 : ((yield* emit(`${id}`)) ?? 1);
      case 'yield':
        yield ms as never;
        return 1;
      case 'with': {
        const play = this;
        const manager = {
          *aenter(): Coroutine<number> {
            yield* play.#via(sleep(0));
            return id;
          },
          *aexit(error: unknown): Coroutine<boolean> {
            yield* play.#via(sleep(0));
            play.#log(`aexit ${error}`);
            return ms === 1;
          },
        };
        return (yield* this.#via(asyncWith(manager, all))) ?? 0;
      }
      case 'for': {
        let sum = 0;
        const play = this;
        const generator = asyncGenerator<string>(function* (emitHere) {
          yield* emitHere('first');
          sum += yield* play.#via(play.#all(parts, emitHere));
          yield* emitHere('last');
          if (emit !== undefined) yield* emit('to the one around it');
        });
        if (!this.#onLoop) return 0;
        yield* asyncFor(generator, function* (value) {
          play.#log(`is given ${value}`);
          yield* play.#via(sleep(0));
          return value === 'last' && ms === 2 ? BREAK : undefined;
        });
        return sum;
      }
    }
    if (!this.#onLoop) {
      for (let n = 0; n < ms; n++) yield* sleep(0);
      return (yield* all()) + ms;
    }
    switch (kind) {
      case 'sleep':
        return yield* sleep(ms, ms);
      case 'cancel self':
        currentTask()?.cancel();
        return 0;
      case 'waitFor':
        return yield* this.#via(waitFor(all(), ms * 2));
      case 'timeout':
        return yield* asyncWith(new Timeout(ms * 3), all);
      case 'lock':
        return yield* asyncWith(new Lock(), all);
      case 'gather':
        return (yield* this.#via(wrap(gather(parts.map((part) => this.#via(this.run(part))))))).reduce((a, b) => a + b, 0);
      case 'shield':
        return yield* shield(createTask(all(), { name: `shielded ${id}` }));
      case 'task':
      case 'eager': {
        const task = createTask(all(), { name: `${kind} ${id}`, eagerStart: kind === 'eager' });
        if (ms === 1) task.cancel();
        yield* sleep(0);
        return yield* this.#via(wrap(task));
      }
    }
    return yield* all();
  }

  *#all(parts: readonly Program[], emit: Emit<string> | undefined): Coroutine<number> {
    let sum = 0;
    for (const part of parts) sum += yield* this.#via(this.run(part, emit));
    return sum;
  }

  /** Some steps within one, and then none, or its end. */
  #byHand(coroutine: Coroutine<number>, steps: number): number {
    let done = false;
    try {
      for (let step = 0; step < steps && !done; step++) done = coroutine.next().done === true;
      if (!done && steps % 2 === 1) done = coroutine.throw(new Error('by hand')).done === true;
      if (!done && steps > 2) done = coroutine.return(7).done === true;
    } catch (error) {
      this.#log(`by hand: ${error}`);
      return 0;
    }
    this.#log(`by hand: ${done}`);
    return 1;
  }
}

function* wrap<T>(awaitable: { [Symbol.iterator](): Coroutine<T> }): Coroutine<T> {
  return yield* awaitable;
}

/** All that is seen of a program on a loop of its own: what it logs, every step, every stack, and how it ends. */
export async function played(program: Program, via: Via, cancelAt: readonly number[]): Promise<string[]> {
  const trace: string[] = [];
  const loop = new EventLoop({ driver: new VirtualDriver() });
  const log: Log = (line) => void trace.push(`${loop.time()} ${currentTask(loop)?.getName() ?? '-'}: ${line}`);
  loop.setExceptionHandler((_loop, { message, exception }) => log(`reported: ${message} ${exception}`));
  loop.setObserver({
    step: (phase, task) => log(`step of ${nameOf(task)} ${phase}s`),
    taskSuspended: (task, awaited) => log(`${nameOf(task)} suspends on ${awaited?.constructor.name ?? 'nothing'}`),
    iteration: (count) => log(`iteration ${count}`),
  });
  const task = loop.createTask(new Play(via, log, true).run(program), { name: 'main' });
  for (const ms of cancelAt) {
    loop.callAt(ms, () => {
      for (const each of loop.tasks) log(`${each.getName()} stands at ${each.getStack().map(({ name, line }) => `${name}:${line}`)}`);
      task.cancel(`at ${ms}`);
    });
  }
  try {
    log(`ended with ${await loop.runUntilComplete(task)}`);
  } catch (error) {
    log(`ended by ${error}`);
  }
  for (const left of [...loop.tasks]) left.cancel();
  loop.callLater(100, () => loop.stop());
  await loop.runForever();
  loop.close();
  return trace;
}

function nameOf(task: object): string {
  return (task as { getName(): string }).getName();
}

/** All that is seen of a program driven by hand: what it logs, and what each call gives. */
export function playedByHand(program: Program, via: Via, random: Random): string[] {
  const trace: string[] = [];
  const log: Log = (line) => void trace.push(line);
  const coroutine = via(new Play(via, log, false).run(program));
  for (let call = 0; call < 60; call++) {
    const how = random.chance(0.9) ? 'next' : random.chance(0.5) ? 'throw' : 'return';
    try {
      const { done, value } =
        how === 'next' ? coroutine.next() : how === 'throw' ? coroutine.throw(new Error(`thrown in ${call}`)) : coroutine.return(1000 + call);
      log(`${how} gives ${done ? value : 'a suspension'}`);
      if (done) break;
    } catch (error) {
      log(`${how} throws ${error}`);
      break;
    }
  }
  return trace;
}
