// Draws the rows of the picture: the loop's, a task's, and that of a group of tasks as how many of them are in which state.
import type { Lane, Span } from '../observe/lanes.ts';
import { partitionPoint } from '../observe/partition-point.ts';
import type { Story } from '../observe/story.ts';
import type { Axis } from './axis.ts';
import type { Row } from './lane-rows.ts';
import { type Brush, type Look, lookOf, type Paint } from './paint.ts';

/** Where on the canvas a row is to be drawn. */
export interface Place {
  readonly top: number;
  readonly height: number;
  readonly width: number;
}

/** How far apart marks stand that are too many to be told apart, in pixels. */
const COMB = 4;

export function drawRow(brush: Brush, paint: Paint, story: Story, axis: Axis, row: Row, place: Place): void {
  if (row.kind === 'loop') drawLoop(brush, paint, story, axis, place);
  else if (row.kind === 'task') drawTask(brush, paint, story, axis, row.lane, place);
  else drawGroup(brush, paint, axis, row.lanes, place);
}

/** The loop: where it waited for its host, where an iteration began, and the callbacks it ran. */
function drawLoop(brush: Brush, paint: Paint, { polls, iterations, calls, log }: Story, axis: Axis, { top, height, width }: Place): void {
  const end = log.dropped + log.events.length;
  for (const { first, last } of polls) {
    const [left, right] = [axis.x(axis.valueOf(first), width), axis.x(axis.valueOf(last || end), width)];
    if (right >= 0 && left <= width) paint.stretch(brush, 'host', Math.max(left, -8), Math.min(right, width + 8), top, height);
  }
  brush.fillStyle = paint.colour('edge');
  let drawn = -COMB;
  for (const { event } of iterations) {
    const x = axis.x(axis.valueOf(event.n), width);
    if (x < drawn + COMB || x < 0 || x > width) continue;
    brush.fillRect(x, top + height - 7, 1, 6);
    drawn = x;
  }
  const ran = calls.map(({ first, last }) => [axis.x(axis.valueOf(first), width), axis.x(axis.valueOf(last || end), width)] as const);
  drawRunning(
    brush,
    paint,
    ran.filter(([left, right]) => right >= 0 && left <= width),
    { top, height, width },
  );
}

function drawTask(brush: Brush, paint: Paint, story: Story, axis: Axis, lane: Lane, { top, height, width }: Place): void {
  const middle = top + height / 2;
  const spans = lane.spans;
  let drawn: { look: Look | undefined; right: number } = { look: undefined, right: -1e9 };
  const ran: [left: number, right: number][] = [];
  for (let i = firstVisible(spans, axis); i < spans.length; i++) {
    const span = spans[i] as Span;
    const left = axis.x(axis.beginningOf(span), width);
    if (left > width) break;
    const right = axis.x(axis.endOf(span), width);
    const look = lookOf(span);
    if (look === 'running') {
      ran.push([left, right]);
      continue;
    }
    if (look === 'ready' && right - left < 0.3) continue; // It need not wait, as far as one could see.
    if (right - left < 0.5 && look === drawn.look && right - drawn.right < 0.5) continue; // Upon what is drawn already.
    paint.stretch(brush, look, Math.max(left, -8), Math.min(right, width + 8), top, height);
    drawn = { look, right: Math.max(right, left + 0.5) };
    if (right - left > 64 && span.suspension !== undefined && span.state === 'waiting') {
      drawText(brush, paint, story.describeWait(span.suspension), Math.max(left, 0) + 8, Math.min(right, width) - 8, middle, look);
    }
  }
  drawRunning(brush, paint, ran, { top, height, width }); // Over all else: it is what one looks for.
  for (const cancel of lane.cancels) {
    const x = axis.x(axis.valueOf(cancel.n), width);
    if (x >= -5 && x <= width + 5) paint.cancel(brush, x, top);
  }
  if (lane.end === undefined) return;
  const x = axis.x(axis.valueOf(lane.end.n), width);
  if (x >= -5 && x <= width + 5) paint.end(brush, lane.end.outcome, Math.min(x + 5, width - 5), middle);
}

