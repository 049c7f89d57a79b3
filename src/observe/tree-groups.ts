// Nodes of the task tree that differ in their names and numbers only, as one: of ten thousand tasks most do the same.
import type { TaskNode, Wait } from './tree-data.ts';

/** The same nodes, alike ones together at the place of the first. */
export function groupNodes(nodes: readonly TaskNode[]): TaskNode[] {
  if (nodes.length < 2) return [...nodes];
  const groups = new Map<string, TaskNode[]>();
  for (const node of nodes) {
    const key = JSON.stringify(shapeOf(node));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  return [...groups.values()].map((group) => (group.length === 1 ? (group[0] as TaskNode) : join(group)));
}

/** What waits have in common that are told of together: not when, at which place in line, or which task of several alike. */
export function shapeOfWait(wait: Wait): object {
  return { ...wait, task: undefined, left: undefined, position: undefined, pending: undefined };
}

/** What nodes have in common that are one: which task it is that one awaits, the others await others like it. */
function shapeOf({ tasks, stack, children, above, cut }: TaskNode): unknown[] {
  const first = tasks[0] as (typeof tasks)[number];
  return [stack, shapeOfWait(first.wait), children.map(shapeOf), above, above && first.name, cut];
}

function join(group: readonly TaskNode[]): TaskNode {
  const first = group[0] as TaskNode;
  const tasks = group.flatMap((node) => node.tasks);
  return { ...first, tasks, children: groupNodes(group.flatMap(({ children }) => children)) };
}
