// How things look in the picture: each state by its shape and pattern first, and by its colour.

import { waitsInLine } from '../observe/in-words.ts';
import type { Span } from '../observe/lanes.ts';
import type { Outcome } from '../observe/log.ts';

/** What a stretch of a lane shows; `line`: waiting in line, for a permit, lock, event or item; `host`: the loop waits for its host. */
export type Look = 'running' | 'ready' | 'waiting' | 'line' | 'host';

export function lookOf(span: Span): Look {
  return waitsInLine(span) ? 'line' : span.state;
}

type Colour = 'paper' | 'press' | 'ink' | 'soft' | 'rule' | 'edge' | 'running' | 'ready' | 'waiting' | 'line' | 'host' | 'failed' | 'path';

export type Brush = CanvasRenderingContext2D;

/** The colours of the page's style, and patterns of them. */
export class Paint {
  readonly #style = getComputedStyle(document.documentElement);
  readonly #colours = new Map<Colour, string>();
  readonly #hatch: CanvasPattern;
  readonly #cross: CanvasPattern;

  constructor() {
    this.#hatch = this.#pattern('ready', [[-1, 5, 5, -1]]);
    this.#cross = this.#pattern('host', [
      [-1, 7, 7, -1],
      [-1, -1, 7, 7],
    ]);
  }

  colour(name: Colour): string {
    let colour = this.#colours.get(name);
    if (colour === undefined) {
      colour = this.#style.getPropertyValue(`--${name}`).trim();
      this.#colours.set(name, colour);
    }
    return colour;
  }

  /** A stretch of a lane whose row is `height` high. What is too short to be seen is two pixels wide where something ran. */
  stretch(brush: Brush, look: Look, left: number, right: number, top: number, height: number): void {
    const width = right - left;
    const middle = Math.round(top + height / 2);
    const colour = this.colour(look);
    brush.fillStyle = colour;
    brush.strokeStyle = colour;
    switch (look) {
      case 'running':
        brush.fillRect(left, top + 4, Math.max(width, 2), height - 8);
        break;
      case 'ready':
        if (width < 3) brush.fillRect(left, middle - 5, Math.max(width, 1), 10);
        else this.#box(brush, this.#hatch, colour, left, middle - 5, width, 10);
        break;
      case 'waiting':
        brush.fillRect(left, middle - 1, Math.max(width, 0.5), 2);
        break;
      case 'line':
        brush.fillRect(left, middle - 4, Math.max(width, 0.5), 2);
        brush.fillRect(left, middle + 2, Math.max(width, 0.5), 2);
        for (let x = left + 3; x < right - 1; x += 6) brush.fillRect(x, middle - 4, 2, 8);
        break;
      case 'host':
        if (width >= 3) this.#box(brush, this.#cross, colour, left, middle - 6, width, 12);
        else brush.fillRect(left, middle - 6, Math.max(width, 1), 12);
        break;
    }
  }

  /** How a task ended: a dot, a cross, or a square that is struck through. */
  end(brush: Brush, outcome: Outcome, x: number, y: number): void {
    brush.lineWidth = 2;
    brush.strokeStyle = this.colour(outcome === 'raised' ? 'failed' : 'ink');
    brush.fillStyle = outcome === 'returned' ? this.colour('ink') : this.colour('paper');
    brush.beginPath();
    if (outcome === 'returned') {
      brush.arc(x, y, 4, 0, 2 * Math.PI);
      brush.fill();
    } else if (outcome === 'raised') {
      brush.lineWidth = 2.6;
      brush.moveTo(x - 5, y - 5);
      brush.lineTo(x + 5, y + 5);
      brush.moveTo(x + 5, y - 5);
      brush.lineTo(x - 5, y + 5);
      brush.stroke();
    } else {
      brush.rect(x - 4.5, y - 4.5, 9, 9);
      brush.fill();
      brush.moveTo(x - 4.5, y + 4.5);
      brush.lineTo(x + 4.5, y - 4.5);
      brush.stroke();
    }
    brush.lineWidth = 1;
  }

  /** A request to cancel: a flag that points down at the lane. */
  cancel(brush: Brush, x: number, top: number): void {
    brush.fillStyle = this.colour('failed');
    brush.beginPath();
    brush.moveTo(x - 5, top + 1);
    brush.lineTo(x + 5, top + 1);
    brush.lineTo(x, top + 9);
    brush.fill();
  }

  #box(brush: Brush, pattern: CanvasPattern, colour: string, left: number, top: number, width: number, height: number): void {
    brush.fillStyle = pattern;
    brush.fillRect(left, top, width, height);
    brush.strokeStyle = colour;
    brush.lineWidth = 1;
    brush.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  }

  #pattern(name: Colour, lines: readonly (readonly [number, number, number, number])[]): CanvasPattern {
    const size = name === 'ready' ? 4 : 6;
    const tile = document.createElement('canvas');
    tile.width = size;
    tile.height = size;
    const brush = tile.getContext('2d') as Brush;
    brush.fillStyle = this.colour('paper');
    brush.fillRect(0, 0, size, size);
    brush.strokeStyle = this.colour(name);
    brush.lineWidth = 1.2;
    for (const [x0, y0, x1, y1] of lines) {
      brush.moveTo(x0, y0);
      brush.lineTo(x1, y1);
    }
    brush.stroke();
    return brush.createPattern(tile, 'repeat') as CanvasPattern;
  }
}

/** Gives a canvas its size on the page, as sharp as the screen; what draws on it, in pixels of the page. */
export function sized(canvas: HTMLCanvasElement, width: number, height: number): Brush {
  const scale = window.devicePixelRatio || 1;
  const [w, h] = [Math.max(Math.round(width * scale), 1), Math.max(Math.round(height * scale), 1)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const brush = canvas.getContext('2d') as Brush;
  brush.setTransform(scale, 0, 0, scale, 0, 0);
  brush.clearRect(0, 0, width, height);
  return brush;
}
