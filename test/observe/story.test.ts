import { describe, expect, test } from 'vitest';
import { asyncWith, type Coroutine, createTask, getRunningLoop, Semaphore, sleep, wait } from '../../src/loop/index.ts';
import { type EventOf, type Log, type LogEvent, Story } from '../../src/observe/index.ts';
import { forSeeds } from '../support/random.ts';
import { livesOn, PROGRAMS, randomProgram, recorded } from '../support/recorded.ts';

const spansOf = (story: Story, task: number): string[] => story.lanes.get(task)?.spans.map(({ state, from, to }) => `${state} ${from}-${to}`) ?? [];

function* napping(ms: number): Coroutine<void> {
  yield* sleep(ms);
}

describe('a lane', () => {
  test('is a task in one state after the other', async () => {
    const story = new Story(await recorded(() => napping(5)));
    expect(spansOf(story, 1)).toEqual(['ready 0-0', 'running 0-0', 'waiting 0-5', 'ready 5-5', 'running 5-5']);
    expect(story.lanes.get(1)).toMatchObject({ name: 'Task-1', created: 1, creator: undefined, end: { outcome: 'returned' }, cancels: [] });
  });

  test('has no gaps, and ends as its task does or with the log', async () => {
    await forSeeds(50, async (random) => {
      const log = await recorded(randomProgram(random), { capacity: random.chance(0.5) ? 1 : Number.POSITIVE_INFINITY });
      const story = new Story(log);
      for (const { spans, end } of story.lanes.values()) {
        for (const [i, span] of spans.entries()) {
          expect(span.from).toBeLessThanOrEqual(span.to);
          const next = spans[i + 1];
          if (next !== undefined) expect([span.to, span.last]).toEqual([next.from, next.first]);
        }
        expect(spans.at(-1)?.last).toBe(end?.n ?? 0);
        if (end === undefined) expect(spans.at(-1)?.to).toBe(story.to);
      }
    });
  });

  test('knows who created its task, and the requests to cancel it', async () => {
    const story = new Story(
      await recorded(function* () {
        const task = createTask(sleep(9), { name: 'victim' });
        yield* sleep(1);
        task.cancel();
        task.cancel();
        yield* wait([task]);
      }),
    );
    expect(story.lanes.get(2)).toMatchObject({ name: 'victim', creator: 1, end: { outcome: 'cancelled' } });
    expect(story.lanes.get(2)?.cancels).toHaveLength(2);
  });

  test('has the title of its coroutine where stacks were recorded', async () => {
    const main = function* main(): Coroutine<void> {
      yield* napping(1);
    };
    expect(new Story(await recorded(main, { stacks: true })).titleOf(1)).toBe('Task-1 main()');
    expect(new Story(await recorded(main)).titleOf(1)).toBe('Task-1');
    expect(new Story(await recorded(main)).titleOf(7)).toBe('task 7');
  });

  test('whose beginning was dropped begins with what is left, under the name that was kept', async () => {
    const log = await recorded(
      function* () {
        createTask(napping(1e6), { name: 'lives on' });
        for (let i = 0; i < 5000; i++) yield* sleep(0);
      },
      { capacity: 1 },
    );
    const story = new Story(log);
    expect(story.lanes.get(1)).toMatchObject({ name: 'Task-1', created: 0 });
    expect(story.event(log.dropped)).toBeUndefined();
    expect(story.event(log.dropped + 1)).toBe(log.events[0]);
  });
});

