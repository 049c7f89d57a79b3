// What tasks wait for, in words: one task, or several that are alike.
import type { Holder, TaskWait, Wait } from './tree-data.ts';

/** More holders than this are counted. */
const MOST_HOLDERS = 3;

/** More names than this are told by what they have in common. */
const MOST_NAMES = 3;

/** `Task-1`; `×2 red, green`; `×97 fetch-…`. */
export function describeNames(names: readonly string[]): string {
  const first = names[0] as string;
  if (names.length === 1) return first;
  const common = names.reduce((prefix, name) => prefix.slice(0, lengthInCommon(prefix, name))).replace(/\d+$/, '');
  if (common !== '') return `×${names.length} ${common}…`;
  return `×${names.length} ${names.length > MOST_NAMES ? `${names.slice(0, 2).join(', ')}, …` : names.join(', ')}`;
}

/** What they wait for and for how long: `Lock-1.acquire, held by Task-2, 2nd of 5, for 1.2 s`. */
export function describeWaits(tasks: readonly [TaskWait, ...TaskWait[]]): string {
  const waited = rangeOf(tasks.map((task) => task.waited));
  return [...describeWait(tasks.map(({ wait }) => wait)), ...(waited === undefined ? [] : [`for ${formatRange(waited)}`])].join(', ');
}

function describeWait(waits: readonly Wait[]): string[] {
  const wait = waits[0] as Wait;
  const left = rangeOf(waits.map((each) => ('left' in each ? each.left : undefined)));
  const atMost = left === undefined ? [] : [`gives up in ${formatRange(left)}`];
  switch (wait.for) {
    case 'turn':
      return [wait.running ? 'running' : 'ready'];
    case 'timer':
      return ['sleep', ...(left === undefined ? [] : [`${formatRange(left)} left`])];
    case 'task':
      return [`awaits ${waits.length === 1 ? wait.task : describeAwaited(waits)}`];
    case 'tasks': {
      const pending = rangeOf(waits.map((each) => (each.for === 'tasks' ? each.pending : undefined))) as Range;
      const count = pending[0] === pending[1] ? `${pending[0]}` : `${pending[0]} to ${pending[1]}`;
      return [wait.call ?? 'shield', wait.needs === 'every' ? `${count} left` : `the first of ${count}`, ...atMost];
    }
    case 'primitive':
      return [nameOfPrimitive(wait), ...(wait.holders.length > 0 ? [`held by ${describeHolders(wait.holders)}`] : []), describePlaces(waits)];
    case 'host':
      return [...(wait.call === undefined ? [] : [wait.call]), 'the host', ...atMost];
    case 'future':
      if (wait.call !== undefined && wait.call !== 'waitFor') return [wait.call, ...atMost];
      return [`a ${wait.kind} nobody has set`, ...(left === undefined ? [] : [`timer due in ${formatRange(left)}`])];
  }
}

function describeAwaited(waits: readonly Wait[]): string {
  const names = [...new Set(waits.map((wait) => (wait.for === 'task' ? wait.task : '')))];
  return describeNames(names);
}

/** `Lock-1.acquire`: the call, with the class as the one that it is. */
function nameOfPrimitive(wait: Wait & { for: 'primitive' }): string {
  const which = `${wait.kind}-${wait.number}`;
  if (wait.call === undefined) return which;
  return wait.call.startsWith(`${wait.kind}.`) ? which + wait.call.slice(wait.kind.length) : `${wait.call}, ${which}`;
}

function describeHolders(holders: readonly Holder[]): string {
  const words = holders.map(({ task, ended }) => (ended ? `${task}, which has ended` : task));
  if (words.length > MOST_HOLDERS) return `${words.slice(0, MOST_HOLDERS - 1).join(', ')} and ${words.length - MOST_HOLDERS + 1} more`;
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function describePlaces(waits: readonly Wait[]): string {
  const places = waits.flatMap((wait) => (wait.for === 'primitive' ? [wait.position] : []));
  const [first, last] = rangeOf(places) as Range;
  const { standing } = waits[0] as Wait & { for: 'primitive' };
  if (first === last) return `${ordinal(first)} of ${standing}`;
  return `${ordinal(first)} ${last === first + 1 ? 'and' : 'to'} ${ordinal(last)} of ${standing}`;
}

function ordinal(n: number): string {
  const ending = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}

type Range = readonly [least: number, most: number];

/** Without spreading, since there may be a hundred thousand; undefined where there is none. */
function rangeOf(numbers: readonly (number | undefined)[]): Range | undefined {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const number of numbers) {
    if (number === undefined) continue;
    least = Math.min(least, number);
    most = Math.max(most, number);
  }
  return least > most ? undefined : [least, most];
}

function formatRange([least, most]: Range): string {
  const [from, to] = [formatRoughly(least), formatRoughly(most)];
  return from === to ? from : `${from} to ${to}`;
}

/** `230 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`: rougher than figures are, so that tasks which began to wait at about the same time are told as one. */
export function formatRoughly(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'ever';
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** By code points, so that it does not end in the middle of one. */
function lengthInCommon(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a.codePointAt(length) === b.codePointAt(length)) length += 1;
  return length;
}
