// What the command line needs of a screen beyond what examples see of it.
import type { Screen } from '../../demos/demo.ts';

/** A screen with an end, and a count of what failed on it. */
export interface CommandScreen extends Screen {
  /** How many failures were told. */
  readonly failures: number;
  /** An error that ends the command, or that nobody else could receive. */
  complaint(text: string): void;
  /** Leaves the terminal as it was. Closing twice is fine. */
  close(): void;
}

/** Where text goes: one whole line, without its end. */
export type Print = (line: string) => void;
