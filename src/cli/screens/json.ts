// One JSON object a line, for programs: everything an example shows, as facts.
import type { Bar, Facts, Spinner } from '../../demos/demo.ts';
import type { CommandScreen, Print } from './screen.ts';

export class JsonScreen implements CommandScreen {
  readonly animated = false;
  failures = 0;
  readonly #command: string;
  readonly #clock: { time(): number };
  readonly #start: number;
  readonly #out: Print;
  readonly #err: Print;

  /** @param clock the loop's, in ms; what is shown counts from now. */
  constructor(command: string, clock: { time(): number }, out: Print, err: Print) {
    this.#command = command;
    this.#clock = clock;
    this.#start = clock.time();
    this.#out = out;
    this.#err = err;
  }

  line(_text: string | undefined, facts: Facts): void {
    this.#write(facts);
  }

  failure(_text: string, facts: Facts): void {
    this.failures += 1;
    this.#write(facts);
  }

  complaint(text: string): void {
    this.#err(text);
  }

  status(_text: string): void {}

  async spinner(): Promise<Spinner> {
    return { draw: () => {}, clear: () => {} };
  }

  async bar(total: number): Promise<Bar> {
    return {
      update: (done, elapsed) => this.#write({ event: 'progress', done, total, elapsed: Math.round(elapsed) }),
      finish: () => {},
    };
  }

  close(): void {}

  #write({ event, ...facts }: Facts): void {
    this.#out(JSON.stringify({ command: this.#command, event, at: Math.round(this.#clock.time() - this.#start), ...facts }));
  }
}
