// Where the time went that the end of a run has waited for.
import { expect, test } from 'vitest';
import { EventLoop, sleep, VirtualDriver } from '../../src/loop/index.ts';
import { joined, partsOf, sumOf } from '../../src/observe/critical-path.ts';
import { type Log, type LogEvent, record, Story } from '../../src/observe/index.ts';
import { forSeeds } from '../support/random.ts';
import { randomLog } from '../support/random-run.ts';

type Told<Event> = Event extends LogEvent ? Omit<Event, 'n'> : never;

function logOf(...events: Told<LogEvent>[]): Log {
  return {
    version: 1,
    virtual: true,
    title: '',
    dropped: 0,
    earlier: new Map(),
    stacks: new Map(),
    events: events.map((event, i) => ({ n: i + 1, ...event })),
  };
}

test('the parts follow each other from the beginning to the end, and their times add up', async () => {
  await forSeeds(40, async (random) => {
    const story = new Story(await randomLog(random));
    const path = story.criticalPath();
    const parts = partsOf(story);
    expect(parts.map(({ from }) => from)).toEqual(path.slice(0, -1));
    expect(parts.map(({ to }) => to)).toEqual(path.slice(1));
    expect(path.every(({ n }, i) => i === 0 || n > (path[i - 1] as LogEvent).n)).toBe(true);
    const sum = Object.values(sumOf(parts)).reduce((a, b) => a + b);
    expect(sum).toBeCloseTo(story.moment(path.at(-1) as LogEvent) - story.moment(path[0] as LogEvent));
    expect(sumOf(joined(parts))).toEqual(sumOf(parts));
  });
});

test('it ends with the task that was run, even where another one ends after it', async () => {
  await forSeeds(20, async (random) => {
    const story = new Story(await randomLog(random));
    expect(story.criticalPath().at(-1)).toMatchObject({ event: 'done', task: 1 });
  });
});

test('it ends with what stopped the run where that was a future, though a task has ended since the future began', async () => {
  const loop = new EventLoop({ driver: new VirtualDriver() });
  const recorder = record(loop, { wall: false });
  const future = loop.createFuture<void>();
  loop.callLater(500, () => future.setResult());
  loop.createTask(sleep(300));
  await loop.runUntilComplete(future);
  await loop.runUntilComplete(sleep(100));
  loop.close();
  const story = new Story(recorder.stop());
  const [first, second] = story.ends() as [LogEvent, LogEvent];
  expect([first, second]).toMatchObject([{ event: 'scheduled', name: 'stopLoop' }, { event: 'done' }]);
  expect(sumOf(partsOf(story, story.criticalPath(first))).timer).toBe(500);
  expect(sumOf(partsOf(story)).timer).toBe(100);
});

test('the time before something came from outside is the host’s, and that of the task that waited for it', () => {
  const story = new Story(
    logOf(
      { event: 'created', at: 0, task: 1, name: 'main' },
      { event: 'step', at: 10, cause: 1, task: 1 },
      { event: 'suspended', at: 15, cause: 2, task: 1, awaits: 'future' },
      { event: 'poll', at: 15 },
      { event: 'polled', at: 75 },
      { event: 'scheduled', at: 75, handle: 1, name: 'settle' },
      { event: 'handle', at: 76, cause: 6, handle: 1, name: 'settle' },
      { event: 'woken', at: 77, cause: 7, task: 1 },
      { event: 'returned', at: 77, cause: 7, handle: 1 },
      { event: 'step', at: 80, cause: 8, task: 1 },
      { event: 'done', at: 90, cause: 10, task: 1, outcome: 'returned' },
    ),
  );
  expect(joined(partsOf(story)).map(({ spent, task, ms }) => [spent, task, ms])).toEqual([
    ['ready', 1, 10],
    ['running', 1, 5],
    ['host', 1, 60],
    ['ready', 1, 1],
    ['running', 1, 1],
    ['ready', 1, 3],
    ['running', 1, 10],
  ]);
});

test('a cause that does not come before what it causes is none, whatever a file says', () => {
  const story = new Story(
    logOf(
      { event: 'created', at: 0, cause: 3, task: 1, name: 'main' },
      { event: 'step', at: 0, cause: 2, task: 1 },
      { event: 'done', at: 0, cause: 1e9, task: 1, outcome: 'returned' },
    ),
  );
  expect([1, 2, 3].map((n) => story.why(n))).toEqual([[], [], []]);
  expect(story.criticalPath().map(({ n }) => n)).toEqual([3]);
  expect(new Story(logOf()).criticalPath()).toEqual([]);
});

test('a wait that was ended by a cancellation from outside is told as that, not as one for the host', () => {
  const story = new Story(
    logOf(
      { event: 'created', at: 0, task: 1, name: 'Task-1' },
      { event: 'step', at: 0, cause: 1, task: 1 },
      { event: 'timer', at: 0, cause: 2, handle: 1, name: 'wake', when: 60_000 },
      { event: 'suspended', at: 0, cause: 2, task: 1, awaits: 'timer', on: 1 },
      { event: 'cancel', at: 2000, task: 1 },
      { event: 'woken', at: 2000, task: 1 },
      { event: 'step', at: 2000, cause: 6, task: 1 },
      { event: 'done', at: 2000, cause: 7, task: 1, outcome: 'cancelled' },
    ),
  );
  expect(sumOf(partsOf(story))).toEqual({ running: 0, ready: 0, timer: 0, host: 0, cancelled: 2000 });
});
