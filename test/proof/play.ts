// One run of a scenario: its actors as tasks, cancelled, timed out or interrupted at given moments, perhaps in another order
// than the loop's own, and every rule checked that holds for all scenarios.
import * as asyncdemo from '../../src/loop/index.ts';
import { type Coroutine, EventLoop, type Idle, type Task } from '../../src/loop/index.ts';
import { SteppedDriver } from './stepped-driver.ts';
import { Tracked } from './tracked.ts';
import { Oops, type Play, World } from './world.ts';

/** What scenarios are made of: the library, or the library with a faulty part. */
export type Kit = typeof asyncdemo;

export interface Scenario {
  readonly name: string;
  /** Sets up one run. */
  play(world: World, kit: Kit): Play;
}

/** An iteration begins; a callback or a step has run, within it; nothing is ready, and time is about to move. */
export type Moment = 'iteration' | 'within' | 'rest';

/** Something done to a run from outside, at the moment of that number. */
export interface Act {
  readonly at: number;
  /** `expire`: the timeout around the actor passes. `interrupt`: Ctrl-C, and a drain. */
  readonly kind: 'cancel' | 'expire' | 'interrupt';
  /** Which actor; of an interrupt, none. */
  readonly actor: number;
}

/** Says which of so many goes first. */
export type Choose = (among: number) => number;

export interface Plan {
  readonly acts: readonly Act[];
  /** The actor with a timeout around it. */
  readonly timed?: number | undefined;
  /** In which order a batch runs; the loop's own unless given. */
  readonly choose?: Choose;
}

export interface Outcome {
  /** How many actors there are. */
  readonly actors: number;
  /** The moments there were, in order. */
  readonly moments: readonly Moment[];
  /** The rules that did not hold. */
  readonly violations: readonly string[];
}

const NAMES = 'abcdefgh';

/** More moments than any scenario has: beyond them a run is going round in circles. */
const ENDLESS = 5000;

/** Errors that the garbage collector would report: they are not lost. Kept here instead, where they can be counted on. */
let unretrieved = new Map<object, unknown>();
FinalizationRegistry.prototype.register = (_target, held, token) => {
  unretrieved.set(token as object, (held as { error?: unknown })?.error);
};
FinalizationRegistry.prototype.unregister = (token) => unretrieved.delete(token as object);

