// Where on the picture something stands: along the time of the run, or along the order of its events, each as wide as the
// other. What is shown of it is a window from `from` to `to`. Knows nothing of the page.
import type { Span } from '../observe/lanes.ts';
import type { Story } from '../observe/story.ts';

export type AxisKind = 'time' | 'order';

/** A mark on the axis. */
export interface Tick {
  readonly value: number;
  readonly text: string;
}

/** So much of the width a mark needs, in pixels. */
const ROOM = 75;

export class Axis {
  readonly kind: AxisKind;
  /** Of the whole run. */
  readonly start: number;
  readonly end: number;
  /** Of what is shown. */
  from: number;
  to: number;
  readonly #story: Story;

  constructor(story: Story, kind: AxisKind) {
    this.#story = story;
    this.kind = kind;
    const { dropped, events } = story.log;
    this.start = kind === 'time' ? story.from : dropped + 1;
    const last = Math.max(kind === 'time' ? story.to : dropped + events.length + 1, this.start + (kind === 'time' ? 0.001 : 1));
    this.end = last + (last - this.start) * 0.015; // Room for the marks of what ended last.
    this.from = this.start;
    this.to = this.end;
  }

  /** Where event `n` stands. */
  valueOf(n: number): number {
    if (this.kind === 'order') return n;
    const event = this.#story.event(n);
    return event === undefined ? this.start : this.#story.moment(event);
  }

  /** Where a span begins, and where it ends. */
  beginningOf(span: Span): number {
    return this.kind === 'time' ? span.from : span.first;
  }

  endOf(span: Span): number {
    if (this.kind === 'time') return span.to;
    return span.last === 0 ? this.end : span.last;
  }

  /** In pixels from the left of a picture of that width. */
  x(value: number, width: number): number {
    return ((value - this.from) / (this.to - this.from)) * width;
  }

  /** The reverse. */
  valueAt(x: number, width: number): number {
    return this.from + (x / width) * (this.to - this.from);
  }

  get zoomed(): boolean {
    return this.to - this.from < (this.end - this.start) * 0.999;
  }

  /** Shows less for a factor above 1, more below; what stands at `value` stays where it is. */
  zoom(factor: number, value: number): void {
    const whole = this.end - this.start;
    const least = this.kind === 'time' ? Math.min(whole, Math.max(whole / 1e6, 1e-3)) : Math.min(whole, 8);
    const length = Math.min(Math.max((this.to - this.from) / factor, least), whole);
    this.#show(value - ((value - this.from) / (this.to - this.from)) * length, length);
  }

  /** Moves what is shown, to the right for a positive distance. */
  pan(distance: number): void {
    this.#show(this.from + distance, this.to - this.from);
  }

  /** Moves as little as makes `value` visible, with some room on the side it came from; false where it was visible. */
  reveal(value: number): boolean {
    const length = this.to - this.from;
    if (value >= this.from && value <= this.to) return false;
    this.#show(value < this.from ? value - length * 0.75 : value - length * 0.25, length);
    return true;
  }

  fit(): void {
    this.from = this.start;
    this.to = this.end;
  }

  /** As many marks as there is room for, at round values. */
  ticks(width: number): Tick[] {
    const most = Math.max(Math.floor(width / ROOM), 1);
    const step = roundStep((this.to - this.from) / most, this.kind);
    const ticks: Tick[] = [];
    for (let i = Math.ceil(this.from / step); i * step <= this.to; i++) ticks.push({ value: i * step, text: this.#text(i * step, step) });
    return ticks;
  }

  #text(value: number, step: number): string {
    if (this.kind === 'order') return `event ${value}`;
    if (this.end >= 10_000 && step >= 10) return `${Number((value / 1000).toFixed(2))} s`;
    if (step >= 1) return `${Math.round(value)} ms`;
    return `${Number(value.toFixed(3))} ms`;
  }

  #show(from: number, length: number): void {
    this.from = Math.min(Math.max(from, this.start), this.end - length);
    this.to = this.from + length;
  }
}

/** The next of 1, 2, 5, 10, 20 ... from `least` up. */
function roundStep(least: number, kind: AxisKind): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((candidate) => candidate >= least * 0.9999) ?? 10 * power;
  return kind === 'order' ? Math.max(step, 1) : step;
}
