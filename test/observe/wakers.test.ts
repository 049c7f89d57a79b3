// Who is behind it, through whatever callbacks lie between: a task, a timer, the host, or what the log does not tell of.
import { describe, expect, test } from 'vitest';
import { type Coroutine, createTask, EventLoop, fromPromise, getRunningLoop, sleep, VirtualDriver, wait } from '../../src/loop/index.ts';
import { type Lane, type LogEvent, record, Story } from '../../src/observe/index.ts';
import { ENGLISH } from '../../src/observe/timeline-words.ts';
import { endOf, wakerOf, wakersOf } from '../../src/observe/wakers.ts';
import { recorded } from '../support/recorded.ts';
import { logOf, type Told } from '../support/told-log.ts';

/** Of the task with this name in a recorded program: who woke it, and how it ended. */
async function told(name: string, main: () => Coroutine<unknown>): Promise<readonly [wakers: string, end: string]> {
  const story = new Story(await recorded(main));
  const lane = [...story.lanes.values()].find((each) => each.name === name) as Lane;
  return [wakersOf(story, lane, ENGLISH), endOf(story, lane, ENGLISH)];
}

/** Whoever is behind the last of these events. */
function behind(events: readonly Told[], dropped = 0): unknown {
  const log = logOf(events, { dropped });
  return wakerOf(new Story(log), log.events.at(-1) as LogEvent);
}

const WOKEN = { event: 'woken', task: 1 } as const;

describe('whoever is behind an event', () => {
  test('is the task in whose step it happened, through callbacks as well', () => {
    expect(
      behind([
        { event: 'step', task: 2 },
        { ...WOKEN, cause: 1 },
      ]),
    ).toEqual({ by: 'task', task: 2 });
    const scheduled = [
      { event: 'step', task: 2 },
      { event: 'scheduled', handle: 1, name: 'tick', cause: 1 },
      { event: 'handle', handle: 1, name: 'tick', cause: 2 },
    ] as const;
    expect(behind([...scheduled, { ...WOKEN, cause: 3 }])).toEqual({ by: 'task', task: 2 });
  });

  test('is a timer whose callback did it, whoever set that', () => {
    const due = [
      { event: 'step', task: 2 },
      { event: 'timer', handle: 1, name: 'wake', when: 5, cause: 1 },
      { event: 'due', handle: 1, cause: 2 },
      { event: 'handle', handle: 1, name: 'wake', cause: 3 },
    ] as const;
    expect(behind([...due, { ...WOKEN, cause: 4 }])).toEqual({ by: 'timer' });
  });

  test('is the host where nothing was going on, or a callback was scheduled then', () => {
    expect(behind([WOKEN])).toEqual({ by: 'host' });
    const scheduled = [
      { event: 'scheduled', handle: 1, name: 'settle' },
      { event: 'handle', handle: 1, name: 'settle', cause: 1 },
    ] as const;
    expect(behind([...scheduled, { ...WOKEN, cause: 2 }])).toEqual({ by: 'host' });
  });

  test('is not known where the log does not go back so far', () => {
    const call = { event: 'handle', handle: 1, name: 'tick' } as const;
    expect(behind([{ ...WOKEN, cause: 9 }], 10)).toEqual({ by: 'unknown' });
    expect(
      behind(
        [
          { ...call, cause: 9 },
          { ...WOKEN, cause: 11 },
        ],
        10,
      ),
    ).toEqual({ by: 'unknown' });
    const scheduled = { event: 'scheduled', handle: 1, name: 'tick', cause: 9 } as const;
    expect(behind([scheduled, { ...call, cause: 11 }, { ...WOKEN, cause: 12 }], 10)).toEqual({ by: 'unknown' });
    expect(behind([call, { ...WOKEN, cause: 1 }])).toEqual({ by: 'unknown' }); // Scheduled before the recording.
  });

  test('is the task of a step that was dropped, where its end is there', () => {
    const log = logOf(
      [
        { ...WOKEN, cause: 9 },
        { event: 'done', task: 2, outcome: 'returned', cause: 9 },
      ],
      { dropped: 10 },
    );
    expect(wakerOf(new Story(log), log.events[0] as LogEvent)).toEqual({ by: 'task', task: 2 });
  });
});

