import { afterEach, expect, test, vi } from 'vitest';
import { TurnClock } from '../../src/loop/turn-clock.ts';

let now = 0;
let readings = 0;
vi.spyOn(performance, 'now').mockImplementation(() => {
  readings += 1;
  return now;
});
afterEach(() => {
  now = 0;
  readings = 0;
});

/** How many handles of `cost` ms a turn runs before its time is up. */
function handlesPerTurn(clock: TurnClock, cost: number): number {
  clock.start();
  for (let ran = 0; ; ran++) {
    if (clock.isUp()) return ran;
    now += cost;
  }
}

test('slow handles are noticed one by one: a turn exceeds its budget by one of them at most', () => {
  const clock = new TurnClock(4);
  handlesPerTurn(clock, 1);
  expect(handlesPerTurn(clock, 1)).toBeLessThanOrEqual(6);
  expect(handlesPerTurn(clock, 100)).toBeLessThanOrEqual(2);
});

test('a turn makes progress even when its budget is nothing, or the first handle takes longer', () => {
  const clock = new TurnClock(0);
  for (let turn = 0; turn < 5; turn++) expect(handlesPerTurn(clock, 50)).toBeGreaterThanOrEqual(1);
});

test('quick handles hardly pay for the clock, and the budget still holds', () => {
  const clock = new TurnClock(4);
  handlesPerTurn(clock, 0.001);
  readings = 0;
  const ran = handlesPerTurn(clock, 0.001);
  expect(ran).toBeGreaterThanOrEqual(4000);
  expect(ran).toBeLessThanOrEqual(4200);
  expect(readings).toBeLessThan(ran / 30);
});

test('the first handle runs though time has passed before it', () => {
  const clock = new TurnClock(0);
  clock.start();
  now += 50;
  expect(clock.isUp()).toBe(false);
  now += 50;
  expect(clock.isUp()).toBe(true);
});

test.each([0.001, 0.0001])('handles that turn slow after many quick ones (of %d ms) are noticed within one stride', (quick) => {
  const clock = new TurnClock(4);
  clock.start();
  for (let i = 0; i < 600; i++) {
    expect(clock.isUp()).toBe(false);
    now += quick;
  }
  let slow = 0;
  while (!clock.isUp()) {
    slow += 1;
    now += 1;
  }
  expect(slow).toBeLessThanOrEqual(64);
});
