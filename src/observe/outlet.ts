// What pours a recording out while it goes on: when a chunk of events is full, and though little happens, four times a second: a
// program that hangs is one that is killed, and its log is wanted most. One timer and one listener for all recordings, only while
// one of their loops runs; neither keeps the process alive.
import type { Columns } from './columns.ts';
import type { LogEvent } from './log.ts';

/** Ms. What happened before is there when a process is killed. */
const INTERVAL = 250;

/** What an outlet needs of a recording. */
export interface Source {
  readonly columns: Columns;
  /** Takes what was recorded since it was last given something. */
  give(events: readonly LogEvent[]): void;
  /** Whether more may happen. */
  isRunning(): boolean;
  /** Told what `give` threw where nobody else hears of it; nothing is poured any more. */
  failed(error: unknown): void;
}

/** Gives all events of a recording away, oldest first, each once. */
export class Outlet {
  readonly #source: Source;
  /** The last event that was given away. */
  #poured = 0;

  constructor(source: Source) {
    this.#source = source;
    source.columns.droppable = 0;
  }

  /** A run begins: from now on it pours by itself as well. Opening twice is fine. */
  open(): void {
    if (pouring.size === 0) {
      timer = setInterval(pourAll, INTERVAL).unref();
      process.on('exit', pourAll);
    }
    pouring.add(this);
  }

  /** Ends that. Closing twice is fine. */
  close(): void {
    if (!pouring.delete(this) || pouring.size > 0) return;
    clearInterval(timer);
    process.off('exit', pourAll);
  }

  /** Gives away what there is; of fewer events than `atLeast`, none. */
  pour(atLeast: number = 1): void {
    const { columns } = this.#source;
    if (columns.count - this.#poured < atLeast) return;
    const events = columns.read(this.#poured + 1);
    this.#poured = columns.count;
    columns.droppable = this.#poured;
    this.#source.give(events);
  }

  /** Between runs nothing happens: then this is the last time, and nothing keeps the recording from being collected. */
  pourByItself(): void {
    try {
      if (!this.#source.isRunning()) this.close();
      this.pour();
    } catch (error) {
      this.close();
      this.#source.failed(error);
    }
  }
}

const pouring = new Set<Outlet>();
let timer: NodeJS.Timeout | undefined;

function pourAll(): void {
  for (const outlet of pouring) outlet.pourByItself();
}
