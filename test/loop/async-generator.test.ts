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
  type Emit,
  GeneratorExit,
  inspect,
  LoopError,
  StopAsyncIteration,
  sleep,
  TimeoutError,
  timeout,
  wait,
} from '../../src/loop/index.ts';
import { type Log, nameOf, outcomeOf, sameAsCPython, ValueError } from '../support/cpython.ts';
import { runProgram } from '../support/run-program.ts';
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
