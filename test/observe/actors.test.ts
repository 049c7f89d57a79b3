// Who did it is told from who was there, from what came from outside, and from what is not in the log any more.
import { expect, test } from 'vitest';
import { type Coroutine, createTask, Future, Queue, Semaphore, sleep } from '../../src/loop/index.ts';
import { actorOf } from '../../src/observe/actors.ts';
import { inWords } from '../../src/observe/in-words.ts';
import { chromeTrace, type EventOf, type Log, type LogEvent, Story } from '../../src/observe/index.ts';
import { Moment } from '../../src/observe/moment.ts';
import { recorded } from '../support/recorded.ts';
import { logOf } from '../support/told-log.ts';

const CALL = { event: 'handle', handle: 7, name: 'tick' } as const;

function* waitFor(future: Future<void>): Coroutine<void> {
  yield* future;
}

/** A recording that has lost how the step began in which everything happens that it tells of. */
function tornOff(): Promise<Log> {
  return recorded(
    function* () {
      const [queue, semaphore, future] = [new Queue<number>(), new Semaphore(2), new Future<void>()];
      const waiting = createTask(waitFor(future), { name: 'waiting' });
      yield* sleep(0);
      for (let i = 0; i < 9000; i++) queue.putNowait(i);
      createTask(sleep(1), { name: 'child' });
      future.setResult();
      yield* semaphore.acquire();
      yield* waiting;
    },
    { capacity: 1 },
  );
}

test.each([
  [
    'a step is its task’s',
    [
      { event: 'step', task: 3 },
      { event: 'cancel', task: 4, cause: 1 },
    ],
    { by: 'task', task: 3 },
  ],
  ['a callback is its own', [CALL, { event: 'cancel', task: 4, cause: 1 }], { by: 'callback', name: 'tick' }],
  ['neither came from outside', [CALL, { event: 'cancel', task: 4 }], { by: 'outside' }],
] as const)('what happened in %s', (_where, told, actor) => {
  const log = logOf(told);
  expect(actorOf(new Story(log), log.events[1] as LogEvent)).toEqual(actor);
});

test('what happened in a step or callback that was dropped did not come from outside', () => {
  const log = logOf([{ event: 'cancel', task: 4, cause: 9 }], { dropped: 10 });
  const event = log.events[0] as LogEvent;
  expect(actorOf(new Story(log), event)).toEqual({ by: 'unknown' });
  expect(inWords(new Story(log), event)).toBe('Something that is not in the log any more asked task 4 to cancel');
});

test.each([
  ['suspended', { event: 'suspended', task: 3, awaits: 'turn', cause: 9 }],
  ['ended', { event: 'done', task: 3, outcome: 'returned', cause: 9 }],
] as const)('a step whose beginning was dropped is known from how it %s', (_how, end) => {
  const log = logOf([{ event: 'cancel', task: 4, cause: 9 }, { event: 'cancel', task: 4, cause: 8 }, end], { dropped: 10 });
  expect(log.events.slice(0, 2).map((event) => actorOf(new Story(log), event))).toEqual([{ by: 'task', task: 3 }, { by: 'unknown' }]);
});

test('in a recording that begins in the middle of a step, what that step does is said to be its task’s', async () => {
  const log = await tornOff();
  const story = new Story(log);
  const created = log.events.find(({ event }) => event === 'created') as EventOf<'created'>;
  const woken = log.events.find(({ event }) => event === 'woken') as EventOf<'woken'>;
  expect(story.event(created.cause as number)).toBeUndefined();
  expect(inWords(story, created)).toBe('Task-1 created child');
  expect(actorOf(story, woken)).toEqual({ by: 'task', task: 1 });
  expect(JSON.parse(chromeTrace(log)).traceEvents).toContainEqual(
    expect.objectContaining({ name: 'run', args: expect.objectContaining({ task: 'child', cause: 'created by Task-1' }) }),
  );
});

test.each([
  ['from outside', {}, 'woken from outside the loop'],
  ['in what was dropped', { cause: 9 }, 'woken by what is not in the log'],
] as const)('a trace says of a waking %s that it is that', (_where, cause, words) => {
  const log = logOf([{ event: 'run' }, { event: 'woken', task: 1, ...cause }, { event: 'step', task: 1, cause: 12 }], { dropped: 10 });
  const slices = JSON.parse(chromeTrace(log)).traceEvents.filter(({ name }: { name: string }) => name === 'run');
  expect(slices).toEqual([expect.objectContaining({ args: expect.objectContaining({ cause: words }) })]);
});

test('a permit is held by the task that took it, by nobody in particular outside of tasks, and by somebody unknown where the log does not tell', async () => {
  const holders = (log: Log): unknown => {
    const moment = new Moment(new Story(log));
    for (const event of log.events) moment.apply(event);
    return [...moment.uses.values()].at(-1)?.holders;
  };
  const take = { event: 'acquire', primitive: 1, kind: 'Semaphore', free: 0 } as const;
  const give = { event: 'release', primitive: 1, kind: 'Semaphore', free: 1 } as const;
  expect(holders(await tornOff())).toEqual([1]);
  expect(holders(logOf([take, CALL, { ...take, cause: 2 }]))).toEqual([0, 0]);
  expect(holders(logOf([{ ...take, cause: 9 }, take], { dropped: 10 }))).toEqual([undefined, 0]);
  expect(holders(logOf([take, { ...take, cause: 9 }, { ...give, cause: 9 }], { dropped: 10 }))).toEqual([0]);
});
