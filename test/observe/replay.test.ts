// What is said of a moment holds in the loop itself, and is the same from whichever side one comes.
import { expect, test } from 'vitest';
import { Story } from '../../src/observe/index.ts';
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

test('a moment beyond the log is its end, one before it its beginning', async () => {
  await forSeeds(1, async (random) => {
    const story = new Story(await randomLog(random));
    const replay = new Replay(story);
    expect(said(replay.at(1e9))).toEqual(naive(story, 1e9));
    expect(said(replay.at(-5))).toEqual(naive(story, 0));
  });
});

test('as many are ready when an iteration begins as the loop said, and they run in that order', async () => {
  await forSeeds(60, async (random) => {
    const log = await randomLog(random);
    const story = new Story(log);
    const moment = new Moment(story);
    for (const event of log.events) {
      const before = [...moment.ready];
      const nested = moment.open.length > 0;
      moment.apply(event);
      if (event.event === 'iteration') expect(moment.ready).toHaveLength(event.ready);
      if (event.event === 'step' && !nested) expect(before.find(({ kind }) => kind === 'task')?.id).toBe(event.task);
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
