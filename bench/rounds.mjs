// Rounds: every contestant does the same work once a round, one after the other, so that whatever else the machine is
// doing slows all of them. A contestant that is not there (no such package, no Python) leaves its seat empty.
import assert from 'node:assert/strict';

/** Rounds before those that count: the first ones run code that the engine has not optimised yet. */
const WARM_UPS = 2;
/** One that took longer than this, in ms, has optimised what there is. */
const IS_WARM = 3000;

/**
 * A contestant, ready to be asked for one amount after the other. `prepare(env)` fulfils with one of three:
 * - `work(size, clock)`: timed here, its result compared with what the row expects, which also keeps the engine from
 *   leaving work out. What comes before a call of `clock.start()` was preparation, what comes behind one of `clock.stop()`
 *   looks at the result; neither counts;
 * - `{ amount(size), runsOn, close() }`: knows by itself what it takes, and checks itself;
 * - undefined: not to be found on this machine. A package that is not installed is the same.
 */
export async function seat(name, prepare, row, env) {
  try {
    const contestant = await prepare(env);
    if (contestant === undefined) return { name, missing: 'not found' };
    if (typeof contestant === 'function') return { name, amount: (size) => timed(`${row.name}, ${name}`, contestant, row.expected(size), size) };
    return { name, ...contestant };
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return { name, missing: 'not found' };
  }
}

async function timed(name, work, expected, size) {
  globalThis.gc();
  const clock = { start: () => (clock.started = performance.now()), stop: () => (clock.stopped ??= performance.now()) };
  clock.start();
  const result = await work(size, clock);
  clock.stop();
  assert.deepEqual(result, expected, `${name}: wrong result`);
  return clock.stopped - clock.started;
}

/**
 * The amounts of every piece, round by round; a piece is a seat with a size. Each round begins with another piece, so
 * that none always comes first.
 */
export async function playRounds(pieces, rounds, warmUps = WARM_UPS) {
  const amounts = pieces.map(() => []);
  for (let round = -warmUps; round < rounds; round++) {
    for (let i = 0; i < pieces.length; i++) {
      const at = (i + round + warmUps) % pieces.length;
      const { seat, size, warm } = pieces[at];
      if (round < 0 && warm) continue;
      const start = performance.now();
      const amount = await seat.amount(size);
      if (round >= 0) amounts[at].push(amount);
      else if (performance.now() - start > IS_WARM) pieces[at] = { seat, size, warm: true };
    }
  }
  return amounts;
}
