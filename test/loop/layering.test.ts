import { describe, expect, test } from 'vitest';
import { importsOf, readSource, resolveImport, sourceFiles } from '../support/imports.ts';

/**
 * The tiers of src/loop, bottom up. A file may import what stands before it: a lower tier, or further to the left in its
 * own. A new file has to be given its place here.
 */
const TIERS: readonly (readonly string[])[] = [
  [
    'stack-limit',
    'errors',
    'exception-group',
    'describe-wrong',
    'shown-by-to-string',
    'coroutine',
    'ground',
    'depends',
    'context',
    'driver',
    'ring',
    'ready-queue',
    'await-stack',
    'creation',
    'warn',
    'never-awaited',
    'recurse',
    'handle',
    'observer',
    'watching',
    'heap',
    'timer-heap',
    'turn-clock',
    'linked-list',
    'task-list',
    'before-exit',
    'whereabouts',
    'inspect',
    'exception-context',
    'slow-watch',
    'signal-handlers',
    'holds',
  ],
  ['node-driver', 'virtual-driver', 'scheduler', 'unretrieved'],
  ['future'],
  ['task', 'tasks'],
  ['sleep', 'from-promise', 'waiters', 'wait', 'gather', 'as-completed', 'shield', 'timeout', 'task-group', 'disposal'],
  [
    'acquiring',
    'lock',
    'event',
    'semaphore',
    'condition',
    'barrier',
    'queue',
    'lifo-queue',
    'priority-queue',
    'async-with',
    'async-iterators',
    'native-iterator',
    'async-for',
  ],
  ['generator-body', 'generator-drive', 'async-generator', 'to-async-iterable'],
  ['shapes', 'stuck-tasks', 'exception-reports', 'event-loop', 'drain', 'runner'],
  ['index'],
];

/** Which folders of src a folder may import from. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  loop: ['loop'],
  node: ['loop', 'node'],
  observe: ['loop', 'observe'],
  'report-page': ['observe', 'report-page'],
  http: ['loop', 'http'],
  demos: ['loop', 'observe', 'http', 'demos'],
  cli: ['loop', 'observe', 'http', 'demos', 'cli'],
};

/** What else a folder that others build on may import: Node's modules, and packages that it can do without. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = { loop: [], node: ['piscina'], observe: ['string-width'], 'report-page': [] };

const order = new Map(TIERS.flat().map((name, index) => [`loop/${name}.ts`, index]));

/** What is wrong with one import, if anything. */
function complaint(from: string, specifier: string): string | undefined {
  const target = resolveImport(from, specifier);
  const folder = from.split('/')[0] as string;
  if (!specifier.startsWith('.')) {
    const allowed = PACKAGES[folder]?.includes(specifier) ?? true;
    return allowed || specifier.startsWith('node:') ? undefined : `${from} imports the package ${specifier}`;
  }
  const targetFolder = target.split('/')[0] as string;
  if (!FOLDERS[folder]?.includes(targetFolder)) return `${from} imports upwards: ${target}`;
  if (folder !== 'loop') return undefined;
  const [here, there] = [order.get(from), order.get(target)];
  return here === undefined || there === undefined || there >= here ? `${from} imports ${target}, which does not stand before it in the tiers` : undefined;
}

const files = sourceFiles();

test('every file of src/loop has its place in the tiers, and every place its file', () => {
  expect([...order.keys()].sort()).toEqual(files.filter((file) => file.startsWith('loop/')));
  expect(order.size).toBe(TIERS.flat().length);
});

test('every folder of src is known', () => {
  expect([...new Set(files.map((file) => file.split('/')[0] as string))].filter((folder) => !(folder in FOLDERS))).toEqual([]);
});

test('arrows point down only, type imports included, and src/loop imports nothing but Node and itself', () => {
  const wrong = files.flatMap((file) => importsOf(readSource(file)).map((specifier) => complaint(file, specifier)));
  expect(wrong.filter((text) => text !== undefined)).toEqual([]);
});

test('the arrows of src/loop are seen at all', () => {
  const arrows = [...order.keys()].flatMap((file) => importsOf(readSource(file)));
  expect(arrows.length).toBeGreaterThan(60);
  expect(importsOf(readSource('loop/index.ts')).length).toBeGreaterThan(20);
});

describe('the check itself', () => {
  test.each([
    ["import { run } from './runner.ts';", './runner.ts'],
    ["import type { Task } from './task.ts';", './task.ts'],
    ["import {\n  a,\n  type B,\n} from './b.ts';", './b.ts'],
    ["import * as all from 'node:fs';", 'node:fs'],
    ["import 'side-effect';", 'side-effect'],
    ["export { a } from './a.ts';", './a.ts'],
    ["export type * from './types.ts';", './types.ts'],
    ["const lazy = () => import('undici');", 'undici'],
    ["let type: typeof import('ora');", 'ora'],
  ])('%j is an import', (source, specifier) => {
    expect(importsOf(source)).toEqual([specifier]);
  });

  test.each([" * import { run } from 'asyncdemo';", "export const name = 'text';", "// import './x.ts'", "export function f(from = 'here') {}"])(
    '%j is none',
    (source) => {
      expect(importsOf(source)).toEqual([]);
    },
  );

  test.each([
    ['loop/future.ts', './task.ts'],
    ['loop/errors.ts', './errors.ts'],
    ['loop/task.ts', 'chalk'],
    ['loop/task.ts', '../node/once.ts'],
    ['node/once.ts', 'chalk'],
    ['node/once.ts', '../http/index.ts'],
    ['loop/task.ts', '../cli/main.ts'],
    ['loop/unheard-of.ts', './errors.ts'],
    ['observe/narrator.ts', '../http/index.ts'],
    ['observe/report.ts', '../report-page/view.ts'],
    ['report-page/main.ts', '../loop/index.ts'],
    ['report-page/main.ts', 'preact'],
    ['http/agent.ts', '../demos/demo.ts'],
    ['demos/timer.ts', '../cli/main.ts'],
  ])('%s importing %s is drift', (from, specifier) => {
    expect(complaint(from, specifier)).toBeTypeOf('string');
  });
});