/** Steps, as long as they took. Of those too short to be seen only so many are drawn that one does not take them for a long one. */
function drawRunning(brush: Brush, paint: Paint, ran: readonly (readonly [left: number, right: number])[], { top, height, width }: Place): void {
  let free = -1e9;
  for (const [left, right] of ran) {
    const short = right - left < 2;
    if (short && left < free) continue;
    paint.stretch(brush, 'running', Math.max(left, -8), Math.min(right, width + 8), top, height);
    free = (short ? left : right) + COMB;
  }
}

/** What is waited for, on the line that shows the waiting, where there is room. */
function drawText(brush: Brush, paint: Paint, text: string, left: number, right: number, middle: number, look: Look): void {
  const room = Math.floor((right - left) / 6.6);
  if (room < 7) return;
  const shown = text.length > room ? `${text.slice(0, room - 1)}…` : text;
  brush.font = '11.5px system-ui, sans-serif';
  brush.fillStyle = paint.colour('paper');
  brush.fillRect(left, middle - 7, brush.measureText(shown).width + 8, 14);
  brush.fillStyle = paint.colour(look === 'line' ? 'line' : 'soft');
  brush.textBaseline = 'middle';
  brush.fillText(shown, left + 4, middle + 0.5);
}

const STACKED: readonly Look[] = ['waiting', 'line', 'ready'];

/** As how many of the tasks are in which state, one state upon the other; a dash above where one of them ran. */
function drawGroup(brush: Brush, paint: Paint, axis: Axis, lanes: readonly Lane[], { top, height, width }: Place): void {
  const columns = Math.max(Math.ceil(width), 1);
  const changes = new Map(STACKED.map((look) => [look, new Float32Array(columns + 1)]));
  const ran = new Uint8Array(columns + 1);
  for (const { spans } of lanes) {
    for (let i = firstVisible(spans, axis); i < spans.length; i++) {
      const span = spans[i] as Span;
      const left = Math.max(Math.round(axis.x(axis.beginningOf(span), width)), 0);
      if (left > columns) break;
      const right = Math.min(Math.round(axis.x(axis.endOf(span), width)), columns);
      const change = changes.get(lookOf(span));
      if (change === undefined) ran.fill(1, left, Math.max(right, left + 1));
      else if (right > left) {
        change[left] = (change[left] as number) + 1;
        change[right] = (change[right] as number) - 1;
      }
    }
  }
  const [room, bottom] = [height - 13, top + height - 3];
  const counts = STACKED.map(() => 0);
  const heights = STACKED.map(() => 0);
  let since = 0;
  const flush = (until: number): void => {
    let base = bottom;
    STACKED.forEach((look, i) => {
      const tall = heights[i] as number;
      if (tall > 0.3) stack(brush, paint, look, since, base - tall, until - since, tall);
      base -= tall;
    });
    since = until;
  };
  for (let column = 0; column <= columns; column++) {
    let differs = false;
    STACKED.forEach((look, i) => {
      counts[i] = (counts[i] as number) + ((changes.get(look) as Float32Array)[column] as number);
      differs ||= Math.abs(((counts[i] as number) / lanes.length) * room - (heights[i] as number)) > 0.01;
    });
    if (!differs && column < columns) continue;
    flush(column);
    counts.forEach((count, i) => {
      heights[i] = (count / lanes.length) * room;
    });
  }
  brush.fillStyle = paint.colour('running');
  for (let column = 0; column < columns; column++) if (ran[column] === 1) brush.fillRect(column, top + 3, 1.5, 5);
}

/** Waiting: grey. In line: with rungs, as its lanes have. Ready: full. */
function stack(brush: Brush, paint: Paint, look: Look, left: number, top: number, width: number, height: number): void {
  brush.fillStyle = paint.colour(look);
  if (look === 'line') {
    brush.globalAlpha = 0.35;
    brush.fillRect(left, top, width, height);
    brush.globalAlpha = 1;
    for (let x = Math.ceil(left / 6) * 6; x < left + width; x += 6) brush.fillRect(x, top, 2, height);
  } else {
    brush.globalAlpha = look === 'waiting' ? 0.45 : 1;
    brush.fillRect(left, top, width, height);
    brush.globalAlpha = 1;
  }
}

/** The place of the first span that reaches into what is shown. */
function firstVisible(spans: readonly Span[], axis: Axis): number {
  return partitionPoint(spans.length, (place) => axis.endOf(spans[place] as Span) < axis.from);
}
