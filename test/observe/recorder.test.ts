import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import {
  asyncWith,
  Condition,
  type Coroutine,
  createTask,
  currentTask,
  Event,
  EventLoop,
  Future,
  fromPromise,
  gather,
  getRunningLoop,
  Lock,
  type LoopObserver,
  Queue,
  Semaphore,
  sleep,
  Task,
  timeout,
  VirtualDriver,
  wait,
} from '../../src/loop/index.ts';
import { expectTrace, formatLog, type Log, type LogEvent, parseLog, record, Story } from '../../src/observe/index.ts';
import { forSeeds } from '../support/random.ts';
import { PROGRAMS, randomProgram, recorded } from '../support/recorded.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

/** What an event tells beside its kind, its time and its cause, in a few words. */
function tell(event: LogEvent): string {
  const { n: _n, at: _at, wall: _wall, cause: _cause, event: kind, ...facts } = event;
  return [kind, ...Object.entries(facts).map(([fact, value]) => `${fact}:${value}`)].join(' ');
}

/** Each event with what caused it. */
function causes(log: Log, only: (event: LogEvent) => boolean = () => true): string[] {
  const story = new Story(log);
  return log.events.filter(only).map((event) => {
    const cause = event.cause === undefined ? undefined : story.event(event.cause);
    return cause === undefined ? tell(event) : `${tell(event)} <- ${tell(cause)}`;
  });
}

function* napping(ms: number): Coroutine<void> {
  yield* sleep(ms);
}

test('the whole life of a task is told, each event with its cause', async () => {
  expect(causes(await recorded(() => napping(5)))).toEqual([
    'created task:1 name:Task-1',
    'run',
    'iteration count:1 ready:1',
    'step task:1 <- created task:1 name:Task-1',
    'timer handle:1 name:wake when:5 <- step task:1',
    'suspended task:1 awaits:timer on:1 <- step task:1',
    'poll until:5',
    'polled',
    'due handle:1 <- timer handle:1 name:wake when:5',
    'iteration count:2 ready:1',
    'handle handle:1 name:wake <- due handle:1',
    'woken task:1 <- handle handle:1 name:wake',
    'returned handle:1 <- handle handle:1 name:wake',
    'iteration count:3 ready:1',
    'step task:1 <- woken task:1',
    'scheduled handle:2 name:stopLoop <- step task:1',
    'done task:1 outcome:returned <- step task:1',
    'iteration count:4 ready:1',
    'handle handle:2 name:stopLoop <- scheduled handle:2 name:stopLoop',
    'returned handle:2 <- handle handle:2 name:stopLoop',
    'stop',
  ]);
});

describe('what a task awaits is told', () => {
  /** Of the first task's suspensions. */
  const awaits = (log: Log): string[] =>
    log.events.flatMap((event) => (event.event === 'suspended' && event.task === 1 ? [tell(event).replace('suspended task:1 ', '')] : []));

  test.each<[string, () => Coroutine<unknown>, string[]]>([
    ['its turn', () => sleep(0), ['awaits:turn']],
    ['a timer', () => sleep(1), ['awaits:timer on:1']],
    [
      'a task',
      function* () {
        yield* createTask(sleep(0));
      },
      ['awaits:task on:2'],
    ],
    [
      'a future',
      function* () {
        const future: Future<void> = getRunningLoop().createFuture();
        getRunningLoop().callSoon(() => future.setResult());
        yield* future;
      },
      ['awaits:future kind:Future'],
    ],
    ['all it gathers', () => sleepBoth(), ['awaits:task kind:GatheringFuture']],
    ['a promise of the host', () => fromPromise(() => Promise.resolve()), ['awaits:future kind:Future']],
    [
      'a future within a timeout, not the timer of that',
      function* () {
        const future: Future<void> = getRunningLoop().createFuture();
        createTask(setSoon(future));
        yield* asyncWith(timeout(10), () => future);
      },
      ['awaits:future kind:Future'],
    ],
    [
      'a future, not a timer that was set just before',
      function* () {
        const future: Future<void> = getRunningLoop().createFuture();
        getRunningLoop().callLater(1, () => future.setResult());
        yield* future;
      },
      ['awaits:future kind:Future'],
    ],
    [
      'a semaphore, an event, a condition and its lock, and a queue',
      function* () {
        const [semaphore, event, condition, queue] = [new Semaphore(1), new Event(), new Condition(), new Queue<void>()];
        yield* semaphore.acquire();
        createTask(
          (function* () {
            yield* sleep(1);
            semaphore.release();
            yield* sleep(1);
            event.set();
            yield* sleep(1);
            yield* condition.acquire();
            condition.notify();
            yield* sleep(1);
            condition.release();
            yield* sleep(1);
            yield* queue.put();
          })(),
        );
        yield* semaphore.acquire();
        yield* event.wait();
        yield* asyncWith(condition, () => condition.wait());
        yield* queue.get();
      },
      // 1, a semaphore; 2, an event; 3, the lock of 4, a condition; 5, a queue.
      ['awaits:primitive on:1', 'awaits:primitive on:2', 'awaits:primitive on:4', 'awaits:primitive on:3', 'awaits:primitive on:5'],
    ],
  ])('%s', async (_what, main, expected) => {
    expect(awaits(await recorded(main))).toEqual(expected);
  });

  function* sleepBoth(): Coroutine<void> {
    yield* gather([sleep(0), sleep(0)]);
  }
  function* setSoon(future: Future<void>): Coroutine<void> {
    future.setResult();
  }
});

