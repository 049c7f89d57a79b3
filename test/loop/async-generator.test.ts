import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, expectTypeOf, test } from 'vitest';
import {
  aclosing,
  asyncFor,
  asyncGenerator,
  asyncWith,
  BREAK,
  CancelledError,
  type Coroutine,
  CoroutineGenerator,
  type CoroutineIterable,
  createTask,
  currentTask,
  drain,
  type Emit,
  fromPromise,
  GeneratorExit,
  inspect,
  run,
  StopAsyncIteration,
  sleep,
  TimeoutError,
  timeout,
  VirtualDriver,
  wait,
} from '../../src/loop/index.ts';
import { type Log, nameOf, outcomeOf, sameAsCPython, ValueError } from '../support/cpython.ts';
import { inVirtualTime, type TestLoop, virtualLoop } from '../support/virtual-loop.ts';

class KeyError extends Error {
  override readonly name = 'KeyError';
}

/** An error in the words of the other side. */
const told = (error: unknown): string => nameOf(error).replace('non-undefined', 'non-null');

function* attempt(log: Log, label: string, awaitable: Coroutine<unknown>): Coroutine<void> {
  try {
    log(`${label} ${(yield* awaitable) ?? null}`);
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? ` from ${nameOf(error.cause)}` : '';
    log(`${label}: ${told(error)}${cause}`);
  }
}

/** One that emits 1 and ends. */
const one = (): CoroutineGenerator<number, unknown> =>
  asyncGenerator(function* (emit) {
    yield* emit(1);
  });

test('the body steps in the task that asks for a value, and awaits there as any coroutine', () =>
  sameAsCPython('generator steps in the task that asks', function* (log) {
    const numbers = asyncGenerator<number>(function* (emit) {
      log(`begun in ${currentTask()?.getName()}`);
      for (const n of [1, 2]) {
        yield* sleep(1);
        yield* emit(n);
        log(`asked again in ${currentTask()?.getName()}`);
      }
    });
    currentTask()?.setName('main');
    log(numbers.aiter() === numbers);
    const task = createTask(
      (function* (): Coroutine<void> {
        for (let step = 0; step < 4; step++) {
          log(`other ${step}`);
          yield* sleep(0);
        }
      })(),
      { name: 'other' },
    );
    yield* attempt(log, 'first', numbers.anext());
    const second = createTask(numbers.anext(), { name: 'second' });
    yield* attempt(log, 'second', second);
    yield* attempt(log, 'third', numbers.anext());
    yield* attempt(log, 'fourth', numbers.anext());
    yield* task;
  }));

test('a value that is there does not suspend', () =>
  sameAsCPython('a value that is there does not suspend', function* (log, loop) {
    const numbers = asyncGenerator<number>(function* (emit) {
      yield* emit(1);
      yield* emit(2);
    });
    loop.callSoon(log, 'an iteration later');
    yield* attempt(log, 'value', numbers.anext());
    yield* attempt(log, 'value', numbers.anext());
    yield* attempt(log, 'end', numbers.anext());
    log('before the iteration is over');
    yield* sleep(0);
  }));

test('what asend sends is the result of emit; nothing can be sent to one that has not started', () =>
  sameAsCPython('what asend sends is what emit returns', function* (log) {
    const echo = asyncGenerator<string, string>(function* (emit) {
      let got: string | undefined;
      while (got !== 'stop') {
        got = yield* emit(`got ${got ?? null}`);
        yield* sleep(1);
      }
    });
    yield* attempt(log, 'asend to a fresh one', echo.asend('early'));
    yield* attempt(log, 'asend of nothing', echo.asend(undefined));
    yield* attempt(log, 'asend', echo.asend('a'));
    yield* attempt(log, 'anext', echo.anext());
    yield* attempt(log, 'asend stop', echo.asend('stop'));
    yield* attempt(log, 'asend after the end', echo.asend('b'));
  }));

