import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mutants } from './faults/index.ts';
import { inject, pathOf, root } from './mutant.ts';

/** The numbers of the rules that docs/rules.md states. */
const rules = [...readFileSync(`${root}docs/rules.md`, 'utf8').matchAll(/^(\d+)\. /gm)].map((match) => Number(match[1]));

test('the rules are numbered from 1, and each has a fault that breaks it', () => {
  expect(rules).toEqual(rules.map((_, index) => index + 1));
  expect([...new Set(mutants.map(({ rule }) => rule))].sort((a, b) => a - b)).toEqual(rules);
});

test.each(mutants)('rule $rule, "$breaks": the text to replace stands exactly once in src/$file', (mutant) => {
  expect(inject(mutant)).not.toBe(readFileSync(pathOf(mutant), 'utf8'));
  for (const place of mutant.caughtBy) expect(existsSync(`${root}test/${place.split('#')[0]}`), place).toBe(true);
});

test('no fault is there twice, and each is expected to be noticed by someone', () => {
  expect(new Set(mutants.map(({ rule, breaks }) => `${rule} ${breaks}`)).size).toBe(mutants.length);
  expect(new Set(mutants.map(({ file, find, replace }) => `${file} ${find} ${replace}`)).size).toBe(mutants.length);
  for (const { caughtBy } of mutants) expect(caughtBy).not.toEqual([]);
});