test('what primitives do is told where it happens, with what is left of them', async () => {
  const log = await recorded(function* () {
    const [lock, semaphore, queue] = [new Lock(), new Semaphore(2), new Queue<number>()];
    yield* asyncWith(lock, () => sleep(0));
    yield* semaphore.acquire();
    yield* queue.put(1);
    yield* queue.get();
    semaphore.release();
  });
  expect(log.events.filter((event) => 'primitive' in event).map(tell)).toEqual([
    'acquire primitive:1 kind:Lock free:0',
    'release primitive:1 kind:Lock free:1',
    'acquire primitive:2 kind:Semaphore free:1',
    'put primitive:3 kind:Queue size:1',
    'get primitive:3 kind:Queue size:0',
    'release primitive:2 kind:Semaphore free:2',
  ]);
});

test('a cancellation is told with who asked for it, and how the task ended', async () => {
  const log = await recorded(function* () {
    const victim = createTask(sleep(9), { name: 'victim' });
    yield* sleep(0);
    victim.cancel();
    yield* wait([victim]);
  });
  const about = (event: LogEvent): boolean => 'task' in event && event.task === 2;
  expect(causes(log, about)).toEqual([
    'created task:2 name:victim <- step task:1',
    'step task:2 <- created task:2 name:victim',
    'suspended task:2 awaits:timer on:1 <- step task:2',
    'cancel task:2 <- step task:1',
    'woken task:2 <- step task:1',
    'step task:2 <- woken task:2',
    'done task:2 outcome:cancelled <- step task:2',
  ]);
});

test('an error is told as one line, even one that cannot be shown', async () => {
  const errors: unknown[] = [
    new RangeError('one\ntwo'),
    new Error(''),
    'a text',
    { toString: 1 },
    Object.defineProperty(new Error('hidden'), 'message', {
      get() {
        throw new Error('from message');
      },
    }),
  ];
  const log = await recorded(function* () {
    const tasks = errors.map((error) =>
      createTask(
        (function* (): Coroutine<void> {
          throw error;
        })(),
      ),
    );
    yield* gather(tasks, { returnExceptions: true });
  });
  expect(log.events.flatMap((event) => (event.event === 'done' && event.outcome === 'raised' ? [event.error] : []))).toEqual([
    'RangeError: one',
    'Error',
    'a text',
    'an error that cannot be shown',
    'an error that cannot be shown',
  ]);
  expect(log.events.at(-1)?.event).toBe('stop');
});

test('a run that is left with an error is told with it', async () => {
  const loop = virtualLoop();
  const recorder = record(loop, { wall: false });
  await loop.runUntilComplete(loop.createFuture()).catch(() => {});
  expect(tell(recorder.stop().events.at(-1) as LogEvent)).toMatch(/^stop error:DeadlockError: /);
});

