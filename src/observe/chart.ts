// A run as rows of characters: what tasks were doing, a column for each piece of the time.
import type { Group } from './lane-groups.ts';
import type { EventOf, PrimitiveStory, Span } from './lanes.ts';
import type { Outcome } from './log.ts';
import type { Story } from './story.ts';

/** What a column shows of a task. `step`: it ran, but for less than half of the column's time. */
export type Doing = 'running' | 'step' | 'ready' | 'timer' | 'task' | 'primitive' | 'future' | Outcome;

/** How it is drawn. Each differs by its form alone; colours only help. */
export const GLYPHS: Readonly<Record<Doing, string>> = {
  running: '█',
  step: '┃',
  ready: '░',
  timer: '─',
  task: '┄',
  primitive: '·',
  future: '~',
  returned: '✔',
  raised: '✘',
  cancelled: '⊘',
};

/** A row's columns; undefined where no task of it is alive. */
export type Row = (Doing | undefined)[];

type Spent = Map<Doing, number>;

/** What the tasks of a group were doing, in so many columns. */
export function chartOf(story: Story, group: Group, columns: number): Row {
  const column = columnOf(story, columns);
  const spent: Spent[] = Array.from({ length: columns }, () => new Map());
  const stepped = new Set<number>();
  for (const { spans } of group) {
    for (const span of spans) {
      if (span.state === 'running') stepped.add(Math.min(columns - 1, Math.floor(column(span.from))));
      spread(spent, doing(span), column(span.from), column(span.to));
    }
  }
  const row = spent.map((column, i) => show(column, stepped.has(i)));
  // The end, where all of them have the same, stands where the last of them was, at the cost of what else was there.
  const ends = group.flatMap(({ end }) => end ?? []);
  const last = ends.reduce<EventOf<'done'> | undefined>((latest, end) => (latest === undefined || end.n > latest.n ? end : latest), undefined);
  if (last !== undefined && ends.length === group.length && ends.every(({ outcome }) => outcome === last.outcome)) {
    row[Math.min(columns - 1, Math.floor(column(story.moment(last))))] = last.outcome;
  }
  return row;
}

/** How much there was of a primitive at the end of each column: permits that were free, or items; undefined before it is known. */
export function levelsOf(story: Story, { acts }: PrimitiveStory, columns: number): (number | undefined)[] {
  const column = columnOf(story, columns);
  const levels = new Array<number | undefined>(columns).fill(undefined);
  let [level, at]: [number | undefined, number] = [undefined, 0];
  for (const act of acts) {
    const next = Math.min(columns - 1, Math.floor(column(story.moment(act))));
    levels.fill(level, at, next);
    at = next;
    level = levelAfter(act) ?? level ?? levelBefore(acts);
    levels[at] = level;
  }
  return levels.fill(level, at);
}

type Act = PrimitiveStory['acts'][number];

/** Undefined where the act does not tell: whoever stands in line at a queue changes nothing. */
function levelAfter(act: Act): number | undefined {
  return 'size' in act ? act.size : act.free;
}

/** How many items were in a queue at which somebody stood in line before anything was put or taken. */
function levelBefore(acts: readonly Act[]): number | undefined {
  for (const act of acts) if ('size' in act) return act.size + (act.event === 'put' ? -1 : 1);
  return undefined;
}

/** Where a moment stands, in columns. */
function columnOf({ from, to }: Story, columns: number): (moment: number) => number {
  const length = to - from;
  return (moment) => (length > 0 ? ((moment - from) / length) * columns : 0);
}

function doing({ state, suspension }: Span): Doing {
  if (state !== 'waiting') return state;
  const awaits = suspension?.awaits ?? 'future';
  if (awaits === 'turn') return 'ready';
  return awaits === 'host' ? 'future' : awaits;
}

function spread(spent: Spent[], what: Doing, from: number, to: number): void {
  for (let i = Math.floor(from); i < to && i < spent.length; i++) {
    const here = spent[i] as Spent;
    here.set(what, (here.get(what) ?? 0) + Math.min(to, i + 1) - Math.max(from, i));
  }
}

function show(column: Spent, stepped: boolean): Doing | undefined {
  let most: Doing | undefined;
  for (const [what, part] of column) if (most === undefined || part > (column.get(most) as number)) most = what;
  if (most === 'running') return 'running';
  return stepped ? 'step' : most;
}
