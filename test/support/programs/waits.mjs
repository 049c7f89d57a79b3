// Examples that wait in one way or another, performed as the command line performs examples. Given: which one, what time, and
// how often the tree of tasks is printed, in ms; or `debug`.
import { PlainScreen } from '../../../dist/cli/screens/plain.js';
import { perform } from '../../../dist/cli/stage.js';
import { asyncWith, Lock, sleep } from '../../../dist/loop/index.js';

const [name, time, every] = process.argv.slice(2);

function* takesBoth(first, second) {
  yield* asyncWith(first, function* () {
    yield* sleep(5);
    yield* asyncWith(second, () => sleep(1));
  });
}

function startCircle(loop) {
  const [forks, knives] = [new Lock(), new Lock()];
  loop.createTask(takesBoth(forks, knives), { name: 'Ann' });
  return loop.createTask(takesBoth(knives, forks), { name: 'Bob' });
}

/** Refuses to end for a while, so that the drain takes that long. */
function* lingers() {
  try {
    yield* sleep(60_000);
  } finally {
    console.log('draining');
    yield* sleep(1500);
  }
}

/** Keeps everything else waiting. */
function* blocks() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
  yield* sleep(1);
}

const programs = {
  /** Nothing is left to wake anybody. */
  deadlock: ({ loop }) => loop.runUntilComplete(startCircle(loop)),
  /** The same, beside something that goes on. */
  beside: async ({ loop }) => {
    startCircle(loop);
    await loop.runUntilComplete(sleep(200));
  },
  /** One step that takes long, and a task that nobody awaits. */
  careless: async ({ loop }) => {
    loop.createTask(sleep(60_000), { name: 'forgotten' });
    await loop.runUntilComplete(blocks());
  },
  /** Parked, then draining. */
  lingers: async ({ loop }) => {
    loop.createTask(lingers(), { name: 'lingers' });
    await loop.runUntilComplete(sleep(400));
  },
};

process.exitCode = await perform(
  async () => ({ run: programs[name] }),
  {},
  {
    virtualTime: time === 'virtual',
    seed: 0,
    debug: every === 'debug',
    ps: every === undefined || every === 'debug' ? undefined : Number(every),
    screen: () => new PlainScreen(console.log, console.error),
  },
);
