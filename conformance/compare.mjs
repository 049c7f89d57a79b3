// Reads what produce.py writes, runs the same programs on our loop, twice: with an observer (iteration numbers and all), and without one, with
// tiny turns and stack probes (everything but the iteration numbers must be the same). Appends differences to the file FAILURES.
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { run } from './interp.mjs';

const failures = process.argv[2];
const bare = (line) => line.slice(line.indexOf(' ') + 1);
const firstDifference = (a, b) => {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (a[i] !== b[i]) return i;
  return -1;
};
let count = 0;
let skipped = 0;
let failed = 0;
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { seed, p, t, skip } = JSON.parse(line);
  count += 1;
  if (skip) { skipped += 1; continue; }
  const full = await run(p, { observe: true });
  if (full.skip) { skipped += 1; continue; }
  let at = firstDifference(t, full.lines);
  let kind = 'observed';
  let ours = full.lines;
  if (at === -1) {
    const plain = await run(p, { turnBudget: seed % 2 ? 0 : undefined, probes: true });
    at = firstDifference(t.map(bare), plain.lines.map(bare));
    kind = 'unobserved';
    ours = plain.lines;
  }
  if (at === -1) continue;
  failed += 1;
  const row = { seed, kind, at, cpython: t[at], ours: ours[at], suspect: full.suspect };
  if (process.env.STOP && failed === 1) { console.log(JSON.stringify(row)); break; }
  if (failed <= 20) console.log(JSON.stringify(row));
  if (failures !== undefined) appendFileSync(failures, `${JSON.stringify({ ...row, p })}\n`);
}
console.log(JSON.stringify({ count, skipped, failed }));
if (failed > 0) process.exitCode = 1;
