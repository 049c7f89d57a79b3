// The one thing the loop needs from its host: a clock, and to be called again. Implemented by NodeDriver and VirtualDriver.

/** What became of the loop when a turn ended with nothing ready. */
export interface Idle {
  /** When the earliest timer is due, in ms of {@link Driver.now}; `undefined` without timers. */
  readonly deadline: number | undefined;
  /** Whether work of the host (a promise, a request) is in flight for this loop. */
  readonly held: boolean;
  /** Whether the loop waits for signals, which may come at any time and do not keep Node alive. */
  readonly listening?: boolean;
}

/** A host for the loop. One driver serves one loop. */
export interface Driver {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Call `turn` after the host has had its say: I/O, signals, promises. Replaces whatever was arranged before. */
  wakeNow(turn: () => void): void;
  /**
   * Call `turn` for a loop that was parked: the host has just brought something in, and so need not have its say first, as long
   * as it is not kept from it. What `wakeLater` arranged may stand; its `turn` is not to be called as well before this one.
   * Where this is missing, `wakeNow` is called.
   */
  wakeSoon?(turn: () => void): void;
  /** Nothing is ready: call `turn` at the deadline (early is allowed), or `stuck` once nothing can wake the loop any more. */
  wakeLater(idle: Idle, turn: () => void, stuck: () => void): void;
  /** Forget what was arranged; nothing of it may keep the process alive. */
  forget(): void;
}
