// The two searches. Cancellation: every act at every moment, alone and in pairs. Schedules: every order in which a batch can
// run, those nearest to the loop's own order first. Both are exhaustive up to a number of runs, and say whether they got there.
import { seededRandom } from '../support/random.ts';
import { type Act, type Kit, type Moment, type Plan, play, type Scenario } from './play.ts';

export interface Search {
  /** How many runs a search may take; what is beyond is left out evenly. */
  readonly most: number;
  readonly kit?: Kit;
}

export interface Found {
  readonly scenario: string;
  readonly search: string;
  readonly runs: number;
  /** Whether every possibility was tried. */
  readonly exhausted: boolean;
  /** The first run in which a rule did not hold, and which. */
  readonly failure?: string;
}

/** One search through one scenario, counted. It ends with the first failure. */
class Count {
  runs = 0;
  failure: string | undefined;
  readonly #scenario: Scenario;
  readonly #kit: Kit | undefined;

  constructor(scenario: Scenario, kit: Kit | undefined) {
    this.#scenario = scenario;
    this.#kit = kit;
  }

  async run(plan: Plan, words: () => string): Promise<readonly Moment[]> {
    this.runs += 1;
    const { moments, violations } = await play(this.#scenario, plan, this.#kit);
    if (violations.length > 0) this.failure ??= `${this.#scenario.name}, ${words()}: broken: ${violations.join('; ')}`;
    return moments;
  }

  found(search: string, exhausted: boolean): Found {
    const { runs, failure } = this;
    return { scenario: this.#scenario.name, search, runs, exhausted, ...(failure === undefined ? {} : { failure }) };
  }
}

/** What can be done to a run: each kind with each actor it makes sense for. */
type Deed = Pick<Act, 'kind' | 'actor'>;

/** The families of pairs; the second act may be any of these, the first too. */
function families(actors: number): { name: string; deeds: Deed[]; timed?: number }[] {
  const each = Array.from({ length: actors }, (_, actor) => actor);
  const cancels = each.map((actor): Deed => ({ kind: 'cancel', actor }));
  return [
    { name: 'cancel', deeds: cancels },
    ...each.map((timed) => ({ name: 'timeout', deeds: [{ kind: 'expire', actor: timed } as const, ...cancels], timed })),
    { name: 'interrupt', deeds: [{ kind: 'interrupt', actor: 0 }, ...cancels] },
  ];
}

/**
 * Cancels, times out and interrupts, at every moment of a run: one act, then every pair of acts (the second at the
 * moment of the first or later, in the run that the first has changed).
 */
export async function cancelEverywhere(scenario: Scenario, { most, kit }: Search): Promise<Found[]> {
  const actors = await countActors(scenario, kit);
  const found: Found[] = [];
  let budget = most;
  const groups = families(actors);
  for (const [index, { name, deeds, timed }] of groups.entries()) {
    const count = new Count(scenario, kit);
    const plan = (acts: readonly Act[]): Plan => ({ acts, timed });
    const run = (...acts: Act[]): Promise<readonly Moment[]> => count.run(plan(acts), () => inWords(acts, timed));
    // In each family but the first, one act is the family's own: pairs of cancellations were tried already.
    const own = ({ kind }: Deed): boolean => index === 0 || kind !== 'cancel';
    const undisturbed = await run();
    const singles = pairs(undisturbed, deeds, 0).map(([at, deed]): Act => ({ at, ...deed }));
    const share = Math.floor(budget / (groups.length - index));
    let possible = 0;
    const seconds: [Act, Act][] = [];
    for (const first of singles) {
      const moments = await run(first);
      for (const [at, deed] of pairs(moments, deeds, first.at)) {
        if (!own(first) && !own(deed)) continue;
        possible += 1;
        seconds.push([first, { at, ...deed }]);
      }
      if (count.failure !== undefined) break;
    }
    const chosen = evenly(seconds, Math.max(0, share - count.runs));
    for (const [first, second] of chosen) {
      if (count.failure !== undefined) break;
      await run(first, second);
    }
    budget -= count.runs;
    found.push(count.found(name, chosen.length === possible));
    if (count.failure !== undefined) break;
  }
  return found;
}

/**
 * Runs the batches of a scenario in every order. A schedule is the list of its choices; 0 is the loop's own. Breadth
 * first: first those with one choice that is not 0, then those with two, so that a bounded search has seen all small
 * changes. Each schedule comes up once, as the child of the one that lacks its last change.
 */
export async function everyOrder(scenario: Scenario, { most, kit }: Search, { acts, timed }: Omit<Plan, 'choose'> = { acts: [] }): Promise<Found> {
  const count = new Count(scenario, kit);
  const waiting: number[][] = [[]];
  let next = 0;
  let all = true;
  for (; next < waiting.length && count.runs < most && count.failure === undefined; next++) {
    const given = waiting[next] as number[];
    const among: number[] = [];
    const choose = (ways: number): number => given[among.push(ways) - 1] ?? 0;
    await count.run({ acts, timed, choose }, () => `in the order [${given}], ${inWords(acts, timed)}`);
    for (let place = given.length; place < among.length; place++) {
      // Beyond what can still be run nothing is kept.
      if (waiting.length - next > most - count.runs) {
        all &&= among.slice(place).every((ways) => ways === 1);
        break;
      }
      const prefix = [...given, ...new Array(place - given.length).fill(0)];
      for (let choice = 1; choice < (among[place] as number); choice++) waiting.push([...prefix, choice]);
    }
  }
  return count.found(acts.length === 0 ? 'order' : 'order and cancel', all && next === waiting.length);
}

/** The same with one actor cancelled, or timed out: each, at every moment of the undisturbed run. */
export async function everyOrderCancelled(scenario: Scenario, { most, kit }: Search): Promise<Found> {
  const actors = await countActors(scenario, kit);
  const plans: Plan[] = [];
  for (let actor = 0; actor < actors; actor++) {
    for (const [kind, timed] of [['cancel'], ['expire', actor]] as const) {
      const { moments } = await play(scenario, { acts: [], timed }, kit);
      plans.push(...moments.map((_, at): Plan => ({ acts: [{ at, kind, actor }], timed })));
    }
  }
  let runs = 0;
  let exhausted = true;
  for (const plan of plans) {
    const found = await everyOrder(scenario, { most: Math.max(1, Math.floor(most / plans.length)), ...(kit && { kit }) }, plan);
    runs += found.runs;
    exhausted &&= found.exhausted;
    if (found.failure !== undefined) return { ...found, runs };
  }
  return { scenario: scenario.name, search: 'order and cancel', runs, exhausted };
}

/** A plan, for whoever wants to see its run again. */
function inWords(acts: readonly Act[], timed: number | undefined): string {
  if (acts.length === 0) return 'undisturbed';
  const name = (actor: number): string => 'abcdefgh'[actor] as string;
  const words = acts.map(({ at, kind, actor }) => (kind === 'interrupt' ? `interrupt at ${at}` : `${kind} ${name(actor)} at ${at}`));
  return words.join(', ') + (timed === undefined ? '' : `, with a timeout around ${name(timed)}`);
}

/** Every deed at every moment from `from` on. */
function pairs(moments: readonly Moment[], deeds: readonly Deed[], from: number): [number, Deed][] {
  const all: [number, Deed][] = [];
  for (let at = from; at < moments.length; at++) for (const deed of deeds) all.push([at, deed]);
  return all;
}

/** So many of them, spread over all; the same ones each time. */
function evenly<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  const random = seededRandom(all.length);
  const step = all.length / most;
  return Array.from({ length: most }, (_, index) => all[Math.floor((index + random.int(1000) / 1000) * step)] as T);
}

async function countActors(scenario: Scenario, kit: Kit | undefined): Promise<number> {
  return (await play(scenario, { acts: [] }, kit)).actors;
}
