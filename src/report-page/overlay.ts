// What moves over the lanes: the line through the moment that is shown; why the step that is looked at ran, as a line from
// cause to cause; who created the chosen task and who asked it to cancel.
import type { LogEvent } from '../observe/log.ts';
import type { Axis } from './axis.ts';
import type { Brush, Paint } from './paint.ts';
import { line, type Size } from './path-drawing.ts';
import type { View } from './view.ts';

/** So many causes are drawn; more is in the list. */
const MOST = 12;

export function drawOverlay(brush: Brush, paint: Paint, view: View, axis: Axis, yOf: (task: number | undefined) => number, { width, height }: Size): void {
  const { story, player, chosen, explained } = view;
  const xOf = (n: number): number => axis.x(axis.valueOf(n), width);
  const rowOf = (event: LogEvent): number => yOf('task' in event ? event.task : story.taskOf(event));

  if (explained !== undefined) {
    const points = [explained, ...story.why(explained.n).slice(0, MOST)].map((event) => ({ x: xOf(event.n), y: rowOf(event) }));
    brush.strokeStyle = paint.colour('ink');
    points.forEach((point, i) => {
      const next = points[i + 1];
      if (next !== undefined) line(brush, next.x, next.y, point.x, point.y, 1.5, []);
    });
    brush.fillStyle = paint.colour('paper');
    for (const { x, y } of points) {
      brush.beginPath();
      brush.arc(x, y, 3.5, 0, 2 * Math.PI);
      brush.fill();
      brush.stroke();
    }
  }

  const lane = chosen === undefined ? undefined : story.lanes.get(chosen);
  if (lane !== undefined) {
    brush.strokeStyle = paint.colour('soft');
    brush.fillStyle = paint.colour('soft');
    if (lane.creator !== undefined) arrow(brush, xOf(lane.created), yOf(lane.creator), yOf(lane.task));
    brush.strokeStyle = paint.colour('failed');
    brush.fillStyle = paint.colour('failed');
    for (const cancel of lane.cancels) arrow(brush, xOf(cancel.n), yOf(story.taskOf(cancel)), yOf(lane.task) - 4);
  }

  const x = xOf(player.n);
  if (x < -1 || x > width + 1) return;
  brush.strokeStyle = paint.colour('ink');
  line(brush, Math.round(x) + 0.5, 0, Math.round(x) + 0.5, height, 1.5, []);
  brush.fillStyle = paint.colour('ink');
  triangle(brush, x, 7, 6, -7);
}

/** Upright, with its point at `to`. */
function arrow(brush: Brush, x: number, from: number, to: number): void {
  const down = to > from ? 1 : -1;
  line(brush, x, from, x, to - 6 * down, 1.5, [3, 3]);
  brush.setLineDash([]);
  triangle(brush, x, to - 3 * down, 4, -6 * down);
}

/** With its point at `y`, its base `tall` from there. */
function triangle(brush: Brush, x: number, y: number, half: number, tall: number): void {
  brush.beginPath();
  brush.moveTo(x, y);
  brush.lineTo(x - half, y + tall);
  brush.lineTo(x + half, y + tall);
  brush.fill();
}
