// The proofs as tests, one a scenario. In CI each search is bounded; with ASYNCDEMO_PROOF=full it goes on to the end, and
// what was run is written to the file ASYNCDEMO_PROOF_TABLE, a line of JSON a search.
import { appendFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import type { Found, Search } from './interleave.ts';
import type { Scenario } from './play.ts';

const full = process.env.ASYNCDEMO_PROOF === 'full';
const table = process.env.ASYNCDEMO_PROOF_TABLE;

/** An hour: a full search takes as long as it takes. */
const PATIENCE = 3_600_000;

/** Tests that search every scenario, and count the runs aloud. `bound`: how many runs for each, here and in full. */
export function prove(
  scenarios: readonly Scenario[],
  bound: readonly [ci: number, full: number],
  search: (scenario: Scenario, search: Search) => Promise<Found[]>,
): void {
  const all: Found[] = [];
  test.each(scenarios)(
    '$name',
    async (scenario) => {
      const found = await search(scenario, { most: full ? bound[1] : bound[0] });
      all.push(...found);
      expect(found.flatMap(({ failure }) => failure ?? [])).toEqual([]);
    },
    full ? PATIENCE : undefined,
  );
  afterAll(() => {
    const runs = all.reduce((sum, found) => sum + found.runs, 0);
    console.log(`${runs} runs of ${scenarios.length} scenarios; ${all.filter(({ exhausted }) => exhausted).length} of ${all.length} searches were exhaustive`);
    if (table !== undefined) for (const found of all) appendFileSync(table, `${JSON.stringify(found)}\n`);
  });
}
