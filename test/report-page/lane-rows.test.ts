// Which rows the picture has.
import { expect, test } from 'vitest';
import { type Log, Story } from '../../src/observe/index.ts';
import { placesOf, rowsOf } from '../../src/report-page/lane-rows.ts';

/** One that creates `count` tasks, which await in `fetchPage`. */
function storyOf(count: number): Story {
  const children = Array.from({ length: count }, (_, i) => i + 2);
  const events: Log['events'] = [
    { n: 1, at: 0, event: 'created', task: 1, name: 'Task-1' },
    { n: 2, at: 0, event: 'step', cause: 1, task: 1 },
    ...children.map((task, i) => ({ n: i + 3, at: 0, event: 'created' as const, cause: 2, task, name: `Task-${task}` })),
    ...children.map((task, i) => ({ n: count + i + 3, at: 0, event: 'suspended' as const, cause: 2, task, awaits: 'future' as const, stack: 1 })),
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

test('a task that has a row of its own is found there, else in its group', () => {
  const story = storyOf(300);
  const closed = rowsOf(story, new Set());
  expect([1, 2, 301].map((task) => placesOf(closed).get(task))).toEqual([1, 2, 2]);
  const group = closed[2];
  const open = rowsOf(story, new Set(group?.kind === 'group' ? [group.key] : []));
  expect([1, 2, 301].map((task) => placesOf(open).get(task))).toEqual([1, 3, 302]);
});
