// Which tasks are shown in a row of their own, and which share one: a hundred alike say no more than one does.
import type { Lane } from './lanes.ts';

/** Lanes that are shown together: one, or several that are alike. */
export type Group = readonly [Lane, ...Lane[]];

/** As many alike share a row at least, where nobody says otherwise. */
const FEWEST = 3;

/**
 * The rows of a picture, by their oldest task. Where there are more tasks than `most`, those that are alike share one, from
 * `fewest` of them on.
 */
export function groupLanes(lanes: Iterable<Lane>, most: number, fewest: number = FEWEST): Group[] {
  const all = [...lanes];
  if (all.length <= most) return all.map((lane) => [lane]);
  const alike = new Map<string, Lane[]>();
  for (const lane of all) {
    const key = keyOf(lane);
    const group = alike.get(key);
    if (group === undefined) alike.set(key, [lane]);
    else group.push(lane);
  }
  return all.flatMap<Group>((lane) => {
    const group = alike.get(keyOf(lane)) as Lane[];
    if (group.length < fewest) return [[lane]];
    return group[0] === lane ? [group as [Lane, ...Lane[]]] : [];
  });
}

/** The same for tasks that are alike: of the same coroutine (or, where that is not known, of the same name but for numbers) by the same creator. */
export function keyOf({ name, coroutine, creator }: Lane): string {
  return JSON.stringify([coroutine ?? name.replace(/\d+/g, '#'), creator]);
}
