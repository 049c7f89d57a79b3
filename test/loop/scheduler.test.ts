import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test, vi } from 'vitest';
import { type Coroutine, type Driver, EventLoop, type Idle, KeyboardInterrupt, LoopError, sleep, VirtualDriver } from '../../src/loop/index.ts';
import { sameAsCPython, ValueError } from '../support/cpython.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

describe('iteration', () => {
  test('callbacks run in the order scheduled, and what a batch adds waits for the next iteration', () =>
    sameAsCPython('callbacks run in order one batch at a time', async (log, loop) => {
      loop.callSoon(() => {
        log('a');
        loop.callSoon(log, 'added by a');
      });
      loop.callSoon(() => {
        log('b');
        loop.callSoon(log, 'added by b');
        loop.stop();
      });
      loop.callSoon(log, 'c');
      await loop.runForever();
      log('run left');
      loop.callSoon(() => loop.stop());
      await loop.runForever();
    }));

  test('timers that are due go behind what is ready', () =>
    sameAsCPython('due timers go behind what is ready', async (log, loop) => {
      loop.callAt(loop.time(), log, 'timer due from the start');
      loop.callSoon(() => {
        log('first');
        loop.callAt(loop.time(), log, 'timer set for now');
        loop.callSoon(log, 'soon');
        loop.callSoon(() => loop.callSoon(log, 'an iteration later'));
      });
      loop.callLater(10, () => loop.stop());
      await loop.runForever();
    }));

  test('timers run by deadline, and a cancelled one does not run', () =>
    sameAsCPython('timers run by deadline', async (log, loop) => {
      for (const delay of [30, 10, 20, 5]) loop.callLater(delay, log, `after ${delay}`);
      loop.callLater(15, log, 'cancelled').cancel();
      loop.callLater(40, () => loop.stop());
      await loop.runForever();
      log(`at ${loop.time()}`);
    }));

  test('timers for the same time run in the order they were set', async () => {
    const loop = virtualLoop();
    const order: number[] = [];
    for (let i = 0; i < 200; i++) loop.callAt(7, () => order.push(i));
    await loop.runUntilComplete(sleep(8));
    expect(order).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  test('a timer cancelled after it came due, in the same batch, does not run', async () => {
    const loop = virtualLoop();
    const order: string[] = [];
    loop.callAt(1, () => {
      order.push('first');
      second.cancel();
    });
    const second = loop.callAt(1, () => order.push('second'));
    await loop.runUntilComplete(sleep(2));
    expect(order).toEqual(['first']);
  });

  test('a handle cancelled while it waits in the batch does not run', async () => {
    const loop = virtualLoop();
    const order: string[] = [];
    loop.callSoon(() => second.cancel());
    const second = loop.callSoon(() => order.push('second'));
    await loop.runUntilComplete(sleep(0));
    expect(order).toEqual([]);
  });
});

test('a proof may reorder what an iteration is about to run; what is added meanwhile still waits for the next', async () => {
  const loop = virtualLoop();
  const order: string[] = [];
  loop.arrange = (batch) => void batch.reverse();
  loop.callSoon(() => {
    order.push('a');
    loop.callSoon(() => loop.stop());
  });
  loop.callSoon(() => order.push('b'));
  loop.callSoon(() => {
    order.push('c');
    loop.callSoon(() => order.push('added'));
  });
  await loop.runForever();
  expect(order).toEqual(['c', 'b', 'a', 'added']);
});

describe('stop', () => {
  test('stop before a run gives exactly one iteration', () =>
    sameAsCPython('stop before a run gives one iteration', async (log, loop) => {
      loop.callSoon(() => {
        log('first');
        loop.callSoon(log, 'second');
      });
      loop.stop();
      await loop.runForever();
      log('left');
      loop.stop();
      await loop.runForever();
    }));

  test('stop from outside ends a run that waits for a timer, long before the timer', async () => {
    const loop = virtualLoop();
    const letGo = loop.hold();
    loop.callLater(1000, () => expect.unreachable());
    setImmediate(() => loop.stop());
    await loop.runForever();
    letGo();
    expect(loop.time()).toBe(0);
  });

  test('a batch that is interrupted by the time budget is still one batch: stop lets all of it finish', async () => {
    const loop = new EventLoop({ driver: new VirtualDriver(), turnBudget: 0 });
    const order: number[] = [];
    for (let i = 0; i < 500; i++) {
      loop.callSoon(() => {
        order.push(i);
        if (i === 0) {
          loop.stop();
          loop.callSoon(() => order.push(-1));
        }
      });
    }
    await loop.runForever();
    expect(order).toEqual(Array.from({ length: 500 }, (_, i) => i));
    loop.close();
  });
});

describe('errors and interrupts', () => {
  test('an error in a plain callback goes to the exception handler, and the loop goes on', () =>
    sameAsCPython('an error in a callback goes to the handler', async (log, loop) => {
      loop.setExceptionHandler((_loop, { exception }) => log(`handler: ${(exception as Error).name} ${(exception as Error).message}`));
      loop.callSoon(() => {
        throw new ValueError('no');
      });
      loop.callSoon(log, 'next');
      loop.callSoon(() => loop.stop());
      await loop.runForever();
    }));

  test('the handler is told which callback failed, and of which handle', async () => {
    const loop = virtualLoop();
    const handle = loop.callSoon(function breaks() {
      throw new ValueError('no');
    });
    await loop.runUntilComplete(sleep(0));
    expect(loop.reports).toEqual([{ message: 'Exception in callback breaks()', exception: new ValueError('no'), handle }]);
    expect(loop.reports[0]?.handle).toBe(handle);
  });

  test('a KeyboardInterrupt in a callback leaves the run at once; the rest of the batch runs when the loop is started again', () =>
    sameAsCPython('an interrupt leaves at once and the batch stays', async (log, loop) => {
      loop.callSoon(log, 'before');
      loop.callSoon(() => {
        log('interrupt');
        throw new KeyboardInterrupt();
      });
      loop.callSoon(log, 'rest of the batch');
      loop.callSoon(() => loop.stop());
      await expect(loop.runForever()).rejects.toBeInstanceOf(KeyboardInterrupt);
      log('left');
      await loop.runForever();
    }));

  test('interrupt() leaves the run at the next handle boundary, with what is left of the batch in order', async () => {
    const loop = virtualLoop();
    const order: string[] = [];
    loop.callSoon(() => {
      loop.interrupt(new KeyboardInterrupt('SIGTERM'));
      order.push('ends its own handle');
    });
    loop.callSoon(() => order.push('second'));
    loop.callSoon(() => order.push('third'));
    await expect(loop.runForever()).rejects.toThrow('interrupted by SIGTERM');
    expect(order).toEqual(['ends its own handle']);
    loop.stop();
    await loop.runForever();
    expect(order).toEqual(['ends its own handle', 'second', 'third']);
  });

  test('interrupt() with no run going on leaves the next one before its first handle, unless it is taken back', async () => {
    const loop = virtualLoop();
    let ran = false;
    loop.callSoon(() => {
      ran = true;
    });
    loop.interrupt();
    await expect(loop.runForever()).rejects.toBeInstanceOf(KeyboardInterrupt);
    expect(ran).toBe(false);
    loop.interrupt();
    expect(loop.takeInterruption()).toBeInstanceOf(KeyboardInterrupt);
    expect(loop.takeInterruption()).toBeUndefined();
    loop.stop();
    await loop.runForever();
    expect(ran).toBe(true);
  });

  test('interrupt() from outside ends a run that waits', async () => {
    const loop = virtualLoop();
    const letGo = loop.hold();
    setImmediate(() => loop.interrupt());
    await expect(loop.runForever()).rejects.toBeInstanceOf(KeyboardInterrupt);
    letGo();
  });

  test('a stop that came with an interrupt does not end the next run', async () => {
    const loop = virtualLoop();
    loop.callSoon(() => {
      loop.stop();
      throw new KeyboardInterrupt();
    });
    await expect(loop.runForever()).rejects.toBeInstanceOf(KeyboardInterrupt);
    expect(await loop.runUntilComplete(sleep(5, 'whole'))).toBe('whole');
  });
});

describe('runs and closing', () => {
  test('running a loop that runs, another inside its step, closing a running one, using a closed one: errors, in asyncio’s words', () =>
    sameAsCPython('reentrant runs are refused', async (log, loop) => {
      const refused = (error: unknown): void => log(error instanceof LoopError ? error.message : `wrong: ${error}`);
      const other = virtualLoop();
      const pending: Promise<void>[] = [];
      for (const use of [() => loop.runForever(), () => other.runForever(), async () => loop.close()]) {
        loop.callSoon(() => {
          pending.push(use().catch(refused));
          loop.stop();
        });
        await loop.runForever();
        await Promise.all(pending);
      }
      loop.close();
      loop.close();
      for (const schedule of [() => loop.callSoon(log, ''), () => loop.callLater(1, log, ''), () => loop.callAt(1, log, '')]) {
        try {
          schedule();
        } catch (error) {
          refused(error);
        }
      }
      await loop.runForever().catch(refused);
    }));

  test('between two turns of a running loop, another loop may run', async () => {
    const loop = virtualLoop();
    const other = virtualLoop();
    const letGo = loop.hold();
    const run = loop.runForever();
    expect(await other.runUntilComplete(sleep(5, 'other'))).toBe('other');
    loop.stop();
    letGo();
    await run;
  });

  test('close() drops what is queued', async () => {
    const loop = virtualLoop();
    let ran = false;
    const mark = (): void => {
      ran = true;
    };
    loop.callSoon(mark);
    loop.callLater(0, mark);
    loop.close();
    expect(loop.isClosed()).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(ran).toBe(false);
  });

  test('close() lets go of what it drops: neither a callback that was ready nor a timer keeps what it would have run on', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const loop = virtualLoop();
    const schedule = (how: (callback: () => unknown) => void): WeakRef<object> => {
      const subject = {};
      how(() => subject);
      return new WeakRef(subject);
    };
    const subjects = [schedule((callback) => loop.callSoon(callback)), schedule((callback) => loop.callLater(5, callback))];
    loop.close();
    for (let round = 0; round < 20 && subjects.some((subject) => subject.deref() !== undefined); round++) {
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
    }
    expect(subjects.map((subject) => subject.deref())).toEqual([undefined, undefined]);
    expect(loop.isClosed()).toBe(true);
  });

  test('isRunning() is true from start to end of a run, and between its turns', async () => {
    const loop = virtualLoop();
    expect(loop.isRunning()).toBe(false);
    const letGo = loop.hold();
    const run = loop.runForever();
    expect(loop.isRunning()).toBe(true);
    setImmediate(() => {
      expect(loop.isRunning()).toBe(true);
      loop.stop();
    });
    await run;
    letGo();
    expect(loop.isRunning()).toBe(false);
  });

  test.each([Number.NaN, '5', undefined])('a delay or time that is not a number (%s) is refused', (wrong) => {
    const loop = virtualLoop();
    expect(() => loop.callLater(wrong as number, () => {})).toThrow(TypeError);
    expect(() => loop.callAt(wrong as number, () => {})).toThrow(TypeError);
  });
});

describe('handing back to the host', () => {
  /** A host that counts how often it is given the word. */
  class CountingDriver implements Driver {
    turns = 0;
    readonly #inner = new VirtualDriver();
    now(): number {
      return this.#inner.now();
    }
    wakeNow(turn: () => void): void {
      this.turns += 1;
      this.#inner.wakeNow(turn);
    }
    wakeLater(idle: Idle, turn: () => void, stuck: () => void): void {
      this.#inner.wakeLater(idle, turn, stuck);
    }
    forget(): void {
      this.#inner.forget();
    }
  }

  test('a loop that always has something ready still hands back to the host', async () => {
    const driver = new CountingDriver();
    const loop = new EventLoop({ driver, turnBudget: 1 });
    let hostWasServed = false;
    setImmediate(() => {
      hostWasServed = true;
    });
    await loop.runUntilComplete(
      (function* () {
        while (!hostWasServed) yield* sleep(0);
      })(),
    );
    expect(driver.turns).toBeGreaterThan(0);
    loop.close();
  });

  test('a turn is over when its time is used up, and no sooner', async () => {
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    try {
      const driver = new CountingDriver();
      const loop = new EventLoop({ driver, turnBudget: 4 });
      const switches = function* (count: number, cost: number): Coroutine<number> {
        const before = driver.turns;
        for (let i = 0; i < count; i++) {
          now += cost;
          yield* sleep(0);
        }
        return driver.turns - before;
      };
      const turns = await loop.runUntilComplete(switches(100, 1));
      expect([turns >= 16, turns <= 34]).toEqual([true, true]);
      expect(await loop.runUntilComplete(switches(100, 0))).toBe(0);
      loop.close();
    } finally {
      clock.mockRestore();
    }
  });

  test('what is scheduled while the loop waits wakes it', async () => {
    const loop = virtualLoop();
    const letGo = loop.hold();
    const order: string[] = [];
    setImmediate(() => {
      loop.callSoon(() => {
        order.push('ran');
        loop.stop();
      });
    });
    await loop.runForever();
    letGo();
    expect(order).toEqual(['ran']);
  });

  test('an earlier timer set while the loop waits for a later one comes first', async () => {
    const loop = virtualLoop();
    const letGo = loop.hold();
    const order: string[] = [];
    loop.callLater(100, () => {
      order.push('later');
      loop.stop();
    });
    setImmediate(() => {
      loop.callLater(10, () => order.push(`earlier at ${loop.time()}`));
      letGo();
    });
    await loop.runForever();
    expect(order).toEqual(['earlier at 10', 'later']);
  });

  test('letting go of a hold twice counts once', async () => {
    const loop = virtualLoop();
    const first = loop.hold();
    const second = loop.hold();
    loop.callLater(10, () => loop.stop());
    setImmediate(() => {
      first();
      first();
      setImmediate(() => {
        expect(loop.time()).toBe(0);
        second();
      });
    });
    await loop.runForever();
    expect(loop.time()).toBe(10);
  });

  test('lend() lets time go on although something is in flight, until it is taken back', async () => {
    const loop = virtualLoop();
    const letGo = loop.hold();
    const takeBack = loop.lend();
    await loop.runUntilComplete(sleep(10));
    expect(loop.time()).toBe(10);
    takeBack();
    loop.callLater(10, () => loop.stop());
    setImmediate(() =>
      setImmediate(() => {
        expect(loop.time()).toBe(10);
        letGo();
      }),
    );
    await loop.runForever();
    expect(loop.time()).toBe(20);
  });
});

describe('onClose', () => {
  test('what was registered is called once, when the loop is closed, in order, and not what was taken back', () => {
    const loop = new EventLoop();
    const order: string[] = [];
    loop.onClose(() => order.push(`first ${loop.isClosed()}`));
    const takeBack = loop.onClose(() => order.push('taken back'));
    const own = loop.onClose(() => {
      order.push('second');
      own();
    });
    takeBack();
    expect(order).toEqual([]);
    loop.close();
    loop.close();
    expect(order).toEqual(['first true', 'second']);
  });
});