test('athrow arrives at the emit, where the body may catch it', () =>
  sameAsCPython('athrow arrives at the emit', function* (log) {
    const make = (): CoroutineGenerator<unknown> =>
      asyncGenerator(function* (emit) {
        try {
          yield* emit(1);
        } catch (error) {
          if (!(error instanceof KeyError)) throw error;
          yield* sleep(1);
          yield* emit(`caught ${error.name}`);
        }
        try {
          yield* emit(2);
        } catch (error) {
          if (!(error instanceof ValueError)) throw error;
        }
      });
    const generator = make();
    yield* attempt(log, 'anext', generator.anext());
    yield* attempt(log, 'athrow', generator.athrow(new KeyError()));
    yield* attempt(log, 'anext', generator.anext());
    yield* attempt(log, 'athrow', generator.athrow(new ValueError('no')));
    const other = make();
    yield* attempt(log, 'anext', other.anext());
    yield* attempt(log, 'athrow', other.athrow(new ValueError('not caught')));
    yield* attempt(log, 'anext', other.anext());
  }));

test('after the end, however it came, anext and asend say so, athrow and aclose do nothing', () =>
  sameAsCPython('every method after the end', function* (log) {
    for (const end of ['returned', 'closed', 'thrown']) {
      const generator = one();
      yield* attempt(log, end, generator.anext());
      if (end === 'returned') yield* attempt(log, end, generator.anext());
      else if (end === 'closed') yield* attempt(log, end, generator.aclose());
      else yield* attempt(log, end, generator.athrow(new ValueError('thrown')));
      yield* attempt(log, 'anext', generator.anext());
      yield* attempt(log, 'asend', generator.asend(1));
      yield* attempt(log, 'athrow', generator.athrow(new ValueError('x')));
      yield* attempt(log, 'aclose', generator.aclose());
    }
  }));

test('one that has not started is ended by aclose and athrow, without a line of it having run', () =>
  sameAsCPython('every method on a fresh one', function* (log) {
    const make = (): CoroutineGenerator<number, unknown> =>
      asyncGenerator(function* (emit) {
        log('begun');
        yield* emit(1);
      });
    const starts: [string, (generator: CoroutineGenerator<number, unknown>) => Coroutine<unknown>][] = [
      ['aclose', (generator) => generator.aclose()],
      ['athrow', (generator) => generator.athrow(new ValueError('x'))],
      ['athrow exit', (generator) => generator.athrow(new GeneratorExit())],
      ['athrow stop', (generator) => generator.athrow(new StopAsyncIteration())],
      ['asend', (generator) => generator.asend(1)],
    ];
    for (const [label, start] of starts) {
      const generator = make();
      yield* attempt(log, label, start(generator));
      yield* attempt(log, `anext after ${label}`, generator.anext());
    }
  }));

test('what the body throws comes out as it is, but for StopAsyncIteration, which would pass for an end', () =>
  sameAsCPython('a body that raises', function* (log) {
    const raises = (error: Error): CoroutineGenerator<number> =>
      asyncGenerator(function* (emit) {
        yield* emit(1);
        throw error;
      });
    const raisesAtOnce = (error: Error): CoroutineGenerator<number> =>
      asyncGenerator(function* () {
        throw error;
      });
    const raisesWhenClosed = (error: Error): CoroutineGenerator<number> =>
      asyncGenerator(function* (emit) {
        try {
          yield* emit(1);
        } finally {
          yield* sleep(1);
          // biome-ignore lint/correctness/noUnsafeFinally: an error in the cleanup is what this is about
          throw error;
        }
      });
    for (const error of [new ValueError('own'), new StopAsyncIteration('own'), new GeneratorExit('own'), new CancelledError('own')]) {
      const generator = raises(error);
      yield* generator.anext();
      yield* attempt(log, 'anext', generator.anext());
      yield* attempt(log, 'again', generator.anext());
      yield* attempt(log, 'at once', raisesAtOnce(error).anext());
      const closed = raisesWhenClosed(error);
      yield* closed.anext();
      yield* attempt(log, 'aclose', closed.aclose());
    }
  }));

