// Giving way: what one switch from task to task costs.
import { effect, effection } from '../under-way.mjs';

/** How many tasks there are in a row of `size` switches. */
const TASKS = 1000;
const share = (size) => [Math.min(TASKS, size), size / Math.min(TASKS, size)];

// Every task tells at which of all steps it took its last: in turn means one right after the other, at the very end.
const expected = (size) => {
  const [tasks, steps] = share(size);
  return Array.from({ length: tasks }, (_, i) => tasks * (steps - 1) + i + 1);
};

/** Of our loop, or of another build of it. */
export function ours({ asyncdemo: { gather, run, sleep } }) {
  let step = 0;
  function* task(steps) {
    for (let i = 0; i < steps; i++) {
      yield* sleep(0);
      step += 1;
    }
    return step;
  }
  function* main(size) {
    const [tasks, steps] = share(size);
    step = 0;
    return yield* gather(Array.from({ length: tasks }, () => task(steps)));
  }
  return (size) => run(main(size));
}

export default {
  name: 'switch',
  what: (size) => `${size.toLocaleString('en')} switches between ${share(size)[0].toLocaleString('en')} tasks`,
  size: 1_000_000,
  smoke: 100,
  expected,
  python: 'switch',
  contestants: {
    ours,
    native() {
      let step = 0;
      async function task(steps) {
        for (let i = 0; i < steps; i++) {
          await null;
          step += 1;
        }
        return step;
      }
      return (size) => {
        const [tasks, steps] = share(size);
        step = 0;
        return Promise.all(Array.from({ length: tasks }, () => task(steps)));
      };
    },
    async effect() {
      const { Effect } = await effect();
      let step = 0;
      const task = Effect.fnUntraced(function* (steps) {
        for (let i = 0; i < steps; i++) {
          yield* Effect.yieldNow;
          step += 1;
        }
        return step;
      });
      return (size) => {
        const [tasks, steps] = share(size);
        step = 0;
        return Effect.runPromise(
          Effect.all(
            Array.from({ length: tasks }, () => task(steps)),
            { concurrency: 'unbounded' },
          ),
        );
      };
    },
    async effection() {
      const { all, run, until } = await effection();
      let step = 0;
      const soon = Promise.resolve();
      function* task(steps) {
        for (let i = 0; i < steps; i++) {
          yield* until(soon); // Its sleep(0) takes a millisecond.
          step += 1;
        }
        return step;
      }
      return (size) => {
        const [tasks, steps] = share(size);
        step = 0;
        return run(() => all(Array.from({ length: tasks }, () => task(steps))));
      };
    },
  },
  marks: [
    { against: 'native', atMost: 1.2 },
    { against: 'effect', atMost: 0.1 },
    { against: 'effection', atMost: 0.1 },
    { against: 'asyncio', atMost: 0.2 },
    { against: 'uvloop', atMost: 0.2 },
  ],
};
