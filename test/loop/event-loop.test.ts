import { describe, expect, test, vi } from 'vitest';
import {
  type Coroutine,
  createTask,
  DeadlockError,
  EventLoop,
  type Future,
  getRunningLoop,
  KeyboardInterrupt,
  Lock,
  LoopError,
  sleep,
  VirtualDriver,
} from '../../src/loop/index.ts';
import { fails, sameAsCPython, ValueError } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

describe('runUntilComplete', () => {
  test('it stops through a done callback, so the rest of that batch still runs', () =>
    sameAsCPython('run until complete finishes the batch', async (log, loop) => {
      const future: Future<string> = loop.createFuture();
      loop.callSoon(() => {
        future.setResult('done');
        loop.callSoon(log, 'behind the stop');
        loop.callSoon(() => loop.callSoon(log, 'added in the last batch'));
      });
      log(await loop.runUntilComplete(future));
      log('left');
      loop.callSoon(() => loop.stop());
      await loop.runForever();
    }));

  test('stopped early, it fails with asyncio’s words', () =>
    sameAsCPython('a loop stopped early fails run until complete', async (log, loop) => {
      loop.callSoon(() => loop.stop());
      await loop.runUntilComplete(loop.createFuture()).catch((error) => {
        if (error instanceof LoopError) log(error.message);
      });
    }));

  test('stopped early, it has let go of its future, which ends no later run', async () => {
    const loop = virtualLoop();
    const future: Future<void> = loop.createFuture();
    loop.callSoon(() => loop.stop());
    await expect(loop.runUntilComplete(future)).rejects.toThrow(LoopError);
    loop.callSoon(() => future.setResult());
    expect(await loop.runUntilComplete(sleep(1, 'whole'))).toBe('whole');
  });

  test('a main task that raises KeyboardInterrupt leaves the run, and does not end the next one', () =>
    sameAsCPython('an interrupt of the main task does not end the next run', async (log, loop) => {
      await expect(loop.runUntilComplete(fails(new KeyboardInterrupt()))).rejects.toBeInstanceOf(KeyboardInterrupt);
      log('left');
      log(await loop.runUntilComplete(sleep(1, 'whole')));
    }));

  test('it takes a coroutine, a task or a future, and rejects with the very error', async () => {
    const loop = virtualLoop();
    const error = new ValueError('no');
    await expect(loop.runUntilComplete(fails(error))).rejects.toBe(error);
    expect(await loop.runUntilComplete(loop.createTask(sleep(1, 'task')))).toBe('task');
    const done: Future<string> = loop.createFuture();
    done.setResult('done before');
    expect(await loop.runUntilComplete(done)).toBe('done before');
  });

  test('a reentrant call is a rejection, and leaves no task behind', async () => {
    const loop = virtualLoop();
    const refused: string[] = [];
    await loop.runUntilComplete(
      (function* (): Coroutine<void> {
        for (const target of [loop, virtualLoop()]) {
          target.runUntilComplete(sleep(1)).catch((error: LoopError) => refused.push(error.message));
          expect([...target.tasks].length).toBe(target === loop ? 1 : 0);
        }
        yield* sleep(1);
        yield* sleep(1);
      })(),
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(refused).toEqual(['This event loop is already running', 'Cannot run the event loop while another loop is running']);
    loop.close();
    await expect(loop.runUntilComplete(sleep(1))).rejects.toThrow('Event loop is closed');
  });

  test('one loop can be run as often as one likes, and keeps its tasks and its time', async () => {
    const loop = virtualLoop();
    const background = loop.createTask(sleep(10, 'background'));
    await loop.runUntilComplete(sleep(4));
    expect([background.done(), loop.time()]).toEqual([false, 4]);
    expect(await loop.runUntilComplete(background)).toBe('background');
    expect(loop.time()).toBe(10);
  });
});

describe('the running loop', () => {
  test('getRunningLoop() is the loop whose step is executed; outside of any it is an error', async () => {
    expect(() => getRunningLoop()).toThrow(LoopError);
    await inVirtualTime(function* (loop): Coroutine<void> {
      expect(getRunningLoop() === loop).toBe(true);
      yield* sleep(1);
      expect(getRunningLoop() === loop).toBe(true);
    });
    expect(() => getRunningLoop()).toThrow('no running event loop');
  });
});

describe('the exception handler', () => {
  test('an error in the handler itself is reported the default way, together with the first', async () => {
    const loop = new EventLoop({ driver: new VirtualDriver() });
    const written = vi.spyOn(console, 'error').mockImplementation(() => {});
    try {
      loop.setExceptionHandler(() => {
        throw new ValueError('in the handler');
      });
      loop.callSoon(() => {
        throw new ValueError('in the callback');
      });
      expect(await loop.runUntilComplete(sleep(1, 'goes on'))).toBe('goes on');
      const text = written.mock.calls.map(([line]) => line).join('\n');
      expect(text).toContain('Unhandled error in exception handler\nValueError: in the handler');
      expect(text).toContain('ValueError: in the callback');
    } finally {
      written.mockRestore();
      loop.close();
    }
  });

  test('without a handler, message, subjects and stack go to stderr', () => {
    const loop = virtualLoop();
    const written = vi.spyOn(console, 'error').mockImplementation(() => {});
    try {
      loop.setExceptionHandler(undefined);
      expect(loop.getExceptionHandler()).toBeUndefined();
      loop.callExceptionHandler({ message: 'It happened', future: loop.createFuture(), exception: new ValueError('no') });
      expect(written.mock.calls[0]?.[0]).toMatch(/^It happened\nfuture: <Future pending>\nValueError: no\n {4}at /);
    } finally {
      written.mockRestore();
    }
  });

  test('a KeyboardInterrupt thrown by the handler leaves the run', async () => {
    const loop = virtualLoop();
    loop.setExceptionHandler(() => {
      throw new KeyboardInterrupt();
    });
    loop.callSoon(() => {
      throw new ValueError();
    });
    await expect(loop.runForever()).rejects.toBeInstanceOf(KeyboardInterrupt);
  });
});

describe('deadlock', () => {
  test('nothing ready, no timer and nothing in flight is a DeadlockError that names each pending task, what it awaits and the line', async () => {
    const loop = virtualLoop();
    const lock = new Lock();
    function* holder(): Coroutine<void> {
      yield* lock.acquire();
      yield* loop.createFuture<void>();
    }
    function* waiter(): Coroutine<void> {
      yield* lock.acquire();
    }
    const first = loop.createTask(holder(), { name: 'holder' });
    loop.createTask(waiter(), { name: 'waiter' });
    loop.createTask(
      (function* joins(): Coroutine<void> {
        yield* first;
      })(),
    );
    const error = await loop.runForever().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DeadlockError);
    const { tasks, message } = error as DeadlockError;
    expect(tasks.map(({ name, awaits }) => `${name}: ${awaits}`)).toEqual([
      'holder: a Future nobody has set',
      'waiter: Lock.acquire()',
      "Task-1: Task 'holder'",
    ]);
    for (const { line } of tasks) expect(line).toMatch(/^test\/loop\/event-loop\.test\.ts:\d+$/);
    expect(message).toMatch(/^deadlock: 3 pending tasks, and nothing left to wake any\n {2}holder awaits a Future nobody has set at test\//);
  });

  test('a deadlock with no task at all says so', async () => {
    await expect(virtualLoop().runForever()).rejects.toThrow('no task, no timer and nothing in flight');
  });

  test('after a deadlock the loop can be run again, and its tasks be cancelled', async () => {
    const loop = virtualLoop();
    let cleaned = false;
    const stuck = loop.createTask(
      (function* (): Coroutine<void> {
        try {
          yield* loop.createFuture<void>();
        } finally {
          cleaned = true;
        }
      })(),
    );
    await expect(loop.runUntilComplete(stuck)).rejects.toBeInstanceOf(DeadlockError);
    stuck.cancel();
    await expect(loop.runUntilComplete(stuck)).rejects.toThrow();
    expect([cleaned, stuck.cancelled()]).toEqual([true, true]);
  });

  test('a cycle of tasks that await each other is a deadlock that names them all', () => {
    const loop = virtualLoop();
    const tasks: Future<void>[] = [];
    for (const other of [1, 0]) {
      tasks.push(
        loop.createTask(
          (function* (): Coroutine<void> {
            yield* tasks[other] as Future<void>;
          })(),
        ),
      );
    }
    return expect(loop.runForever()).rejects.toThrow(/2 pending tasks[\s\S]*Task-1 awaits Task 'Task-2'[\s\S]*Task-2 awaits Task 'Task-1'/);
  });
});

test('createTask and ensureFuture of a loop that is not running schedule for its next run', async () => {
  const loop = virtualLoop();
  const order: string[] = [];
  function* says(what: string): Coroutine<void> {
    order.push(what);
  }
  loop.createTask(says('first'));
  loop.ensureFuture(says('second'));
  expect(order).toEqual([]);
  await loop.runUntilComplete(
    (function* (): Coroutine<void> {
      createTask(says('fourth'));
      order.push('third');
      yield* sleep(0);
    })(),
  );
  expect(order).toEqual(['first', 'second', 'third', 'fourth']);
});