test('aclose throws GeneratorExit at the emit, and waits for the cleanup', () =>
  sameAsCPython('aclose waits for the cleanup', function* (log, loop) {
    const generator = asyncGenerator<number>(function* (emit) {
      try {
        yield* emit(1);
      } catch (error) {
        log((error as Error).name);
        throw error;
      } finally {
        yield* sleep(2);
        log(`cleaned up at ${loop.time()}`);
      }
    });
    yield* generator.anext();
    yield* attempt(log, 'aclose', generator.aclose());
    log(loop.time());
    const returns = asyncGenerator<number>(function* (emit) {
      try {
        yield* emit(1);
      } catch {
        yield* sleep(1);
      }
    });
    yield* returns.anext();
    yield* attempt(log, 'aclose', returns.aclose());
  }));

test('a body that emits again after GeneratorExit is an error of aclose', () =>
  sameAsCPython('a body that ignores generator exit', function* (log) {
    const stubborn = asyncGenerator<unknown, unknown>(function* (emit) {
      for (;;) {
        try {
          yield* emit(1);
        } catch {
          yield* sleep(1);
          yield* emit('again');
          return;
        }
      }
    });
    yield* attempt(log, 'anext', stubborn.anext());
    yield* attempt(log, 'aclose', stubborn.aclose());
    yield* attempt(log, 'aclose', stubborn.aclose());
    yield* attempt(log, 'athrow', stubborn.athrow(new ValueError('x')));
    yield* attempt(log, 'asend', stubborn.asend(5));
    yield* attempt(log, 'aclose', stubborn.aclose());
  }));

test('while a value is being waited for, nothing else can be asked, and the wait goes on undisturbed', () =>
  sameAsCPython('two at once are refused', function* (log) {
    const slow = (): CoroutineGenerator<number, unknown> =>
      asyncGenerator(function* (emit) {
        yield* sleep(1);
        yield* emit(1);
        yield* sleep(1);
        yield* emit(2);
      });
    const seconds: [string, (generator: CoroutineGenerator<number, unknown>) => Coroutine<unknown>][] = [
      ['anext', (generator) => generator.anext()],
      ['asend', (generator) => generator.asend(1)],
      ['athrow', (generator) => generator.athrow(new ValueError('x'))],
      ['aclose', (generator) => generator.aclose()],
    ];
    for (const [label, second] of seconds) {
      const generator = slow();
      const first = createTask(generator.anext());
      yield* sleep(0);
      const awaitable = second(generator);
      yield* attempt(log, label, awaitable);
      yield* attempt(log, `${label} twice`, awaitable);
      yield* attempt(log, 'first', first);
      yield* attempt(log, 'then', generator.anext());
      yield* generator.aclose();
    }
    const itself: CoroutineGenerator<string> = asyncGenerator(function* (emit) {
      yield* attempt(log, 'from within', itself.anext());
      yield* emit('from within');
    });
    yield* attempt(log, 'anext', itself.anext());
    yield* attempt(log, 'aclose', itself.aclose());
  }));

test('what a method returned is awaited once', () =>
  sameAsCPython('an anext is awaited once', function* (log) {
    const generator = asyncGenerator<number>(function* (emit) {
      yield* emit(1);
      yield* emit(2);
    });
    const awaitables: [string, Coroutine<unknown>][] = [
      ['anext', generator.anext()],
      ['asend', generator.asend(undefined)],
      ['aclose', generator.aclose()],
    ];
    for (const [label, awaitable] of awaitables) {
      yield* attempt(log, label, awaitable);
      yield* attempt(log, `${label} twice`, awaitable);
    }
  }));

test('a cancellation of the task that waits for a value arrives at the await in the body', () =>
  sameAsCPython('a cancellation arrives at the await in the body', function* (log, loop) {
    const generator = asyncGenerator<number>(function* (emit) {
      try {
        yield* emit(1);
        yield* sleep(100);
      } catch (error) {
        log(`body: ${nameOf(error)}`);
        yield* sleep(2);
        throw error;
      } finally {
        log(`left at ${loop.time()}`);
      }
    });
    const task = createTask(
      asyncFor(generator, function* (value) {
        log(value);
      }),
    );
    yield* sleep(5);
    task.cancel('stop');
    yield* wait([task]);
    log(outcomeOf(task));
    yield* attempt(log, 'anext', generator.anext());
  }));

