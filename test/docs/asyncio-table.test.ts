// docs/asyncio.md against CPython's own list of names, and against what the library exports.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as library from '../../src/loop/index.ts';
import * as node from '../../src/node/index.ts';

interface Row {
  readonly cells: readonly string[];
  readonly name: string;
  readonly status: string;
  readonly here: string;
  readonly how: string;
}

const text = readFileSync(new URL('../../docs/asyncio.md', import.meta.url), 'utf8');
const names: string[] = JSON.parse(readFileSync(new URL('./asyncio-names.json', import.meta.url), 'utf8'));

const rows: Row[] = text
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => {
    const cells = line
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim());
    const [here = '', how = ''] = cells.slice(-2);
    return { cells, name: /^`([^`]+)`/.exec(cells[0] as string)?.[1] as string, status: cells.at(-3) as string, here: here.replaceAll('`', ''), how };
  });

/** What needs no export: a type, which is erased, and JavaScript's own. */
const NOT_EXPORTED = ['Coroutine', 'RangeError'];

/** Whether `name`, `Class.member` or `loop.member` is exported. */
function isExported(name: string): boolean {
  const everything: Record<string, unknown> = { ...library, ...node };
  const [owner = '', member] = name.replace(/^loop\./, 'EventLoop.').split('.');
  if (member === undefined) return owner in everything || NOT_EXPORTED.includes(owner);
  const exported = everything[owner] as { prototype: object } | undefined;
  if (exported === undefined) return false;
  if (member in exported.prototype || member in exported) return true;
  // A field of instances: nothing of it can be seen on the class.
  return new RegExp(`^  (?:readonly )?${member}\\b`, 'm').test(sourceOf(owner));
}

function sourceOf(owner: string): string {
  const file = owner.replace(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  const room = { 'context-var': 'context', token: 'context' }[file] ?? file;
  return readFileSync(new URL(`../../src/loop/${room}.ts`, import.meta.url), 'utf8');
}

test('every public name of CPython 3.13 has exactly one row', () => {
  const listed = rows.map((row) => row.name).filter((name) => names.includes(name));
  expect(listed.toSorted()).toEqual(names.toSorted());
  expect(names.length).toBeGreaterThan(240);
});

test('no row is blank: each says same, adapted or absent, and how or why', () => {
  const wrong = rows.filter(({ status, how, cells }) => !['same', 'adapted', 'absent'].includes(status) || how.length < 8 || cells.length < 4);
  expect(wrong.map((row) => row.cells)).toEqual([]);
});

test('what is there is exported under the name the table gives', () => {
  const missing = rows.filter(({ status, here }) => status !== 'absent' && here !== 'yield*' && !isExported(here));
  expect(missing.map((row) => `${row.name} -> ${row.here}`)).toEqual([]);
  expect(rows.filter(({ status, here }) => (status === 'absent') !== (here === '–')).map((row) => row.name)).toEqual([]);
});

test('what comes from asyncdemo/node is said to', () => {
  const wrong = rows.filter(({ status, here, how }) => status !== 'absent' && here in node && !(here in library) && !how.includes('asyncdemo/node'));
  expect(wrong.map((row) => row.name)).toEqual([]);
});
