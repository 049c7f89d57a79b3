// One build of the loop, alone in its process, does one row's work a few times; prints the middle one, in ms. For rows whose
// contestants differ by less than what the engine makes of the same code when it has seen it twice: see rows/hooks.mjs.
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { library } from './library.mjs';
import { median } from './marks.mjs';
import { playRounds, seat } from './rounds.mjs';
import spawn, { ours as spawns } from './rows/spawn.mjs';
import switching, { ours as switches } from './rows/switch.mjs';

const WORKS = { spawn: [spawn, spawns], switch: [switching, switches] };
const ROUNDS = 5;

/** A loop whose programs are all watched. */
function watchedBy(watch, asyncdemo) {
  const { EventLoop, run } = asyncdemo;
  function loopFactory() {
    const loop = new EventLoop();
    watch(loop);
    return loop;
  }
  return { ...asyncdemo, run: (main) => run(main, { loopFactory }) };
}

/** Every hook, as an observer has them: functions of their own, and not thirteen of the same, which the engine would treat as one that it knows nothing of. */
class Nothing {
  run() {}
  poll() {}
  iteration() {}
  handleScheduled() {}
  handle() {}
  timer() {}
  taskCreated() {}
  step() {}
  taskSuspended() {}
  taskWoken() {}
  taskCancelRequested() {}
  taskDone() {}
  primitive() {}
}

/** Who watches, by name. */
async function watcher(name, dist) {
  if (name === 'nothing') {
    const { GuardedObserver } = await import(pathToFileURL(`${dist}/loop/observer.js`).href);
    assert.deepEqual(Object.getOwnPropertyNames(Nothing.prototype), Object.getOwnPropertyNames(GuardedObserver.prototype), 'another list of hooks');
    return (loop) => loop.setObserver(new Nothing());
  }
  const { record } = await import(pathToFileURL(`${dist}/observe/index.js`).href);
  return record;
}

const { row: name, size, dist, watched, smoke } = JSON.parse(process.argv[2]);
const [row, ours] = WORKS[name];
const asyncdemo = await library(dist, [], {});
const program = watched ? watchedBy(await watcher(watched, dist), asyncdemo) : asyncdemo;
const mine = await seat('ours', () => ours({ asyncdemo: program }), row, {});
const [amounts] = await playRounds([{ seat: mine, size }], smoke ? 1 : ROUNDS, smoke ? 0 : undefined);
process.stdout.write(String(median(amounts)), () => process.exit());
