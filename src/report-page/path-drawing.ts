// Draws the critical path over the lanes: along the lane whose time it was, from lane to lane where one has waited for another.
import type { Part } from '../observe/critical-path.ts';
import type { Axis } from './axis.ts';
import type { Brush, Paint } from './paint.ts';

/** What a picture measures. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** So far apart it goes from lane to lane, where it does so more often than could be seen. */
const APART = 6;

/** `yOf`: the middle of a task's row. Solid where something ran, dashed where it waited. */
export function drawPath(
  brush: Brush,
  paint: Paint,
  axis: Axis,
  parts: readonly Part[],
  yOf: (task: number | undefined) => number,
  { width, height }: Size,
): void {
  brush.save();
  brush.beginPath();
  brush.rect(0, 0, width, height);
  brush.clip();
  brush.strokeStyle = paint.colour('path');
  let free = Number.NEGATIVE_INFINITY;
  let before: { x: number; y: number } | undefined;
  for (const { from, to, task, spent } of parts) {
    const y = yOf(task) + 9;
    const [left, right] = [axis.x(axis.valueOf(from.n), width), axis.x(axis.valueOf(to.n), width)];
    if (right >= -20 && left <= width + 20) {
      if (before !== undefined && before.y !== y && left >= free) {
        line(brush, left, before.y, left, y, 1.5, []);
        free = left + APART;
      }
      if (right - left > 0.2) line(brush, Math.max(left, -20), y, Math.min(right, width + 20), y, 3, spent === 'running' ? [] : [7, 3]);
    }
    before = { x: right, y };
  }
  brush.restore();
}

export function line(brush: Brush, x0: number, y0: number, x1: number, y1: number, thick: number, dash: number[]): void {
  brush.lineWidth = thick;
  brush.setLineDash(dash);
  brush.beginPath();
  brush.moveTo(x0, y0);
  brush.lineTo(x1, y1);
  brush.stroke();
}
