// Cancellation: many tasks that wait, cancelled one by one and waited for. Bringing them there does not count.
import { setTimeout as nap } from 'node:timers/promises';
import { effect } from '../under-way.mjs';

/** Longer than any measurement. */
const A_WHILE = 600_000;

export default {
  name: 'cancel',
  what: (size) => `cancel and drain ${size.toLocaleString('en')} tasks that wait`,
  size: 100_000,
  smoke: 10,
  bytesEach: 1500,
  expected: (size) => size,
  python: 'cancel',
  contestants: {
    ours({ asyncdemo: { CancelledError, createTask, gather, run, sleep } }) {
      function* waits() {
        yield* sleep(A_WHILE);
      }
      function* main(size, clock) {
        const tasks = Array.from({ length: size }, () => createTask(waits()));
        yield* sleep(1);
        clock.start();
        for (const task of tasks) task.cancel();
        const outcomes = yield* gather(tasks, { returnExceptions: true });
        return outcomes.filter((outcome) => outcome instanceof CancelledError).length;
      }
      return (size, clock) => run(main(size, clock));
    },
    // Each with a controller of its own: with one for all, none could be cancelled alone.
    native() {
      return async (size, clock) => {
        const controllers = Array.from({ length: size }, () => new AbortController());
        const all = Promise.allSettled(controllers.map(({ signal }) => nap(A_WHILE, undefined, { signal })));
        await nap(1);
        clock.start();
        for (const controller of controllers) controller.abort();
        return (await all).filter(({ reason }) => reason?.name === 'AbortError').length;
      };
    },
    async effect() {
      const { Effect, Fiber } = await effect();
      const main = Effect.fnUntraced(function* (size, clock) {
        const fibers = [];
        for (let i = 0; i < size; i++) fibers.push(yield* Effect.forkChild(Effect.sleep(A_WHILE), { startImmediately: true }));
        yield* Effect.sleep(1);
        clock.start();
        yield* Fiber.interruptAll(fibers);
        return fibers.filter((fiber) => fiber.pollUnsafe()?._tag === 'Failure').length;
      });
      return (size, clock) => Effect.runPromise(main(size, clock));
    },
  },
};
