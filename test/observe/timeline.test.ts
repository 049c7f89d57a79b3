import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import {
  asyncWith,
  type Coroutine,
  createTask,
  ensureFuture,
  gather,
  Lock,
  EventLoop as Loop,
  NodeDriver,
  Queue,
  Semaphore,
  sleep,
  wait,
} from '../../src/loop/index.ts';
import { record } from '../../src/observe/recorder.ts';
import { timeline } from '../../src/observe/timeline.ts';
import { recorded } from '../support/recorded.ts';

/** The row of a picture that begins with a name. */
function row(picture: string, name: string): string {
  return picture.split('\n').find((line) => line.startsWith(name)) as string;
}

function* fetchOne(permits: Semaphore, ms: number): Coroutine<void> {
  yield* asyncWith(permits, () => sleep(ms));
}

test('a task is shown from its creation to its end, with its steps and what it waits for', async () => {
  function* main(): Coroutine<void> {
    const worker = createTask(sleep(1000), { name: 'worker' });
    yield* sleep(500);
    yield* worker;
  }
  const picture = timeline(await recorded(main, { title: 'a program' }), { width: 60 });
  expect(picture.split('\n').slice(0, 5)).toEqual([
    'a program, 1 s of virtual time, 2 tasks',
    '',
    '       0         200        400       600        800 1000 ms',
    'Task-1 ┃─────────────────────────┃┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄✔',
    'worker ┃───────────────────────────────────────────────────✔',
  ]);
});

test('who waits for a permit is told from who has one, and the permits that are free are counted', async () => {
  function* main(): Coroutine<void> {
    const permits = new Semaphore(1);
    yield* gather([fetchOne(permits, 500), fetchOne(permits, 500)]);
  }
  const picture = timeline(await recorded(main, { stacks: true }), { width: 60 });
  expect(row(picture, 'Task-2 fetchOne()')).toMatch(/^Task-2 fetchOne\(\) ┃─+✔ *$/);
  expect(row(picture, 'Task-3 fetchOne()')).toMatch(/^Task-3 fetchOne\(\) ┃·+┃─+✔$/);
  expect(row(picture, 'Semaphore 1 free')).toMatch(/^Semaphore 1 free {2}0+1$/);
});

test('the items of a queue and a lock are counted, too', async () => {
  function* main(): Coroutine<void> {
    const [queue, lock] = [new Queue<number>(), new Lock()];
    yield* lock.acquire();
    queue.putNowait(1);
    queue.putNowait(2);
    yield* sleep(100);
    lock.release();
    yield* queue.get();
    yield* sleep(100);
  }
  const picture = timeline(await recorded(main), { width: 60 });
  expect(row(picture, 'Queue')).toMatch(/^Queue 2 items 2+1+$/);
  expect(row(picture, 'Lock')).toMatch(/^Lock 1 free {3}0+1+$/);
});

test('what is counted of a class of the program follows from what was done with it, however it is called', async () => {
  class Mailbox extends Queue<number> {}
  class QueueLock extends Lock {}
  function* main(): Coroutine<void> {
    const [mailbox, lock] = [new Mailbox(), new QueueLock()];
    mailbox.putNowait(1);
    yield* lock.acquire();
    lock.release();
    yield* sleep(100);
  }
  const picture = timeline(await recorded(main), { width: 60 });
  expect(row(picture, 'Mailbox')).toMatch(/^Mailbox 1 items +1+$/);
  expect(row(picture, 'QueueLock')).toMatch(/^QueueLock 2 free +1+$/);
});

test('how each task ended stands at the end of its row, with who cancelled it and who woke it', async () => {
  function* broken(): Coroutine<void> {
    yield* sleep(10);
    throw new TypeError('no');
  }
  function* main(): Coroutine<void> {
    const victim = createTask(sleep(100), { name: 'victim' });
    const failed = createTask(broken(), { name: 'failed' });
    yield* wait([failed]);
    yield* sleep(50);
    victim.cancel();
    yield* sleep(1);
  }
  const picture = timeline(await recorded(main), { width: 100 });
  expect(row(picture, 'victim')).toMatch(/⊘ +cancelled by Task-1$/);
  expect(row(picture, 'failed')).toMatch(/✘ +raised TypeError: no$/);
  expect(row(picture, 'Task-1')).toMatch(/✔ +woken by timer ×2, failed$/);
  expect(picture).toContain('⊘ was cancelled');
});

