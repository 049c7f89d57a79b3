// What is said of a moment holds in the loop itself, and is the same from whichever side one comes.
import { expect, test } from 'vitest';
import { type Log, Story } from '../../src/observe/index.ts';
import { Moment } from '../../src/observe/moment.ts';
import { Replay } from '../../src/observe/replay.ts';
import { forSeeds } from '../support/random.ts';
import { randomLog } from '../support/random-run.ts';

/** All that a moment says. */
function said(moment: Moment): unknown {
  const { n, ready, batch, open, iteration, poll, running, uses } = moment;
  return structuredClone({ n, ready, batch, open, iteration, poll, running, uses: [...uses.values()], timers: moment.timersByDeadline() });
}

/** From the first event on, with nothing kept. */
function naive(story: Story, n: number): unknown {
  const moment = new Moment(story);
  for (const event of story.log.events) if (event.n <= n) moment.apply(event);
  return said(moment);
}

test('each moment is the same forwards, backwards and out of order as from the beginning', async () => {
  await forSeeds(25, async (random) => {
    const story = new Story(await randomLog(random));
    const numbers = story.log.events.map(({ n }) => n);
    const expected = new Map([0, ...numbers].map((n) => [n, naive(story, n)]));
    const shuffled = numbers.map(() => numbers[random.int(numbers.length)] as number);
    for (const order of [numbers, [...numbers].reverse(), shuffled]) {
      const replay = new Replay(story, 1 + random.int(20));
      for (const n of order) expect(said(replay.at(n))).toEqual(expected.get(n));
    }
  });
});

test('how many items a queue has stays known while tasks come to wait at it and leave, of which the log tells no number', () => {
  const at = { at: 0, primitive: 1, kind: 'Queue' } as const;
  const events: Log['events'] = [
    { n: 1, event: 'put', size: 1, ...at },
    { n: 2, event: 'get', size: 0, ...at },
    { n: 3, event: 'wait', ...at },
    { n: 4, event: 'put', size: 1, ...at },
    { n: 5, event: 'leave', ...at },
  ];
  const replay = new Replay(new Story({ version: 1, virtual: true, title: '', events, dropped: 0, earlier: new Map(), stacks: new Map() }));
  expect(events.map(({ n }) => replay.at(n).uses.get(1)?.size)).toEqual([1, 0, 0, 1, 1]);
});

test('a moment is kept however many are ready in it', () => {
  const events: Log['events'] = Array.from({ length: 200_000 }, (_, i) => ({ n: i + 1, at: 0, event: 'created', task: i + 1, name: 'a' }));
  const moment = new Moment(new Story({ version: 1, virtual: true, title: '', events: [], dropped: 0, earlier: new Map(), stacks: new Map() }));
  for (const event of events) moment.apply(event);
  expect(moment.copy().ready).toHaveLength(200_000);
});

test('a moment beyond the log is its end, one before it its beginning', async () => {
  await forSeeds(1, async (random) => {
    const story = new Story(await randomLog(random));
    const replay = new Replay(story);
    expect(said(replay.at(1e9))).toEqual(naive(story, 1e9));
    expect(said(replay.at(-5))).toEqual(naive(story, 0));
  });
});

test('a moment is copied however many tasks are ready', () => {
  const created = (n: number): Log['events'][number] => ({ n, at: 0, event: 'created', task: n, name: `Task-${n}` });
  const events = Array.from({ length: 150_000 }, (_, i) => created(i + 1));
  const moment = new Moment(new Story({ version: 1, virtual: true, title: '', dropped: 0, earlier: new Map(), stacks: new Map(), events }));
  for (const event of events) moment.apply(event);
  expect(moment.copy().ready).toHaveLength(150_000);
});

test.each([
  ['from its beginning', false],
  ['from somewhere in it', true],
])('of a run recorded %s, as many are ready in each iteration as the loop said, and they run in that order', async (_from, late) => {
  await forSeeds(60, async (random) => {
    const log = await randomLog(random, late);
    const moment = new Moment(new Story(log));
    let left = 0;
    for (const event of log.events) {
      const [first] = moment.ready;
      const nested = moment.open.length > 0;
      moment.apply(event);
      if (moment.iteration === undefined) continue; // What is ready before the first that is told of is not known for certain.
      if (event.event === 'iteration') {
        expect(moment.ready).toHaveLength(event.ready);
        left = event.ready;
      } else if ((event.event === 'step' || event.event === 'handle') && !nested) {
        expect(first).toMatchObject(event.event === 'step' ? { kind: 'task', id: event.task } : { kind: 'callback', id: event.handle });
        left -= 1;
      } else if (event.event === 'stop') left = 0;
      expect(moment.batch).toBe(left);
    }
  });
});

