// What debug mode measures: callbacks and iterations that kept everything else waiting. An observer like any other.
import { inspect } from './inspect.ts';
import type { LoopObserver } from './observer.ts';

/** How long, in ms, may pass before it is told of. */
export interface SlowLimits {
  /** For one callback, or one step of a task. */
  slowCallbackDuration: number;
  /** For all callbacks of an iteration together. */
  slowIterationDuration: number;
}

/** Ms that nothing watched is to blame for, since ever. */
let excused = 0;

/** What `act` takes counts for no step: for tools that tell of one while it goes on. */
export function notCounted(act: () => void): void {
  const start = performance.now();
  try {
    act();
  } finally {
    excused += performance.now() - start;
  }
}

/** Tells of what took longer than the limits, by the host's clock: in virtual time slow is slow, too. */
export class SlowWatch implements LoopObserver {
  readonly #limits: SlowLimits;
  readonly #tell: (message: string) => void;
  #iteration = 0;
  #ready = 0;
  /** Of this iteration: how many callbacks ran, and for how long. */
  #ran = 0;
  #spent = 0;
  /** The one that took longest of these. */
  #longest: { readonly subject: object; readonly took: number } | undefined;
  #told = false;
  /** When what goes on began, outermost first: within a step may be those of tasks that it starts eagerly. */
  readonly #since: number[] = [];

  constructor(limits: SlowLimits, tell: (message: string) => void) {
    this.#limits = limits;
    this.#tell = tell;
  }

  iteration(count: number, ready: number): void {
    this.#iteration = count;
    this.#ready = ready;
    this.#ran = 0;
    this.#spent = 0;
    this.#longest = undefined;
    this.#told = false;
    this.#since.length = 0;
  }

  handle(phase: 'start' | 'end', handle: object): void {
    this.#measure(phase, handle);
  }

  step(phase: 'start' | 'end', task: object): void {
    this.#measure(phase, task);
  }

  #measure(phase: 'start' | 'end', subject: object): void {
    const now = performance.now() - excused;
    if (phase === 'start') {
      this.#since.push(now);
      return;
    }
    const since = this.#since.pop();
    if (since === undefined) return; // It began before debug mode did.
    const took = now - since;
    if (this.#since.length > 0) return this.#tellSlow(subject, took); // Part of the one around it, whose time is counted.
    this.#ran += 1;
    this.#spent += took;
    if (took > (this.#longest?.took ?? 0)) this.#longest = { subject, took };
    this.#tellSlow(subject, took);
    if (!this.#told && this.#spent >= this.#limits.slowIterationDuration) {
      this.#told = true;
      const longest = this.#longest === undefined ? '' : `; the longest took ${Math.round(this.#longest.took)} ms: ${inspect(this.#longest.subject)}`;
      this.#tell(
        `Iteration ${this.#iteration} keeps the loop for ${Math.round(this.#spent)} ms, and has run ${this.#ran} of ${this.#ready} callbacks${longest}`,
      );
    }
  }

  #tellSlow(subject: object, took: number): void {
    if (took < this.#limits.slowCallbackDuration) return;
    this.#told = true; // An iteration with a slow callback is slow for no reason of its own.
    this.#tell(`Executing ${inspect(subject)} took ${Math.round(took)} ms`);
  }
}