test('the causes of the last event lead back to the host, or to what was before the run', async () => {
  await forSeeds(50, async (random) => {
    const log = await recorded(randomProgram(random), { capacity: Number.POSITIVE_INFINITY });
    const story = new Story(log);
    for (const event of log.events) {
      if (event.cause !== undefined) expect(event.cause).toBeLessThan(event.n);
      if (!['step', 'woken', 'suspended', 'done', 'returned', 'due'].includes(event.event)) continue;
      expect(['created', 'scheduled', 'handle', 'woken']).toContain(([event, ...story.why(event.n)].at(-1) as LogEvent).event);
    }
  });
});

test('a step that starts another task eagerly has it within, and goes on', async () => {
  const log = await recorded(function* () {
    createTask(napping(1), { eagerStart: true, name: 'eager' });
    getRunningLoop().callSoon(function after() {});
    yield* sleep(2);
  });
  const story = new Story(log);
  const around = (event: LogEvent): boolean => story.event(event.cause ?? 0)?.event === 'step' && event.n < 12;
  expect(causes(log, around)).toEqual([
    'created task:2 name:eager <- step task:1',
    'timer handle:1 name:wake when:1 <- step task:2',
    'suspended task:2 awaits:timer on:1 <- step task:2',
    'scheduled handle:2 name:after <- step task:1',
    'timer handle:3 name:wake when:2 <- step task:1',
    'suspended task:1 awaits:timer on:3 <- step task:1',
  ]);
});

test('a task that is called otherwise when it ends is told so', async () => {
  const log = await recorded(function* () {
    const task = createTask(sleep(0), { name: 'before' });
    task.setName('after');
    yield* task;
  });
  expect(log.events.filter((event) => 'name' in event && 'task' in event && event.task === 2).map(tell)).toEqual([
    'created task:2 name:before',
    'named task:2 name:after',
  ]);
  expect(new Story(log).titleOf(2)).toBe('after');
});

test('a task that awaits what cannot be awaited has its turn again', async () => {
  const log = await recorded(PROGRAMS['what a task does not await']);
  expect(causes(log, (event) => 'task' in event).slice(1)).toEqual([
    'step task:1 <- created task:1 name:Task-1',
    'suspended task:1 awaits:turn <- step task:1',
    'step task:1 <- suspended task:1 awaits:turn',
    expect.stringMatching(/^done task:1 outcome:raised error:LoopError: plain 'yield' was used in Task-1/),
  ]);
});

test('a task that awaits what cannot be awaited is not resumed by being asked where', async () => {
  const lines: string[] = [];
  const log = await recorded(
    function* () {
      // Within an eager start that has just been asked: nothing of that may be left over.
      createTask(napping(1), { eagerStart: true });
      lines.push('in front');
      try {
        yield undefined as never;
        lines.push('behind');
      } catch (error) {
        lines.push((error as Error).name);
      }
      yield* sleep(1);
      lines.push('end');
    },
    { stacks: true },
  );
  expect(lines).toEqual(['in front', 'LoopError', 'end']);
  expect(log.events.filter((event) => event.event === 'suspended' && event.task === 1).map((event) => 'stack' in event)).toEqual([false, true]);
});

