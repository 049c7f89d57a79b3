// A semaphore: many tasks, of which only ten at a time may be inside.
import { effect } from '../under-way.mjs';

const PERMITS = 10;
const numbers = (size) => Array.from({ length: size }, (_, i) => i);

/** What is done inside, the same for the two that limit promises. */
async function inside(number) {
  await null;
  return number;
}

export default {
  name: 'semaphore',
  what: (size) => `${size.toLocaleString('en')} tasks through ${PERMITS} permits`,
  size: 100_000,
  smoke: 20,
  bytesEach: 2000,
  expected: numbers,
  python: 'semaphore',
  contestants: {
    ours({ asyncdemo: { asyncWith, gather, run, Semaphore, sleep } }) {
      function* task(semaphore, number) {
        return yield* asyncWith(semaphore, function* () {
          yield* sleep(0);
          return number;
        });
      }
      function* main(size) {
        const semaphore = new Semaphore(PERMITS);
        return yield* gather(numbers(size).map((number) => task(semaphore, number)));
      }
      return (size) => run(main(size));
    },
    // The same without a block, and so without a function and its coroutine that are made anew for each task.
    'ours by acquire()'({ asyncdemo: { gather, run, Semaphore, sleep } }) {
      function* task(semaphore, number) {
        yield* semaphore.acquire();
        try {
          yield* sleep(0);
          return number;
        } finally {
          semaphore.release();
        }
      }
      function* main(size) {
        const semaphore = new Semaphore(PERMITS);
        return yield* gather(numbers(size).map((number) => task(semaphore, number)));
      }
      return (size) => run(main(size));
    },
    async 'p-limit'() {
      const { default: pLimit } = await import('p-limit');
      const limit = pLimit(PERMITS);
      return (size) => Promise.all(numbers(size).map((number) => limit(inside, number)));
    },
    async 'p-queue'() {
      const { default: PQueue } = await import('p-queue');
      const queue = new PQueue({ concurrency: PERMITS });
      return (size) => queue.addAll(numbers(size).map((number) => () => inside(number)));
    },
    // What it has for this. Its Semaphore copies the list of all who wait at each release: 100,000 would take minutes.
    async effect() {
      const { Effect } = await effect();
      const body = Effect.fnUntraced(function* (number) {
        yield* Effect.yieldNow;
        return number;
      });
      return (size) => Effect.runPromise(Effect.forEach(numbers(size), body, { concurrency: PERMITS }));
    },
  },
  marks: [
    { against: 'p-limit', atMost: 0.5 },
    { of: 'ours by acquire()', against: 'p-limit', atMost: 0.5 },
  ],
};
