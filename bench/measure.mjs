// Measures one row, in a process of its own, so that a row says the same alone as among the others. Started by run.mjs
// with what it asks for as JSON; prints the result as JSON.
import os from 'node:os';
import { library } from './library.mjs';
import { growth, judge, median, ratio } from './marks.mjs';
import { python } from './python.mjs';
import { playRounds, seat } from './rounds.mjs';
import { ROWS } from './rows/index.mjs';

const asked = JSON.parse(process.argv[2]);
const row = ROWS.find(({ name }) => name === asked.row);
const others = ROWS.filter((each) => each !== row);
const env = { dist: asked.dist, smoke: asked.smoke, library: (folder) => library(folder, others, env) };
const head = { row: row.name, node: process.versions.node, unit: row.unit ?? 'ms' };

/** Every contestant, in turn, at the row's size. */
async function compare() {
  const size = asked.smoke ? row.smoke : row.size;
  const pythons = row.python === undefined ? {} : { asyncio: python('asyncio', row.python, row.describe), uvloop: python('uvloop', row.python, row.describe) };
  const seats = [];
  for (const [name, prepare] of Object.entries({ ...row.contestants, ...pythons })) seats.push(await seat(name, prepare, row, env));
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
  const marks = (row.marks ?? []).map((mark) => judge(mark, amounts, head.unit)).filter((mark) => mark !== undefined);
  return { ...head, what: row.what(size), size, rounds, contestants, marks };
}

/** Ours alone, at its size, ten and a hundred times that, in turn. */
async function grow() {
  const { each, logarithmic, factors = [1, 10, 100] } = row.grows ?? {};
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
  return { ...head, what: row.what(size), rounds, each, grown: growth(sizes, amounts, { each, logarithmic }), amounts, notMeasured };
}

env.asyncdemo = await env.library(asked.dist);
console.log(JSON.stringify(await (asked.growth ? grow() : compare())));
// What is kept under way would keep the process.
process.exit();
