// The contract between an example and whoever shows it: an example gets a stage, prints on its screen, and knows nothing
// of terminals, formats or exit codes.
import type { EmbeddedServer } from '../http/index.ts';
import type { EventLoop } from '../loop/index.ts';

/** What `--json` prints of a line, beside the command and the loop's time. */
export interface Facts {
  readonly event: string;
  readonly [fact: string]: string | number | boolean | null | readonly (string | number)[];
}

/** Characters that turn, on a line that is drawn over and over. */
export interface Spinner {
  draw(frame: string, message: string): void;
  /** Wipes the line. */
  clear(): void;
}

/** A progress bar on the last line. */
export interface Bar {
  /** So many of the total are done, after so many ms. */
  update(done: number, elapsed: number): void;
  /** Leaves the bar as it is and goes to the next line. */
  finish(): void;
}

/** Where an example shows what it does. */
export interface Screen {
  /** Whether pictures move here: on a terminal, and nowhere else. */
  readonly animated: boolean;
  /** A result: one line of text (none, where it is for machines only), and the same as facts. */
  line(text: string | undefined, facts: Facts): void;
  /** Something failed, and the rest goes on: the command will end with 1. */
  failure(text: string, facts: Facts): void;
  /** A passing remark, replaced by the next one and wiped by an empty one. Only where pictures move. */
  status(text: string): void;
  spinner(): Promise<Spinner>;
  bar(total: number): Promise<Bar>;
}

/** Everything an example is given. */
export interface Stage {
  /** A fresh loop. The example may close it; whatever it leaves is cleaned up. */
  readonly loop: EventLoop;
  readonly screen: Screen;
  /** Numbers from 0 up to 1, the same ones for the same `--seed`. */
  readonly random: () => number;
  /** The embedded server, started when first asked for. */
  server(): Promise<EmbeddedServer>;
}

/** An example: runs to its end on the stage. Throws what should end the command. */
export type Run<Options> = (stage: Stage, options: Options) => Promise<void>;

/** `30` for 30,000 ms: durations are shown in seconds, as in the article. */
export function seconds(ms: number): string {
  return String(Math.round(ms) / 1000);
}
