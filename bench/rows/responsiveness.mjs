// Responsiveness: by how much a timer of Node itself is late while the loop is as busy as it can be.
import assert from 'node:assert/strict';

/** Ms between two ticks, and how many are looked at. */
const EVERY = 10;
const TICKS = 200;

const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

export default {
  name: 'responsiveness',
  what: (size) => `by how much Node's own timers are late while ${size.toLocaleString('en')} tasks switch, 99th percentile of ${TICKS}`,
  unit: 'ms',
  size: 1_000_000,
  smoke: 1000,
  alone: true,
  warmUps: 1,
  grows: false,
  contestants: {
    ours({ asyncdemo: { gather, run, sleep }, smoke }) {
      const ticks = smoke ? 5 : TICKS;
      const late = [];
      function* task(until) {
        while (!until.over) yield* sleep(0);
      }
      function* main(size) {
        const until = { over: false };
        const all = gather(Array.from({ length: size }, () => task(until)));
        // Making them is one piece, as any long calculation is. By now each has had its turn.
        yield* sleep(0);
        yield* sleep(0);
        const lateness = [];
        let due = performance.now() + EVERY;
        const tick = () => {
          lateness.push(Math.max(0, performance.now() - due));
          until.over = lateness.length === ticks;
          if (until.over) return;
          due = performance.now() + EVERY;
          setTimeout(tick, EVERY);
        };
        setTimeout(tick, EVERY);
        yield* all;
        assert.equal(lateness.length, ticks);
        return lateness.sort((a, b) => a - b);
      }
      return {
        async amount(size) {
          late.push(await run(main(size)));
          return percentile(late.at(-1), 0.99);
        },
        note() {
          const all = late.flat().sort((a, b) => a - b);
          return `of all rounds: half ${percentile(all, 0.5).toFixed(1)} ms, 99% ${percentile(all, 0.99).toFixed(1)} ms, at most ${all.at(-1).toFixed(1)} ms`;
        },
      };
    },
  },
  marks: [{ atMost: 10 }],
};
