import { expect, test } from 'vitest';
import type { TaskNode, Wait } from '../../src/observe/index.ts';
import { groupNodes, shapeOfWait } from '../../src/observe/tree-groups.ts';

const at = (line: number) => [{ name: 'f', file: '/a.ts', line, column: 1 }];
const sleep = (left: number): Wait => ({ for: 'timer', call: 'sleep', left });

function node(name: string, wait: Wait, line = 1, children: TaskNode[] = []): TaskNode {
  return { tasks: [{ name, wait }], stack: at(line), children };
}

function names(nodes: readonly TaskNode[]): string[][] {
  return nodes.map(({ tasks }) => tasks.map(({ name }) => name));
}

test('nodes are together that wait in the same way at the same lines, whenever it ends, at the place of the first', () => {
  const nodes = [node('a', sleep(1)), node('b', { for: 'host' }), node('c', sleep(2)), node('d', sleep(1), 2)];
  expect(names(groupNodes(nodes))).toEqual([['a', 'c'], ['b'], ['d']]);
});

test('what is below them is together as well; where that differs they are apart', () => {
  const awaits = (task: string): Wait => ({ for: 'task', task });
  const alike = ['a', 'b'].map((name, n) => node(name, awaits(`${name}1`), 1, [node(`${name}1`, sleep(n), 3)]));
  const other = node('c', awaits('c1'), 1, [node('c1', { for: 'host' }, 3)]);
  const grouped = groupNodes([...alike, other]);
  expect(names(grouped)).toEqual([['a', 'b'], ['c']]);
  expect(names((grouped[0] as TaskNode).children)).toEqual([['a1', 'b1']]);
});

test('marks of tasks that stand above are together for one task only', () => {
  const mark = (name: string): TaskNode => ({ ...node(name, sleep(1)), above: 'shared' });
  expect(names(groupNodes([mark('a'), mark('b'), mark('a')]))).toEqual([['a', 'a'], ['b']]);
});

test('the shape of a wait has who holds a lock, and not the place in line', () => {
  const place = (position: number, holder: string): Wait => {
    return { for: 'primitive', kind: 'Lock', number: 1, holders: [{ task: holder, ended: false }], position, standing: 5 };
  };
  expect(shapeOfWait(place(1, 'x'))).toEqual(shapeOfWait(place(2, 'x')));
  expect(shapeOfWait(place(1, 'x'))).not.toEqual(shapeOfWait(place(1, 'y')));
});