test('those timers are set that were neither due nor taken back since', async () => {
  await forSeeds(30, async (random) => {
    const log = await randomLog(random);
    const replay = new Replay(new Story(log), 9);
    const gone = (handle: number, n: number): boolean =>
      log.events.some((event) => event.n <= n && (event.event === 'due' || event.event === 'timer-cancelled') && event.handle === handle);
    for (const { n } of log.events) {
      const set = log.events.filter((event) => event.event === 'timer').filter((timer) => timer.n <= n && !gone(timer.handle, n));
      expect(replay.at(n).timersByDeadline()).toEqual(set.sort((a, b) => a.when - b.when || a.n - b.n));
    }
  });
});

test('at the end of a run nothing runs, and what was taken has been given back', async () => {
  await forSeeds(60, async (random) => {
    const story = new Story(await randomLog(random));
    const { open, uses, running } = new Replay(story).at(Number.POSITIVE_INFINITY);
    expect({ open, running }).toEqual({ open: [], running: false });
    for (const { kind, holders, waiters } of uses.values())
      if (kind !== 'Queue') expect({ kind, holders, waiters }).toEqual({ kind, holders: [], waiters: [] });
  });
});

test('who holds and what is free add up to the permits there are', async () => {
  await forSeeds(60, async (random) => {
    const log = await randomLog(random);
    const moment = new Moment(new Story(log));
    const permits = new Map<number, number>();
    for (const event of log.events) {
      moment.apply(event);
      if (event.event !== 'acquire' && event.event !== 'release') continue;
      const {
        primitive,
        free = 0,
        holders,
        waiters,
      } = moment.uses.get(event.primitive) as never as { primitive: number; free?: number; holders: []; waiters: [] };
      if (waiters.length > 0) continue; // Some of the free ones may have been handed over.
      const all = free + holders.length;
      expect(permits.get(primitive) ?? all).toBe(all);
      permits.set(primitive, all);
    }
  });
});

test('of a log whose beginning was dropped, what can be known is told', async () => {
  await forSeeds(20, async (random) => {
    const whole = await randomLog(random);
    const dropped = random.int(whole.events.length);
    const names = whole.events
      .slice(0, dropped)
      .flatMap((event) => (event.event === 'created' || event.event === 'named' ? [[event.task, event.name] as const] : []));
    const [story, cut] = [new Story(whole), new Story({ ...whole, events: whole.events.slice(dropped), dropped, earlier: new Map(names) })];
    const replay = new Replay(cut, 5);
    for (const { n } of cut.log.events) {
      expect(replay.at(n).n).toBe(n);
      // What a task that is heard of later does, unless all that is heard of it is that it is asked to cancel.
      for (const [task, { spans }] of cut.lanes) {
        if (spans.length > 1 && spans[0]?.first === dropped)
          expect({ task, n, state: cut.spanAt(task, n)?.state }).toEqual({ task, n, state: story.spanAt(task, n)?.state });
      }
    }
  });
});

test('a task that was there before the recording did what fits what is heard of it first', () => {
  const there = { n: 1, at: 0, event: 'created', task: 1, name: 'Task-1', there: true } as const;
  const stateBefore = (event: Log['events'][number]): unknown =>
    new Story({ version: 1, virtual: true, title: '', dropped: 0, earlier: new Map(), stacks: new Map(), events: [there, event] }).spanAt(1, 1)?.state;
  expect(stateBefore({ n: 2, at: 5, event: 'woken', task: 1 })).toBe('waiting');
  expect(stateBefore({ n: 2, at: 5, event: 'step', task: 1 })).toBe('ready');
  expect(stateBefore({ n: 2, at: 5, event: 'suspended', task: 1, awaits: 'turn' })).toBe('running');
});
