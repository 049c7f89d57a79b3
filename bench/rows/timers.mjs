// Timers: many tasks that sleep a few milliseconds, and timers that are taken back before they fire.
import { effect } from '../under-way.mjs';

const numbers = (size) => Array.from({ length: size }, (_, i) => i);
/** A few different times, as in any program. */
const delay = (number) => 1 + (number % 10);
/** Longer than any measurement. */
const A_WHILE = 600_000;
const MEGABYTE = 1e6;

const contestants = {
  ours({ asyncdemo: { gather, run, sleep } }) {
    function* task(number) {
      return yield* sleep(delay(number), number);
    }
    function* main(size) {
      return yield* gather(numbers(size).map(task));
    }
    return (size) => run(main(size));
  },
  native() {
    const nap = (ms, result) => new Promise((resolve) => setTimeout(resolve, ms, result));
    async function task(number) {
      return await nap(delay(number), number);
    }
    return (size) => Promise.all(numbers(size).map(task));
  },
};

const peers = {
  async effect() {
    const { Effect } = await effect();
    const task = (number) => Effect.as(Effect.sleep(delay(number)), number);
    return (size) => Effect.runPromise(Effect.forEach(numbers(size), task, { concurrency: 'unbounded' }));
  },
};

const row = {
  what: (size) => `${size.toLocaleString('en')} tasks sleep 1 to 10 ms`,
  smoke: 10,
  bytesEach: 1500,
  expected: numbers,
  contestants,
  marks: [{ against: 'native', atMost: 1 }],
  grows: { logarithmic: true },
};

/** What sets timers and takes them back, of each side, and has them looked at. */
const takers = {
  ours({ asyncdemo: { getRunningLoop, run, sleep } }) {
    function* main(size, look) {
      const loop = getRunningLoop();
      const timers = Array.from({ length: size }, (_, i) => loop.callLater(A_WHILE + delay(i), () => {}));
      for (const timer of timers) timer.cancel();
      yield* sleep(0); // The loop drops them in its next iteration, many at a time.
      return look(timers, (timer) => timer.cancelled() && timer.when() > A_WHILE);
    }
    return (size, look) => run(main(size, look));
  },
  native() {
    return async (size, look) => {
      const timers = Array.from({ length: size }, (_, i) => setTimeout(() => {}, A_WHILE + delay(i)));
      for (const timer of timers) clearTimeout(timer);
      return look(timers, (timer) => timer._destroyed && timer._idleTimeout === -1);
    };
  },
};

const each = (change) => Object.fromEntries(Object.entries(takers).map(([name, prepare]) => [name, (env) => change(prepare(env))]));

function heap() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

export default [
  { ...row, name: 'timers', size: 100_000, python: 'timers', contestants: { ...contestants, ...peers } },
  // Its growth is that of the row before.
  { ...row, name: 'timers-1m', size: 1_000_000, grows: false },
  {
    name: 'timers-taken-back',
    what: (size) => `${size.toLocaleString('en')} timers set, and cancelled before they fire`,
    size: 1_000_000,
    smoke: 10,
    bytesEach: 300,
    expected: (size) => size,
    python: 'timers_taken_back',
    contestants: each(
      (take) => (size, clock) =>
        take(size, (timers, isTakenBack) => {
          clock.stop();
          return timers.filter(isTakenBack).length;
        }),
    ),
    marks: [{ against: 'native', atMost: 1 }],
    grows: { logarithmic: true, factors: [1, 10] },
  },
  {
    name: 'timers-left-over',
    what: (size) => `what ${size.toLocaleString('en')} timers leave in memory, set and cancelled in a loop that goes on`,
    unit: 'MB',
    size: 1_000_000,
    smoke: 10,
    contestants: each((take) => ({
      async amount(size) {
        const before = heap();
        return await take(size, (timers) => {
          timers.length = 0;
          return (heap() - before) / MEGABYTE;
        });
      },
    })),
    // Of the 100 and more that they take.
    marks: [{ atMost: 1 }],
    grows: false,
  },
];
