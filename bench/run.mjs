// `npm run bench`: what the loop costs beside its peers, on this machine, now. Ratios and not times, since only they mean
// something on another machine; and never a failure on a time, since a busy machine is no bug. A row's failure is a wrong
// result.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chart } from './chart.mjs';
import { installPeers } from './install.mjs';
import { marksTable } from './marks-table.mjs';
import { findPythons } from './python.mjs';
import { growthTable, table } from './report.mjs';
import { ROWS } from './rows/index.mjs';

const NAMES = ROWS.map(({ name }) => name);

const USAGE = `usage: npm run bench -- [options]
  --only ROW    one row (repeat for more): ${NAMES.join(', ')}
  --against X   beside ours only X (repeat for more): native, effect, effection, asyncio, uvloop, or another of a row's;
                rows that have none of them stay as they are
  --rounds N    rounds of each row, all contestants in each; 9 unless given, 3 with --growth
  --growth      ours alone at one, ten and a hundred times a row's size: what an operation costs then
  --smoke       tiny sizes and one round: only checks that the results are right
  --json        one JSON object a line and row; bench/README.md has the schema
  --svg FILE    writes a chart as well
  --from FILE   measures nothing, shows what --json has printed before (repeat for more)
  --marks       a table of the marks in Markdown, a column a version of Node, of what --from names
  --dist DIR    measures another build than dist/
  --node PATH   measures on another Node than this one`;

const OPTIONS = {
  only: { type: 'string', multiple: true },
  against: { type: 'string', multiple: true },
  rounds: { type: 'string' },
  growth: { type: 'boolean', default: false },
  smoke: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  svg: { type: 'string' },
  from: { type: 'string', multiple: true },
  marks: { type: 'boolean', default: false },
  dist: { type: 'string', default: fileURLToPath(new URL('../dist', import.meta.url)) },
  node: { type: 'string', default: process.execPath },
  help: { type: 'boolean', default: false },
};

function readArguments() {
  const { values } = parseArgs({ options: OPTIONS });
  const { only = NAMES, rounds, growth, dist, node, from } = values;
  if (rounds !== undefined && !/^[1-9]\d*$/.test(rounds)) throw new Error(`--rounds: expected a whole number from 1 up, got ${rounds}`);
  for (const name of only) if (!NAMES.includes(name)) throw new Error(`--only: expected one of ${NAMES.join(', ')}, got ${name}`);
  for (const file of from ?? []) if (!existsSync(file)) throw new Error(`--from: expected a file that --json has written, found none at ${file}`);
  if (!existsSync(`${dist}/loop/index.js`)) throw new Error(`--dist: expected a build, found none in ${dist}; npm run build makes one`);
  if (spawnSync(node, ['-e', '0']).status !== 0) throw new Error(`--node: expected a program that runs as node does, got ${node}`);
  return { ...values, only, dist: resolve(dist), rounds: Number(rounds ?? (growth ? 3 : 9)) };
}

/** The results of all rows asked for, each as soon as it is there. */
function* results({ only, against, rounds, growth, smoke, dist, node, from }) {
  if (from !== undefined) {
    for (const file of from) for (const line of readFileSync(file, 'utf8').split('\n')) if (line !== '') yield JSON.parse(line);
    return;
  }
  installPeers();
  const pythons = findPythons();
  // Ten million tasks are more than a heap has room for unless told.
  const flags = ['--expose-gc', ...(growth ? [`--max-old-space-size=${Math.floor((os.totalmem() * 0.85) / 2 ** 20)}`] : [])];
  const names = ROWS.filter((row) => only.includes(row.name) && !(growth && row.grows === false)).map(({ name }) => name);
  for (const rows of smoke ? [names] : names.map((name) => [name])) {
    const asked = JSON.stringify({ rows, against, rounds, growth, smoke, dist, pythons });
    const child = spawnSync(node, [...flags, fileURLToPath(new URL('measure.mjs', import.meta.url)), asked], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for (const line of child.stdout.split('\n')) if (line !== '') yield JSON.parse(line);
    if (child.status === 0) continue;
    console.error(`bench: ${smoke ? 'the rows' : rows[0]}: expected a result, the process ended with ${child.signal ?? child.status}; its error is above`);
    process.exitCode = 1;
  }
}

/** What is printed of one result. */
function shown(result, { json, smoke }) {
  if (json) return JSON.stringify(result);
  if (smoke) return `${result.row.padEnd(24)}right`;
  return `${result.grown === undefined ? table(result) : growthTable(result)}\n`;
}

function main() {
  const values = readArguments();
  if (values.help) return console.log(USAGE);
  if (values.marks) return console.log(marksTable([...results(values)]));
  const all = [];
  for (const result of results(values)) {
    if (all.length === 0 && !values.json && !values.smoke) console.log(`Node ${result.node}; ratios are ours divided by theirs: below 1, ours takes less\n`);
    all.push(result);
    console.log(shown(result, values));
  }
  if (values.svg !== undefined) writeFileSync(values.svg, chart(all));
}

try {
  main();
} catch (error) {
  const usage = error.code?.startsWith('ERR_PARSE_ARGS') || error.message.startsWith('--');
  console.error(usage ? `${error.message}\n${USAGE}` : error);
  process.exitCode = usage ? 2 : 1;
}
