// Measures a row, in a process of its own, so that it says the same alone as among the others. Where results are only
// checked one process does for all. Started by run.mjs with what it asks for as JSON; prints a line of JSON a row.
import os from 'node:os';
import { library } from './library.mjs';
import { growth, judge, median, ratio } from './marks.mjs';
import { python } from './python.mjs';
import { playRounds, seat } from './rounds.mjs';
import { ROWS } from './rows/index.mjs';

const asked = JSON.parse(process.argv[2]);
const rows = ROWS.filter(({ name }) => asked.rows.includes(name));
const others = ROWS.filter((row) => !rows.includes(row));
const env = { ...asked, library: (folder) => library(folder, others, env) };

const headOf = ({ name, unit = 'ms' }) => ({ row: name, node: process.versions.node, unit });

/** Ours, in all ways a row has, and those asked for; in a row that has none of them, all: there it is not peers that are compared. */
function playing(contestants) {
  const all = Object.entries(contestants);
  const wanted = all.filter(([name]) => asked.against?.includes(name));
  return wanted.length === 0 ? all : [...all.filter(([name]) => name.startsWith('ours')), ...wanted];
}

/** Every contestant, in turn, at the row's size. */
async function compare(row) {
  const size = asked.smoke ? row.smoke : row.size;
  const pythons = row.python === undefined ? {} : { asyncio: python('asyncio', row.python, row.describe), uvloop: python('uvloop', row.python, row.describe) };
  const seats = [];
  for (const [name, prepare] of playing({ ...row.contestants, ...pythons })) seats.push(await seat(name, prepare, row, env));
  const present = seats.filter(({ missing }) => missing === undefined);
  const pieces = present.map((each) => ({ seat: each, size }));
  const rounds = asked.smoke ? 1 : asked.rounds;
  const played = await playRounds(pieces, rounds, asked.smoke ? 0 : row.warmUps);
  for (const { close } of present) await close?.();
  const amounts = Object.fromEntries(present.map(({ name }, i) => [name, played[i]]));
  const contestants = seats.map(({ name, runsOn, missing, note }) => {
    if (missing !== undefined) return { name, missing };
    const all = amounts[name];
    return { name, runsOn, note: note?.(), median: median(all), ...(name !== 'ours' && amounts.ours && { ratio: ratio(amounts.ours, all) }), amounts: all };
  });
  const marks = (row.marks ?? []).map((mark) => judge(mark, amounts, row.unit ?? 'ms')).filter((mark) => mark !== undefined);
  return { ...headOf(row), what: row.what(size), size, rounds, contestants, marks };
}

/** Ours alone, at its size, ten and a hundred times that, in turn. */
async function grow(row) {
  const { each } = row;
  const { logarithmic, factors = [1, 10, 100] } = row.grows ?? {};
  const size = asked.smoke ? row.smoke : row.size;
  const mine = await seat('ours', row.contestants.ours, row, env);
  const fits = (count) => count * (row.bytesEach ?? 0) < os.freemem();
  const all = factors.map((factor) => factor * size);
  const sizes = all.filter(fits);
  const why = (count) => `takes about ${Math.ceil((count * row.bytesEach) / 1e9)} GB, ${(os.freemem() / 1e9).toFixed(1)} are free`;
  const notMeasured = all.filter((count) => !fits(count)).map((count) => ({ size: count, why: why(count) }));
  // A size of a hundred times is warm at its first round already; those that are not have been run at one time.
  if (!asked.smoke) await playRounds([{ seat: mine, size }], 0);
  const rounds = asked.smoke ? 1 : asked.rounds;
  const amounts = await playRounds(
    sizes.map((count) => ({ seat: mine, size: count })),
    rounds,
    0,
  );
  await mine.close?.();
  return { ...headOf(row), what: row.what(size), rounds, each, grown: growth(sizes, amounts, { each, logarithmic }), amounts, notMeasured };
}

env.asyncdemo = await env.library(asked.dist);
/** Six digits of each number: more say nothing. */
const short = (_key, value) => (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value);

for (const row of rows) {
  const line = `${JSON.stringify(await (asked.growth ? grow(row) : compare(row)), short)}\n`;
  await new Promise((written) => process.stdout.write(line, written));
}
// What is kept under way would keep the process.
process.exit();
