// npm run conformance -- [--programs N] [--seed N] [--jobs N] [--record N]: random programs on CPython 3.13 and here, until their traces differ.
// Exit code 1 on a difference (both programs and both traces are printed), 2 where the run itself is not good.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { FEWEST, Features } from './features.mjs';
import { Jobs } from './jobs.mjs';
import { findPython } from './python.mjs';
import { record } from './record.mjs';
import { report } from './report.mjs';

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '10000' },
    seed: { type: 'string' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    record: { type: 'string' },
    differences: { type: 'string', default: '3' },
  },
});
const whole = (name) => {
  const n = Number(values[name]);
  if (!Number.isSafeInteger(n) || n < 0) fail(`--${name}: expected a whole number, got ${values[name]}`);
  return n;
};
function fail(message) {
  console.log(message);
  process.exit(2);
}

const python = findPython();
if (python === undefined) fail('conformance: found no CPython 3.13. Set ASYNCIO_PYTHON to one, or put python3.13 on the PATH.');
if (values.record !== undefined) {
  await record(python, whole('record'), values.seed === undefined ? 0 : whole('seed'));
  process.exit();
}

const programs = whole('programs');
const first = values.seed === undefined ? Math.floor(Math.random() * 1e9) : whole('seed');
const jobs = Math.max(1, whole('jobs'));
const most = whole('differences');
console.log(`${python}: seeds ${first} to ${first + programs - 1}, ${jobs} ${jobs === 1 ? 'job' : 'jobs'}`);

const started = performance.now();
const features = new Features();
const differences = [];
let count = 0;
let skipped = 0;
let lines = 0;
let told = started;
const rate = () => Math.round((count / (performance.now() - started)) * 1000);
const progress = () => `${count} programs, ${differences.length} differences, ${rate()} a second`;

await new Jobs(python, jobs).run(first, first + programs, (chunk) => {
  count += chunk.count;
  skipped += chunk.skipped;
  lines += chunk.lines;
  features.add(chunk);
  for (const difference of chunk.differences) {
    differences.push(difference);
    if (differences.length <= most) console.log(`seed ${difference.seed}: ${difference.cpython ?? 'nothing'} <> ${difference.ours ?? 'nothing'}`);
  }
  if (process.stdout.isTTY) process.stdout.write(`\r${progress()} `);
  else if (performance.now() - told > 30_000) {
    told = performance.now();
    console.log(progress());
  }
});
if (process.stdout.isTTY) process.stdout.write('\n');

console.log(features.table());
const seconds = (performance.now() - started) / 1000;
console.log(`${count} programs (seeds ${first} to ${first + programs - 1}), ${lines} trace lines, ${skipped} skipped, ${differences.length} differences, ${seconds.toFixed(1)} s, ${rate()} a second`);
for (const difference of differences.slice(0, most)) console.log(await report(python, difference));
if (differences.length > 0) process.exitCode = 1;
const rare = features.rare();
if (programs >= 5000 && rare.length > 0) {
  console.log(`executed in less than ${FEWEST * 100}% of the programs: ${rare.join(', ')}`);
  process.exitCode ||= 2;
}
