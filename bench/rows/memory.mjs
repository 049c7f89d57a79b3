// Memory: what tasks that sleep take while they do.
import assert from 'node:assert/strict';
import { median } from '../compare.mjs';

export const name = 'memory';

const MEGABYTE = 1e6;
/** Longer than any measurement. */
const A_WHILE = 600_000;

export async function measure({ asyncdemo, smoke, rounds }) {
  const tasks = smoke ? 10 : 100_000;
  const bytes = { ours: [], native: [] };
  // A heap is not noisy: a few rounds do.
  for (let round = 0; round < Math.min(rounds, 3); round++) {
    bytes.ours.push(await ours(asyncdemo, tasks));
    bytes.native.push(await native(tasks));
  }
  const [mine, theirs] = [median(bytes.ours), median(bytes.native)];
  return {
    unit: 'MB',
    ours: mine / MEGABYTE,
    native: theirs / MEGABYTE,
    ratio: mine / theirs,
    mark: 'under 100 MB',
    kept: mine < 100 * MEGABYTE,
    note: `${tasks.toLocaleString('en')} live tasks, ${Math.round(mine / tasks)} bytes each; native ${Math.round(theirs / tasks)}`,
    bytes,
  };
}

function heap() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** Tasks that sleep, looked at once all of them do, and then cancelled. */
function ours({ allTasks, gather, run, sleep }, tasks) {
  function* sleeper() {
    yield* sleep(A_WHILE);
  }
  function* main() {
    const before = heap();
    const all = gather(Array.from({ length: tasks }, sleeper), { returnExceptions: true });
    yield* sleep(1);
    const taken = heap() - before;
    assert.equal(allTasks().length, tasks + 1);
    for (const task of allTasks().slice(1)) task.cancel();
    assert.equal((yield* all).filter((outcome) => outcome.name === 'CancelledError').length, tasks);
    return taken;
  }
  return run(main());
}

/** The same of promises. They cannot be cancelled: they are woken, all at once. */
async function native(tasks) {
  const timeouts = [];
  const nap = (ms) =>
    new Promise((resolve) => {
      const timeout = setTimeout(resolve, ms);
      timeouts.push(() => {
        clearTimeout(timeout);
        resolve();
      });
    });
  const sleeper = async () => {
    await nap(A_WHILE);
  };
  const before = heap();
  const all = Promise.all(Array.from({ length: tasks }, sleeper));
  await new Promise((resolve) => setTimeout(resolve, 1));
  const taken = heap() - before;
  for (const wake of timeouts) wake();
  assert.equal((await all).length, tasks);
  return taken;
}