describe('who woke a task', () => {
  test('is told with how often, most often first', async () => {
    const [wakers] = await told('Task-1', function* () {
      yield* createTask(sleep(0), { name: 'once' });
      for (let i = 0; i < 2; i++) yield* createTask(sleep(0), { name: 'twice' });
      for (let i = 0; i < 3; i++) yield* sleep(1);
    });
    expect(wakers).toBe('woken by timer ×3, twice ×2, once');
  });

  test('is cut where there are more than three', async () => {
    const [wakers] = await told('Task-1', function* () {
      yield* sleep(1);
      yield* sleep(1);
      for (const name of ['a', 'b', 'c']) yield* createTask(sleep(0), { name });
    });
    expect(wakers).toBe('woken by timer ×2, a, 2 others');
  });

  test('is nobody for one that never waited', async () => {
    expect(await told('Task-1', () => sleep(0))).toEqual(['', 'returned']);
  });

  test('is the host where Node has settled what it waited for', async () => {
    expect(await told('Task-1', () => fromPromise(() => Promise.resolve()))).toEqual(['woken by host', 'returned']);
  });

  test('is what is not in the log where its beginning was dropped', () => {
    const story = new Story(logOf([{ ...WOKEN, cause: 9 }], { dropped: 10 }));
    expect(wakersOf(story, story.lanes.get(1) as Lane, ENGLISH)).toBe('woken by what is not in the log');
  });
});

describe('how a task ended', () => {
  test('with an error is told with the error', async () => {
    const end = told('Task-1', function* () {
      yield* sleep(0);
      throw new TypeError('no');
    });
    expect((await end)[1]).toBe('raised TypeError: no');
  });

  function* cancelledBy(cancel: (victim: { cancel(): void }) => void): Coroutine<void> {
    const victim = createTask(sleep(1000), { name: 'victim' });
    yield* sleep(1);
    cancel(victim);
    yield* wait([victim]);
  }

  test('cancelled is told with the task that asked for it, through a callback as well', async () => {
    expect((await told('victim', () => cancelledBy((victim) => victim.cancel())))[1]).toBe('cancelled by Task-1');
    expect((await told('victim', () => cancelledBy((victim) => getRunningLoop().callSoon(() => victim.cancel()))))[1]).toBe('cancelled by Task-1');
  });

  test('cancelled by a timer is told as that', async () => {
    expect((await told('victim', () => cancelledBy((victim) => getRunningLoop().callLater(5, () => victim.cancel()))))[1]).toBe('cancelled by a timer');
  });

  test('cancelled from outside is told as by the program', async () => {
    const loop = new EventLoop({ driver: new VirtualDriver() });
    const recorder = record(loop, { wall: false });
    const task = loop.createTask(sleep(9));
    task.cancel();
    await loop.runUntilComplete(task).catch(() => {});
    const story = new Story(recorder.stop());
    loop.close();
    expect(endOf(story, story.lanes.get(1) as Lane, ENGLISH)).toBe('cancelled by the program');
  });

  test('as it likes, though it was asked to cancel, is told as that', () => {
    const story = new Story(
      logOf([
        { event: 'cancel', task: 1 },
        { event: 'done', task: 1, outcome: 'returned' },
      ]),
    );
    expect(endOf(story, story.lanes.get(1) as Lane, ENGLISH)).toBe('returned');
  });

  test('cancelled by what was dropped is told as that', () => {
    const story = new Story(
      logOf(
        [
          { event: 'cancel', task: 1, cause: 9 },
          { event: 'done', task: 1, outcome: 'cancelled', cause: 8 },
        ],
        { dropped: 10 },
      ),
    );
    expect(endOf(story, story.lanes.get(1) as Lane, ENGLISH)).toBe('cancelled by what is not in the log');
  });

  test.each([
    [
      'waits for a timer',
      [
        { event: 'step', task: 1 },
        { event: 'suspended', task: 1, awaits: 'timer', on: 1 },
      ],
    ],
    ['is ready', [{ event: 'created', task: 1, name: 'Task-1' }]],
    ['runs', [{ event: 'step', task: 1 }]],
  ] as const)('is not told of one that has not: it %s', (doing, events) => {
    const story = new Story(logOf(events));
    expect(endOf(story, story.lanes.get(1) as Lane, ENGLISH)).toBe(doing);
  });
});
