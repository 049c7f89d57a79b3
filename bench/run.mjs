// `npm run bench`: what the loop costs beside native async/await, on this machine, now. Ratios and not times, since only
// they mean something on another machine; and never a failure on a time, since a busy machine is no bug. A row's
// failure is a wrong result.
//
// Each row is measured in a process of its own, so that a row says the same alone (`--only`) as among the others.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { HEADINGS, line } from './report.mjs';
import * as memory from './rows/memory.mjs';
import * as pingPong from './rows/ping-pong.mjs';
import * as spawn from './rows/spawn.mjs';
import * as startUp from './rows/start-up.mjs';
import * as switching from './rows/switch.mjs';
import * as timers from './rows/timers.mjs';
import { programUnderWay } from './under-way.mjs';

const ROWS = [switching, pingPong, spawn, timers, memory, startUp];
const NAMES = ROWS.map((row) => row.name);

const USAGE = `usage: npm run bench -- [options]
  --only ROW    one row (repeat for more): ${NAMES.join(', ')}
  --rounds N    rounds of each row, interleaved ours and native; 9 unless given
  --smoke       tiny sizes and one round: only checks that the results are right
  --json        one JSON object a line
  --dist DIR    measure another build than dist/`;

const OPTIONS = {
  only: { type: 'string', multiple: true },
  rounds: { type: 'string' },
  smoke: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  dist: { type: 'string', default: fileURLToPath(new URL('../dist', import.meta.url)) },
  help: { type: 'boolean', default: false },
  // What the script calls itself with.
  measure: { type: 'string' },
};

function readArguments() {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.rounds !== undefined && !/^[1-9]\d*$/.test(values.rounds)) throw new Error(`--rounds: expected a whole number from 1 up, got ${values.rounds}`);
  for (const name of values.only ?? []) if (!NAMES.includes(name)) throw new Error(`--only: expected one of ${NAMES.join(', ')}, got ${name}`);
  if (!existsSync(`${values.dist}/loop/index.js`)) throw new Error(`--dist: expected a build, found none in ${values.dist}; npm run build makes one`);
  return values;
}

/** In the parent: a child for each row, and a line for each result. */
function measureAll({ only = NAMES, rounds, smoke, json, dist }) {
  if (!json && !smoke) console.log(HEADINGS);
  for (const name of NAMES.filter((each) => only.includes(each))) {
    const flags = [...(rounds === undefined ? [] : ['--rounds', rounds]), ...(smoke ? ['--smoke'] : []), '--dist', dist, '--measure', name];
    const child = spawnSync(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), ...flags], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.status === 0) console.log(json ? child.stdout.trim() : line(JSON.parse(child.stdout)));
    else process.exitCode = 1;
  }
}

/** In a child: measures one row. */
async function measureOne({ measure: name, rounds = '9', smoke, dist }) {
  const asyncdemo = await import(pathToFileURL(`${dist}/loop/index.js`).href);
  const underWay = await programUnderWay(asyncdemo);
  // A program uses more of the loop than one row does: with a little of everything run first, no row profits from an
  // engine that has seen nothing else.
  for (const row of ROWS) if (row !== startUp && row.name !== name) await row.measure({ asyncdemo, smoke: true, rounds: 1 });
  const row = ROWS.find((each) => each.name === name);
  const result = await row.measure({ asyncdemo, smoke, rounds: smoke ? 1 : Number(rounds) });
  underWay.loop.close();
  console.log(JSON.stringify(smoke && result.skipped === undefined ? { row: name, right: true } : { row: name, ...result }));
}

try {
  const values = readArguments();
  if (values.help) console.log(USAGE);
  else if (values.measure !== undefined) await measureOne(values);
  else measureAll(values);
} catch (error) {
  const usage = error.code?.startsWith('ERR_PARSE_ARGS') || error.message.startsWith('--');
  console.error(usage ? `${error.message}\n${USAGE}` : error);
  process.exitCode = usage ? 2 : 1;
}
