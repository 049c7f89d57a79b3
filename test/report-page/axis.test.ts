// Where things stand on the picture, by time and by order.
import { expect, test } from 'vitest';
import { type Log, Story } from '../../src/observe/index.ts';
import { Axis } from '../../src/report-page/axis.ts';

const log: Log = {
  version: 1,
  virtual: true,
  title: '',
  dropped: 0,
  earlier: new Map(),
  stacks: new Map(),
  events: Array.from({ length: 101 }, (_, i) => ({ n: i + 1, at: i * 10, event: 'polled' as const })),
};
const story = new Story(log);

test('what stands under the pointer stays there when one zooms', () => {
  for (const kind of ['time', 'order'] as const) {
    const axis = new Axis(story, kind);
    const value = axis.valueAt(300, 900);
    axis.zoom(4, value);
    expect(axis.x(value, 900)).toBeCloseTo(300);
    expect(axis.zoomed).toBe(true);
    axis.zoom(1e-9, value);
    expect([axis.from, axis.to]).toEqual([axis.start, axis.end]);
    expect(axis.zoomed).toBe(false);
  }
});

test('what is shown never leaves the run', () => {
  const axis = new Axis(story, 'time');
  axis.zoom(10, 500);
  axis.pan(1e9);
  expect(axis.to).toBeCloseTo(axis.end);
  axis.pan(-1e9);
  expect(axis.from).toBe(axis.start);
  expect(axis.reveal(axis.to - 1)).toBe(false);
  expect(axis.reveal(900)).toBe(true);
  expect(axis.from < 900 && 900 < axis.to).toBe(true);
});

test('marks stand at round values, and no more of them than there is room for', () => {
  const axis = new Axis(story, 'time');
  expect(axis.ticks(600).map(({ text }) => text)).toEqual(['0 ms', '200 ms', '400 ms', '600 ms', '800 ms', '1000 ms']);
  expect(axis.ticks(200).length).toBeLessThanOrEqual(3);
  axis.zoom(1000, 500);
  expect(axis.ticks(600).every(({ text }) => /^\d+(\.\d)? ms$/.test(text))).toBe(true);
  expect(new Axis(story, 'order').ticks(300).map(({ text }) => text)).toEqual(['event 50', 'event 100']);
});

test('a run without length or events has an axis', () => {
  for (const events of [[], log.events.slice(0, 1)]) {
    const axis = new Axis(new Story({ ...log, events }), 'time');
    expect(axis.end).toBeGreaterThan(axis.start);
    expect(axis.ticks(500).length).toBeLessThan(20);
    expect(Number.isFinite(axis.x(0, 100))).toBe(true);
  }
});
