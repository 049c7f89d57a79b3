// Which moment of the run is shown, and how one gets to another: by event, step or iteration, by hand or as a film. Knows
// nothing of the page but its frames.
import type { LogEvent } from '../observe/log.ts';
import { partitionPoint } from '../observe/partition-point.ts';
import type { Story } from '../observe/story.ts';

export type Unit = 'iteration' | 'step' | 'event';

const BEGINS: Readonly<Record<Unit, (event: LogEvent) => boolean>> = {
  iteration: ({ event }) => event === 'iteration',
  step: ({ event }) => event === 'step' || event === 'handle',
  event: () => true,
};

export class Player {
  /** The number of the event that has just happened. */
  n: number;
  unit: Unit = 'step';
  /** Units a second, as a film. */
  speed = 4;
  playing = false;
  /** Called when anything of it has changed; at most once a frame by the film. */
  readonly #changed: () => void;
  /** Where one may stand, by unit: the first event, wherever a unit begins, and the last event. */
  readonly #stops: Readonly<Record<Unit, readonly number[]>>;
  #owed = 0;
  #lastFrame = 0;

  constructor(story: Story, changed: () => void) {
    const { events } = story.log;
    const stops = (unit: Unit): number[] => events.filter((event, i) => i === 0 || i === events.length - 1 || BEGINS[unit](event)).map(({ n }) => n);
    this.#stops = { iteration: stops('iteration'), step: stops('step'), event: stops('event') };
    this.n = this.#stops.event[0] ?? 0;
    this.#changed = changed;
  }

  /** How many stops there are of the unit that is set, and which one we are at or just past. */
  get stops(): number {
    return this.#stops[this.unit].length;
  }

  get stop(): number {
    return Math.max(placeIn(this.#stops[this.unit], this.n), 0);
  }

  get atEnd(): boolean {
    return this.n >= (this.#stops.event.at(-1) ?? 0);
  }

  get atStart(): boolean {
    return this.n <= (this.#stops.event[0] ?? 0);
  }

  /** To right after event `n`. */
  go(n: number): void {
    const all = this.#stops.event;
    this.n = Math.min(Math.max(n, all[0] ?? 0), all.at(-1) ?? 0);
    this.#changed();
  }

  goToStop(place: number): void {
    this.go(this.#stops[this.unit][place] ?? this.n);
  }

  /** On by so many units, or back. Between two stops, one back is to the one just passed. */
  move(by: number, unit: Unit = this.unit): void {
    const stops = this.#stops[unit];
    const place = placeIn(stops, this.n);
    const between = stops[place] !== this.n;
    this.go(stops[Math.min(Math.max(place + by + (between && by < 0 ? 1 : 0), 0), stops.length - 1)] ?? this.n);
  }

  toStart(): void {
    this.go(Number.NEGATIVE_INFINITY);
  }

  toEnd(): void {
    this.go(Number.POSITIVE_INFINITY);
  }

  set(change: { readonly unit?: Unit; readonly speed?: number }): void {
    Object.assign(this, change);
    this.#changed();
  }

  /** From the beginning, where there is nothing more to come. */
  play(): void {
    if (this.playing) return;
    if (this.atEnd) this.toStart();
    this.playing = true;
    this.#owed = 0;
    this.#lastFrame = performance.now();
    requestAnimationFrame(this.#frame);
    this.#changed();
  }

  pause(): void {
    this.playing = false;
    this.#changed();
  }

  readonly #frame = (now: number): void => {
    if (!this.playing) return;
    this.#owed += (Math.min(now - this.#lastFrame, 250) / 1000) * this.speed;
    this.#lastFrame = now;
    const whole = Math.floor(Math.max(this.#owed, 0));
    this.#owed -= whole;
    if (whole > 0) this.move(whole);
    if (this.atEnd) this.pause();
    else requestAnimationFrame(this.#frame);
  };
}

/** The place of the last number that is not above `n`, in numbers that ascend; -1 for none. */
function placeIn(numbers: readonly number[], n: number): number {
  return partitionPoint(numbers.length, (place) => (numbers[place] as number) <= n) - 1;
}
