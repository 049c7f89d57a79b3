// Which rows the picture has: the loop's own, one a task, and one for many tasks of the same kind, which can be opened. Knows
// nothing of the page.
import type { Lane } from '../observe/lanes.ts';
import type { Story } from '../observe/story.ts';

export type Row =
  | { readonly kind: 'loop' }
  | { readonly kind: 'task'; readonly lane: Lane; readonly within: string | undefined }
  | { readonly kind: 'group'; readonly key: string; readonly title: string; readonly lanes: readonly Lane[]; readonly open: boolean };

/** Up to so many tasks, each has its lane from the start. */
const FEW = 24;
/** From so many on, tasks that are like each other are shown as one. */
const ALIKE = 4;

/** Tasks of the same coroutine function and the same creator are alike; where no functions are known, those of one creator. */
function keyOf({ coroutine, creator, name }: Lane): string {
  const kind = coroutine ?? name.replace(/\d+/g, '#');
  return `${kind}\n${creator ?? 0}`;
}

/** The rows from top to bottom; `opened` has the keys of the groups whose tasks are to be seen. */
export function rowsOf(story: Story, opened: ReadonlySet<string>): Row[] {
  const lanes = [...story.lanes.values()];
  const rows: Row[] = [{ kind: 'loop' }];
  const groups = new Map<string, Lane[]>();
  if (lanes.length > FEW) {
    for (const lane of lanes) {
      const group = groups.get(keyOf(lane));
      if (group === undefined) groups.set(keyOf(lane), [lane]);
      else group.push(lane);
    }
  }
  const shown = new Set<string>();
  for (const lane of lanes) {
    const key = keyOf(lane);
    const group = groups.get(key) ?? [];
    if (group.length < ALIKE) rows.push({ kind: 'task', lane, within: undefined });
    else if (!shown.has(key)) {
      shown.add(key);
      const open = opened.has(key);
      rows.push({ kind: 'group', key, title: lane.coroutine === undefined ? lane.name.replace(/\d+/g, '…') : `${lane.coroutine}()`, lanes: group, open });
      if (open) rows.push(...group.map((each): Row => ({ kind: 'task', lane: each, within: key })));
    }
  }
  return rows;
}

/** The place of each task's row, its own or that of its group. */
export function placesOf(rows: readonly Row[]): Map<number, number> {
  const places = new Map<number, number>();
  rows.forEach((row, place) => {
    if (row.kind === 'group') for (const { task } of row.lanes) places.set(task, place);
    else if (row.kind === 'task') places.set(row.lane.task, place);
  });
  return places;
}
