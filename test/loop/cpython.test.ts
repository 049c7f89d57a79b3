import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { traces } from '../support/cpython.ts';
import { readSource, sourceFiles } from '../support/imports.ts';

const here = new URL('./', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, here), 'utf8');

test('every scenario that CPython ran is run here, and the other way round', () => {
  const modules = readdirSync(new URL('./cpython/', import.meta.url)).filter((file) => file.endsWith('.py'));
  const scenarios = [
    ...modules
      .map((file) => read(`cpython/${file}`))
      .join('\n')
      .matchAll(/^@(?:coroutine_)?scenario\n(?:async )?def (\w+)/gm),
  ].map((match) => (match[1] as string).replaceAll('_', ' '));
  const tests = readdirSync(here).filter((file) => file.endsWith('.test.ts'));
  const compared = tests.flatMap((file) => [...read(file).matchAll(/sameAsCPython\('([^']+)'/g)].map((match) => match[1]));
  expect(Object.keys(traces).sort()).toEqual(scenarios.sort());
  expect(compared.sort()).toEqual(scenarios);
});

test('every file of src/loop that does something has its test', () => {
  const tests = new Set(readdirSync(here));
  const withoutCode = ['driver', 'index']; // An interface, and the door.
  const files = sourceFiles()
    .filter((file) => file.startsWith('loop/'))
    .map((file) => file.slice('loop/'.length, -'.ts'.length));
  expect(files.filter((name) => !tests.has(`${name}.test.ts`) && !withoutCode.includes(name))).toEqual([]);
  for (const name of withoutCode) expect(readSource(`loop/${name}.ts`)).not.toMatch(/\bfunction\b|\bclass\b/);
});
