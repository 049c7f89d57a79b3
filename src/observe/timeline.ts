// A run as a picture for a terminal.
import { chartOf, type Doing, GLYPHS, levelsOf, type Row } from './chart.ts';
import { axisMarks, formatDuration } from './durations.ts';
import { type Figures, figuresOf, HISTOGRAM_ENDS } from './figures.ts';
import { type Group, groupLanes } from './lane-groups.ts';
import type { PrimitiveStory } from './lanes.ts';
import type { Log } from './log.ts';
import { type Paint, painter, type Style } from './paint.ts';
import { shownText } from './shown-text.ts';
import { Story } from './story.ts';
import { cut, padded, widest, wrapParts } from './text-width.ts';
import { ENGLISH, type TimelineWords } from './timeline-words.ts';
import { endOf, wakersOf } from './wakers.ts';

export interface TimelineOptions {
  /** How many columns there are. 80 unless given; with fewer than 40 it is drawn for 40. */
  readonly width?: number;
  /** Whether colours are used. False unless given. */
  readonly color?: boolean;
  /** With more tasks than this, those alike share a row. 24 unless given. */
  readonly most?: number;
  /** The words it uses. English unless given. */
  readonly words?: TimelineWords;
}

const STYLES: Readonly<Record<Doing, Style>> = {
  running: 'green',
  step: 'green',
  ready: 'yellow',
  timer: 'blue',
  task: 'blue',
  primitive: 'magenta',
  future: 'cyan',
  returned: 'green',
  raised: 'red',
  cancelled: 'yellow',
};

/** The order in which signs are explained. */
const EXPLAINED: readonly Doing[] = ['step', 'running', 'ready', 'timer', 'task', 'primitive', 'future', 'returned', 'raised', 'cancelled'];

/** What all parts of it are drawn with. */
interface Pen {
  readonly width: number;
  readonly paint: Paint;
  readonly words: TimelineWords;
}

const NARROWEST = 40;
const WIDEST = 10_000;
const WIDEST_NAME = 28;
const WIDEST_NOTE = 34;

/**
 * A chart of a run: a row a task, with what it was doing and how it ended; what was free of each primitive; and the run in
 * numbers. Lines of text, none wider than `width`.
 *
 * @throws RangeError for a width that is none.
 *
 * @example
 * ```ts
 * import { type Coroutine, createTask, EventLoop, sleep, VirtualDriver } from 'asyncdemo';
 * import { record, timeline } from 'asyncdemo/observe';
 *
 * function* main(): Coroutine<void> {
 *   const task = createTask(sleep(2000), { name: 'sleeper' });
 *   yield* sleep(1000);
 *   yield* task;
 * }
 * const loop = new EventLoop({ driver: new VirtualDriver() });
 * const recorder = record(loop, { wall: false });
 * await loop.runUntilComplete(main());
 * console.log(timeline(recorder.stop(), { width: 60 }));
 * loop.close();
 * // 2 s of virtual time, 2 tasks
 * //
 * //         0            0.5          1            1.5       2 s
 * // Task-1  ┃─────────────────────────┃┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄✔
 * // sleeper ┃──────────────────────────────────────────────────✔
 * //
 * // ┃ a step  ─ waits for a timer  ┄ for tasks  ✔ returned
 * //
 * // 8 iterations, 5 steps, 3 callbacks
 * // in virtual time they take none
 * ```
 */
export function timeline(log: Log, options: TimelineOptions = {}): string {
  const story = new Story(log);
  const { width = 80 } = options;
  if (!(width >= 0)) throw new RangeError(`timeline: expected a width in columns, got ${width}`);
  const pen: Pen = { width: Math.max(NARROWEST, Math.floor(Math.min(width, WIDEST))), paint: painter(options.color === true), words: options.words ?? ENGLISH };
  const figures = figuresOf(story);
  return [headline(story, figures, pen), '', ...chart(story, options.most ?? 24, pen), '', ...footer(story, figures, pen)].join('\n');
}

function headline({ log, to, from }: Story, { tasks }: Figures, { width, paint, words }: Pen): string {
  const title = [log.title, words.lasted(formatDuration(to - from), log.virtual), words.tasks(grouped(tasks))].filter((part) => part !== '');
  return paint('bold', cut(shownText(title.join(words.comma)), width));
}

/** The axis, a row for each group of tasks and each primitive, and what the signs mean. */
function chart(story: Story, most: number, pen: Pen): string[] {
  const { width, paint, words } = pen;
  const groups = groupLanes(story.lanes.values(), most);
  const primitives = [...story.primitives.values()].filter(({ acts }) => acts.some((act) => 'size' in act || act.free !== undefined));
  const names = groups.map((group) => nameOf(story, group));
  const levels = primitives.map((primitive) => shownText(levelNameOf(primitive, words)));
  const notes = groups.map((group) => noteOf(story, group, words));
  const nameWidth = Math.min(WIDEST_NAME, Math.floor(width / 3), widest([...names, ...levels]));
  // Beside a chart too narrow to be read no notes are of use.
  const noteWidth = width < 72 ? 0 : Math.min(WIDEST_NOTE, Math.floor(width / 3), widest(notes));
  const columns = width - nameWidth - 1 - (noteWidth > 0 ? noteWidth + 1 : 0);
  const rows = groups.map((group) => chartOf(story, group, columns));
  const line = (name: string, cells: string, note: string): string =>
    `${padded(name, nameWidth)} ${cells}${noteWidth > 0 ? ` ${paint('dim', cut(note, noteWidth))}` : ''}`.trimEnd();
  return [
    `${' '.repeat(nameWidth)} ${paint('dim', axis(story, columns))}`,
    ...rows.map((row, i) => line(names[i] as string, drawRow(row, paint), notes[i] as string)),
    ...primitives.map((primitive, i) => line(levels[i] as string, drawLevels(levelsOf(story, primitive, columns), paint), '')),
    '',
    ...legend(rows, primitives.length > 0, pen),
  ];
}

