// Any moment of a run, fast, backwards as well: a copy of the moment is kept every so many events, and the nearest one before
// goes forward from there.
import type { LogEvent } from './log.ts';
import { Moment } from './moment.ts';
import type { Story } from './story.ts';

/** How many events lie between two kept moments. Going forward over as many takes well below a millisecond. */
const SPACING = 512;

/** The moments of a story, in any order. */
export class Replay {
  readonly #story: Story;
  readonly #spacing: number;
  /** Every `#spacing` events, as far as anybody has come. */
  readonly #kept: Moment[];
  #current: Moment;

  constructor(story: Story, spacing: number = SPACING) {
    this.#story = story;
    this.#spacing = spacing;
    this.#kept = [new Moment(story)];
    this.#current = (this.#kept[0] as Moment).copy();
  }

  /**
   * How everything stands right after event `n`; at the beginning or the end for one that lies outside of the log. To be
   * read only, and until the next call.
   */
  at(n: number): Moment {
    const { dropped, events } = this.#story.log;
    const target = Math.min(Math.max(n - dropped, 0), events.length);
    const nearest = this.#kept[Math.min(Math.floor(target / this.#spacing), this.#kept.length - 1)] as Moment;
    const current = this.#current.n - dropped;
    if (target < current || nearest.n - dropped > current) this.#current = nearest.copy();
    for (let done = this.#current.n - dropped; done < target; done++) {
      this.#current.apply(events[done] as LogEvent);
      if (done + 1 === this.#kept.length * this.#spacing) this.#kept.push(this.#current.copy());
    }
    return this.#current;
  }
}