/** Runs a scenario once. */
export async function play(scenario: Scenario, plan: Plan, kit: Kit = asyncdemo): Promise<Outcome> {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return await new Run(scenario, plan, kit).outcome();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

class Run {
  readonly #driver = new SteppedDriver((idle) => this.#rest(idle));
  readonly #loop = new EventLoop({ driver: this.#driver, turnBudget: Number.POSITIVE_INFINITY });
  readonly #world = new World(this.#loop);
  readonly #plan: Plan;
  readonly #play: Play;
  readonly #kit: Kit;
  readonly #tasks: Task<unknown>[];
  readonly #moments: Moment[] = [];
  /** How often each was asked to cancel. */
  readonly #asked = new Map<Task<unknown>, number>();
  #limit: asyncdemo.Timeout | undefined;
  #acted = 0;
  /** Nothing is done to it any more: its end is being looked at. */
  #over = false;

  constructor(scenario: Scenario, plan: Plan, kit: Kit) {
    unretrieved = new Map();
    this.#plan = plan;
    this.#kit = kit;
    this.#loop.setExceptionHandler((_loop, { message, exception }) => this.#hearReport(message, exception));
    this.#play = scenario.play(this.#world, kit);
    this.#tasks = this.#play.actors.map((actor, index) => this.#loop.createTask(this.#timed(actor, index), { name: NAMES[index] as string }));
    this.#loop.setObserver({
      iteration: () => this.#moment('iteration'),
      handle: (phase) => phase === 'end' && this.#moment('within'),
      step: (phase) => phase === 'end' && this.#moment('within'),
    });
    const { choose } = plan;
    if (choose !== undefined) this.#loop.arrange = (batch) => shuffle(batch, choose);
  }

  async outcome(): Promise<Outcome> {
    await this.#witness(() => this.#untilAllAreDone());
    this.#checkActors();
    // With a task that would not end there is no end to look at.
    if (asyncdemo.allTasks(this.#loop).length === 0) await this.#witness(() => this.#checkTheEnd());
    for (const error of unretrieved.values()) this.#world.hear(error);
    if (this.#play.dropsLateErrors) for (const error of this.#world.thrown) this.#world.hear(error);
    this.#world.close();
    return { actors: this.#tasks.length, moments: this.#moments, violations: this.#world.violations };
  }

  async #witness(part: () => Promise<void>): Promise<void> {
    try {
      await part();
    } catch (error) {
      this.#world.demand(false, `the run ends well, not with ${error}`);
    }
  }

  async #untilAllAreDone(): Promise<void> {
    try {
      await this.#driver.finish(this.#loop.runForever());
    } catch (error) {
      if (!(error instanceof asyncdemo.KeyboardInterrupt)) throw error;
      this.#world.ending = true;
      // An interrupt of the drain leaves it, with tasks that are not done: then it is drained again.
      let rounds = 0;
      while ((await this.#driver.finish(asyncdemo.drain(this.#loop))).length > 0 && rounds < this.#plan.acts.length) rounds += 1;
    }
  }

  /** Does what the plan has for this moment. */
  #moment(moment: Moment): void {
    const number = this.#moments.push(moment) - 1;
    if (number === ENDLESS) this.#loop.interrupt(new Error('a run without end'));
    const { acts } = this.#plan;
    for (let act = acts[this.#acted]; act !== undefined && act.at === number; act = acts[this.#acted]) {
      this.#acted += 1;
      this.#do(act);
    }
  }

  #do({ kind, actor }: Act): void {
    const task = this.#tasks[actor] as Task<unknown>;
    if (kind === 'interrupt') this.#loop.interrupt();
    else if (kind === 'cancel') {
      if (task.cancel()) this.#asked.set(task, (this.#asked.get(task) ?? 0) + 1);
    } else if (this.#limit !== undefined && !task.done() && !this.#limit.expired()) this.#limit.reschedule(this.#loop.time());
  }

  /** The actor itself; where the plan has it timed, with a timeout around it that passes when it is told to. */
  #timed(actor: Coroutine<unknown>, index: number): Coroutine<unknown> {
    const tracked = new Tracked(actor, this.#world, NAMES[index] as string);
    if (this.#plan.timed !== index) return tracked;
    const limit = new this.#kit.Timeout(undefined);
    return this.#kit.asyncWith(limit, () => {
      this.#limit = limit;
      return tracked;
    });
  }

  /** Nothing is ready. */
  #rest({ deadline, held }: Idle): void {
    if (!this.#over) {
      this.#play.atRest?.();
      this.#moment('rest');
    }
    if (!this.#loop.isRunning()) return;
    const live = asyncdemo.allTasks(this.#loop);
    if (live.length === 0) {
      this.#world.demand(deadline === undefined, 'no timer is left behind');
      this.#world.demand(!held, 'the loop is let go');
      this.#loop.stop();
    } else if (deadline === undefined && !held && !this.#world.ending && this.#play.mayWait?.() === true) {
      this.#world.ending = true;
      for (const task of live) task.cancel();
    }
  }

  /** What holds for the actors of every scenario. */
  #checkActors(): void {
    this.#world.demand(asyncdemo.allTasks(this.#loop).length === 0, 'every task is done');
    for (const [index, task] of this.#tasks.entries()) {
      if (!task.done()) continue;
      const requests = this.#asked.get(task) ?? 0;
      const expired = this.#plan.timed === index && this.#limit?.expired() === true;
      if (!this.#play.refuses) this.#checkCancellation(task, requests, expired);
      if (task.state !== 'raised') continue;
      this.#world.hear(task.outcome);
      this.#world.demand(this.#mayEndWith(task.outcome, expired), `${task.getName()} does not end with ${task.outcome}`);
    }
  }

  /** What holds for whoever does not catch his cancellation: he ends with it, once it was asked for, and only then. */
  #checkCancellation(task: Task<unknown>, requests: number, expired: boolean): void {
    const world = this.#world;
    const name = task.getName();
    const mayBeAsked = world.ending || this.#play.contagious === true;
    const timedOut = task.state === 'raised' && task.outcome instanceof asyncdemo.TimeoutError;
    world.demand(requests === 0 || task.state !== 'returned', `${name} does not swallow its cancellation`);
    world.demand(requests === 0 || !timedOut, `the cancellation of ${name} goes before a timeout`);
    world.demand(!expired || task.state !== 'returned', `${name} does not swallow its timeout`);
    world.demand(requests > 0 || mayBeAsked || !task.cancelled(), `${name} is not cancelled though nobody asked`);
    world.demand(mayBeAsked || task.cancelling() === requests, `the requests to cancel ${name} are counted right`);
  }

  #mayEndWith(error: unknown, expired: boolean): boolean {
    if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every((inner) => this.#mayEndWith(inner, expired));
    if (error instanceof Oops || (expired && error instanceof asyncdemo.TimeoutError)) return true;
    return this.#play.expected?.some((kind) => error instanceof kind) === true;
  }

  #hearReport(message: string, error: unknown): void {
    this.#world.hear(error);
    const ofTheDrain = this.#world.ending && message === 'Unhandled exception during shutdown';
    this.#world.demand(ofTheDrain && this.#mayEndWith(error, true), `nothing fails outside of a task: ${message}: ${error}`);
  }

  /** Lets the scenario look, in a callback of the loop, which then comes to rest. */
  async #checkTheEnd(): Promise<void> {
    this.#loop.setObserver(undefined);
    this.#over = true;
    if (this.#play.atEnd !== undefined) this.#loop.callSoon(() => this.#play.atEnd?.());
    await this.#driver.finish(this.#loop.runForever());
    this.#loop.close();
  }
}

/** Puts a batch into the order that is chosen, one after the other. */
function shuffle(batch: unknown[], choose: Choose): void {
  for (let place = 0; place < batch.length - 1; place++) {
    const [first] = batch.splice(place + choose(batch.length - place), 1);
    batch.splice(place, 0, first);
  }
}
