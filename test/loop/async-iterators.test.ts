import { expect, test } from 'vitest';
import { type AsyncIterators, asyncIteratorsOf, type BegunIterator, noteBegun } from '../../src/loop/async-iterators.ts';
import {
  asyncGenerator,
  CancelledError,
  type Coroutine,
  createTask,
  ExceptionGroup,
  GeneratorExit,
  KeyboardInterrupt,
  sleep,
  wait,
} from '../../src/loop/index.ts';
import { outcomeOf, ValueError } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

/** One to be closed: it takes `delay` ms, and tells what becomes of it. */
const begun = (log: string[], name: string, delay: number, error?: unknown): BegunIterator => ({
  *aclose(): Coroutine<void> {
    log.push(`${name} closing`);
    yield* sleep(delay);
    log.push(`${name} closed`);
    if (error !== undefined) throw error;
  },
  subject: () => undefined,
});

test('a shutdown closes them side by side, in the order in which they were begun, and then knows none', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const log: string[] = [];
    const iterators = noteBegun(begun(log, 'slow', 5)) as AsyncIterators;
    noteBegun(begun(log, 'quick', 1));
    const ended = begun(log, 'ended', 1);
    noteBegun(ended);
    expect(iterators).toBe(asyncIteratorsOf(loop));
    expect(iterators.delete(ended)).toBe(true);
    expect(iterators.delete(ended)).toBe(false);
    yield* iterators.shutdown();
    expect(log).toEqual(['slow closing', 'quick closing', 'quick closed', 'slow closed']);
    expect([iterators.size, loop.time()]).toEqual([0, 5]);
  }));

test('errors of the closing are reported one by one with their iterator, cancellations and interrupts are not', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const first = { ...begun([], 'first', 2, new ValueError('first')), subject: () => loop };
    noteBegun(first);
    noteBegun(begun([], 'cancelled', 1, new CancelledError()));
    const last = begun([], 'last', 1, 'a text');
    noteBegun(last);
    yield* loop.shutdownAsyncIterators();
    expect(loop.reports.map(({ exception, asyncIterator }) => [exception, asyncIterator])).toEqual([
      [new ValueError('first'), loop],
      ['a text', last],
    ]);
    expect(loop.reports[1]?.message).toMatch(/^an error occurred during closing of asynchronous generator /);
  }));

test('a group of errors is reported, unless a cancellation or an exit is among them, as by except Exception', () =>
  inVirtualTime(function* (loop) {
    for (const error of [new CancelledError(), new GeneratorExit(), new ValueError('alone')]) {
      const generator = asyncGenerator<number>(function* (emit) {
        try {
          yield* emit(1);
        } finally {
          // biome-ignore lint/correctness/noUnsafeFinally: the error of a cleanup
          throw new ExceptionGroup('cleanup', [new ValueError('beside'), error]);
        }
      });
      yield* generator.anext();
    }
    yield* loop.shutdownAsyncIterators();
    expect(loop.reports.map(({ exception }) => (exception as ExceptionGroup).errors.map(String))).toEqual([['ValueError: beside', 'ValueError: alone']]);
  }));

test('an interrupt in a cleanup leaves the run, as from any task', async () => {
  const loop = virtualLoop();
  const interrupt = new KeyboardInterrupt();
  asyncIteratorsOf(loop).add(begun([], 'interrupted', 1, interrupt));
  await expect(loop.runUntilComplete(loop.shutdownAsyncIterators())).rejects.toBe(interrupt);
  expect(loop.reports).toEqual([]);
});

test('a shutdown that is cancelled cancels the closings', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const log: string[] = [];
    noteBegun(begun(log, 'endless', 1000));
    const task = createTask(loop.shutdownAsyncIterators());
    yield* sleep(1);
    task.cancel();
    yield* wait([task]);
    expect([outcomeOf(task), ...log]).toEqual(['cancelled', 'endless closing']);
  }));

test('what is begun outside of a run belongs to no loop', () => {
  expect(noteBegun(begun([], 'nobody’s', 1))).toBeUndefined();
});

test('a generator is known from the first question on, awaited or not, until it has ended', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const iterators = asyncIteratorsOf(loop);
    const generator = asyncGenerator<number>(function* (emit) {
      yield* emit(1);
    });
    expect(iterators.size).toBe(0);
    generator.anext();
    expect(iterators.size).toBe(1);
    yield* generator.anext();
    generator.anext();
    expect(iterators.size).toBe(1);
    yield* generator.aclose();
    generator.anext();
    expect(iterators.size).toBe(0);
  }));

test('a generator that native code asks first is known when its body begins', async () => {
  const loop = virtualLoop();
  const generator = asyncGenerator<number>(function* (emit) {
    yield* emit(1);
  });
  const next = generator.anext();
  expect(asyncIteratorsOf(loop).size).toBe(0);
  await loop.runUntilComplete(next);
  expect(asyncIteratorsOf(loop).size).toBe(1);
  await loop.runUntilComplete(generator.aclose());
});