function nameOf(story: Story, group: Group): string {
  const [first] = group;
  if (group.length === 1) return shownText(story.titleOf(first.task));
  return shownText(`${group.length} × ${first.coroutine === undefined ? `${first.name} ...` : `${first.coroutine}()`}`);
}

/** A program's own class may be called anything: what was done with it tells what it has. */
function levelNameOf({ primitive, kind, acts }: PrimitiveStory, words: TimelineWords): string {
  return `${kind} ${primitive} ${acts.some((act) => 'size' in act) ? words.items : words.free}`;
}

function noteOf(story: Story, group: Group, words: TimelineWords): string {
  // That it returned the row says.
  if (group.length === 1) return shownText(group[0].end?.outcome === 'returned' ? wakersOf(story, group[0], words) : endOf(story, group[0], words));
  const counts = new Map<Doing | 'pending', number>();
  for (const { end } of group) counts.set(end?.outcome ?? 'pending', (counts.get(end?.outcome ?? 'pending') ?? 0) + 1);
  return [...counts].map(([how, many]) => words.ended(many, how)).join(words.comma);
}

function axis({ from, to }: Story, columns: number): string {
  const length = to - from;
  const cells = new Array<string>(columns + 12).fill(' ');
  let free = 0;
  for (const { at, text } of axisMarks(length, Math.max(1, Math.floor(columns / 10)))) {
    const start = Math.min(length > 0 ? Math.floor((at / length) * columns) : 0, columns - text.length);
    if (start < free) continue;
    [...text].forEach((character, i) => {
      cells[start + i] = character;
    });
    free = start + text.length + 1;
  }
  return cells.slice(0, columns).join('').trimEnd();
}

function drawRow(row: Row, paint: Paint): string {
  let drawn = '';
  for (let i = 0; i < row.length; ) {
    const doing = row[i];
    let end = i;
    while (end < row.length && row[end] === doing) end += 1;
    drawn += doing === undefined ? ' '.repeat(end - i) : paint(STYLES[doing], GLYPHS[doing].repeat(end - i));
    i = end;
  }
  return drawn;
}

function drawLevels(levels: readonly (number | undefined)[], paint: Paint): string {
  return paint('magenta', levels.map((level) => (level === undefined ? ' ' : level > 9 ? '+' : String(level))).join(''));
}

function legend(rows: readonly Row[], withLevels: boolean, { width, paint, words }: Pen): string[] {
  const seen = new Set(rows.flat());
  const parts = EXPLAINED.filter((doing) => seen.has(doing)).map((doing) => `${paint(STYLES[doing], GLYPHS[doing])} ${words.doing[doing]}`);
  if (withLevels) parts.push(`${paint('magenta', '0-9+')} ${words.freeOrItems}`);
  return wrapParts(parts, '  ', width);
}

function footer(story: Story, figures: Figures, { width, words }: Pen): string[] {
  const { iterations, steps, callbacks, busy, percentiles, histogram, slowest } = figures;
  const counts = [words.iterations(grouped(iterations)), words.steps(grouped(steps)), words.callbacks(grouped(callbacks))];
  if (story.log.virtual) counts.push(words.noTime);
  else if (busy !== undefined) counts.push(words.busy(percent(busy)));
  const lines = wrapParts(counts, words.comma, width);
  if (percentiles !== undefined && histogram !== undefined) {
    const { p50, p99, max } = percentiles;
    lines.push(...wrapParts([words.p50(formatDuration(p50)), words.p99(formatDuration(p99)), words.most(formatDuration(max))], words.comma, width));
    lines.push(...wrapParts(bars(histogram, words), words.comma, width));
  }
  if (slowest !== undefined) {
    const who = slowest.lane === undefined ? words.callback(slowest.callback ?? '') : story.titleOf(slowest.lane.task);
    const where = slowest.from === undefined ? '' : words.from(`${slowest.from.file}:${slowest.from.line}`);
    lines.push(cut(shownText(`${words.slowest(formatDuration(slowest.took), who)}${where}`), width));
  }
  if (story.log.dropped > 0) lines.push(cut(words.dropped(grouped(story.log.dropped)), width));
  return lines;
}

const BARS = '▁▂▃▄▅▆▇█';

/** A column for each length that steps had, as high as the logarithm of how many they are: a single one among thousands is seen. */
function bars(counts: readonly number[], words: TimelineWords): string[] {
  const highest = Math.log1p(Math.max(...counts, 1));
  return counts.flatMap((n, i) => {
    if (n === 0) return [];
    const end = HISTOGRAM_ENDS[i];
    const range = end === undefined ? words.fromUp(formatDuration(HISTOGRAM_ENDS.at(-1) as number)) : words.below(formatDuration(end));
    return [`${BARS[Math.round((Math.log1p(n) / highest) * (BARS.length - 1))]} ${grouped(n)} ${range}`];
  });
}

function percent(part: number): string {
  return part >= 0.1 ? `${Math.round(part * 100)} %` : `${Number((part * 100).toPrecision(2))} %`;
}

/** `12,345`. */
function grouped(n: number): string {
  return n.toLocaleString('en');
}
