// The loop as a guest of Node: real time, setImmediate to hand back, one setTimeout for the earliest deadline.
import { whenNodeRunsDry } from './before-exit.ts';
import type { Driver, Idle } from './driver.ts';

/** The longest delay `setTimeout` takes; one ms more and Node makes it 1 ms. Longer waits are taken in chunks. */
export const LONGEST_TIMEOUT: number = 2 ** 31 - 1;

/** Runs a loop in real time on Node. The default driver of `EventLoop`. */
export class NodeDriver implements Driver {
  #immediate: NodeJS.Immediate | undefined;
  #timeout: NodeJS.Timeout | undefined;
  #stopWatching: (() => void) | undefined;

  now(): number {
    return performance.now();
  }

  wakeNow(turn: () => void): void {
    this.forget();
    this.#immediate = setImmediate(() => {
      this.#immediate = undefined;
      turn();
    });
  }

  wakeLater({ deadline, listening }: Idle, turn: () => void, stuck: () => void): void {
    this.forget();
    if (deadline === undefined && !listening) {
      this.#stopWatching = whenNodeRunsDry(stuck);
      return;
    }
    // Rounded up, since setTimeout drops fractions; the scheduler checks the deadline again, so early is harmless.
    const delay = deadline === undefined ? LONGEST_TIMEOUT : Math.min(Math.ceil(deadline - this.now()), LONGEST_TIMEOUT);
    this.#timeout = setTimeout(() => {
      this.#timeout = undefined;
      turn();
    }, delay);
  }

  forget(): void {
    if (this.#immediate !== undefined) clearImmediate(this.#immediate);
    if (this.#timeout !== undefined) clearTimeout(this.#timeout);
    this.#stopWatching?.();
    this.#immediate = undefined;
    this.#timeout = undefined;
    this.#stopWatching = undefined;
  }
}
