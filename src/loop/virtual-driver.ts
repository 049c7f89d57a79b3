// Time as a parameter: when nothing is ready and nothing is in flight, the clock jumps to the next deadline. A program
// of twenty seconds runs in milliseconds with the same output, real I/O included, since time stands still meanwhile.
import { whenNodeRunsDry } from './before-exit.ts';
import type { Driver, Idle } from './driver.ts';
import { LONGEST_TIMEOUT } from './node-driver.ts';

/**
 * Runs a loop in virtual time, from 0 ms. For tests, transcripts and CI.
 *
 * @example
 * ```ts
 * import { EventLoop, sleep, VirtualDriver } from 'asyncdemo';
 *
 * const loop = new EventLoop({ driver: new VirtualDriver() });
 * await loop.runUntilComplete(sleep(3_600_000));
 * console.log(loop.time()); // 3600000
 * loop.close();
 * ```
 */
export class VirtualDriver implements Driver {
  #now = 0;
  #immediate: NodeJS.Immediate | undefined;
  #timeout: NodeJS.Timeout | undefined;
  #stopWatching: (() => void) | undefined;

  now(): number {
    return this.#now;
  }

  wakeNow(turn: () => void): void {
    this.forget();
    this.#immediate = setImmediate(() => {
      this.#immediate = undefined;
      turn();
    });
  }

  wakeLater({ deadline, held, listening }: Idle, turn: () => void, stuck: () => void): void {
    if (held) {
      this.forget();
      this.#stopWatching = whenNodeRunsDry(stuck);
      return;
    }
    // The host has its say first: a promise that settles now comes before the jump, and forgets it.
    this.wakeNow(() => {
      if (deadline === undefined || deadline === Number.POSITIVE_INFINITY) {
        if (!listening) return stuck();
        this.#timeout = setTimeout(turn, LONGEST_TIMEOUT);
        return;
      }
      this.#now = Math.max(this.#now, deadline);
      turn();
    });
  }

  forget(): void {
    if (this.#immediate !== undefined) clearImmediate(this.#immediate);
    clearTimeout(this.#timeout);
    this.#stopWatching?.();
    this.#immediate = undefined;
    this.#stopWatching = undefined;
  }
}
