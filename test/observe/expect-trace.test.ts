import { AssertionError } from 'node:assert';
import { describe, expect, test } from 'vitest';
import { asyncWith, type Coroutine, createTask, EventLoop, gather, Semaphore, sleep } from '../../src/loop/index.ts';
import { expectTrace, type Log, type RecordOptions, record } from '../../src/observe/index.ts';
import { recorded } from '../support/recorded.ts';

const everything: RecordOptions = { stacks: true };

/** Six tasks that fetch, at most so many at a time. */
function fetching(permits: number): () => Coroutine<void> {
  const semaphore = new Semaphore(permits);
  function* fetch(): Coroutine<void> {
    yield* sleep(10);
    yield* sleep(0);
    yield* sleep(10);
  }
  function* fetcher(): Coroutine<void> {
    yield* asyncWith(semaphore, fetch);
  }
  return function* main() {
    yield* gather(Array.from({ length: 6 }, (_, i) => createTask(fetcher(), { name: `fetch-${i + 1}` })));
  };
}

describe('maxConcurrent', () => {
  test.each([1, 2, 3, 6])('%i at once within a function are no more than that', async (permits) => {
    const trace = expectTrace(await recorded(fetching(permits), everything));
    // Tasks of that name are inside all the time: what is meant is named by no task.
    expect(() => trace.maxConcurrent('fetch', 5)).toThrow("expected at most 5 tasks at once in 'fetch', got 6");
    const renamed = (log: Log): Log => ({ ...log, events: log.events.map((event) => ('name' in event ? { ...event, name: 'worker' } : event)) });
    const log = renamed(await recorded(fetching(permits), everything));
    expectTrace(log).maxConcurrent('fetch', permits);
    expect(() => expectTrace(log).maxConcurrent('fetch', permits - 1)).toThrow(
      `expected at most ${permits - 1} ${permits === 2 ? 'task' : 'tasks'} at once in 'fetch', got ${permits}: ${Array(permits).fill('worker fetcher()').join(', ')}, at 0 ms (event `,
    );
  });

  test('when that was is told to the microsecond, whatever a difference of two times has behind it', async () => {
    const log = await recorded(fetching(2), everything);
    const [first] = log.events;
    const shifted = { ...log, virtual: false, events: log.events.map((event) => ({ ...event, wall: event === first ? 0.1 : 0.4 })) };
    expect(() => expectTrace(shifted).maxConcurrent('fetch', 1)).toThrow(/, at 0\.3 ms \(event /);
  });

  test('a task counts from its first step to its end, not from its creation', async () => {
    const log = await recorded(function* () {
      const first = createTask(sleep(5), { name: 'job 1' });
      yield* first;
      createTask(sleep(1), { name: 'job 2' });
      yield* sleep(9);
    });
    expectTrace(log).maxConcurrent('job', 1);
  });

  test('a name stands for tasks with a number behind it, and for no longer word', async () => {
    const log = await recorded(function* () {
      for (const name of ['get', 'get-1', 'get (2)', 'getter', 'get3', 'forget']) createTask(sleep(1), { name });
      yield* sleep(2);
    });
    expect(() => expectTrace(log).maxConcurrent('get', 2)).toThrow("in 'get', got 3: get, get-1, get (2), at 0 ms");
    expectTrace(log).maxConcurrent('get', 3).maxConcurrent('getter', 1).maxConcurrent('forget', 1);
  });

  test('a task that has left a function and goes on is not in it any more', async () => {
    function* inner(): Coroutine<void> {
      yield* sleep(5);
    }
    const log = await recorded(function* () {
      yield* gather(
        [0, 6].map(function* (delay) {
          yield* sleep(delay);
          yield* inner();
          yield* sleep(50);
        }),
      );
    }, everything);
    expectTrace(log).maxConcurrent('inner', 1);
  });

  test('a method is found with and without its class', async () => {
    class Client {
      *load(): Coroutine<void> {
        yield* sleep(1);
      }
    }
    const log = await recorded(function* () {
      yield* new Client().load();
    }, everything);
    for (const name of ['load', 'Client.load']) {
      expectTrace(log).maxConcurrent(name, 1);
      expect(() => expectTrace(log).maxConcurrent(name, 0)).toThrow('got 1');
    }
  });

  test('a name that nothing has is an error, which says what names there are', async () => {
    const without = await recorded(fetching(1));
    expect(() => expectTrace(without).maxConcurrent('fecth', 1)).toThrow(
      "expected something called 'fecth' in the log, got tasks Task-1, fetch-1, fetch-2, fetch-3, fetch-4, fetch-5, fetch-6; functions are told where stacks: true was recorded",
    );
    const all = await recorded(fetching(1), everything);
    expect(() => expectTrace(all).maxConcurrent('fecth', 1)).toThrow(/ got tasks .*fetch-6, and functions (main|fetcher|fetch)/);
  });

  test.each([-1, 1.5, Number.NaN])('%d tasks are not a number of tasks', async (most) => {
    const log = await recorded(fetching(1));
    expect(() => expectTrace(log).maxConcurrent('fetch', most)).toThrow(`maxConcurrent: expected a whole number of tasks from 0 up, got ${most}`);
  });
});

describe('noLeakedTasks', () => {
  test('tasks that have all ended are none', async () => {
    expectTrace(await recorded(fetching(2))).noLeakedTasks();
  });

  test('one that has not is named, with what it waits for, and where', async () => {
    const log = await recorded(function* () {
      createTask(
        (function* leak(): Coroutine<void> {
          yield* sleep(1000);
        })(),
        { name: 'leak' },
      );
      yield* sleep(1);
    }, everything);
    expect(() => expectTrace(log).noLeakedTasks()).toThrow(
      /^expected every task to end, got 1 that has not: leak leak\(\) \(waits for a timer in test\/observe\/expect-trace\.test\.ts:\d+\), at 1 ms \(event \d+\)$/,
    );
  });

  test('one that was there before the recording is not its business', async () => {
    const loop = new EventLoop();
    const log = await loop.runUntilComplete(
      (function* (): Coroutine<Log> {
        const recorder = record(loop);
        yield* gather([sleep(0), sleep(1)]);
        return recorder.stop();
      })(),
    );
    loop.close();
    expectTrace(log).noLeakedTasks();
  });
});

describe('noStepOver', () => {
  /** A log in which each event comes so much later than the one before as its kind says, in ms. */
  const timed = (log: Log, took: Partial<Record<string, number>>): Log => {
    let wall = 0;
    return {
      ...log,
      events: log.events.map((event) => {
        wall += took[event.event] ?? 0;
        return { ...event, wall };
      }),
    };
  };
  function* main(): Coroutine<void> {
    yield* sleep(5);
  }

  test('a step as long as is allowed is none', async () => {
    const log = timed(await recorded(main), { suspended: 10, done: 10, returned: 10, polled: 500, iteration: 500 });
    expectTrace(log).noStepOver(30).noLeakedTasks();
  });

  test('a longer step is named with its task, its line and its duration', async () => {
    const log = await recorded(main, everything);
    expect(() => expectTrace(timed(log, { suspended: 12.5 })).noStepOver(10)).toThrow(
      /^expected no step over 10 ms, got 12\.5 ms in a step of Task-1 main\(\), before the await in test\/observe\/expect-trace\.test\.ts:\d+, at 0 ms \(event 4\)$/,
    );
    expect(() => expectTrace(timed(log, { done: 20 })).noStepOver(10)).toThrow(/20 ms in a step of Task-1 main\(\), after the await in/);
  });

  test('a longer callback is named', async () => {
    const log = await recorded(main);
    expect(() => expectTrace(timed(log, { returned: 11 })).noStepOver(10)).toThrow(/^expected no step over 10 ms, got 11 ms in the callback wake, at 5 ms/);
  });

  test('of two steps within each other the inner one is named', async () => {
    const log = await recorded(function* () {
      createTask(sleep(1), { name: 'inner', eagerStart: true });
      yield* sleep(2);
    });
    expect(() => expectTrace(timed(log, { suspended: 20 })).noStepOver(10)).toThrow('20 ms in a step of inner');
  });

  test('a log without real time cannot tell', async () => {
    const log = await recorded(main);
    expect(() => expectTrace(log).noStepOver(10)).toThrow('expected no step over 10 ms, got a log without real time: record it without wall: false');
  });

  test.each([-1, Number.NaN])('%d is no duration', async (ms) => {
    const log = await recorded(main);
    expect(() => expectTrace(log).noStepOver(ms)).toThrow(`noStepOver: expected milliseconds from 0 up, got ${ms}`);
  });
});

test('what does not hold is an AssertionError of one line, whatever tasks are called', async () => {
  const log = await recorded(function* () {
    createTask(sleep(9), { name: 'two\nlines' });
    yield* sleep(1);
  });
  let error: unknown;
  try {
    expectTrace(log).maxConcurrent('two', 1).noLeakedTasks();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(AssertionError);
  expect((error as AssertionError).message).toContain('two\\nlines');
  expect((error as AssertionError).message).not.toContain('\n');
  expect(error).toMatchObject({ expected: 0, actual: 1 });
});
