// One JSON object a line, for programs: everything an example shows, as facts.
import type { Bar, Facts } from '../../demos/demo.ts';
import { PlainScreen } from './plain.ts';
import type { Print } from './screen.ts';

export class JsonScreen extends PlainScreen {
  readonly #command: string;
  readonly #clock: { time(): number };
  readonly #start: number;
  readonly #print: Print;

  /** @param clock the loop's, in ms; what is shown counts from now. */
  constructor(command: string, clock: { time(): number }, out: Print, err: Print) {
    super(out, err);
    this.#command = command;
    this.#clock = clock;
    this.#start = clock.time();
    this.#print = out;
  }

  override line(_text: string | undefined, facts: Facts): void {
    this.#write(facts);
  }

  override failure(_text: string, facts: Facts): void {
    this.failures += 1;
    this.#write(facts);
  }

  override async bar(total: number): Promise<Bar> {
    return {
      update: (done, elapsed) => this.#write({ event: 'progress', done, total, elapsed: Math.round(elapsed) }),
      finish: () => {},
    };
  }

  #write({ event, ...facts }: Facts): void {
    const at = Math.round(this.#clock.time() - this.#start);
    this.#print(JSON.stringify({ command: this.#command, event, at, ...facts }));
  }
}
