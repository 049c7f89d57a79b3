import { expect, test } from 'vitest';
import {
  asyncFor,
  asyncGenerator,
  BREAK,
  type Coroutine,
  type CoroutineIterable,
  Cursor,
  createTask,
  StopAsyncIteration,
  sleep,
  wait,
} from '../../src/loop/index.ts';
import { fails, nameOf, outcomeOf, sameAsCPython, ValueError } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

class Countdown {
  #n: number;
  constructor(n: number) {
    this.#n = n;
  }
  aiter(): this {
    return this;
  }
  *anext(): Coroutine<number> {
    if (this.#n === 0) throw new StopAsyncIteration();
    yield* sleep(1);
    return this.#n--;
  }
}

test('the body runs for each value until StopAsyncIteration, BREAK or an error', () =>
  sameAsCPython('async for order', function* (log) {
    yield* asyncFor(new Countdown(3), function* (n) {
      log(n);
    });
    yield* asyncFor(new Countdown(3), function* (n) {
      log(n);
      return n === 2 ? BREAK : undefined;
    });
    try {
      yield* asyncFor(new Countdown(3), function* (n) {
        throw new ValueError(`at ${n}`);
      });
    } catch (error) {
      log(nameOf(error));
    }
  }));

/** A native iterable that tells what becomes of it. */
async function* numbers(log: string[]): AsyncGenerator<number> {
  try {
    for (let n = 1; n <= 3; n++) yield n;
    log.push('ran out');
  } finally {
    log.push('closed');
  }
}

test('a native async iterable is run to its end, and closed when it is left early by BREAK or an error', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const log: string[] = [];
    let sum = 0;
    yield* asyncFor(numbers(log), function* (n) {
      sum += n;
    });
    expect([sum, ...log]).toEqual([6, 'ran out', 'closed']);
    log.length = 0;
    yield* asyncFor(numbers(log), function* (n) {
      log.push(`${n}`);
      return BREAK;
    });
    expect(log).toEqual(['1', 'closed']);
    log.length = 0;
    const task = createTask(
      asyncFor(numbers(log), function* () {
        throw new ValueError('body');
      }),
    );
    yield* wait([task]);
    expect([outcomeOf(task), ...log]).toEqual(['raised ValueError body', 'closed']);
  }));

test('a native iterable whose body is cancelled is closed', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const log: string[] = [];
    const task = createTask(asyncFor(numbers(log), () => sleep(100)));
    yield* sleep(1);
    task.cancel();
    yield* wait([task]);
    expect([outcomeOf(task), ...log]).toEqual(['cancelled', 'closed']);
  }));

test('a native iterable cancelled while its next value is awaited is told to end, and nobody waits for that', () =>
  inVirtualTime(function* (): Coroutine<void> {
    let returned = 0;
    const hanging: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        return: () => {
          returned += 1;
          return new Promise<never>(() => {});
        },
      }),
    };
    const task = createTask(asyncFor(hanging, function* () {}));
    yield* sleep(0);
    yield* sleep(0);
    task.cancel();
    yield* wait([task]);
    expect([outcomeOf(task), returned]).toEqual(['cancelled', 1]);
  }));

test('an error of the iterable itself comes out as it is, own or native', () =>
  inVirtualTime(function* (): Coroutine<void> {
    async function* native(): AsyncGenerator<number> {
      yield 1;
      throw new ValueError('native');
    }
    const own = {
      aiter: () => own,
      *anext(): Coroutine<number> {
        throw new ValueError('own');
      },
    };
    const tasks = [createTask(asyncFor(native(), function* () {})), createTask(asyncFor(own, function* () {}))];
    yield* wait(tasks);
    expect(tasks.map(outcomeOf)).toEqual(['raised ValueError native', 'raised ValueError own']);
  }));

test('what is not an asynchronous iterable is a TypeError', () => {
  expect(() => new Cursor([1, 2] as never)).toThrow(TypeError);
  expect(() => new Cursor(undefined as never)).toThrow(/expected an object with aiter\(\)/);
});

