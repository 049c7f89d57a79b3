// HACKING.md leads through the whole library.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sourceFiles } from '../support/imports.ts';

const hacking = readFileSync(new URL('../../HACKING.md', import.meta.url), 'utf8');

test('every file of src/loop, src/node and src/observe has its place in the reading', () => {
  const files = sourceFiles().filter((file) => /^(loop|node|observe)\//.test(file));
  const names = files.map((file) => file.split('/')[1] as string);
  expect(names.filter((name) => !hacking.includes(`\`${name}\``))).toEqual([]);
});

test('every script that it names is there', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { scripts: Record<string, string> };
  const named = [...hacking.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] as string);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
  expect(named.length).toBeGreaterThan(10);
});
