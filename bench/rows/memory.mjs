// Memory: what a task takes while it sleeps, and that running for long takes nothing.
import assert from 'node:assert/strict';
import { effect } from '../under-way.mjs';

/** Longer than any measurement. */
const A_WHILE = 600_000;

function heap() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** A contestant that measures the bytes for each of `size`, as often as it is asked. */
const bytesEach = (taken) => ({ amount: async (size) => (await taken(size)) / size });

export default [
  {
    name: 'memory',
    what: (size) => `memory of each of ${size.toLocaleString('en')} sleeping tasks`,
    unit: 'bytes',
    each: true,
    size: 100_000,
    smoke: 10,
    bytesEach: 1000,
    // A heap is not noisy, and there is nothing to optimise; the first round makes what is made once.
    warmUps: 1,
    contestants: {
      ours({ asyncdemo: { allTasks, gather, run, sleep } }) {
        function* sleeper() {
          yield* sleep(A_WHILE);
        }
        function* main(size) {
          const before = heap();
          const all = gather(Array.from({ length: size }, sleeper), { returnExceptions: true });
          yield* sleep(1);
          const taken = heap() - before;
          assert.equal(allTasks().length, size + 1);
          for (const task of allTasks().slice(1)) task.cancel();
          assert.equal((yield* all).filter((outcome) => outcome.name === 'CancelledError').length, size);
          return taken;
        }
        return bytesEach((size) => run(main(size)));
      },
      // Promises cannot be cancelled: they are woken, all at once.
      native() {
        return bytesEach(async (size) => {
          const before = heap();
          const timeouts = [];
          // `_onTimeout` is the function it was given: to keep that as well would be counted.
          const nap = () => new Promise((resolve) => timeouts.push(setTimeout(resolve, A_WHILE)));
          const sleeper = async () => {
            await nap();
          };
          const all = Promise.all(Array.from({ length: size }, sleeper));
          await new Promise((resolve) => setTimeout(resolve, 1));
          const taken = heap() - before;
          for (const timeout of timeouts) {
            timeout._onTimeout();
            clearTimeout(timeout);
          }
          assert.equal((await all).length, size);
          return taken;
        });
      },
      async effect() {
        const { Effect, Fiber } = await effect();
        const sleeper = Effect.fnUntraced(function* () {
          yield* Effect.sleep(A_WHILE);
        });
        const main = Effect.fnUntraced(function* (size) {
          const before = heap();
          const fibers = [];
          for (let i = 0; i < size; i++) fibers.push(yield* Effect.forkChild(sleeper(), { startImmediately: true }));
          yield* Effect.sleep(1);
          const taken = heap() - before;
          assert.equal(fibers.length, size);
          yield* Fiber.interruptAll(fibers);
          return taken;
        });
        return bytesEach((size) => Effect.runPromise(main(size)));
      },
    },
    marks: [{ atMost: 600 }],
    grows: { factors: [1, 10, 100] },
  },
  {
    name: 'memory-flat',
    what: (size) => `by how much the heap has grown after ${size.toLocaleString('en')} more switches of 1,000 tasks`,
    unit: 'kB',
    size: 10_000_000,
    smoke: 10_000,
    warmUps: 0,
    contestants: {
      ours({ asyncdemo: { gather, run, sleep } }) {
        function* task(times) {
          for (let i = 0; i < times; i++) yield* sleep(0);
          return times;
        }
        function* main(size) {
          const tasks = gather(Array.from({ length: 1000 }, () => task(2 * (size / 1000))));
          yield* task(size / 1000);
          const before = heap();
          yield* task(size / 1000 - 1);
          const grown = heap() - before;
          yield* tasks;
          return grown / 1000;
        }
        return { amount: (size) => run(main(size)) };
      },
    },
    // A byte for a hundred switches would be 100.
    marks: [{ atMost: 100 }],
    grows: false,
  },
];