describe('a recording that begins later', () => {
  test('between two steps: tasks are there, with what they wait for, and their callbacks have no cause', async () => {
    const loop = virtualLoop();
    const future: Future<void> = loop.createFuture();
    const log = await inLoop(loop, function* () {
      const napper = createTask(sleep(5), { name: 'napper' });
      createTask(waitFor(future), { name: 'waiter' });
      createTask(waitFor(napper), { name: 'follower' });
      yield* sleep(1);
      const recorder = yield* fromCallback(loop, () => record(loop, { wall: false }));
      future.setResult();
      yield* napper;
      return recorder.stop();
    });
    const story = new Story(log);
    expect(log.events.slice(0, 9).map(tell)).toEqual([
      'created task:1 name:Task-1 there:true',
      'created task:2 name:napper there:true',
      'created task:3 name:waiter there:true',
      'created task:4 name:follower there:true',
      'suspended task:1 awaits:future kind:Future',
      'suspended task:2 awaits:future kind:Future',
      'suspended task:3 awaits:future kind:Future',
      'suspended task:4 awaits:task on:2',
      'woken task:1',
    ]);
    expect(story.lanes.get(4)?.spans.map(({ state }) => state)).toEqual(['running', 'waiting', 'ready', 'running']);
    const { handle } = log.events.find((event) => event.event === 'due') as LogEvent & { event: 'due' };
    expect(causes(log, (event) => 'handle' in event && event.handle === handle)[0]).toBe(`due handle:${handle}`);
  });

  test('in the middle of a step: that has no beginning, but what it comes to is told', async () => {
    const loop = virtualLoop();
    const log = await inLoop(loop, function* () {
      const recorder = record(loop, { wall: false, stacks: true });
      yield* sleep(1);
      return recorder.stop();
    });
    expect(log.events.slice(0, 3).map(tell)).toEqual([
      'created task:1 name:Task-1 there:true',
      'timer handle:1 name:wake when:1',
      'suspended task:1 awaits:timer on:1',
    ]);
    expect(new Story(log).lanes.get(1)?.spans.map(({ state }) => state)).toEqual(['running', 'waiting', 'ready', 'running']);
  });

  test('in the last step of a task: it ends once, and no other is made up', async () => {
    const loop = virtualLoop();
    let recorder: ReturnType<typeof record> | undefined;
    await inLoop(loop, function* () {
      recorder = record(loop, { wall: false });
    });
    expect(
      recorder
        ?.stop()
        .events.filter((event) => 'task' in event)
        .map(tell),
    ).toEqual(['created task:1 name:Task-1 there:true', 'done task:1 outcome:returned']);
  });

  test('in a step that starts a task eagerly: that one is told as a whole', async () => {
    const loop = virtualLoop();
    const log = await inLoop(loop, function* () {
      const recorder = record(loop, { wall: false });
      createTask(napping(1), { eagerStart: true });
      yield* sleep(2);
      return recorder.stop();
    });
    expect(log.events.slice(0, 7).map(tell)).toEqual([
      'created task:1 name:Task-1 there:true',
      'created task:2 name:Task-2',
      'step task:2',
      'timer handle:1 name:wake when:1',
      'suspended task:2 awaits:timer on:1',
      'timer handle:2 name:wake when:2',
      'suspended task:1 awaits:timer on:2',
    ]);
  });

  test('in a step that is refused: the next that is, is not asked where it stands', async () => {
    const loop = virtualLoop();
    loop.setObserver({}); // Whoever was there before is told the end of the step.
    const lines: string[] = [];
    await inLoop(loop, function* () {
      record(loop, { stacks: true });
      yield* sleep(1);
      const refused = createTask(
        (function* (): Coroutine<void> {
          lines.push('in front');
          yield undefined as never;
          lines.push('behind');
        })(),
        { eagerStart: true },
      );
      yield* wait([refused]);
    });
    expect(lines).toEqual(['in front']);
  });

  test('in a callback: that has no end of its own', async () => {
    const loop = virtualLoop();
    const log = await inLoop(loop, function* () {
      const recorder = yield* fromCallback(loop, () => record(loop, { wall: false }));
      return recorder.stop();
    });
    expect(log.events.filter(({ event }) => event === 'returned')).toEqual([]);
  });

  const inLoop = <T>(loop: EventLoop, main: () => Coroutine<T>): Promise<T> => loop.runUntilComplete(main());
  function* waitFor(awaitable: Future<void>): Coroutine<void> {
    yield* awaitable;
  }
  function* fromCallback<T>(loop: EventLoop, callback: () => T): Coroutine<T> {
    const future: Future<T> = loop.createFuture();
    loop.callSoon(() => future.setResult(callback()));
    return yield* future;
  }
});

