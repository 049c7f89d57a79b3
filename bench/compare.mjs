// The same work done by both sides in turn, so that whatever else the machine is doing slows both.
import assert from 'node:assert/strict';

/** The middle of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Times `ours` and `native` in turn, `rounds` times, after a round that is not counted. Each must fulfil with a value
 * deeply equal to `expected`, which also keeps the engine from leaving work out. The ratio is the median of the rounds'
 * ratios: a disturbance longer than a round falls on both of its sides.
 */
export async function compare({ ours, native, expected, rounds, atMost }) {
  const times = { ours: [], native: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const [side, work] of Object.entries({ ours, native })) {
      globalThis.gc();
      const start = performance.now();
      const result = await work();
      const took = performance.now() - start;
      assert.deepEqual(result, expected, `${side}: wrong result`);
      if (round > 0) times[side].push(took);
    }
  }
  const ratio = median(times.ours.map((took, round) => took / times.native[round]));
  return { unit: 'ms', ours: median(times.ours), native: median(times.native), ratio, mark: `at most ${atMost}x`, kept: ratio <= atMost, times };
}
