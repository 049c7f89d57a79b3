import { expect, test } from 'vitest';
import { type Coroutine, createTask, drain, KeyboardInterrupt, Runner, sleep, VirtualDriver } from '../../src/loop/index.ts';
import { ValueError } from '../support/cpython.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

test('it cancels every task, those born meanwhile too, and runs the loop until the last is done', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  function* worker(name: string, cleanup: number): Coroutine<void> {
    try {
      yield* sleep(1000);
    } finally {
      yield* sleep(cleanup);
      log.push(`${name} at ${loop.time()}`);
    }
  }
  function* breeder(): Coroutine<void> {
    try {
      yield* sleep(1000);
    } finally {
      createTask(worker('child', 2));
      yield* sleep(0);
      yield* sleep(0);
    }
  }
  loop.createTask(worker('a', 5));
  loop.createTask(worker('b', 1));
  loop.createTask(breeder());
  await loop.runUntilComplete(sleep(10));
  expect(await drain(loop)).toEqual([]);
  expect(log).toEqual(['b at 11', 'a at 15', 'child at 17']);
});

test('errors that tasks end with while draining are all reported, cancellations and results are not', async () => {
  const loop = virtualLoop();
  function* failing(message: string): Coroutine<void> {
    try {
      yield* sleep(1000);
    } catch {
      throw new ValueError(message);
    }
  }
  loop.createTask(failing('one'));
  loop.createTask(failing('two'));
  loop.createTask(sleep(1000));
  loop.createTask(
    (function* (): Coroutine<string> {
      try {
        yield* sleep(1000);
      } catch {}
      return 'refused';
    })(),
  );
  await loop.runUntilComplete(sleep(1));
  await drain(loop);
  expect(loop.reports.map(({ message, exception }) => `${message}: ${(exception as Error).message}`)).toEqual([
    'Unhandled exception during shutdown: one',
    'Unhandled exception during shutdown: two',
  ]);
});

test('a task that swallows the cancellation does not keep us longer than the grace period, and is given back', async () => {
  const loop = virtualLoop();
  const stubborn = loop.createTask(
    (function* (): Coroutine<void> {
      for (;;) {
        try {
          yield* sleep(1000);
        } catch {}
      }
    })(),
    { name: 'stubborn' },
  );
  loop.createTask(sleep(1000));
  await loop.runUntilComplete(sleep(1));
  const left = await drain(loop, { grace: 250 });
  expect(left.map((task) => task.getName())).toEqual(['stubborn']);
  expect([loop.time(), stubborn.done()]).toEqual([251, false]);
  expect(loop.isRunning()).toBe(false);
});

test('a task that deadlocks while it is cancelled is given back too', async () => {
  const loop = virtualLoop();
  loop.createTask(
    (function* (): Coroutine<void> {
      try {
        yield* sleep(1000);
      } finally {
        yield* loop.createFuture<void>();
      }
    })(),
  );
  await loop.runUntilComplete(sleep(1));
  expect(await drain(loop, { grace: 100 })).toHaveLength(1);
});

test('a loop without tasks is drained at once, and no time passes', async () => {
  const loop = virtualLoop();
  expect(await drain(loop)).toEqual([]);
  expect(loop.time()).toBe(0);
});

test('a grace period may be endless, and must be a time', async () => {
  const loop = virtualLoop();
  loop.createTask(sleep(1000));
  expect(await drain(loop, { grace: Number.POSITIVE_INFINITY })).toEqual([]);
  await expect(drain(loop, { grace: Number.NaN })).rejects.toThrow('expected a grace period in milliseconds from 0 up, got NaN');
});

test('callbacks that are ready at the end are called, in as many iterations as asyncio.run takes for its end', async () => {
  const runner = new Runner({ driver: new VirtualDriver(), signals: [] });
  const log: number[] = [];
  const chain = (link: number): void => {
    log.push(link);
    runner.loop.callSoon(chain, link + 1);
  };
  await runner.run(
    (function* (): Coroutine<void> {
      runner.loop.callSoon(chain, 1);
    })(),
  );
  await runner.close();
  expect(log).toEqual([1, 2, 3, 4, 5]);
});

test('tasks that such callbacks make are cancelled as well', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  loop.callSoon(() => loop.createTask(sleep(1000)).addDoneCallback((task) => log.push(`cancelled: ${task.cancelled()}`)));
  expect(await drain(loop)).toEqual([]);
  expect(log).toEqual(['cancelled: true']);
});

test('a run that was left with its end at hand does not end the draining', async () => {
  const loop = virtualLoop();
  let ended = false;
  loop.createTask(
    (function* (): Coroutine<void> {
      try {
        yield* sleep(1000);
      } finally {
        yield* sleep(100);
        ended = true;
      }
    })(),
  );
  const future = loop.createFuture<void>();
  loop.callSoon(() => {
    future.setResult();
    loop.interrupt();
  });
  await expect(loop.runUntilComplete(future)).rejects.toBeInstanceOf(KeyboardInterrupt);
  loop.takeInterruption();
  expect(await drain(loop)).toEqual([]);
  expect(ended).toBe(true);
});

// CPython closes the coroutines of such tasks when it collects them, and says what they raise.
test('the finally blocks of a coroutine that is left run, up to the await in each; its errors are told', async () => {
  const runner = new Runner({ driver: new VirtualDriver(), signals: [], grace: 100 });
  const { loop } = runner;
  const log: string[] = [];
  loop.setExceptionHandler((_loop, { message, exception }) => void log.push(exception === undefined ? message : `${message}: ${exception}`));
  function* mule(name: string, last: () => void): Coroutine<void> {
    try {
      try {
        while (!loop.isClosed()) {
          try {
            yield* sleep(1000);
          } catch {}
        }
      } finally {
        log.push(`${name}: inner`);
        yield* loop.createFuture<void>();
        log.push(`${name}: not reached`);
      }
    } finally {
      log.push(`${name}: outer`);
      last();
    }
  }
  loop.createTask(
    mule('a', () => {}),
    { name: 'a' },
  );
  loop.createTask(
    mule('b', () => {
      throw new ValueError('while it was left');
    }),
    { name: 'b' },
  );
  await runner.run(sleep(1));
  await runner.close();
  expect(log).toEqual([
    "Task 'a' did not stop when cancelled, and was left",
    'a: inner',
    'a: outer',
    "Task 'b' did not stop when cancelled, and was left",
    'b: inner',
    'b: outer',
    "Task 'b' failed when it was left: ValueError: while it was left",
  ]);
});