describe('a ring', () => {
  function* longRun(): Coroutine<void> {
    createTask(napping(1e6), { name: 'lives on' });
    for (let i = 0; i < 9000; i++) yield* createTask(sleep(0));
  }

  test.each([0, 1, 4096, 5000])('of %i events keeps that many and more, and says how many are gone', async (capacity) => {
    const all = await recorded(longRun, { capacity: Number.POSITIVE_INFINITY });
    const log = await recorded(longRun, { capacity });
    expect(log.events.length).toBeGreaterThanOrEqual(capacity);
    expect(log.events.length).toBeLessThanOrEqual(capacity + 2 * 4096);
    expect(log.dropped % 4096).toBe(0);
    expect(log.dropped + log.events.length).toBe(all.events.length);
    expect(log.events).toEqual(all.events.slice(log.dropped));
  });

  test('keeps the names of tasks that live on, and of no others', async () => {
    const log = await recorded(longRun, { capacity: 1 });
    expect([...log.earlier.values()].slice(0, 2)).toEqual(['Task-1', 'lives on']);
    expect(log.earlier.size).toBeLessThan(5);
  });

  test('gives its sink every event once, in order, even of an iteration longer than itself', async () => {
    const given: LogEvent[] = [];
    let within = 0;
    const log = await inVirtualTime(function* (loop) {
      const recorder = record(loop, {
        wall: false,
        capacity: 10,
        sink: (events) => {
          given.push(...events);
          within = Math.max(within, events.length);
        },
      });
      yield* gather(Array.from({ length: 20_000 }, () => sleep(0)));
      return recorder.stop();
    });
    expect(within).toBeGreaterThan(40_000);
    expect(given.map(({ n }) => n)).toEqual(Array.from({ length: given.length }, (_, i) => i + 1));
    expect(given.at(-1)).toEqual(log.events.at(-1));
    expect(log.events.length).toBeLessThan(given.length);
  });

  test.each([-1, Number.NaN])('of %d events is refused', (capacity) => {
    expect(() => record(virtualLoop(), { capacity })).toThrow(`record: expected a capacity of events from 0 up, got ${capacity}`);
  });
});

test('a sink that throws ends the recording with a report, and not the run', async () => {
  const loop = virtualLoop();
  record(loop, {
    sink: () => {
      throw new Error('no space');
    },
  });
  await loop.runUntilComplete(
    (function* () {
      for (let i = 0; i < 3000; i++) yield* sleep(0);
    })(),
  );
  expect(loop.reports.map(({ message }) => message)).toEqual(["Observer removed: its hook 'iteration' threw"]);
});

test('stopping twice is fine: the same log, and nothing for the sink', async () => {
  const loop = virtualLoop();
  let poured = 0;
  const recorder = record(loop, { sink: () => void poured++ });
  await loop.runUntilComplete(sleep(1));
  const log = recorder.stop();
  await loop.runUntilComplete(sleep(1));
  expect(recorder.stop()).toEqual(log);
  expect(poured).toBe(1);
});

test('two recordings of a loop go on side by side', async () => {
  const loop = virtualLoop();
  const [one, two] = [record(loop, { wall: false }), record(loop, { wall: false })];
  await loop.runUntilComplete(sleep(1));
  expect(one.stop()).toEqual(two.stop());
});

test('two runs of a program in virtual time are the same text', async () => {
  await forSeeds(20, async (random) => {
    const seed = random.int(1e9);
    const { seededRandom } = await import('../support/random.ts');
    const texts = [];
    for (const stacks of [false, true, false, true]) texts.push(formatLog(await recorded(randomProgram(seededRandom(seed)), { stacks })));
    expect(texts[2]).toBe(texts[0]);
    expect(texts[3]).toBe(texts[1]);
  });
});

test('a timer for the end of all days has a time that JSON can tell', async () => {
  const log = await recorded(function* () {
    createTask(sleep(Number.POSITIVE_INFINITY));
    getRunningLoop().callAt(Number.NEGATIVE_INFINITY, () => {});
    yield* sleep(1);
  });
  expect(log.events.flatMap((event) => (event.event === 'timer' ? [event.when] : []))).toEqual([-Number.MAX_SAFE_INTEGER, 1, Number.MAX_SAFE_INTEGER]);
});

test('a recording changes nothing: the loop does the same in the same order with it', async () => {
  /** All hooks of a run, as they come. */
  const hooksOf = async (main: () => Coroutine<unknown>, options: { stacks: boolean } | undefined): Promise<string[]> => {
    const loop = new EventLoop({ driver: new VirtualDriver(), turnBudget: 1000 });
    loop.setExceptionHandler(() => {});
    const hooks: string[] = [];
    const tell =
      (hook: string) =>
      (...args: unknown[]): void =>
        void hooks.push(`${hook} ${args.map((arg) => (typeof arg === 'object' ? arg?.constructor.name : String(arg)))}`);
    const names = ['run', 'poll', 'iteration', 'handleScheduled', 'handle', 'timer', 'taskCreated', 'step', 'taskSuspended', 'taskWoken'] as const;
    const watcher = Object.fromEntries([...names, 'taskCancelRequested', 'taskDone', 'primitive'].map((hook) => [hook, tell(hook)])) as LoopObserver;
    if (options !== undefined) record(loop, options);
    loop.addObserver(watcher);
    await loop.runUntilComplete(main()).catch(() => {});
    loop.close();
    return hooks;
  };
  const { 'promises of the host': _, ...programs } = PROGRAMS; // When those are done is Node's to say.
  for (const main of Object.values(programs)) {
    const without = await hooksOf(main, undefined);
    expect(await hooksOf(main, { stacks: false })).toEqual(without);
    expect(await hooksOf(main, { stacks: true })).toEqual(without);
  }
});

