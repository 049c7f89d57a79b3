// What runs, and within what: the program, in it the turn of a loop, in that what the loop executes, and in that whatever was
// entered in the middle of a step. Read off the books that loops keep anyway.

/** Whatever can run: a task, a handle. */
export type Runner = object;

/** A loop that has its turn: `current` is the task or handle it executes, undefined between two of them. */
export interface Executing {
  /** @internal */
  readonly current: Runner | undefined;
}

/** One level: a turn, and what was entered within it, innermost last. At the bottom, that of the program, whose turn it always is. */
export interface Ground {
  readonly executing: Executing;
  readonly entered: Runner[];
  /** What goes on when the turn is over. */
  readonly below: Ground | undefined;
}

let ground: Ground = { executing: { current: undefined }, entered: [], below: undefined };

/** Innermost; undefined for the program itself. What a loop executes is not noted here as well, for each step: that took 15 % of a switch. */
export function running(): Runner | undefined {
  const { executing, entered, below } = ground;
  if (entered.length > 0) return entered[entered.length - 1];
  return executing.current ?? (below === undefined ? undefined : whatRuns()[0]);
}

/** Everything that runs but the program, innermost first. */
export function whatRuns(): Runner[] {
  const runners: Runner[] = [];
  for (let at: Ground | undefined = ground; at !== undefined; at = at.below) {
    runners.push(...at.entered.toReversed());
    if (at.executing.current !== undefined) runners.push(at.executing.current);
  }
  return runners;
}

/** What runs within `runner`, innermost first; undefined where it is not running itself. */
export function runningWithin(runner: Runner): Runner[] | undefined {
  const runners = whatRuns();
  const at = runners.indexOf(runner);
  return at === -1 ? undefined : runners.slice(0, at);
}

/** A turn of a loop begins; what it executes is what runs. Returns what {@link endTurn} goes back to. */
export function beginTurn(executing: Executing): Ground {
  const below = ground;
  ground = { executing, entered: [], below };
  return below;
}

/** What ran before the turn goes on. */
export function endTurn(below: Ground): void {
  ground = below;
}

/** Runs something in the middle of a step: a task that starts eagerly, a context's `run`. */
export function runWithin<T>(runner: Runner, body: () => T): T {
  const { entered } = ground;
  entered.push(runner);
  try {
    return body();
  } finally {
    entered.pop();
  }
}
