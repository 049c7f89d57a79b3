// The picture: rows from top to bottom, of which only what is in sight is drawn. Drawn anew when another part is to be seen;
// what moves with the moment is upon it, see overlay.ts. How it is moved and pointed at is in pointing.ts.
import { Axis, type AxisKind } from './axis.ts';
import { byId } from './element.ts';
import { Labels, type PlacedRow } from './labels.ts';
import { placesOf, type Row, rowsOf } from './lane-rows.ts';
import { drawOverlay } from './overlay.ts';
import { Paint, sized } from './paint.ts';
import { drawPath } from './path-drawing.ts';
import { drawRow } from './row-drawing.ts';
import type { View } from './view.ts';

const AXIS_HEIGHT = 22;

export class Lanes {
  axis: Axis;
  rows: readonly Row[] = [];
  /** Each row's distance from the top, and at the end that of the bottom. */
  #tops: number[] = [0];
  #places: ReadonlyMap<number, number> = new Map();
  readonly #opened = new Set<string>();
  #showPath = true;
  #paint = new Paint();
  readonly #view: View;
  readonly box: HTMLElement = byId('lanes');
  readonly picture: HTMLCanvasElement = byId<HTMLCanvasElement>('picture');
  readonly ticks: HTMLCanvasElement = byId<HTMLCanvasElement>('ticks');
  readonly #overlay = byId<HTMLCanvasElement>('overlay');
  readonly #labels: Labels;
  /** Of the picture, in pixels; as they were when it was drawn. */
  width = 0;
  #height = 0;

  constructor(view: View) {
    this.#view = view;
    this.#labels = new Labels(view, (key) => this.toggle(key));
    this.axis = new Axis(view.story, 'time');
    this.box.addEventListener('scroll', () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.box);
    this.#arrange();
  }

  /** Another palette: dark, light, or that of a printer. */
  repaint(): void {
    this.#paint = new Paint();
    this.draw();
  }