test('a recording asks nothing of Node that would keep the program alive', () => {
  const before = process.getActiveResourcesInfo();
  const loop = new EventLoop();
  record(loop);
  expect(process.getActiveResourcesInfo()).toEqual(before);
  loop.close();
});

test('real time is told unless it was declined, and never goes back', async () => {
  const log = await recorded(PROGRAMS.semaphore, { wall: true });
  const walls = log.events.map(({ wall }) => wall as number);
  expect(walls.every((wall, i) => wall >= (walls[i - 1] ?? 0))).toBe(true);
  expect(log.virtual).toBe(false);
  expect((await recorded(PROGRAMS.semaphore)).events.every(({ wall }) => wall === undefined)).toBe(true);
  expectTrace(log).noLeakedTasks();
});

test('a task that is asked to cancel within its own step suspends first, and is woken then', async () => {
  const log = await recorded(function* () {
    currentTask()?.cancel();
    try {
      yield* new Future<void>();
    } catch {}
    yield* sleep(5);
  });
  expect([...new Story(log).lanes.values()].map(({ spans }) => spans.map(({ state }) => state).join(' '))).toEqual([
    'ready running waiting ready running waiting ready running',
  ]);
});

test('a task that has ended is kept by no recording, however many there are after it', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const loop = virtualLoop();
  const recorder = record(loop);
  const ended: WeakRef<object>[] = [];
  const last = loop.createFuture();
  function* another(more: number): Coroutine<void> {
    ended.push(new WeakRef(currentTask() as object));
    if (more > 0) createTask(another(more - 1));
    else last.setResult(undefined);
  }
  loop.createTask(napping(60_000)); // Which lives on, and was followed by the first of them.
  loop.createTask(another(10));
  await loop.runUntilComplete(last);
  // The engine itself may hold on to the one it saw last.
  const kept = (): number => ended.slice(0, -1).filter((task) => task.deref() !== undefined).length;
  for (let round = 0; round < 20 && kept() > 0; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  expect(kept()).toBe(0);
  expect(recorder.stop().events.filter(({ event }) => event === 'done')).toHaveLength(11);
  loop.close();
});

test('names that throw, or are no text, end no recording', async () => {
  class Job<T> extends Task<T> {
    readonly #label: string;
    constructor(...args: ConstructorParameters<typeof Task<T>>) {
      super(...args);
      this.#label = 'a job';
    }
    override getName(): string {
      return this.#label; // Not there yet while it is being made.
    }
  }
  class Door extends Lock {
    static override readonly name = { en: 'door' } as unknown as string;
  }
  const loop = virtualLoop();
  loop.setTaskFactory((host, coroutine, options) => new Job(coroutine, { ...options, loop: host }));
  const recorder = record(loop, { wall: false });
  await loop.runUntilComplete(
    (function* (): Coroutine<void> {
      const callback = (): void => {};
      Object.defineProperty(callback, 'name', {
        get: () => {
          throw new Error('no name');
        },
      });
      loop.callSoon(callback);
      yield* new Door().acquire();
      yield* sleep(1);
    })(),
  );
  const log = recorder.stop();
  expect(loop.reports).toEqual([]);
  expect(parseLog(formatLog(log)).events).toEqual(log.events);
  expect(new Story(log).lanes.get(1)?.name).toBe('a job');
});

test('numbers go on beyond 32 bits, as those of a loop that runs for days do', () => {
  const loop = virtualLoop();
  const recorder = record(loop, { wall: false });
  recorder.iteration(2 ** 40, 1);
  const log = recorder.stop();
  expect(parseLog(formatLog(log)).events.at(-1)).toMatchObject({ event: 'iteration', count: 2 ** 40 });
});
