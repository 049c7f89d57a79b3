import { describe, expect, test } from 'vitest';
import { type Coroutine, EventLoop, gather, Semaphore, sleep, VirtualDriver } from '../../src/loop/index.ts';
import { chromeTrace, formatLog, type Log, parseLog, record } from '../../src/observe/index.ts';
import { checkChromeTrace } from '../support/check-chrome-trace.ts';
import { forSeeds } from '../support/random.ts';
import { livesOn, PROGRAMS, randomProgram, recorded } from '../support/recorded.ts';

interface Drawn {
  ph: string;
  name: string;
  pid: number;
  tid: number;
  ts: number;
  dur: number;
  id: number;
  args: Record<string, unknown>;
}

function drawn(log: Log): Drawn[] {
  const text = chromeTrace(log);
  expect(checkChromeTrace(text)).toEqual([]);
  return JSON.parse(text).traceEvents;
}

/** Names of threads by tid. */
const threads = (events: Drawn[]): Map<number, unknown> =>
  new Map(events.filter(({ name }) => name === 'thread_name').map(({ tid, args }) => [tid, args.name]));

describe('every program, in virtual and in real time, makes a trace that keeps the rules', () => {
  test.each(Object.entries(PROGRAMS))('%s', async (_name, main) => {
    for (const options of [{}, { wall: true }, { stacks: true }]) drawn(await recorded(main, { ...options, capacity: Number.POSITIVE_INFINITY }, 2));
  });

  test('random programs', () => forSeeds(100, async (random) => void drawn(await recorded(randomProgram(random), { wall: random.chance(0.5) }))));

  test('one of a loop in real time', async () => {
    const loop = new EventLoop();
    const recorder = record(loop);
    for (const ms of [1, 2]) await loop.runUntilComplete(sleep(ms));
    loop.close();
    drawn(recorder.stop());
  });

  test('an empty log', () => {
    drawn({ version: 1, virtual: true, title: '', events: [], dropped: 0, earlier: new Map(), stacks: new Map() });
  });

  test('one whose beginning was dropped', async () => {
    const log = await recorded(
      function* () {
        for (let i = 0; i < 4000; i++) yield* sleep(i % 3);
      },
      { capacity: 1 },
    );
    expect(log.dropped).toBeGreaterThan(0);
    drawn(log);
  });

  test('one that was cut off, after any event', async () => {
    const log = await recorded(PROGRAMS['cancellations, timeouts and shields']);
    for (let length = 0; length < log.events.length; length++) drawn({ ...log, events: log.events.slice(0, length) });
  });

  test('one of which any beginning is missing', async () => {
    const log = await recorded(PROGRAMS['eager tasks within eager tasks']);
    for (let dropped = 0; dropped < log.events.length; dropped++) drawn({ ...log, events: log.events.slice(dropped), dropped });
  });

  test('one that was kept in a file', async () => {
    const log = await recorded(PROGRAMS.semaphore, { stacks: true });
    expect(chromeTrace(parseLog(formatLog(log)))).toBe(chromeTrace(log));
  });

  test('one whose times no real run has', async () => {
    const log = await recorded(PROGRAMS.spinner);
    for (const at of [(n: number) => -n, (n: number) => n * 1e300, (n: number) => n / 1e300, (n: number) => n * 1e9, () => 0, (n: number) => 1e13 + n])
      for (const length of [log.events.length, 40]) drawn({ ...log, events: log.events.slice(0, length).map((event) => ({ ...event, at: at(event.n) })) });
  });
});

test('what thousands of tasks do in the last moment of many years is drawn in time', async () => {
  const log = await recorded(function* () {
    yield* gather(Array.from({ length: 2000 }, () => sleep(5e11)));
  });
  expect(drawn(log).at(-1)?.ts).toBeLessThan(2 * 5e11 * 1000);
});

test('a task has a lane, on which it runs and awaits in turn', async () => {
  const events = drawn(await recorded(PROGRAMS.spinner, { stacks: true }));
  const lanes = threads(events);
  expect([...lanes.values()]).toEqual(['loop', 'callbacks', 'Task-1 spinner()', 'spin spin()']);
  const slices = events.filter(({ ph, tid }) => ph === 'X' && lanes.get(tid) === 'Task-1 spinner()');
  expect(slices.map(({ name }) => name)).toEqual(['run', 'await a timer', 'run', 'await its tasks', 'run']);
  expect(slices[1]?.args).toEqual({
    task: 'Task-1 spinner()',
    where: [expect.stringMatching(/^spinner \(test\/support\/recorded\.ts:\d+:\d+\)$/)],
    cause: 'woken by the callback wake',
  });
  expect(slices.at(-1)?.args).toMatchObject({ cause: 'woken by the callback onCompletion', outcome: 'returned' });
});