test('a body may answer a cancellation with a value', () =>
  sameAsCPython('a body may answer a cancellation with a value', function* (log) {
    const generator = asyncGenerator<unknown>(function* (emit) {
      for (let n = 0; n < 3; n++) {
        try {
          yield* sleep(10);
          yield* emit(n);
        } catch (error) {
          if (!(error instanceof CancelledError)) throw error;
          yield* emit(`cancelled ${n}`);
        }
      }
    });
    const task = createTask(generator.anext());
    yield* sleep(5);
    task.cancel();
    yield* wait([task]);
    log(outcomeOf(task));
    log(task.cancelling());
    yield* attempt(log, 'anext', generator.anext());
    yield* attempt(log, 'aclose', generator.aclose());
  }));

test('an aclose can be cancelled: the error arrives in the cleanup, whose own cleanup still awaits', () =>
  sameAsCPython('an aclose can be cancelled', function* (log) {
    const generator = asyncGenerator<number>(function* (emit) {
      try {
        yield* emit(1);
      } finally {
        try {
          yield* sleep(100);
        } finally {
          yield* sleep(1);
          log('inner finally');
        }
      }
    });
    yield* generator.anext();
    const task = createTask(generator.aclose());
    yield* sleep(5);
    task.cancel('stop');
    yield* wait([task]);
    log(outcomeOf(task));
    yield* attempt(log, 'aclose', generator.aclose());
  }));

test('generators iterate over generators, and are closed and cancelled through each other', () =>
  sameAsCPython('generators that iterate over generators', function* (log, loop) {
    const inner = (): CoroutineGenerator<number> =>
      asyncGenerator(function* (emit) {
        try {
          for (let n = 0; n < 10; n++) {
            yield* sleep(1);
            yield* emit(n);
          }
        } catch (error) {
          log(`inner: ${nameOf(error)}`);
          throw error;
        } finally {
          yield* sleep(1);
          log('inner left');
        }
      });
    const doubled = (): CoroutineGenerator<number> =>
      asyncGenerator((emit) => asyncWith(aclosing(inner()), (numbers) => asyncFor(numbers, (n) => emit(2 * n))));
    yield* asyncWith(aclosing(doubled()), (numbers) =>
      asyncFor(numbers, function* (n) {
        log(n);
        return n === 4 ? BREAK : undefined;
      }),
    );
    log(`consumed at ${loop.time()}`);
    const task = createTask(
      asyncFor(doubled(), function* (n) {
        log(n);
      }),
    );
    yield* sleep(2.5);
    task.cancel('stop');
    yield* wait([task]);
    log(outcomeOf(task));
  }));

test('a timeout inside of a generator cancels the task that asks', () =>
  sameAsCPython('a timeout inside of a generator', function* (log, loop) {
    const generator = asyncGenerator<unknown>(function* (emit) {
      try {
        yield* asyncWith(timeout(3), function* () {
          yield* emit(1);
          yield* sleep(10);
        });
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
        yield* emit('timed out');
      }
    });
    yield* attempt(log, 'anext', generator.anext());
    yield* attempt(log, 'anext', generator.anext());
    log(loop.time());
    yield* attempt(log, 'anext', generator.anext());
  }));

function toldOf(log: Log, loop: TestLoop): void {
  loop.setExceptionHandler((_loop, { message, exception, asyncIterator }) => {
    log(`${message.split(' <')[0]}: ${told(exception)} ${asyncIterator instanceof CoroutineGenerator}`);
  });
}