describe('what a task waits for is said in a few words', () => {
  const story = new Story({ version: 1, virtual: true, title: '', events: [], dropped: 0, earlier: new Map(), stacks: new Map() });
  test.each([
    [{ awaits: 'turn' }, 'its turn'],
    [{ awaits: 'timer', on: 1 }, 'a timer'],
    [{ awaits: 'task', on: 3 }, 'task 3'],
    [{ awaits: 'task' }, 'its tasks'],
    [{ awaits: 'primitive', on: 2 }, 'primitive 2'],
    [{ awaits: 'primitive' }, 'a primitive'],
    [{ awaits: 'task', kind: 'GatheringFuture' }, 'all it gathers'],
    [{ awaits: 'task', kind: 'Future' }, 'its tasks'],
    [{ awaits: 'future', kind: 'Future' }, 'a future'],
    [{ awaits: 'future', kind: 'Response' }, 'a Response'],
  ] as const)('%j: %s', (suspension, words) => {
    expect(story.describeWait(suspension)).toBe(words);
  });

  test('by name, where that is known', async () => {
    const told = new Story(
      await recorded(function* () {
        const semaphore = new Semaphore(1);
        const worker = createTask(
          (function* (): Coroutine<void> {
            yield* asyncWith(semaphore, () => sleep(1));
            yield* sleep(1);
          })(),
          { name: 'worker' },
        );
        yield* sleep(0);
        yield* semaphore.acquire();
        yield* worker;
      }),
    );
    const waits = told.lanes.get(1)?.spans.flatMap(({ state, suspension }) => (state === 'waiting' && suspension ? [told.describeWait(suspension)] : []));
    expect(waits).toEqual(['Semaphore 1', 'worker']);
    expect(told.primitives.get(1)?.acts.map(({ event }) => event)).toEqual(['acquire', 'wait', 'release', 'leave', 'acquire']);
  });
});

test('calls, iterations and polls follow each other on the axis of the loop', async () => {
  const story = new Story(
    await recorded(function* () {
      getRunningLoop().callSoon(function tick() {});
      yield* sleep(5);
    }),
  );
  expect(story.calls.map(({ name, from, to }) => `${name} ${from}-${to}`)).toEqual(['tick 0-0', 'wake 5-5', 'stopLoop 5-5']);
  expect(story.polls.map(({ from, to, until }) => [from, to, until])).toEqual([[0, 5, 5]]);
  expect(story.iterations.map(({ from, to, event }) => `${event.count} of ${event.ready}: ${from}-${to}`)).toEqual([
    '1 of 1: 0-0',
    '2 of 1: 0-0',
    '3 of 1: 5-5',
    '4 of 1: 5-5',
    '5 of 1: 5-5',
  ]);
  expect([story.from, story.to]).toEqual([0, 5]);
});

test('a run that was stopped and goes on has its tasks wait meanwhile', async () => {
  const story = new Story(await recorded(livesOn, {}, 2));
  // The first run ends at 15 ms, the second begins there.
  expect(spansOf(story, 2).filter((span) => span.startsWith('waiting'))).toEqual(['waiting 0-10', 'waiting 10-20', 'waiting 20-30', 'waiting 30-30']);
});

test('why something happened is told back to where it came from', async () => {
  const story = new Story(
    await recorded(function* () {
      yield* createTask(napping(5), { name: 'napper' });
    }),
  );
  const last = story.log.events.findLast((event): event is EventOf<'done'> => event.event === 'done') as LogEvent;
  expect(story.why(last.n).map(({ event }) => event)).toEqual([
    'step',
    'woken',
    'step',
    'woken',
    'handle',
    'due',
    'timer',
    'step',
    'created',
    'step',
    'created',
  ]);
  expect(story.criticalPath()).toEqual([...story.why(last.n).reverse(), last]);
  expect(story.taskOf(last)).toBe(1);
});

test('an empty log is an empty story', () => {
  const story = new Story({ version: 1, virtual: true, title: '', events: [], dropped: 0, earlier: new Map(), stacks: new Map() });
  expect([story.from, story.to, story.criticalPath(), story.lanes.size]).toEqual([0, 0, [], 0]);
});

test('the axis is real time from the first event on, unless that was not recorded', async () => {
  const log = await recorded(PROGRAMS.spinner, { wall: true });
  const story = new Story(log);
  const [first, last] = [log.events[0], log.events.at(-1)] as [LogEvent, LogEvent];
  expect(story.from).toBe(0);
  expect(story.to).toBe((last.wall as number) - (first.wall as number));
  expect(story.to).not.toBe(last.at);
  const cut: Log = { ...log, virtual: true };
  expect(new Story(cut).to).toBe(1000);
});

test('a deadline of the loop’s clock is told on the axis, which may be another clock’s', () => {
  const events = [
    { n: 1, event: 'run', at: 10, wall: 50 },
    { n: 2, event: 'timer', at: 20, wall: 61, handle: 1, name: 'wake', when: 120 },
  ] as LogEvent[];
  const story = new Story({ version: 1, virtual: false, title: '', events, dropped: 0, earlier: new Map(), stacks: new Map() });
  expect(story.timeOf(120, events[1] as LogEvent)).toBe(111); // 11 ms on, and 100 from there.
});
