// A thread of a run: asks its CPython for ranges of programs with their traces, runs them here, says what differs.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { compare } from './difference.mjs';

const { python, at } = workerData;
const producer = spawn(python, [fileURLToPath(new URL('../cpython/produce.py', import.meta.url))], { stdio: ['pipe', 'pipe', 'inherit'] });
producer.on('error', (error) => parentPort.postMessage({ error: error.message }));
producer.on('exit', (code) => parentPort.postMessage({ error: `CPython's side ended with ${code}` }));
parentPort.on('message', (range) => {
  if (range === 'end') {
    producer.removeAllListeners();
    producer.kill();
  } else producer.stdin.write(`${range.join(' ')}\n`);
});

const fresh = () => ({ count: 0, skipped: 0, lines: 0, differences: [] });
let chunk = fresh();
for await (const line of createInterface({ input: producer.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
  const row = JSON.parse(line);
  if (row.seen !== undefined) {
    at[0] = 0;
    parentPort.postMessage({ ...chunk, programs: row.programs, seen: row.seen });
    chunk = fresh();
    continue;
  }
  at[0] = row.seed;
  const difference = await compare(row);
  chunk.count += 1;
  chunk.lines += row.t.length;
  if (difference === 'skipped') chunk.skipped += 1;
  else if (difference !== 'same') chunk.differences.push(difference);
}
