// Hooks: what it costs that a loop can be observed, while nobody does, while somebody does and does nothing, and while it is recorded. Beside
// it the same loop without hooks, see ../strip-hooks.mjs.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { copyWithoutHooks } from '../strip-hooks.mjs';
import spawn from './spawn.mjs';
import switching from './switch.mjs';

const ALONE = fileURLToPath(new URL('../alone.mjs', import.meta.url));

/** A process for each amount: in one, the same code differs from itself by 40 %, by what the engine has seen before. */
const alone = (row, dist, smoke, watched, amount = (ms) => ms) => ({
  async amount(size) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', ALONE, JSON.stringify({ row, size, dist, watched, smoke })], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`hooks-${row}: expected a time, the process ended with ${status}: ${stderr}`);
    return amount(Number(stdout), size);
  },
});

const row = (name, { size, smoke, what }) => ({
  name: `hooks-${name}`,
  what: (count) => `${what(count)}, with and without somebody who looks on`,
  size,
  smoke,
  alone: true,
  warmUps: 0,
  grows: false,
  contestants: {
    ours: ({ dist, smoke }) => alone(name, dist, smoke),
    // The same once more: by how much these two differ, others do without any reason.
    'ours again': ({ dist, smoke }) => alone(name, dist, smoke),
    'no-op observer': ({ dist, smoke }) => alone(name, dist, smoke, 'nothing'),
    'without hooks': ({ dist, smoke }) => alone(name, copyWithoutHooks(dist), smoke),
  },
  marks: [{ against: 'ours again' }, { against: 'without hooks', atMost: 1.02 }, { of: 'no-op observer', against: 'without hooks', atMost: 1.3 }],
});

/** A row's time in ns for each of its operations. */
const nsEach = (ms, size) => (ms * 1e6) / size;

/** What it costs to record a run: beyond the loop that nobody watches, for each step. */
const recorded = {
  name: 'record',
  what: (size) => `${switching.what(size)}, recorded`,
  unit: 'ns',
  each: true,
  size: switching.size,
  smoke: switching.smoke,
  alone: true,
  warmUps: 0,
  grows: false,
  contestants: {
    ours: ({ dist, smoke }) => alone('switch', dist, smoke, undefined, nsEach),
    recorded: ({ dist, smoke }) => alone('switch', dist, smoke, 'record', nsEach),
  },
  marks: [{ of: 'recorded', beyond: 'ours', atMost: 300 }],
};

export default [row('switch', switching), row('spawn', spawn), recorded];