test('a Cursor gives the values one by one in a while loop', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const seen: number[] = [];
    const cursor = new Cursor(new Countdown(3));
    while (yield* cursor.advance()) seen.push(cursor.value);
    expect(seen).toEqual([3, 2, 1]);
  }));

test('an error of the body comes before one of the native iterator that is told to end', async () => {
  const iterable = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve({ done: false, value: 1 }),
      return: () => Promise.reject(new Error('from return()')),
    }),
  };
  const loop = virtualLoop();
  const failing = loop.runUntilComplete(
    asyncFor(iterable, function* () {
      throw new Error('from the body');
    }),
  );
  await expect(failing).rejects.toThrow('from the body');
});

test('an own iterator that has an aclose() is told when it is left early, by BREAK or an error, and not at its end', () =>
  inVirtualTime(function* (): Coroutine<void> {
    let closed = 0;
    class Closable extends Countdown {
      *aclose(): Coroutine<void> {
        yield* sleep(1);
        closed += 1;
      }
    }
    yield* asyncFor(new Closable(2), function* () {});
    expect(closed).toBe(0);
    yield* asyncFor(new Closable(2), function* () {
      return BREAK;
    });
    expect(closed).toBe(1);
    const failing = createTask(
      asyncFor(new Closable(2), function* () {
        throw new ValueError('body');
      }),
    );
    yield* wait([failing]);
    expect([outcomeOf(failing), closed]).toEqual(['raised ValueError body', 2]);
  }));

test('an asynchronous generator that is left early is closed at once, and its cleanup waited for', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const log: string[] = [];
    const generator = asyncGenerator<number>(function* (emit) {
      try {
        for (let n = 1; ; n++) yield* emit(n);
      } finally {
        yield* sleep(5);
        log.push(`closed at ${loop.time()}`);
      }
    });
    yield* asyncFor(generator, function* () {
      return BREAK;
    });
    expect(log).toEqual(['closed at 5']);
  }));

test('an error of the body comes before one of the closing, a cancellation of the closing before both', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const failing = {
      aiter: () => failing,
      *anext(): Coroutine<number> {
        return 1;
      },
      *aclose(): Coroutine<void> {
        yield* sleep(5);
        throw new ValueError('closing');
      },
    };
    const fail = function* (): Coroutine<void> {
      throw new ValueError('body');
    };
    const tasks = [createTask(asyncFor(failing, fail)), createTask(asyncFor(failing, fail)), createTask(asyncFor(failing, () => sleep(0, BREAK)))];
    yield* sleep(1);
    tasks[1]?.cancel();
    yield* wait(tasks);
    expect(tasks.map(outcomeOf)).toEqual(['raised ValueError body', 'cancelled', 'raised ValueError closing']);
  }));

test('an own iterator whose anext fails, or is cancelled, is not closed: it knows', () =>
  inVirtualTime(function* (): Coroutine<void> {
    let closed = 0;
    const iterable = (anext: () => Coroutine<number>): CoroutineIterable<number> => ({
      aiter: () => ({
        anext,
        *aclose() {
          closed += 1;
        },
      }),
    });
    const failing = createTask(asyncFor(iterable(fails.bind(undefined, new ValueError('own'))), function* () {}));
    const hanging = createTask(
      asyncFor(
        iterable(() => sleep(100, 1)),
        function* () {},
      ),
    );
    yield* sleep(1);
    hanging.cancel();
    yield* wait([failing, hanging]);
    expect([outcomeOf(failing), outcomeOf(hanging), closed]).toEqual(['raised ValueError own', 'cancelled', 0]);
  }));

test('close() of a Cursor closes an own iterator that can be closed', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const log: string[] = [];
    const cursor = new Cursor(
      asyncGenerator<number>(function* (emit) {
        try {
          yield* emit(1);
        } finally {
          log.push('closed');
        }
      }),
    );
    expect([yield* cursor.advance(), cursor.value]).toEqual([true, 1]);
    yield* cursor.close();
    expect([log, yield* cursor.advance()]).toEqual([['closed'], false]);
    yield* new Cursor(new Countdown(1)).close();
  }));

test('a function that makes anything but a native iterable is a TypeError', () => {
  expect(() => new Cursor((() => [1]) as never)).toThrow('got a function that returned an array');
});
