// Reads what produce.py writes from stdin, or stored programs with CPython's traces, and says where ours differ.
import { createInterface } from 'node:readline';
import { compare } from './difference.mjs';

let count = 0;
let skipped = 0;
let failed = 0;
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const row = JSON.parse(line);
  if (row.seen !== undefined) continue;
  count += 1;
  const difference = await compare(row);
  if (difference === 'skipped') skipped += 1;
  if (typeof difference !== 'object') continue;
  failed += 1;
  if (failed <= 20) console.log(JSON.stringify(difference));
}
console.log(JSON.stringify({ count, skipped, failed }));
if (failed > 0) process.exitCode = 1;
