// Start-up: what the command takes until its first word, beyond Node itself.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { median } from '../compare.mjs';

export const name = 'start-up';

const BIN = fileURLToPath(new URL('../../bin/asyncdemo.js', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

export async function measure({ rounds }) {
  if (!existsSync(BIN)) return { skipped: 'there is no bin/asyncdemo.js' };
  const times = { ours: [], native: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const [side, args] of Object.entries({ ours: [BIN, '--version'], native: ['-e', '0'] })) {
      const start = performance.now();
      const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      const took = performance.now() - start;
      assert.equal(status, 0, `${args.join(' ')}: expected exit 0, got ${status}`);
      if (side === 'ours') assert.ok(stdout.includes(version), `--version: expected ${version}, got ${stdout}`);
      if (round > 0) times[side].push(took); // The first brings the files into the cache.
    }
  }
  const [ours, native] = [median(times.ours), median(times.native)];
  return {
    unit: 'ms',
    ours,
    native,
    ratio: ours / native,
    mark: 'within 35 ms of node -e 0',
    kept: ours - native <= 35,
    note: `${(ours - native).toFixed(1)} ms more`,
    times,
  };
}
