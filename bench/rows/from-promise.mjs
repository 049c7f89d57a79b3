// The border to promises: a hundred tasks that await promises, which the engine settles.
import { effect, effection } from '../under-way.mjs';

const TASKS = 100;

/** What one task makes of its part: every promise is a new one, as those of real work are. */
const sum = (times) => (times * (times - 1)) / 2;

export default {
  name: 'from-promise',
  what: (size) => `${TASKS} tasks await ${size.toLocaleString('en')} promises`,
  size: 100_000,
  smoke: TASKS,
  expected: (size) => Array(TASKS).fill(sum(size / TASKS)),
  contestants: {
    ours({ asyncdemo: { fromPromise, gather, run } }) {
      function* task(times) {
        let total = 0;
        for (let i = 0; i < times; i++) total += yield* fromPromise(() => Promise.resolve(i));
        return total;
      }
      function* main(size) {
        return yield* gather(Array.from({ length: TASKS }, () => task(size / TASKS)));
      }
      return (size) => run(main(size));
    },
    native() {
      async function task(times) {
        let total = 0;
        for (let i = 0; i < times; i++) total += await Promise.resolve(i);
        return total;
      }
      return (size) => Promise.all(Array.from({ length: TASKS }, () => task(size / TASKS)));
    },
    async effect() {
      const { Effect } = await effect();
      const task = Effect.fnUntraced(function* (times) {
        let total = 0;
        for (let i = 0; i < times; i++) total += yield* Effect.promise(() => Promise.resolve(i));
        return total;
      });
      return (size) => Effect.runPromise(Effect.all(Array(TASKS).fill(task(size / TASKS)), { concurrency: 'unbounded' }));
    },
    async effection() {
      const { all, run, until } = await effection();
      function* task(times) {
        let total = 0;
        for (let i = 0; i < times; i++) total += yield* until(Promise.resolve(i));
        return total;
      }
      return (size) => run(() => all(Array.from({ length: TASKS }, () => task(size / TASKS))));
    },
  },
};
