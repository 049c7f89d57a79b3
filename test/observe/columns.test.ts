import { describe, expect, test } from 'vitest';
import { AWAIT, EVENT, NONE, OUTCOME, suspensionValue } from '../../src/observe/codes.ts';
import { CHUNK, Columns } from '../../src/observe/columns.ts';

/** Columns without real time, with `count` iterations in them. */
function iterations(count: number, capacity = Number.POSITIVE_INFINITY): Columns {
  const columns = new Columns(capacity, false);
  for (let i = 1; i <= count; i++) columns.put(EVENT.iteration, i, 0, 1, 0, undefined);
  return columns;
}

describe('an event is read as it was put', () => {
  test.each<[string, Parameters<Columns['put']>, object]>([
    ['a run', [EVENT.run, 0, 0, 0, 0, undefined], { event: 'run' }],
    ['its end', [EVENT.stop, 0, 0, 0, 0, undefined], { event: 'stop' }],
    ['its end with an error', [EVENT.stop, 0, 0, 0, 0, 'Error: why'], { event: 'stop', error: 'Error: why' }],
    ['a poll', [EVENT.poll, 0, 0, 12.3456, 0, undefined], { event: 'poll', until: 12.346 }],
    ['one without deadline', [EVENT.poll, 0, 0, NONE, 0, undefined], { event: 'poll' }],
    ['a callback', [EVENT.scheduled, 3, 0, 0, 7, 'tick'], { event: 'scheduled', cause: 7, handle: 3, name: 'tick' }],
    ['a timer', [EVENT.timer, 3, 0, 1500, 7, 'wake'], { event: 'timer', cause: 7, handle: 3, name: 'wake', when: 1500 }],
    ['a task', [EVENT.created, 2, 0, 0, 7, ''], { event: 'created', cause: 7, task: 2, name: '' }],
    ['one that was there', [EVENT.created, 2, 1, 0, 0, 'main'], { event: 'created', task: 2, name: 'main', there: true }],
    ['its turn', [EVENT.suspended, 2, 0, suspensionValue(AWAIT.turn, 0), 7, undefined], { event: 'suspended', cause: 7, task: 2, awaits: 'turn' }],
    [
      'a suspension on a future, somewhere',
      [EVENT.suspended, 2, 0, suspensionValue(AWAIT.future, 1_000_000), 7, 'Future'],
      { event: 'suspended', cause: 7, task: 2, awaits: 'future', kind: 'Future', stack: 1_000_000 },
    ],
    ['an end', [EVENT.done, 2, 0, OUTCOME.cancelled, 7, undefined], { event: 'done', cause: 7, task: 2, outcome: 'cancelled' }],
    ['an error', [EVENT.done, 2, 0, OUTCOME.raised, 7, 'Error'], { event: 'done', cause: 7, task: 2, outcome: 'raised', error: 'Error' }],
    ['a permit taken', [EVENT.acquire, 1, 0, 0, 7, 'Semaphore'], { event: 'acquire', cause: 7, primitive: 1, kind: 'Semaphore', free: 0 }],
    ['a line without permits', [EVENT.wait, 1, 0, NONE, 7, 'Event'], { event: 'wait', cause: 7, primitive: 1, kind: 'Event' }],
    ['an item', [EVENT.put, 1, 0, 4, 7, 'Queue'], { event: 'put', cause: 7, primitive: 1, kind: 'Queue', size: 4 }],
  ])('%s', (_what, args, told) => {
    const columns = new Columns(1, false);
    columns.at = 0.00049;
    expect(columns.put(...args)).toBe(1);
    expect(columns.read()).toEqual([{ n: 1, at: 0, ...told }]);
  });

  test.each([
    [0.0004, 0],
    [-0.0004, 0],
    [1.23456, 1.235],
    [Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER],
    [Number.NEGATIVE_INFINITY, -Number.MAX_SAFE_INTEGER],
  ])('a time of %d ms as %d', (ms, told) => {
    const columns = new Columns(1, false);
    columns.put(EVENT.poll, 0, 0, ms, 0, undefined);
    expect(columns.read()[0]).toEqual({ n: 1, event: 'poll', at: 0, until: told });
  });

  test('with real time where that is asked for', () => {
    const columns = new Columns(1, true);
    columns.put(EVENT.run, 0, 0, 0, 0, undefined);
    expect(columns.read()[0]?.wall).toBeTypeOf('number');
    expect(iterations(1).read()[0]).not.toHaveProperty('wall');
  });
});

describe('a ring', () => {
  test('drops whole chunks, and only so many that its capacity is left', () => {
    for (const capacity of [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK])
      for (const count of [0, 1, CHUNK, CHUNK + 1, 4 * CHUNK, 4 * CHUNK + 1, 9 * CHUNK + 17]) {
        const columns = iterations(count, capacity);
        expect(columns.dropped % CHUNK).toBe(0);
        expect(columns.count).toBe(count);
        expect(count - columns.dropped).toBeGreaterThanOrEqual(Math.min(count, capacity));
        expect(count - columns.dropped).toBeLessThanOrEqual(capacity + 2 * CHUNK);
        const numbers = columns.read().map((event) => event.event === 'iteration' && event.count);
        expect(numbers).toEqual(Array.from({ length: count - columns.dropped }, (_, i) => columns.dropped + 1 + i));
      }
  });

  test('keeps what may not be let go', () => {
    const columns = new Columns(0, false);
    columns.droppable = 100;
    for (let i = 0; i < 5 * CHUNK; i++) columns.put(EVENT.run, 0, 0, 0, 0, undefined);
    expect(columns.dropped).toBe(0);
    columns.droppable = 3 * CHUNK + 1;
    columns.put(EVENT.run, 0, 0, 0, 0, undefined);
    expect(columns.dropped).toBe(3 * CHUNK);
    expect(columns.read()).toHaveLength(2 * CHUNK + 1);
  });

  test('writes a chunk again without what was in it', () => {
    const columns = new Columns(0, false);
    for (let i = 0; i < CHUNK; i++) columns.put(EVENT.stop, 0, 0, 0, 0, 'an error');
    for (let i = 0; i < CHUNK; i++) columns.put(EVENT.stop, 0, 0, 0, 0, undefined);
    expect(columns.read().filter((event) => 'error' in event)).toEqual([]);
  });

  test('keeps the last names of tasks that have not ended', () => {
    const columns = new Columns(0, false);
    for (const [task, name] of ['lives', 'ends', 'is called otherwise'].entries()) columns.put(EVENT.created, task + 1, 0, 0, 0, name);
    columns.put(EVENT.done, 2, 0, OUTCOME.returned, 0, undefined);
    columns.put(EVENT.named, 3, 0, 0, 0, 'anew');
    expect(columns.earlier.size).toBe(0);
    for (let i = 0; i < CHUNK; i++) columns.put(EVENT.run, 0, 0, 0, 0, undefined);
    expect([...columns.earlier]).toEqual([
      [1, 'lives'],
      [3, 'anew'],
    ]);
  });
});

test('reading from an event on gives that and what follows, or what is left of it', () => {
  const columns = iterations(3 * CHUNK, 0);
  expect(columns.read(3 * CHUNK).map(({ n }) => n)).toEqual([3 * CHUNK]);
  expect(columns.read(3 * CHUNK + 1)).toEqual([]);
  expect(columns.read(1)[0]?.n).toBe(columns.dropped + 1);
});
