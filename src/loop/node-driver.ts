// The loop as a guest of Node: real time, a microtask or setImmediate for the next turn, a setTimeout that comes no later
// than the earliest deadline.
import { whenNodeRunsDry } from './before-exit.ts';
import type { Driver, Idle } from './driver.ts';

/** The longest delay `setTimeout` takes; one ms more and Node makes it 1 ms. Longer waits are taken in chunks. */
export const LONGEST_TIMEOUT: number = 2 ** 31 - 1;

/**
 * Ms after which no more turns, of any loop, follow in microtasks before Node has its say: promises that settle at once would
 * keep it from that for ever.
 */
const LONGEST_BURST = 4;

/** When turns in microtasks began; undefined once Node has had its say. Of all loops together: Node runs microtasks between any two callbacks. */
let burstSince: number | undefined;

function endBurst(): void {
  burstSince = undefined;
}

/** Runs a loop in real time on Node. The default driver of `EventLoop`. */
export class NodeDriver implements Driver {
  #immediate: NodeJS.Immediate | undefined;
  /** The turn that a microtask will call; one that is not wanted any more finds it gone. */
  #soon: (() => void) | undefined;
  #timeout: NodeJS.Timeout | undefined;
  #timeoutFor = 0;
  /** What to call when Node runs dry; undefined while something can wake the loop. */
  #stuck: (() => void) | undefined;
  /** Node is watched to the end of the run: a listener that comes and goes with each wait takes a tenth of awaiting a promise. */
  #stopWatching: (() => void) | undefined;

  now(): number {
    return performance.now();
  }

  wakeNow(turn: () => void): void {
    this.#wakeNoMore();
    this.#immediate = setImmediate(() => {
      this.#immediate = undefined;
      turn();
    });
  }

  /** In a microtask: an immediate would cost half of what awaiting a promise does. */
  wakeSoon(turn: () => void): void {
    const now = this.now();
    if (burstSince === undefined) {
      burstSince = now;
      setImmediate(endBurst).unref();
    } else if (now - burstSince > LONGEST_BURST) {
      return this.wakeNow(turn);
    }
    this.#stuck = undefined;
    this.#soon = turn;
    RESOLVED.then(this.#runSoon);
  }

  /** A timeout that comes no later than needed is left as it is: most loops that wait for the host have one, and are woken long before. */
  wakeLater({ deadline, listening }: Idle, turn: () => void, stuck: () => void): void {
    if (deadline === undefined && !listening) {
      this.#wakeNoMore();
      this.#stuck = stuck;
      this.#stopWatching ??= whenNodeRunsDry(this.#ranDry);
      return;
    }
    const until = deadline ?? Number.POSITIVE_INFINITY;
    if (this.#timeout !== undefined && this.#timeoutFor <= until) return;
    this.#wakeNoMore();
    this.#timeoutFor = until;
    // Rounded up, since setTimeout drops fractions; the scheduler checks the deadline again, so early is harmless.
    this.#timeout = setTimeout(
      () => {
        this.#timeout = undefined;
        if (this.#soon === undefined && this.#immediate === undefined) turn();
      },
      Math.min(Math.ceil(until - this.now()), LONGEST_TIMEOUT),
    );
  }

  forget(): void {
    this.#wakeNoMore();
    this.#stopWatching?.();
    this.#stopWatching = undefined;
  }

  #wakeNoMore(): void {
    if (this.#immediate !== undefined) clearImmediate(this.#immediate);
    if (this.#timeout !== undefined) clearTimeout(this.#timeout);
    this.#immediate = undefined;
    this.#soon = undefined;
    this.#timeout = undefined;
    this.#stuck = undefined;
  }

  readonly #ranDry = (): void => {
    this.#stopWatching = undefined;
    this.#stuck?.();
  };

  readonly #runSoon = (): void => {
    const turn = this.#soon;
    this.#soon = undefined;
    turn?.();
  };
}

const RESOLVED = Promise.resolve();
