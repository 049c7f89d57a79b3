// What the marks of the picture mean, drawn by what draws the picture.
import type { Outcome } from '../observe/log.ts';
import { byId, h } from './element.ts';
import { type Brush, type Look, Paint, sized } from './paint.ts';
import { line } from './path-drawing.ts';

const [WIDTH, HEIGHT] = [30, 20];

export function showLegend(): void {
  const paint = new Paint();
  const look = (kind: Look) => (brush: Brush) => paint.stretch(brush, kind, 1, WIDTH - 1, 0, HEIGHT);
  const end = (outcome: Outcome) => (brush: Brush) => paint.end(brush, outcome, WIDTH / 2, HEIGHT / 2);
  const path = (brush: Brush): void => {
    brush.strokeStyle = paint.colour('path');
    line(brush, 1, HEIGHT / 2, 12, HEIGHT / 2, 3, []);
    line(brush, 12, HEIGHT / 2, WIDTH, HEIGHT / 2, 3, [7, 3]);
  };
  const marks: [string, (brush: Brush) => void][] = [
    ['runs', look('running')],
    ['ready', look('ready')],
    ['waits', look('waiting')],
    ['waits in line: a permit, lock, item', look('line')],
    ['the loop waits', look('host')],
    ['returned', end('returned')],
    ['raised an error', end('raised')],
    ['cancelled', end('cancelled')],
    ['asked to cancel', (brush) => paint.cancel(brush, WIDTH / 2, 5)],
    ['critical path', path],
  ];
  byId('legend').replaceChildren(
    ...marks.map(([text, draw]) => {
      const canvas = h('canvas', { 'aria-hidden': 'true' });
      draw(sized(canvas, WIDTH, HEIGHT));
      return h('li', {}, canvas, text);
    }),
  );
}