test('arrows lead from who woke, created or cancelled a task to the step that came of it', async () => {
  const events = drawn(await recorded(PROGRAMS.spinner));
  const lanes = threads(events);
  const arrows = events
    .filter(({ ph }) => ph === 's')
    .map(({ name, id, tid }) => `${name}: ${lanes.get(tid)} -> ${lanes.get(events.find((end) => end.ph === 'f' && end.id === id)?.tid as number)}`);
  expect([...new Set(arrows)].sort()).toEqual([
    'cancel: Task-1 -> spin',
    'create: Task-1 -> spin',
    'schedule: Task-1 -> callbacks',
    'schedule: spin -> callbacks',
    'timer: Task-1 -> callbacks',
    'timer: spin -> callbacks',
    'wake: callbacks -> Task-1',
    'wake: callbacks -> spin',
  ]);
});

test('a step that a cancellation came to says who asked for it, as readers do not tell one arrow from another', async () => {
  const log = await recorded(PROGRAMS['cancellations, timeouts and shields']);
  const asked = drawn(log).flatMap(({ ph, args }) => (ph === 'X' && args.cancelled ? [args.cancelled] : []));
  expect(asked.flat()).toEqual(expect.arrayContaining(['by the callback expire', 'by Task-1']));
});

test('the curves of a run begin with what is known, and end with it; what happens between two is in neither', async () => {
  const loop = new EventLoop({ driver: new VirtualDriver() });
  const recorder = record(loop, { wall: false });
  const semaphore = new Semaphore(3);
  function* takes(): Coroutine<void> {
    yield* semaphore.acquire();
    yield* sleep(10);
  }
  await loop.runUntilComplete(takes());
  loop.callLater(1000, () => {});
  loop.callLater(2000, () => {});
  await loop.runUntilComplete(takes());
  const log = recorder.stop();
  loop.close();
  const curves = drawn(log).filter(({ ph }) => ph === 'C');
  const of = (curve: string): unknown[] => curves.filter(({ name }) => name === curve).map(({ pid, args }) => [pid, Object.values(args)[0]]);
  expect(of('Semaphore 1')).toEqual([
    [1, 2],
    [1, 0],
    [2, 2],
    [2, 1],
    [2, 0],
  ]);
  expect(of('timers')).toEqual([
    [1, 1],
    [1, 0],
    [2, 2],
    [2, 3],
    [2, 2],
    [2, 0],
  ]);
  expect(curves[0]).toMatchObject({ name: 'ready', ts: 0, args: { handles: 0 } });
});

test('curves tell what is ready, set, free and queued', async () => {
  const log = await recorded(PROGRAMS['locks, conditions, events and queues']);
  const curves = drawn(log).filter(({ ph }) => ph === 'C');
  expect(new Set(curves.map(({ name, args }) => `${name} ${Object.keys(args)}`))).toEqual(
    new Set(['ready handles', 'Lock 1 free', 'Queue 2 items', 'Lock 3 free']),
  );
  const timers = drawn(await recorded(PROGRAMS.spinner)).filter(({ name }) => name === 'timers');
  expect(timers.slice(0, 4).map(({ args }) => args.set)).toEqual([1, 2, 1, 2]);
  expect(timers.at(-1)?.args.set).toBe(0);
});

test('a loop that is stopped and run again is two processes, and a task that lives on waits in both', async () => {
  const log = await recorded(livesOn, { title: 'ticks' }, 2);
  const events = drawn(log);
  expect(events.filter(({ name }) => name === 'process_name').map(({ pid, args }) => [pid, args.name])).toEqual([
    [1, 'run 1 of 2: ticks'],
    [2, 'run 2 of 2: ticks'],
  ]);
  const lanes = threads(events);
  const waits = events.filter(({ ph, tid, name }) => ph === 'X' && lanes.get(tid) === 'ticker' && name === 'await a timer');
  expect(waits.map(({ pid }) => pid)).toEqual([1, 1, 2, 2, 2, 2, 2]);
  const [stop, run] = [waits[1] as Drawn, waits[2] as Drawn];
  expect(stop.ts + stop.dur).toBeLessThan(run.ts);
});

test('in virtual time a run takes no time, and is drawn within the half of what there is until the next', async () => {
  const log = await recorded(PROGRAMS.spinner);
  for (const { ph, name, ts, dur } of drawn(log)) {
    if (ph !== 'X' || name !== 'await a timer') continue;
    expect(dur).toBeGreaterThan(50_000);
    expect((ts + dur) % 100_000).toBeLessThan(50_000);
  }
});

test('two runs of a program in virtual time have the same trace', async () => {
  const traces = [await recorded(PROGRAMS.semaphore), await recorded(PROGRAMS.semaphore)].map(chromeTrace);
  expect(traces[0]).toBe(traces[1]);
});

test('two thousand runs are two thousand processes', async () => {
  const loop = new EventLoop({ driver: new VirtualDriver() });
  const recorder = record(loop, { wall: false, capacity: Number.POSITIVE_INFINITY });
  for (let run = 0; run < 2000; run++) await loop.runUntilComplete(sleep(1));
  const log = recorder.stop();
  loop.close();
  expect(new Set(drawn(log).map(({ pid }) => pid)).size).toBe(2000);
});
