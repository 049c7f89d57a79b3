import { describe, expect, test } from 'vitest';
import { drawnTimes, TICKS } from '../../src/observe/drawn-time.ts';
import { type LogEvent, Story } from '../../src/observe/index.ts';
import { forSeeds } from '../support/random.ts';

/** When events at these times, in ms, are drawn: in ms since the first. */
function drawn(times: readonly number[], virtual = true): number[] {
  return ticksOf(times, virtual)
    .slice(0, -1)
    .map((ticks) => ticks / TICKS / 1000);
}

/** The same in ticks, with the end behind them. */
function ticksOf(times: readonly number[], virtual = true): number[] {
  const events = times.map((at, i): LogEvent => ({ n: i + 1, event: 'polled', at, ...(!virtual && { wall: at }) }));
  const story = new Story({ version: 1, virtual, title: '', events, dropped: 0, earlier: new Map(), stacks: new Map() });
  return [...drawnTimes(story)];
}

test('what happens by itself is drawn when it happened, from the first event on', () => {
  expect(drawn([5, 6, 20.5])).toEqual([0, 1, 15.5]);
  expect(drawn([5, 6, 20.5], false)).toEqual([0, 1, 15.5]);
});

test('in virtual time, what happens at one moment has a five-hundredth of the whole each', () => {
  expect(drawn([0, 0, 0, 1000])).toEqual([0, 2, 4, 1000]);
});

test('or shares half of the time until the next moment, if that is less', () => {
  expect(drawn([0, 0, 0, 0, 4, 1000])).toEqual([0, 0.5, 1, 1.5, 4, 1000]);
});

test('where no time passes at all, each has a microsecond', () => {
  expect(drawn([3, 3, 3])).toEqual([0, 0.001, 0.002]);
});

test('in real time each has an eighth of a microsecond', () => {
  expect(drawn([0, 0, 0, 1], false)).toEqual([0, 0.000125, 0.00025, 1]);
});

test('where there is no room what follows is drawn later, until there is', () => {
  const times = [...Array<number>(100).fill(0), 0.001, 0.002, 5];
  expect(drawn(times, false).slice(-3)).toEqual([0.0125, 0.012625, 5]);
});

test('years are drawn in ticks of which a reader can tell each in nanoseconds', () => {
  const ticks = ticksOf([0, 0.001, 0.002, 1, 1, 86_400_000, 1e11 + 0.001, 3e11, 3e11]);
  expect(ticks.map((time) => BigInt(time * 125))).toEqual(ticks.map((time) => BigInt(time) * 125n));
});

describe('no two events are drawn at one time, nor in another order', () => {
  test('whatever their times are', () =>
    forSeeds(200, (random) => {
      let now = 0;
      const times = Array.from({ length: random.int(300) }, () => {
        if (random.chance(0.4)) now += [0.001, 1, 1e6, 1e300, -50][random.int(5)] as number;
        return now;
      });
      const all = drawn(times, random.chance(0.5));
      for (const [i, time] of all.entries()) expect(time).toBeGreaterThan(all[i - 1] ?? -1);
    }));
});
