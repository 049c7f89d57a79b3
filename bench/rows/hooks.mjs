// Hooks: what it costs that a loop can be observed, while nobody does, and while somebody does and does nothing. Beside
// it the same loop without hooks, see ../strip-hooks.mjs.
import { copyOfLoop, copyWithoutHooks } from '../strip-hooks.mjs';
import spawn, { ours as oursSpawns } from './spawn.mjs';
import switching, { ours as oursSwitches } from './switch.mjs';

const HOOKS = ['iteration', 'handle', 'timer', 'taskCreated', 'step', 'taskSuspended', 'taskWoken', 'taskCancelRequested', 'taskDone'];
const nothing = Object.fromEntries(HOOKS.map((hook) => [hook, () => {}]));

/** A loop whose programs all have an observer. */
function observed(asyncdemo) {
  const { EventLoop, run } = asyncdemo;
  function loopFactory() {
    const loop = new EventLoop();
    loop.setObserver(nothing);
    return loop;
  }
  return { ...asyncdemo, run: (main) => run(main, { loopFactory }) };
}

/** Every contestant has a copy of the loop of its own: what the engine has seen of one does not count for another. */
const row = (name, { size, smoke, what, expected }, ours) => ({
  name: `hooks-${name}`,
  what: (count) => `${what(count)}, with and without somebody who looks on`,
  size,
  smoke,
  expected,
  alone: true,
  grows: false,
  contestants: {
    ours,
    // The same once more: by how much these two differ, others do without any reason.
    'ours again': async ({ dist, library }) => ours({ asyncdemo: await library(copyOfLoop(dist)) }),
    'no-op observer': async ({ dist, library }) => ours({ asyncdemo: observed(await library(copyOfLoop(dist))) }),
    'without hooks': async ({ dist, library }) => ours({ asyncdemo: await library(copyWithoutHooks(dist)) }),
  },
  marks: [
    { against: 'without hooks', atMost: 1.02 },
    { of: 'no-op observer', against: 'without hooks', atMost: 1.3 },
  ],
});

export default [row('switch', switching, oursSwitches), row('spawn', spawn, oursSpawns)];
