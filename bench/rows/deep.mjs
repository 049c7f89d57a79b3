// Deep awaits: what a resumption costs a coroutine that others wait for, and how deep they may go.
import { effect, effection } from '../under-way.mjs';

/** How many tasks wait this deep at a time. */
const TASKS = 100;

const itself = (coroutine) => coroutine;

/** Of our loop: tasks that give way at the given depth, `size` times in all; by `recurse` where `flat`. */
const ours =
  (depth, flat = false) =>
  ({ asyncdemo: { gather, recurse, run, sleep } }) => {
    const through = flat ? recurse : itself;
    function* task(level, times) {
      if (level > 1) return yield* through(task(level - 1, times));
      for (let i = 0; i < times; i++) yield* sleep(0);
      return times;
    }
    function* main(size) {
      return yield* gather(Array.from({ length: TASKS }, () => task(depth, size / TASKS)));
    }
    return (size) => run(main(size));
  };

const native = (depth) => () => {
  async function task(level, times) {
    if (level > 1) return await task(level - 1, times);
    for (let i = 0; i < times; i++) await null;
    return times;
  }
  return (size) => Promise.all(Array.from({ length: TASKS }, () => task(depth, size / TASKS)));
};

const row = (depth) => ({
  name: `deep-${depth}`,
  what: (size) => `${size.toLocaleString('en')} resumptions at depth ${depth}`,
  size: 100_000,
  smoke: TASKS,
  expected: (size) => Array(TASKS).fill(size / TASKS),
  python: 'deep',
  describe: (size) => ({ size, depth }),
  contestants: {
    ours: ours(depth),
    ...(depth > 1 && { 'ours at depth 1': ours(1), 'ours by recurse': ours(depth, true) }),
    native: native(depth),
    async effect() {
      const { Effect } = await effect();
      const task = Effect.fnUntraced(function* (level, times) {
        if (level > 1) return yield* task(level - 1, times);
        for (let i = 0; i < times; i++) yield* Effect.yieldNow;
        return times;
      });
      return (size) => Effect.runPromise(Effect.all(Array(TASKS).fill(task(depth, size / TASKS)), { concurrency: 'unbounded' }));
    },
    async effection() {
      const { all, run, until } = await effection();
      const soon = Promise.resolve();
      function* task(level, times) {
        if (level > 1) return yield* task(level - 1, times);
        for (let i = 0; i < times; i++) yield* until(soon);
        return times;
      }
      return (size) => run(() => all(Array.from({ length: TASKS }, () => task(depth, size / TASKS))));
    },
  },
  // No faster than the depth.
  marks: depth > 1 ? [{ against: 'ours at depth 1', atMost: depth }] : [],
});

const STEP = 500;

/** The deepest of the depths up to `size` at which `playAt` does not run out of stack. */
async function deepest(playAt, size) {
  let reached = 0;
  for (let depth = Math.min(STEP, size); depth <= size; depth += STEP) {
    try {
      await playAt(depth)(TASKS);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      break;
    }
    reached = depth;
  }
  return reached;
}

export default [
  ...[1, 10, 100].map(row),
  {
    name: 'deepest',
    what: (size) => `the deepest chain of awaits, of those up to ${size.toLocaleString('en')}`,
    unit: 'deep',
    size: 10_000,
    smoke: 100,
    grows: false,
    warmUps: 0,
    contestants: {
      // Ours alone: the engine, at the end of its own stack, prints a page on stderr for each promise.
      ours: ({ asyncdemo }) => ({ amount: (size) => deepest((depth) => ours(depth)({ asyncdemo }), size) }),
      'ours by recurse': ({ asyncdemo }) => ({ amount: (size) => deepest((depth) => ours(depth, true)({ asyncdemo }), size) }),
    },
    marks: [{ atLeast: 10_000 }, { of: 'ours by recurse', atLeast: 10_000 }],
  },
];
