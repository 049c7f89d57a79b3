// Letting news of a disconnection travel. A server in this process that waits for our time has lent it; when its client
// gives up, client and server learn of it one after the other, and time must not jump in between.
import type { EventLoop } from '../loop/index.ts';

/**
 * Rounds of Node's loop between closing a socket and the other end hearing of it. One is enough where loopback delivers
 * at once, as Linux does; the others are for kernels that take their time.
 */
const ROUNDS = 3;

/** Holds the loop until a server in the same process has heard that its client is gone. */
export function holdUntilHeard(loop: EventLoop): void {
  const letGo = loop.hold();
  let rounds = ROUNDS;
  const next = (): void => {
    if (rounds-- > 0) setImmediate(next);
    else letGo();
  };
  next();
}