test('the shutdown closes what was begun and has not ended, waits for the cleanups, and reports what they throw', () =>
  sameAsCPython('shutdown closes what was begun', async (log, loop) => {
    toldOf(log, loop);
    const body = (name: string, cleanup: number, error?: Error): CoroutineGenerator<string> =>
      asyncGenerator(function* (emit) {
        try {
          yield* emit(name);
          yield* emit('end');
        } finally {
          log(`${name} closing`);
          yield* sleep(cleanup);
          log(`${name} closed at ${loop.time()}`);
          // biome-ignore lint/correctness/noUnsafeFinally: an error in the cleanup is what this is about
          if (error !== undefined) throw error;
        }
      });
    const stubborn = asyncGenerator<string>(function* (emit) {
      try {
        yield* emit('stubborn');
      } catch {
        yield* emit('again');
      }
    });
    const kept: CoroutineGenerator<string>[] = [];
    function* main(): Coroutine<void> {
      const first = body('one', 3);
      kept.push(first, body('fresh', 1));
      yield* first.anext();
      yield* asyncFor(body('ended', 1), function* () {});
      log('main left');
    }
    await loop.runUntilComplete(main());
    await loop.runUntilComplete(loop.shutdownAsyncIterators());
    log(`shut down at ${loop.time()}`);
    await loop.runUntilComplete(loop.shutdownAsyncIterators());
    const warned = warnings();
    const failing = body('failing', 2, new ValueError('no'));
    await loop.runUntilComplete(failing.anext());
    await loop.runUntilComplete(loop.shutdownAsyncIterators());
    await loop.runUntilComplete(stubborn.anext());
    await loop.runUntilComplete(loop.shutdownAsyncIterators());
    expect(await warned()).toHaveLength(2);
  }));

test('the shutdown reports one that is waited for, and leaves it be', () =>
  sameAsCPython('shutdown with one that runs', function* (log, loop) {
    toldOf(log, loop);
    const slow = asyncGenerator<number>(function* (emit) {
      yield* sleep(5);
      yield* emit(1);
      log('asked again');
    });
    const task = createTask(slow.anext());
    yield* sleep(1);
    yield* loop.shutdownAsyncIterators();
    yield* attempt(log, 'anext', task);
    yield* attempt(log, 'anext', slow.anext());
  }));

/** Listens for Node's warnings; called again, it gives those that came. */
function warnings(): () => Promise<Error[]> {
  const heard: Error[] = [];
  const listen = (warning: Error): void => void heard.push(warning);
  process.on('warning', listen);
  return async () => {
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listen);
    return heard;
  };
}

test('a generator that is begun after the shutdown is warned of', () =>
  sameAsCPython('begun after the shutdown', async (log, loop) => {
    const warned = warnings();
    function* main(): Coroutine<void> {
      yield* loop.shutdownAsyncIterators();
      yield* asyncFor(one(), function* (value) {
        log(value);
      });
    }
    await loop.runUntilComplete(main());
    const heard = await warned();
    log(heard.map((warning) => warning.name));
    expect(heard[0]?.message).toBe('asynchronous iterator <CoroutineGenerator <anonymous> fresh> was begun after loop.shutdownAsyncIterators()');
  }));

const collectGarbage = (() => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();

/** Collects garbage, and lets what hears of it run. */
async function collected(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  await new Promise((resolve) => setImmediate(resolve));
}

test('one that nobody refers to any more is closed by a task of its own', () =>
  sameAsCPython('a dropped generator is closed', async (log, loop) => {
    function* main(): Coroutine<void> {
      const generator = asyncGenerator<number>(function* (emit) {
        try {
          yield* emit(1);
        } finally {
          yield* sleep(1);
          log('closed');
        }
      });
      yield* attempt(log, 'anext', generator.anext());
    }
    await loop.runUntilComplete(main());
    await collected();
    log('dropped');
    await loop.runUntilComplete(sleep(5));
  }));

test('one that was dropped on a loop which is closed by now is forgotten, and so is one whose shutdown was quicker', async () => {
  const log: string[] = [];
  const begin = async (loop: TestLoop): Promise<void> => {
    const generator = asyncGenerator<number>(function* (emit) {
      try {
        yield* emit(1);
      } finally {
        log.push('closed');
      }
    });
    await loop.runUntilComplete(generator.anext());
  };
  const first = virtualLoop();
  await begin(first);
  first.close();
  await collected();
  expect(log).toEqual([]);
  const second = virtualLoop();
  await begin(second);
  await collected();
  await drain(second);
  await second.runUntilComplete(sleep(5));
  expect(log).toEqual(['closed']);
  expect([first.reports, second.reports]).toEqual([[], []]);
});

test('while a value is being waited for, the generator is not dropped, whoever holds it', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const task = createTask(
      asyncGenerator<string>(function* (emit) {
        yield* sleep(10);
        yield* emit('there');
      }).anext(),
    );
    yield* sleep(1);
    yield* fromPromise(collected);
    expect(yield* task).toBe('there');
    expect(loop.reports).toEqual([]);
  }));

