// The task tree as text, to be read in a terminal or a log: without colour, and no wider than it is given.
import { formatPlace } from '../loop/await-stack.ts';
import type { StackLine } from './log.ts';
import { shownText } from './shown-text.ts';
import { cut, cutFront, widthOf, wrap } from './text-width.ts';
import type { TaskNode, TaskTree, TaskWait } from './tree-data.ts';
import { describeNames, describeWaits } from './wait-text.ts';

/** How a tree is shown. */
export interface TreeFormat {
  /** How many columns there are; with `Infinity` no line is broken. 80 unless given, and no fewer than 40 are used. */
  readonly width?: number;
  /** Whether names stand out and lines stand back, by the colours of a terminal. False unless given. */
  readonly color?: boolean;
  /** Whether the lines are told at which tasks await. True unless given. */
  readonly stacks?: boolean;
  /** Files below this folder are shown without it; the working directory unless given. */
  readonly root?: string;
}

interface Look {
  readonly width: number;
  readonly stacks: boolean;
  readonly root: string | undefined;
  /** The same text, bold or dim where there is colour. */
  bold(text: string): string;
  dim(text: string): string;
}

/** Below this many columns nothing can be told. */
const LEAST_WIDTH = 40;

/** Further in than this share of the width nothing is drawn: what is deeper stands below each other. */
const DEEPEST = 0.4;

/** How many columns a level takes. */
const LEVEL = 3;

/**
 * A task tree as lines of text. Below each task stand the lines of the program it awaits at, outermost first, then the
 * tasks that it awaits; `↻` marks one that stands above, in the same chain, and `↑` one that is told of elsewhere above.
 *
 * @example
 * ```ts
 * import { type Coroutine, EventLoop, gather, sleep, VirtualDriver } from 'asyncdemo';
 * import { formatTree, taskTree } from 'asyncdemo/observe';
 *
 * const loop = new EventLoop({ driver: new VirtualDriver() });
 * function* main(): Coroutine<void> {
 *   yield* gather([1, 2, 3].map(() => sleep(1000)));
 * }
 * loop.callLater(500, () => console.log(formatTree(taskTree(loop), { stacks: false })));
 * await loop.runUntilComplete(main());
 * loop.close();
 * // 4 pending tasks
 * // └─ Task-1  gather, 3 left
 * //    └─ ×3 Task-…  sleep
 * ```
 */
export function formatTree({ pending, roots }: TaskTree, { width = 80, color = false, stacks = true, root }: TreeFormat = {}): string {
  const style = (code: number, text: string): string => (color ? `\x1b[${code}m${text}\x1b[22m` : text);
  const look = { width: Math.max(width, LEAST_WIDTH), stacks, root, bold: (text: string) => style(1, text), dim: (text: string) => style(2, text) };
  const header = pending === 0 ? 'no pending task' : `${pending} pending ${pending === 1 ? 'task' : 'tasks'}`;
  return [header, ...linesOf(roots, '', look)].join('\n');
}

/** Siblings, with `indent` in front of each line. */
function linesOf(nodes: readonly TaskNode[], indent: string, look: Look): string[] {
  const goesIn = widthOf(indent) + LEVEL <= look.width * DEEPEST;
  return nodes.flatMap((node, index) => {
    const last = index === nodes.length - 1;
    const first = goesIn ? `${indent}${last ? '└─ ' : '├─ '}` : indent;
    const rest = goesIn ? `${indent}${last ? '   ' : '│  '}` : indent;
    return nodeLines(node, first, rest, look);
  });
}

function nodeLines({ tasks, stack, children, above, cut }: TaskNode, first: string, rest: string, look: Look): string[] {
  const name = shownText(describeNames(tasks.map(({ name }) => name)));
  if (above !== undefined) return [`${first}${look.bold(`${above === 'circle' ? '↻' : '↑'} ${cutFront(name, look.width - widthOf(first) - 9)}`)}, above`];
  const below = children.length > 0 ? `${rest}│ ` : `${rest}  `;
  const text = wrap(`${name}  ${shownText(describeWaits(tasks as readonly [TaskWait, ...TaskWait[]]))}`, look.width - widthOf(below));
  const head = text.map((line, index) => {
    if (index > 0) return `${below}  ${line}`;
    return `${first}${line.startsWith(name) ? look.bold(name) + line.slice(name.length) : line}`;
  });
  const frames = look.stacks ? stack.map((frame) => `${below}${look.dim(formatFrame(frame, look.width - widthOf(below), look.root))}`) : [];
  return [...head, ...frames, ...(cut ? [`${rest}└─ ...`] : []), ...linesOf(children, rest, look)];
}

/** `fetch src/app.ts:12`; of a path that is too long the end is what tells. */
function formatFrame({ name, file, line }: StackLine, width: number, root: string | undefined): string {
  const called = cut(shownText(name), Math.floor(width / 2));
  return `${called} ${cutFront(shownText(formatPlace(file, line, root)), width - widthOf(called) - 1)}`;
}
