// `npm run proof`: the proofs alone, or some of their files, and a table of what was run. With `--full` every search goes on
// to its end, or much further.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const full = process.argv[2] === '--full';
const given = process.argv.slice(full ? 3 : 2);
const files = given.length > 0 ? given : ['cancel-', 'orders-', 'interleave', 'faulty'].map((name) => `test/proof/${name}`);
const folder = mkdtempSync(join(tmpdir(), 'proof-'));
const table = join(folder, 'table');
const { status } = spawnSync('npx', ['vitest', 'run', ...files], {
  stdio: 'inherit',
  env: { ...process.env, ASYNCDEMO_PROOF: full ? 'full' : 'bounded', ASYNCDEMO_PROOF_TABLE: table },
});

/** Searches of one kind in one scenario, one after the other, are one row. */
const rows = new Map();
let lines = [];
try {
  lines = readFileSync(table, 'utf8').trim().split('\n');
} catch {
  // Nothing was run.
}
for (const line of lines) {
  const { scenario, search, runs, exhausted } = JSON.parse(line);
  const row = rows.get(scenario) ?? new Map();
  const cell = row.get(search) ?? { runs: 0, exhausted: true };
  row.set(search, { runs: cell.runs + runs, exhausted: cell.exhausted && exhausted });
  rows.set(scenario, row);
}
rmSync(folder, { recursive: true });

const searches = ['cancel', 'timeout', 'interrupt', 'order', 'order and cancel'];
const widest = Math.max(...[...rows.keys(), 'all'].map((name) => name.length));
const total = searches.map(() => 0);
const print = (name, cells) => console.log(name.padEnd(widest), ...cells.map((cell) => String(cell).padStart(16)));
print('runs, * where the search is exhaustive', searches);
for (const [scenario, row] of rows) {
  print(
    scenario,
    searches.map((search, index) => {
      const cell = row.get(search);
      total[index] += cell?.runs ?? 0;
      return cell === undefined ? '' : `${cell.runs}${cell.exhausted ? '*' : ' '}`;
    }),
  );
}
print(
  'all',
  total.map((runs) => `${runs} `),
);
console.log(`${total.reduce((sum, runs) => sum + runs, 0)} runs`);
process.exitCode = status ?? 1;
