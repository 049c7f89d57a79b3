// Text in so many columns of a terminal.
import stringWidth from 'string-width';
import { UNIT } from './durations.ts';

/** The columns a text takes; colours take none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** The columns of the widest. Without spreading, since there may be a hundred thousand. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);
}

/** Not more of it than so many columns: `…` at the end of what is cut. */
export function cut(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${takeWhole(text, width - 1)}…`;
}

/** The end of a text, `…` in front of it, where all of it is too wide. */
export function cutFront(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return `…${fitting(segmentsOf(text).reverse(), width - 1)
    .reverse()
    .join('')}`;
}

/** Just so many columns of it. */
export function padded(text: string, width: number): string {
  const shown = cut(text, width);
  return shown + ' '.repeat(Math.max(0, width - widthOf(shown)));
}

/** Parts on as many lines as they need. */
export function wrapParts(parts: readonly string[], between: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = `${last}${between}${part}`;
    if (last !== undefined && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(cut(part, width));
  }
  return lines;
}

/** A space at which a line may end: the first of several, and not between a number and its unit, which are read as one. */
const BREAK = new RegExp(`(?<! |\\d(?= (?:${UNIT})\\b)) `);

/** A text in lines, broken at spaces, the second and later ones two columns narrower; a word that is too wide loses its front. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(BREAK)) {
    const room = lines.length === 0 ? width : width - 2;
    if (line !== '' && widthOf(line) + 1 + widthOf(word) <= room) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    line = cutFront(word, width - 2);
  }
  return [...lines, line];
}

/** What a reader takes for one character each. */
function segmentsOf(text: string): string[] {
  return [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
}

/** As much of it, from the beginning on, as fits, and no half of a character. */
export function takeWhole(text: string, width: number): string {
  return fitting(segmentsOf(text), width).join('');
}

/** As many of them, from the first on, as fit. */
function fitting(segments: readonly string[], width: number): string[] {
  let columns = 0;
  const end = segments.findIndex((segment) => {
    columns += widthOf(segment);
    return columns > width;
  });
  return segments.slice(0, end === -1 ? undefined : end);
}
