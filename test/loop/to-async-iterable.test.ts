import { Readable } from 'node:stream';
import { expect, expectTypeOf, test } from 'vitest';
import {
  allTasks,
  asyncGenerator,
  CancelledError,
  type Coroutine,
  type CoroutineGenerator,
  type CoroutineIterable,
  fromPromise,
  LoopError,
  StopAsyncIteration,
  sleep,
  toAsyncIterable,
} from '../../src/loop/index.ts';
import { nameOf, ValueError } from '../support/cpython.ts';
import { inVirtualTime, type TestLoop, virtualLoop } from '../support/virtual-loop.ts';

/** Runs native code beside a running loop. */
async function beside<T>(loop: TestLoop, native: () => Promise<T>): Promise<T> {
  const running = loop.runForever();
  try {
    return await native();
  } finally {
    loop.stop();
    await running;
  }
}

const counting = (log: string[], to = 3, error?: Error): CoroutineGenerator<number> =>
  asyncGenerator(function* (emit) {
    try {
      for (let n = 1; n <= to; n++) {
        yield* sleep(5);
        yield* emit(n);
      }
      if (error !== undefined) throw error;
    } catch (error) {
      log.push(nameOf(error));
      throw error;
    } finally {
      yield* sleep(1);
      log.push('left');
    }
  });

test('native code iterates with for await, each value from a task on the loop', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  const seen: number[] = [];
  await beside(loop, async () => {
    for await (const n of toAsyncIterable(counting(log), { loop })) seen.push(n);
  });
  expect([seen, log, loop.time()]).toEqual([[1, 2, 3], ['left'], 16]);
  expect(allTasks(loop)).toEqual([]);
});

test('left early, it closes the iterator and waits for the cleanup', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  await beside(loop, async () => {
    for await (const n of toAsyncIterable(counting(log), { loop })) if (n === 2) break;
    expect(log).toEqual(['GeneratorExit', 'left']);
    await expect(
      (async () => {
        for await (const _ of toAsyncIterable(counting(log), { loop })) throw new ValueError('native');
      })(),
    ).rejects.toThrow('native');
  });
  expect(log).toEqual(['GeneratorExit', 'left', 'GeneratorExit', 'left']);
});

test('an error of the iterator comes out of for await, and the iteration is over', async () => {
  const loop = virtualLoop();
  await beside(loop, async () => {
    const iterator = toAsyncIterable(counting([], 1, new ValueError('no')), { loop })[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: 1 });
    await expect(iterator.next()).rejects.toThrow('no');
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });
  expect(loop.reports).toEqual([]);
});

test('a cancellation of the task that waits for a value comes out of for await', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  await beside(loop, async () => {
    const next = toAsyncIterable(counting(log), { loop })[Symbol.asyncIterator]().next();
    loop.callLater(2, () => {
      for (const task of allTasks(loop)) task.cancel('stop');
    });
    await expect(next).rejects.toBeInstanceOf(CancelledError);
  });
  expect(log).toEqual(['CancelledError stop', 'left']);
});

test('return() gives up what is being waited for, begun or not: those who asked are told that it is over', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  await beside(loop, async () => {
    const iterator = toAsyncIterable(counting(log), { loop })[Symbol.asyncIterator]();
    const answers = [iterator.next(), iterator.next(), iterator.return?.('back'), iterator.next()];
    expect(await Promise.all(answers)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
      { done: true, value: 'back' },
      { done: true, value: undefined },
    ]);
  });
  expect(log).toEqual([]);
  await beside(loop, async () => {
    const iterator = toAsyncIterable(counting(log), { loop })[Symbol.asyncIterator]();
    const next = iterator.next();
    await new Promise((resolve) => loop.callLater(1, () => resolve(undefined)));
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(await next).toEqual({ done: true, value: undefined });
  });
  expect(log).toEqual(['CancelledError', 'left']);
});

test('requests made at once are answered one after the other', async () => {
  const loop = virtualLoop();
  await beside(loop, async () => {
    const iterator = toAsyncIterable(counting([]), { loop })[Symbol.asyncIterator]();
    const answers = await Promise.all([iterator.next(), iterator.next(), iterator.next(), iterator.next()]);
    expect(answers.map(({ value }) => value)).toEqual([1, 2, 3, undefined]);
  });
});

test('an iterator of any kind will do, and needs no aclose', async () => {
  class Countdown {
    n = 2;
    aiter(): this {
      return this;
    }
    *anext(): Coroutine<number> {
      if (this.n === 0) throw new StopAsyncIteration();
      return this.n--;
    }
  }
  const loop = virtualLoop();
  const seen: number[] = [];
  await beside(loop, async () => {
    for await (const n of toAsyncIterable(new Countdown(), { loop })) seen.push(n);
    for await (const n of toAsyncIterable(new Countdown(), { loop })) {
      seen.push(n);
      break;
    }
  });
  expect(seen).toEqual([2, 1, 2]);
});

test('a stream of Node reads from it, and destroying the stream closes it', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  await beside(loop, async () => {
    const stream = Readable.from(toAsyncIterable(counting(log, 100), { loop }), { highWaterMark: 1 });
    expect(await new Promise((resolve) => stream.once('data', resolve))).toBe(1);
    const closed = new Promise((resolve) => stream.once('close', resolve));
    stream.destroy();
    await closed;
    await new Promise((resolve) => loop.callLater(50, () => resolve(undefined)));
  });
  expect(log).toContain('left');
  expect(allTasks(loop)).toEqual([]);
});

test('native code that the loop itself waits for lends its hold while it waits for the loop', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const seen: number[] = [];
    yield* fromPromise(async () => {
      const takeBack = loop.lend();
      for await (const n of toAsyncIterable(counting([]), { loop })) seen.push(n);
      takeBack();
    });
    expect([seen, loop.time()]).toEqual([[1, 2, 3], 16]);
  }));

test('without a loop, on one that does not run, and for what is no iterable, there is an error', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  expect(() => toAsyncIterable(counting([]))).toThrow(LoopError);
  expect(() => toAsyncIterable([1] as never, { loop })).toThrow('toAsyncIterable: expected an object with aiter(), got an array');
  const iterator = toAsyncIterable(counting(log), { loop })[Symbol.asyncIterator]();
  await expect(iterator.next()).rejects.toThrow('the loop does not run');
  loop.close();
  await expect(iterator.next()).rejects.toThrow(LoopError);
  expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
});

test('types: the values are those of the iterable', () => {
  const compiled = (..._bodies: ((...args: never[]) => unknown)[]): void => {};
  compiled(async (own: CoroutineIterable<string>, native: AsyncIterable<string>) => {
    for await (const value of toAsyncIterable(own)) expectTypeOf(value).toEqualTypeOf<string>();
    // @ts-expect-error native ones are taken as they are
    toAsyncIterable(native);
  });
});
