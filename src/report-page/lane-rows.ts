// Which rows the picture has: the loop's own, one a task, and one for many tasks of the same kind, which can be opened. Knows
// nothing of the page.
import { groupLanes, keyOf } from '../observe/lane-groups.ts';
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

/** The rows from top to bottom; `opened` has the keys of the groups whose tasks are to be seen. */
export function rowsOf(story: Story, opened: ReadonlySet<string>): Row[] {
  const rows: Row[] = [{ kind: 'loop' }];
  for (const lanes of groupLanes(story.lanes.values(), FEW, ALIKE)) {
    const [lane] = lanes;
    if (lanes.length === 1) {
      rows.push({ kind: 'task', lane, within: undefined });
      continue;
    }
    const key = keyOf(lane);
    const open = opened.has(key);
    const title = lane.coroutine === undefined ? lane.name.replace(/\d+/g, '…') : `${lane.coroutine}()`;
    rows.push({ kind: 'group', key, title, lanes, open });
    if (open) for (const each of lanes) rows.push({ kind: 'task', lane: each, within: key });
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
