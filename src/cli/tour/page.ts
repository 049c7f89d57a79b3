// A chapter as text: blocks of lines, each of which is best seen at once, and made when it is shown: a window may have become
// another meanwhile. Pure.
import stringWidth from 'string-width';
import type { Paint } from '../../observe/paint.ts';
import { cut } from '../../observe/text-width.ts';
import { timeline } from '../../observe/timeline.ts';
import type { Chapter } from './chapter.ts';
import { highlight } from './highlight.ts';
import { fold, wrap } from './layout.ts';
import { route } from './route.ts';
import type { Excerpt } from './source.ts';
import type { StopWords, TourWords } from './words.ts';

/** What the lines are made for. */
export interface Sheet {
  /** No line is wider, from 40 columns up. */
  readonly columns: number;
  readonly color: boolean;
  readonly paint: Paint;
  readonly words: TourWords;
}

export type Block = (sheet: Sheet) => readonly string[];

/** Prose in longer lines is hard to read. */
const LONGEST_LINE = 84;
const MARGIN = '  ';

/** @param place which chapter of how many; undefined for one by itself */
export function pageOf(chapter: Chapter, place: readonly [index: number, count: number] | undefined, words: TourWords): Block[] {
  const stop: StopWords = words.stops[chapter.name];
  return [
    (sheet) => [...heading(chapter, stop, place, sheet), '', ...prose([stop.watch.join(words.space)], sheet)],
    ...chapter.excerpts.map(
      (excerpt, i): Block =>
        (sheet) =>
          source(chapter, excerpt, i === 0, sheet),
    ),
    (sheet) => run(chapter, sheet),
    ...(chapter.findings.tasks === 0 ? [] : [(sheet: Sheet) => picture(chapter, sheet)]),
    (sheet) => reading(chapter, stop, sheet),
    (sheet) => next(chapter, stop, sheet),
  ];
}

/** Paragraphs, with an empty line between each two. */
export function prose(paragraphs: readonly string[], { columns, paint, color }: Sheet): string[] {
  const width = Math.min(columns, LONGEST_LINE) - MARGIN.length;
  return paragraphs.flatMap((paragraph, i) => [...(i > 0 ? [''] : []), ...wrap(paragraph, width).map((line) => MARGIN + marked(line, paint, color))]);
}

/** A line across the page with words in it. */
export function rule(left: string, right: string, { columns, paint }: Sheet): string {
  const [before, after] = [left === '' ? '' : `━━ ${left} `, right === '' ? '' : ` ${right} ━━`];
  const width = Math.min(columns, LONGEST_LINE);
  const middle = '━'.repeat(Math.max(0, width - before.length - after.length));
  return paint('bold', cut(before + middle + after, width));
}

/** Code between backticks is coloured instead, where there is colour. */
function marked(line: string, paint: Paint, color: boolean): string {
  return color ? line.replace(/`([^`]*)`/g, (_all, code: string) => paint('cyan', code)) : line;
}

function heading({ example, name }: Chapter, { title }: StopWords, place: readonly [number, number] | undefined, sheet: Sheet): string[] {
  const lines = wrap(title, sheet.columns - MARGIN.length).map((line) => MARGIN + sheet.paint('bold', line));
  return [rule(`${example.section}  ${name}`, place === undefined ? '' : `${place[0] + 1}/${place[1]}`, sheet), '', ...lines];
}

/** The head of a part, and what it is about. */
function label(text: string, beside: string, { columns, paint, words }: Sheet): string {
  if (beside === '') return MARGIN + paint('bold', text);
  const head = text + words.space;
  return MARGIN + paint('bold', head) + paint('dim', cut(beside, Math.max(1, columns - MARGIN.length - stringWidth(head))));
}

/** Its lines, with their numbers in the file. */
function source({ file, excerpts }: Chapter, { from, lines }: Excerpt, first: boolean, sheet: Sheet): string[] {
  const { columns, paint, color, words } = sheet;
  const digits = Math.max(...excerpts.map((excerpt) => String(excerpt.from + excerpt.lines.length).length));
  const margin = MARGIN.length + digits + 2;
  const numbered = lines.map((line, i) => {
    const shown = cut(line, columns - margin);
    const code = color ? highlight(shown, paint) : shown;
    return `${MARGIN}${paint('dim', String(from + i).padStart(digits))}  ${code}`.trimEnd();
  });
  return ['', ...(first ? [label(words.source, file, sheet), ''] : []), ...numbered];
}

function run({ command, printed }: Chapter, sheet: Sheet): string[] {
  const margin = MARGIN + MARGIN;
  const lines = printed.flatMap((line) => fold(line, sheet.columns - margin.length)).map((line) => margin + line);
  return ['', label(sheet.words.run, command, sheet), '', ...lines];
}

function picture({ log }: Chapter, sheet: Sheet): string[] {
  const { columns, color, words } = sheet;
  return ['', label(words.picture, '', sheet), '', ...timeline(log, { width: columns, color, words: words.timeline }).split('\n')];
}

/** How to read the picture; or why there is none. */
function reading({ findings }: Chapter, { reading }: StopWords, sheet: Sheet): string[] {
  const { words } = sheet;
  if (findings.tasks === 0) return ['', label(words.picture, '', sheet), '', ...prose([[words.noTasks, ...reading].join(words.space)], sheet)];
  return ['', ...prose([[...reading, ...words.findings(findings)].join(words.space)], sheet)];
}

function next({ example, name }: Chapter, stop: StopWords, sheet: Sheet): string[] {
  const { words, paint } = sheet;
  const tries = [...example.tries.map(([command], i) => [command, stop.tries[i] ?? ''] as const), [route[name].live, stop.live] as const];
  const commands = tries.flatMap(([command, shows]) => [
    MARGIN + MARGIN + paint('cyan', cut(command, sheet.columns - 4)),
    ...prose([shows], { ...sheet, columns: sheet.columns - 4 }).map((line) => MARGIN + MARGIN + line),
  ]);
  return ['', label(words.next, '', sheet), '', ...commands, '', ...prose([words.question + stop.question, words.change + stop.change], sheet)];
}
