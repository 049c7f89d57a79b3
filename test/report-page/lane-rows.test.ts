// Which rows the picture has.
import { expect, test } from 'vitest';
import { type Log, Story } from '../../src/observe/index.ts';
import { placesOf, rowsOf } from '../../src/report-page/lane-rows.ts';

/** One that creates `count` tasks, which await in `fetchPage`; and others that have a name each, and are not known to await. */
function storyOf(count: number, ...others: readonly string[]): Story {
  const children = Array.from({ length: count }, (_, i) => i + 2);
  const events: Log['events'] = [
    { n: 1, at: 0, event: 'created', task: 1, name: 'Task-1' },
    { n: 2, at: 0, event: 'step', cause: 1, task: 1 },
    ...children.map((task, i) => ({ n: i + 3, at: 0, event: 'created' as const, cause: 2, task, name: `Task-${task}` })),
    ...children.map((task, i) => ({ n: count + i + 3, at: 0, event: 'suspended' as const, cause: 2, task, awaits: 'future' as const, stack: 1 })),
    ...others.map((name, i) => ({ n: 2 * count + i + 3, at: 0, event: 'created' as const, cause: 2, task: count + i + 2, name })),
  ];
  const stacks = new Map([[1, [{ name: 'fetchPage', file: 'a.ts', line: 1, column: 1 }]]]);
  return new Story({ version: 1, virtual: true, title: '', events, dropped: 0, earlier: new Map(), stacks });
}

const kinds = (story: Story, ...opened: string[]): string[] => rowsOf(story, new Set(opened)).map((row) => row.kind);

test('of a few tasks, each has its row below that of the loop', () => {
  expect(kinds(storyOf(3))).toEqual(['loop', 'task', 'task', 'task', 'task']);
});

test('of many, those that are alike have one row, which can be opened', () => {
  const story = storyOf(300);
  expect(kinds(story)).toEqual(['loop', 'task', 'group']);
  const group = rowsOf(story, new Set())[2];
  if (group?.kind !== 'group') throw new Error('expected a group');
  expect(group).toMatchObject({ title: 'fetchPage()', open: false });
  expect(kinds(story, group.key)).toEqual(['loop', 'task', 'group', ...group.lanes.map(() => 'task')]);
});

test('up to twenty-four tasks have a row each, however alike they are', () => {
  expect(kinds(storyOf(23))).toEqual(['loop', ...Array.from({ length: 24 }, () => 'task')]);
  expect(kinds(storyOf(24))).toEqual(['loop', 'task', 'group']);
});

test('four that are alike share a row, three do not', () => {
  const others = Array.from({ length: 30 }, (_, i) => 'x'.repeat(i + 1));
  const rest = others.map(() => 'task');
  expect(kinds(storyOf(4, ...others))).toEqual(['loop', 'task', 'group', ...rest]);
  expect(kinds(storyOf(3, ...others))).toEqual(['loop', 'task', 'task', 'task', 'task', ...rest]);
});

test('where no functions are known, those are alike whose names are but for their numbers', () => {
  const rows = rowsOf(storyOf(0, ...Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? `fetch-${i}` : `save-${i}`))), new Set());
  expect(rows.map((row) => (row.kind === 'group' ? `${row.lanes.length} × ${row.title}` : row.kind))).toEqual(['loop', 'task', '15 × fetch-…', '15 × save-…']);
});

test('a group of two hundred thousand opens', () => {
  const story = storyOf(200_000);
  const group = rowsOf(story, new Set())[2];
  expect(rowsOf(story, new Set(group?.kind === 'group' ? [group.key] : []))).toHaveLength(200_003);
});

test('a task that has a row of its own is found there, else in its group', () => {
  const story = storyOf(300);
  const closed = rowsOf(story, new Set());
  expect([1, 2, 301].map((task) => placesOf(closed).get(task))).toEqual([1, 2, 2]);
  const group = closed[2];
  const open = rowsOf(story, new Set(group?.kind === 'group' ? [group.key] : []));
  expect([1, 2, 301].map((task) => placesOf(open).get(task))).toEqual([1, 3, 302]);
});