test('a run that is stuck shows what its tasks still wait for', async () => {
  function* main(): Coroutine<void> {
    const lock = new Lock();
    yield* lock.acquire();
    yield* lock.acquire();
  }
  expect(row(timeline(await recorded(main), { width: 90 }), 'Task-1')).toMatch(/waits for Lock 1$/);
});

test('more tasks than rows: those alike share one, which says how many they are and how they ended', async () => {
  function* worker(ms: number): Coroutine<void> {
    yield* sleep(ms);
    if (ms === 7) throw new Error('seven');
  }
  function* main(): Coroutine<void> {
    yield* gather(
      Array.from({ length: 50 }, (_, i) => worker(i + 1)),
      { returnExceptions: true },
    );
  }
  const log = await recorded(main, { stacks: true });
  const rows = timeline(log, { width: 100 })
    .split('\n')
    .filter((line) => /^(Task|\d+ ×)/.test(line));
  expect(rows).toHaveLength(2);
  expect(rows[1]).toMatch(/^50 × worker\(\) [┃─]+ 49 returned, 1 raised$/);
  expect(timeline(log, { most: 100 }).split('\n').length).toBeGreaterThan(55);
});

/** Gives a terminal another title, and clears it. */
const EVIL = '\x1b]0;owned\x07\x1b[2J\r\n\x9b31m';

describe('whatever the log, no line is wider than asked for, and none moves a cursor', () => {
  const programs: Record<string, () => Coroutine<unknown>> = {
    'wide names': function* () {
      yield* gather(['任務'.repeat(20), '👩‍👩‍👧‍👦'.repeat(15), 'x'.repeat(90)].map((name) => createTask(sleep(5), { name })));
    },
    'an error with a long text, and characters that move a cursor': function* () {
      const task = ensureFuture(
        (function* (): Coroutine<void> {
          yield* sleep(1);
          throw new Error(`\x1b[31m${'long '.repeat(50)}\r\n`);
        })(),
      );
      yield* wait([task]);
    },
    'a lock whose class is called so': function* () {
      const { [EVIL]: EvilLock } = { [EVIL]: class extends Lock {} } as { [EVIL]: typeof Lock };
      yield* asyncWith(new EvilLock(), () => sleep(5));
    },
    nothing: function* () {},
  };
  for (const [name, program] of Object.entries(programs)) {
    test.each([40, 41, 71, 72, 80, 100, 200])(`${name}, %i columns`, async (width) => {
      const log = await recorded(program, { stacks: true, wall: true, title: `a title ${EVIL}` });
      const stacks = new Map([...log.stacks].map(([number, lines]) => [number, lines.map((line) => ({ ...line, file: `${EVIL}.ts` }))]));
      const picture = timeline({ ...log, stacks }, { width });
      for (const line of picture.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(width);
      expect(picture.split('\n')[0]).toMatch(/^a title \\x1b\]0;owned/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
      expect(picture).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    });
  }
});

test('colours change nothing but colours', async () => {
  const log = await recorded(function* () {
    yield* gather([sleep(1), sleep(2)]);
  });
  const coloured = timeline(log, { color: true });
  expect(coloured).toContain('\x1b[');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
  expect(coloured.replace(/\x1b\[\d+m/g, '')).toBe(timeline(log));
});

test('an empty log is a picture as well', () => {
  const loop = new Loop();
  const picture = timeline(record(loop).stop());
  loop.close();
  expect(picture).toContain('0 us of real time, 0 tasks');
  // Not that in virtual time they take none.
  expect(picture).toMatch(/\n0 iterations, 0 steps, 0 callbacks$/);
});

test('in real time the figures say how busy the loop was, and where its slowest step began', async () => {
  const loop = new Loop({ driver: new NodeDriver() });
  const recorder = record(loop, { stacks: true });
  function* busy(): Coroutine<void> {
    yield* sleep(5);
    for (const start = performance.now(); performance.now() - start < 30; );
  }
  await loop.runUntilComplete(busy());
  const picture = timeline(recorder.stop(), { width: 100 });
  loop.close();
  expect(picture).toMatch(/busy for \d\d %/);
  expect(picture).toMatch(/a step takes .* \(p50\), .* \(p99\), \d+(\.\d)? ms at most/);
  expect(picture).toMatch(/slowest: \d+(\.\d)? ms in Task-1 busy\(\), from test\/observe\/timeline\.test\.ts:\d+ on/);
});

test('what was dropped is said', async () => {
  const log = await recorded(
    function* () {
      for (let i = 0; i < 5000; i++) yield* sleep(0);
    },
    { capacity: 1 },
  );
  expect(timeline(log)).toMatch(/the first 8,192 events were dropped: record with a larger capacity/);
});