test('run closes at its end what was begun, after the tasks have ended, and cancels what the cleanups start', async () => {
  const log: string[] = [];
  const kept: unknown[] = [];
  function* main(): Coroutine<void> {
    const generator = asyncGenerator<number>(function* (emit) {
      try {
        yield* emit(1);
      } finally {
        createTask(
          (function* (): Coroutine<void> {
            try {
              yield* sleep(1000);
            } finally {
              log.push('child cancelled');
            }
          })(),
        );
        yield* sleep(2);
        log.push('generator closed');
      }
    });
    kept.push(generator);
    yield* generator.anext();
    createTask(
      (function* (): Coroutine<void> {
        try {
          yield* sleep(1000);
        } finally {
          log.push('task cancelled');
        }
      })(),
    );
    yield* sleep(1);
  }
  await run(main(), { driver: new VirtualDriver() });
  expect(log).toEqual(['task cancelled', 'generator closed', 'child cancelled']);
});

test('a cleanup that does not end keeps nobody longer than the grace period', async () => {
  const loop = virtualLoop();
  const generator = asyncGenerator<number>(function* (emit) {
    try {
      yield* emit(1);
    } finally {
      yield* sleep(60_000);
    }
  });
  await loop.runUntilComplete(generator.anext());
  expect(await drain(loop, { grace: 250 })).toHaveLength(2);
  expect(loop.time()).toBe(250);
});

test('emit awaited by another task is refused', () =>
  inVirtualTime(function* (): Coroutine<void> {
    let stolen: Emit<number> | undefined;
    const generator = asyncGenerator<number>(function* (emit) {
      stolen = emit;
      yield* emit(1);
    });
    yield* generator.anext();
    const task = createTask((stolen as Emit<number>)(2));
    yield* wait([task]);
    expect(outcomeOf(task)).toBe('raised LoopError emit: expected to be awaited by its own asynchronous generator, got another task');
    yield* generator.aclose();
  }));

test('a body may emit from within a generator it iterates over: the value is its own', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const outer = asyncGenerator<string>(function* (emit) {
      const inner = asyncGenerator<number>(function* (emitInner) {
        yield* emit('from the inner body');
        yield* sleep(1);
        yield* emitInner(1);
      });
      yield* emit(`inner gave ${yield* inner.anext()}`);
    });
    expect(yield* outer.anext()).toBe('from the inner body');
    expect(yield* outer.anext()).toBe('inner gave 1');
    yield* outer.aclose();
  }));

test('a task that waits for a value shows every frame of the body it waits in', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    function* pause(): Coroutine<void> {
      yield* loop.createFuture<void>();
    }
    const generator = asyncGenerator<number>(function* numbers(emit) {
      yield* pause();
      yield* emit(1);
    });
    const task = createTask(
      (function* consumer(): Coroutine<void> {
        yield* generator.anext();
      })(),
    );
    yield* sleep(1);
    expect(task.getStack().map((frame) => frame.name)).toEqual(['consumer', 'anext', 'numbers', 'pause']);
    expect(inspect(generator)).toBe('<CoroutineGenerator numbers awaiting>');
    task.cancel();
    yield* wait([task]);
    expect(String(generator)).toBe('<CoroutineGenerator numbers ended>');
  }));

