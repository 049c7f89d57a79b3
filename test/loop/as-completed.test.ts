import { expect, test } from 'vitest';
import { asCompleted, asyncFor, type Coroutine, createTask, LoopError, sleep, type Task, TimeoutError, wait } from '../../src/loop/index.ts';
import { nameOf, outcomeOf, sameAsCPython, ValueError } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

test('results come in the order of completion, an error at its turn', () =>
  sameAsCPython('as completed order', function* (log, loop) {
    for (const next of asCompleted([sleep(3, 'c'), sleep(1, 'a'), sleep(2, 'b')])) log(`${yield* next} at ${loop.time()}`);
    function* failsEarly(): Coroutine<string> {
      yield* sleep(1);
      throw new ValueError('early');
    }
    for (const next of asCompleted([sleep(3, 'slow'), failsEarly()])) {
      try {
        log(yield* next);
      } catch (error) {
        log(nameOf(error));
      }
    }
  }));

test('results that are there already are given in the order in which they came', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const [a, b, c] = [loop.createFuture<string>(), loop.createFuture<string>(), loop.createFuture<string>()];
    const results = asCompleted([a, b, c]);
    b.setResult('b');
    c.setResult('c');
    a.setResult('a');
    yield* sleep(1);
    const given: string[] = [];
    for (const next of results) given.push(yield* next);
    expect(given).toEqual(['b', 'c', 'a']);
  }));

test('after the timeout each remaining await throws TimeoutError, and the awaitables go on', () =>
  sameAsCPython('as completed timeout', function* (log, loop) {
    const slow = createTask(sleep(10, 'slow'));
    const slower = createTask(sleep(20, 'slower'));
    for (const next of asCompleted([sleep(1, 'in time'), slow, slower], { timeout: 5 })) {
      try {
        log(yield* next);
      } catch (error) {
        if (error instanceof TimeoutError) log(`TimeoutError at ${loop.time()}`);
      }
    }
    log(`${outcomeOf(slow)} ${yield* slow}`);
  }));

test('iterated with asyncFor it gives the futures themselves', () =>
  sameAsCPython('as completed async iteration', function* (log) {
    const quick = createTask(sleep(1, 'quick'), { name: 'quick' });
    const slow = createTask(sleep(4, 'slow'), { name: 'slow' });
    yield* asyncFor(asCompleted([slow, quick]), function* (task) {
      log(`${(task as Task<string>).getName()} ${task.result()}`);
    });
    try {
      yield* asyncFor(asCompleted([createTask(sleep(9, 1)), createTask(sleep(1, 2))], { timeout: 2 }), function* (task) {
        log(task.result());
      });
    } catch (error) {
      if (error instanceof TimeoutError) log('TimeoutError');
    }
  }));

test('of nothing it gives nothing, of one given twice one result, and `left` counts what was not asked for', () =>
  inVirtualTime(function* (): Coroutine<void> {
    expect([...asCompleted([])]).toEqual([]);
    const task = createTask(sleep(1, 'once'));
    const results = asCompleted([task, task]);
    expect(results.left).toBe(1);
    for (const next of results) expect(yield* next).toBe('once');
    expect(results.left).toBe(0);
  }));

test('its coroutines may be awaited side by side, each gets another result; one cancelled passes its wake-up on', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const sources = [loop.createFuture<string>(), loop.createFuture<string>()];
    const [first, second] = [...asCompleted(sources)].map((next) => createTask(next)) as [Task<string>, Task<string>];
    yield* sleep(1);
    sources[1]?.setResult('early');
    yield* sleep(0);
    first.cancel();
    yield* wait([first, second], { timeout: 1 });
    expect(first.cancelled()).toBe(true);
    expect(outcomeOf(second)).toBe('returned early');
  }));

test('a timeout that is not needed any more does not keep the loop', async () => {
  const loop = virtualLoop();
  await loop.runUntilComplete(
    (function* (): Coroutine<void> {
      for (const next of asCompleted([sleep(1)], { timeout: 1000 })) yield* next;
    })(),
  );
  await expect(loop.runForever()).rejects.toThrow(/deadlock/);
  expect(loop.time()).toBe(1);
});

test('outside of a run it needs a loop', () => {
  expect(() => asCompleted([sleep(1)])).toThrow(LoopError);
});
