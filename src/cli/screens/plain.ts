// Lines of text, for pipes, files and CI: results on one stream, errors on the other, nothing that moves.
import type { Bar, Facts, Spinner } from '../../demos/demo.ts';
import { shownText } from '../../observe/shown-text.ts';
import { formatProgress, type Progress } from '../tqdm.ts';
import type { CommandScreen, Print } from './screen.ts';

/** As wide as the article's line; there is no terminal to fit. */
const WIDTH = 80;

export class PlainScreen implements CommandScreen {
  readonly animated = false;
  failures = 0;
  readonly #out: Print;
  readonly #err: Print;
  readonly #barTo: Print;

  /** @param barTo where the last state of a progress bar goes: with the errors unless given. */
  constructor(out: Print, err: Print, barTo: Print = err) {
    this.#out = out;
    this.#err = err;
    this.#barTo = barTo;
  }

  line(text: string | undefined, _facts: Facts): void {
    if (text !== undefined) this.#out(shownText(text));
  }

  failure(text: string, _facts: Facts): void {
    this.failures += 1;
    this.#err(shownText(text));
  }

  complaint(text: string): void {
    this.#err(text);
  }

  status(_text: string): void {}

  async spinner(): Promise<Spinner> {
    return { draw: () => {}, clear: () => {} };
  }

  async bar(total: number): Promise<Bar> {
    let progress: Progress = { done: 0, total, elapsed: 0 };
    return {
      update: (done, elapsed) => {
        progress = { done, total, elapsed };
      },
      finish: () => this.#barTo(formatProgress(progress, WIDTH)),
    };
  }

  close(): void {}
}
