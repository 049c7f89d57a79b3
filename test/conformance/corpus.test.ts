// Programs with the traces that CPython left of them, replayed here. See conformance/README.md.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface Recorded {
  seed?: string | number;
  p: unknown;
  t: string[];
}

process.env.FUZZ_ENTRY = fileURLToPath(new URL('../../src/loop/index.ts', import.meta.url));
const { compare } = (await import('../../conformance/ours/difference.mjs' as string)) as { compare(row: Recorded): Promise<unknown> };
const { recorded } = (await import('../../conformance/recorded.mjs' as string)) as { recorded(): Iterable<Recorded> };
const programs = [...recorded()];

test('every program on record runs as on CPython', { timeout: 120_000 }, async () => {
  expect(programs.length).toBeGreaterThanOrEqual(5000);
  for (const program of programs) {
    const difference = await compare(program);
    if (difference !== 'same') expect.fail(JSON.stringify(difference));
  }
});

test('a trace that differs is noticed', async () => {
  const [{ p, t }] = programs as [Recorded];
  expect(await compare({ p, t: [`${t[0]}!`, ...t.slice(1)] })).toMatchObject({ at: 0, cpython: `${t[0]}!`, ours: t[0] });
});