test('in debug mode the same happens', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    loop.setDebug(true);
    const seen: number[] = [];
    const generator = asyncGenerator<number>(function* (emit) {
      try {
        yield* emit(1);
        yield* sleep(1);
        yield* emit(2);
      } finally {
        yield* sleep(1);
        seen.push(0);
      }
    });
    yield* asyncFor(generator, function* (n) {
      seen.push(n);
      return n === 2 ? BREAK : undefined;
    });
    expect(seen).toEqual([1, 2, 0]);
  }));

test('a plain yield in the body is an error at that line, as in any coroutine', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const generator = asyncGenerator<number>(function* (emit) {
      yield emit(1) as never;
    });
    const task = createTask(generator.anext());
    yield* wait([task]);
    expect(outcomeOf(task)).toMatch(/^raised LoopError plain 'yield' was used/);
  }));

test('a wrong body is a TypeError', () => {
  expect(() => asyncGenerator(5 as never)).toThrow('asyncGenerator: expected a coroutine function, got 5');
  expect(() => asyncGenerator((() => 5) as never)).toThrow('expected a function that returns a coroutine (function*), it returned 5');
  expect(() => asyncGenerator(async function* () {} as never)).toThrow(TypeError);
});

test('thousands of values pass without the stack growing', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const generator = asyncGenerator<number>(function* (emit) {
      for (let n = 1; n <= 20_000; n++) yield* emit(n);
    });
    let sum = 0;
    yield* asyncFor(generator, function* (n) {
      sum += n;
    });
    expect(sum).toBe(200_010_000);
  }));

test('what is thrown into a body comes out as it is, undefined too', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const generator = asyncGenerator<number>(function* (emit) {
      yield* emit(1);
    });
    yield* generator.anext();
    let caught: unknown = 'nothing';
    try {
      yield* generator.athrow(undefined);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeUndefined();
  }));

/** Compiled, never run. */
function compiled(..._bodies: ((...args: never[]) => unknown)[]): void {}

test('types: values and what is sent are typed, a forgotten star does not compile', () => {
  compiled(
    function* (numbers: CoroutineGenerator<number, string>): Coroutine<void> {
      expectTypeOf(yield* numbers.anext()).toEqualTypeOf<number>();
      expectTypeOf(yield* numbers.asend('text')).toEqualTypeOf<number>();
      expectTypeOf(yield* numbers.athrow(new Error())).toEqualTypeOf<number | undefined>();
      expectTypeOf(yield* numbers.aclose()).toEqualTypeOf<void>();
      // @ts-expect-error a string is sent
      yield* numbers.asend(5);
      // @ts-expect-error yield, not yield*
      yield numbers.anext();
      yield* asyncFor(numbers, function* (value) {
        expectTypeOf(value).toEqualTypeOf<number>();
      });
      yield* asyncWith(aclosing(numbers), function* (it) {
        expectTypeOf(it).toEqualTypeOf<CoroutineGenerator<number, string>>();
      });
      // @ts-expect-error nothing to close
      aclosing({});
    },
    () => {
      asyncGenerator<number, string>(function* (emit): Coroutine<void> {
        expectTypeOf(yield* emit(1)).toEqualTypeOf<string | undefined>();
        // @ts-expect-error numbers are emitted
        yield* emit('text');
        // @ts-expect-error yield, not yield*
        yield emit(1);
        // @ts-expect-error yield, not yield*
        yield sleep(1);
      });
      // @ts-expect-error a body returns nothing
      asyncGenerator<number>(function* () {
        return 5;
      });
      // @ts-expect-error a body is a coroutine function
      asyncGenerator<number>(async () => {});
      const inferred = asyncGenerator(function* (emit: Emit<string>): Coroutine<void> {
        yield* emit('a');
      });
      expectTypeOf(inferred).toEqualTypeOf<CoroutineGenerator<string, undefined>>();
      const iterable: CoroutineIterable<string> = inferred;
      return iterable;
    },
  );
});