  along(kind: AxisKind): void {
    this.axis = new Axis(this.#view.story, kind);
    this.draw();
  }

  set showPath(shown: boolean) {
    this.#showPath = shown;
    this.draw();
  }

  zoom(factor: number, value?: number): void {
    const now = this.axis.valueOf(this.#view.player.n);
    const inSight = now >= this.axis.from && now <= this.axis.to;
    this.axis.zoom(factor, value ?? (inSight ? now : (this.axis.from + this.axis.to) / 2));
    this.draw();
  }

  fit(): void {
    this.axis.fit();
    this.draw();
  }

  pan(pixels: number): void {
    if (!this.axis.zoomed) return;
    this.axis.pan((pixels / this.width) * (this.axis.to - this.axis.from));
    this.draw();
  }

  /** The row at a distance from the top of the picture. */
  rowAt(y: number): Row | undefined {
    const place = this.#tops.findLastIndex((top) => top <= y + this.box.scrollTop);
    return this.rows[place];
  }

  toggle(key: string): void {
    if (!this.#opened.delete(key)) this.#opened.add(key);
    this.#arrange();
    this.draw();
  }

  /** The task whose row comes after that of the chosen one, or before it. */
  choose(by: 1 | -1): void {
    const tasks = this.rows.flatMap((row) =>
      row.kind === 'task' ? [row.lane.task] : row.kind === 'group' && !row.open ? [(row.lanes[0] as { task: number }).task] : [],
    );
    const here = this.#view.chosen ?? this.#view.task;
    const place = tasks.findIndex((task) => this.#places.get(task) === this.#places.get(here ?? -1));
    const next = tasks[Math.min(Math.max(place + by, 0), tasks.length - 1)];
    if (next === undefined) return;
    this.#view.choose(next);
    this.#scrollTo(next);
  }

  #scrollTo(task: number): void {
    const place = this.#places.get(task);
    if (place === undefined) return;
    const [top, bottom] = [this.#tops[place], this.#tops[place + 1]] as [number, number];
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (bottom > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = bottom - this.box.clientHeight;
  }

  #arrange(): void {
    this.rows = rowsOf(this.#view.story, this.#opened);
    this.#places = placesOf(this.rows);
    const coarse = matchMedia('(pointer: coarse), (max-width: 680px)').matches;
    this.#tops = [0];
    for (const row of this.rows) this.#tops.push((this.#tops.at(-1) as number) + (row.kind === 'group' ? 48 : coarse ? 40 : 27));
    byId('lanes-height').style.height = `${this.#tops.at(-1)}px`;
  }

  /** Draws what is in sight. */
  draw(): void {
    this.width = Math.max(this.box.clientWidth - this.#labels.width, 50);
    const whole = this.#tops.at(-1) as number;
    const printed = matchMedia('print').matches;
    this.#height = printed ? whole : Math.min(this.box.clientHeight, whole);
    const brush = sized(this.picture, this.width, this.#height);
    const paint = this.#paint;
    const ticks = this.axis.ticks(this.width);
    brush.fillStyle = paint.colour('rule');
    for (const { value } of ticks) brush.fillRect(Math.round(this.axis.x(value, this.width)), 0, 1, this.#height);
    const scroll = this.box.scrollTop;
    for (const { row, top, height } of this.#visible()) {
      if (row.kind === 'task' && row.lane.task === this.#view.chosen) {
        brush.fillStyle = paint.colour('press');
        brush.fillRect(0, top, this.width, height);
      }
      drawRow(brush, paint, this.#view.story, this.axis, row, { top, height, width: this.width });
      brush.fillStyle = paint.colour('rule');
      brush.fillRect(0, top + height - 1, this.width, 1);
    }
    const yOf = (task: number | undefined): number => this.#yOf(task, scroll);
    if (this.#showPath) drawPath(brush, paint, this.axis, this.#view.parts, yOf, { width: this.width, height: this.#height });
    this.#drawTicks(ticks);
    this.#labels.place(this.#visible(), this.box);
    this.update();
  }

  /** What belongs to the moment: the line through it, and the states beside the names. */
  update(): void {
    const scroll = this.box.scrollTop;
    const brush = sized(this.#overlay, this.width, this.#height);
    drawOverlay(brush, this.#paint, this.#view, this.axis, (task) => this.#yOf(task, scroll), { width: this.width, height: this.#height });
    this.#labels.update();
  }

  /** Moves along so that the moment can be seen. */
  follow(): void {
    if (this.axis.reveal(this.axis.valueOf(this.#view.player.n))) this.draw();
    else this.update();
  }

  *#visible(): Generator<PlacedRow> {
    const scroll = this.box.scrollTop;
    for (
      let i = Math.max(
        this.#tops.findLastIndex((top) => top <= scroll),
        0,
      );
      i < this.rows.length;
      i++
    ) {
      const top = (this.#tops[i] as number) - scroll;
      if (top > this.#height) return;
      yield { row: this.rows[i] as Row, top, height: (this.#tops[i + 1] as number) - (this.#tops[i] as number) };
    }
  }

  /** The middle of a task's row, of the loop's for what is no task's. */
  #yOf(task: number | undefined, scroll: number): number {
    const place = (task === undefined ? 0 : this.#places.get(task)) ?? 0;
    return ((this.#tops[place] as number) + (this.#tops[place + 1] as number)) / 2 - scroll;
  }

  #drawTicks(ticks: readonly { readonly value: number; readonly text: string }[]): void {
    const brush = sized(this.ticks, this.width, AXIS_HEIGHT);
    brush.font = '12px system-ui, sans-serif';
    brush.fillStyle = this.#paint.colour('soft');
    brush.textBaseline = 'middle';
    let free = 0;
    for (const { value, text } of ticks) {
      const x = this.axis.x(value, this.width);
      const wide = brush.measureText(text).width;
      const left = Math.min(Math.max(x - wide / 2, 2), this.width - wide - 2);
      if (left < free) continue;
      brush.fillText(text, left, AXIS_HEIGHT / 2);
      free = left + wide + 14;
    }
  }
}
