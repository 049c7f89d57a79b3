// Spawn and gather: many tasks, each gives way once and returns.
import { effect, effection } from '../under-way.mjs';

const numbers = (size) => Array.from({ length: size }, (_, i) => i);

/** Of our loop, or of another build of it. */
export function ours({ asyncdemo: { gather, run, sleep } }) {
  function* task(number) {
    yield* sleep(0);
    return number;
  }
  function* main(size) {
    return yield* gather(numbers(size).map(task));
  }
  return (size) => run(main(size));
}

export default {
  name: 'spawn',
  what: (size) => `spawn and gather ${size.toLocaleString('en')} tasks`,
  size: 100_000,
  smoke: 10,
  bytesEach: 1000,
  expected: numbers,
  python: 'spawn',
  contestants: {
    ours,
    native() {
      async function task(number) {
        await null;
        return number;
      }
      return (size) => Promise.all(numbers(size).map(task));
    },
    async effect() {
      const { Effect } = await effect();
      const task = Effect.fnUntraced(function* (number) {
        yield* Effect.yieldNow;
        return number;
      });
      return (size) => Effect.runPromise(Effect.forEach(numbers(size), task, { concurrency: 'unbounded' }));
    },
    async effection() {
      const { all, run, until } = await effection();
      const soon = Promise.resolve();
      function* task(number) {
        yield* until(soon);
        return number;
      }
      return (size) => run(() => all(numbers(size).map(task)));
    },
  },
  marks: [
    { against: 'native', atMost: 2.5 },
    { against: 'effect', atMost: 0.1 },
    { against: 'effection', atMost: 0.1 },
    { against: 'asyncio', atMost: 0.2 },
    { against: 'uvloop', atMost: 0.2 },
  ],
};
