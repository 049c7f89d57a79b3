// A host that is turned by hand: time is virtual, and no turn waits for Node. A small program then runs in microseconds, and
// whoever turns the crank sees the moment when nothing is ready.
import type { Driver, Idle } from '../../src/loop/index.ts';

/** How many rounds of microtasks a promise that the loop waits for may take. */
const PATIENCE = 100;

export class SteppedDriver implements Driver {
  #now = 0;
  #next: (() => void) | undefined;
  /** Called whenever nothing is ready, between two turns; what it schedules comes before time moves. */
  readonly #atRest: (idle: Idle) => void;

  constructor(atRest: (idle: Idle) => void) {
    this.#atRest = atRest;
  }

  now(): number {
    return this.#now;
  }

  wakeNow(turn: () => void): void {
    this.#next = turn;
  }

  wakeLater(idle: Idle, turn: () => void, stuck: () => void): void {
    this.#next = () => {
      this.#atRest(idle);
      if (this.#next !== undefined || idle.held) return;
      if (idle.deadline === undefined || idle.deadline === Number.POSITIVE_INFINITY) return stuck();
      this.#now = Math.max(this.#now, idle.deadline);
      turn();
    };
  }

  forget(): void {
    this.#next = undefined;
  }

  /** Turns the crank until `run`, a run of the loop, is over. */
  async finish<T>(run: Promise<T>): Promise<T> {
    let settled = false;
    const settle = (): void => {
      settled = true;
    };
    run.then(settle, settle);
    for (let rounds = 0; !settled; rounds++) {
      if (rounds > PATIENCE) throw new Error('the run hangs: nothing is ready, and no promise settles');
      for (let next = this.#next; next !== undefined; next = this.#next) {
        rounds = 0;
        this.#next = undefined;
        next();
      }
      await undefined;
    }
    return run;
  }
}
