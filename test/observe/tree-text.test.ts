import { describe, expect, test } from 'vitest';
import { formatTree, type TaskNode, type TaskTree, type Wait } from '../../src/observe/index.ts';
import { widthOf } from '../../src/observe/text-width.ts';
import { seededRandom } from '../support/random.ts';

function node(names: string[], wait: Wait, children: TaskNode[] = [], stack = 1): TaskNode {
  const line = (n: number) => ({ name: `step${n}`, file: `${process.cwd()}/src/some/where/deep/below/app-${n}.ts`, line: 10 + n, column: 3 });
  return { tasks: names.map((name) => ({ name, wait, waited: 1200 })), stack: Array.from({ length: stack }, (_, n) => line(n)), children };
}

const lock: Wait = {
  for: 'primitive',
  kind: 'Lock',
  number: 12,
  call: 'Lock.acquire',
  holders: ['a-name', 'another-name', 'x', 'y', 'z'].map((task) => ({ task, ended: task === 'another-name' })),
  position: 3,
  standing: 5,
};

const tree: TaskTree = {
  pending: 5,
  roots: [
    node(['main'], { for: 'tasks', needs: 'every', pending: 2, call: 'gather' }, [
      node(['fetch-1', 'fetch-2'], lock, [{ ...node(['main'], { for: 'turn', running: false }), above: 'circle' }]),
      node(['last'], { for: 'timer', left: 3_725_000, call: 'sleep' }, [], 0),
    ]),
    node(['日本語の名前'], { for: 'host', left: 29_000 }),
  ],
};

describe('a tree as text', () => {
  test('shows each task with its wait, its lines and those it awaits below it', () => {
    expect(formatTree(tree, { width: 120 }).split('\n')).toEqual([
      '5 pending tasks',
      '├─ main  gather, 2 left, for 1.2 s',
      '│  │ step0 src/some/where/deep/below/app-0.ts:10',
      '│  ├─ ×2 fetch-…  Lock-12.acquire, held by a-name, another-name, which has ended and 3 more, 3rd of 5, for 1.2 s',
      '│  │  │ step0 src/some/where/deep/below/app-0.ts:10',
      '│  │  └─ ↻ main, above',
      '│  └─ last  sleep, 1 h 2 min left, for 1.2 s',
      '└─ 日本語の名前  the host, gives up in 29.0 s, for 1.2 s',
      '     step0 src/some/where/deep/below/app-0.ts:10',
    ]);
  });

  test('without lines, where they are not asked for', () => {
    expect(formatTree(tree, { stacks: false })).not.toContain('step0');
  });

  test('in colour differs in its colours only', () => {
    const coloured = formatTree(tree, { color: true });
    expect(coloured).toContain('\x1b[1mmain\x1b[22m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    expect(coloured.replaceAll(/\x1b\[\d+m/g, '')).toBe(formatTree(tree));
  });

  test('spells out control characters of whatever the program, or a file, has named', () => {
    const evil = 'E\x1b[31mvil\n';
    const wait: Wait = { ...lock, kind: evil, call: `${evil}.acquire`, holders: [{ task: evil, ended: false }] };
    const stack = [{ name: evil, file: `/${evil}.ts`, line: 1, column: 1 }];
    const roots = [{ ...node([evil], wait), stack }, node(['a'], { for: 'future', kind: evil }, [], 0)];
    expect(formatTree({ pending: 2, roots }, { width: 120 }).split('\n')).toEqual([
      '2 pending tasks',
      '├─ E\\x1b[31mvil\\x0a  E\\x1b[31mvil\\x0a-12.acquire, held by E\\x1b[31mvil\\x0a, 3rd of 5, for 1.2 s',
      '│    E\\x1b[31mvil\\x0a /E\\x1b[31mvil\\x0a.ts:1',
      '└─ a  a E\\x1b[31mvil\\x0a nobody has set, for 1.2 s',
    ]);
  });

  test('breaks long lines, and cuts the fronts of long paths', () => {
    const lines = formatTree(tree, { width: 44 }).split('\n');
    expect(lines).toContain('│  ├─ ×2 fetch-…  Lock-12.acquire, held by');
    expect(lines.some((line) => line.includes('│ step0 …') && line.endsWith('app-0.ts:10'))).toBe(true);
  });

  test('breaks no line where nobody says how long it may be', () => {
    const breathless = formatTree({ pending: 1, roots: [node(['n'.repeat(300)], lock)] }, { width: Number.POSITIVE_INFINITY });
    expect(breathless.split('\n')).toEqual([
      '1 pending task',
      expect.stringMatching(/^└─ n{300} {2}Lock-12\.acquire, .*, for 1\.2 s$/),
      '     step0 src/some/where/deep/below/app-0.ts:10',
    ]);
  });

  test('shows files from the folder on that it is given, and those elsewhere whole', () => {
    const root = `${process.cwd()}/src/some/`;
    const lines = formatTree({ pending: 1, roots: [node(['main'], lock)] }, { width: 300, root }).split('\n');
    expect(lines.at(-1)).toBe('     step0 where/deep/below/app-0.ts:10');
    const elsewhere = formatTree({ pending: 1, roots: [node(['main'], lock)] }, { width: 300, root: '/somewhere/else' });
    expect(elsewhere).toContain(`step0 ${process.cwd()}/src/some/where/deep/below/app-0.ts:10`);
  });

  test('of any depth fits any width from 40 on', () => {
    const random = seededRandom(1);
    const grow = (depth: number): TaskNode => {
      const name = Array.from({ length: 1 + random.int(70) }, () => ['a', '-', '名', 'é'][random.int(4)]).join('');
      const wait: Wait = random.chance(0.5) ? lock : { for: 'task', task: name };
      return node([name], wait, depth === 0 ? [] : Array.from({ length: 1 + random.int(2) }, () => grow(depth - 1)), random.int(3));
    };
    for (let round = 0; round < 20; round++) {
      const width = 40 + random.int(80);
      const lines = formatTree({ pending: 1, roots: [grow(1 + random.int(9))] }, { width }).split('\n');
      for (const line of lines) expect(widthOf(line), `${width}: ${line}`).toBeLessThanOrEqual(width);
    }
  });
});
