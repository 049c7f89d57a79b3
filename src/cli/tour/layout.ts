// Text in so many columns: prose in lines, whether words stand between blanks or, as in Chinese, next to each other; and what
// must stay as it is, cut or folded.
import stringWidth from 'string-width';
import { UNIT } from '../../observe/durations.ts';
import { takeWhole } from '../../observe/text-width.ts';

/** What may not begin a line, and what may not end one. */
const CLOSING = /^[，。、；：！？）》」』】]/u;
const OPENING = /[（《「『【]$/u;

/** Blanks; a wide character, beside which a line may end; a word, with the code between backticks in it, of which nothing is torn apart. */
const PIECES = / +|[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]|(?:`[^`]*`|[^ `\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60])+|`/gu;

/** A number and its unit, which stay together. */
const MEASURE = new RegExp(`(\\d) (?=(?:${UNIT})\\b)`, 'g');
const TIED = '\u00a0';

/** Prose in lines of `room` columns at most, but for a character that is wider. */
export function wrap(text: string, room: number): string[] {
  const width = Math.max(1, room);
  const lines: string[] = [];
  let line = '';
  for (const unit of unitsOf(text.replace(MEASURE, `$1${TIED}`))) {
    if (line !== '' && stringWidth(line + unit.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += line === '' ? unit.trimStart() : unit;
    while (stringWidth(line.trimEnd()) > width) {
      const [first, ...rest] = fold(line, width) as [string, ...string[]];
      lines.push(first);
      line = rest.join('');
    }
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  return lines.map((text) => text.replaceAll(TIED, ' '));
}

/** What stays together on a line, with the blank before it. */
function unitsOf(text: string): string[] {
  const units: string[] = [];
  let torn = true;
  for (const [piece] of text.matchAll(PIECES)) {
    const blank = piece.startsWith(' ');
    const last = units.at(-1);
    if (last !== undefined && !blank && (!torn || CLOSING.test(piece) || OPENING.test(last))) units[units.length - 1] = last + piece;
    else units.push(piece);
    // Behind a blank comes the word it stands before; between two words without one nothing may end but at a wide character.
    torn = !blank;
  }
  return units;
}

/** All of it, in lines of so many columns; torn at a blank where one is near. */
export function fold(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (stringWidth(rest) > width) {
    const whole = takeWhole(rest, width);
    const blank = whole.lastIndexOf(' ');
    const line = blank > whole.length / 3 ? whole.slice(0, blank + 1) : whole;
    if (line === '') break;
    lines.push(line.trimEnd());
    rest = rest.slice(line.length);
  }
  return [...lines, rest];
}
