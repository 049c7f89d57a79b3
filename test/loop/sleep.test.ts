import { expect, test } from 'vitest';
import { type Coroutine, createTask, sleep, wait } from '../../src/loop/index.ts';
import { sameAsCPython } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

test('sleep of 0 and less suspends exactly once', () =>
  sameAsCPython('sleep zero suspends once', function* (log) {
    function* counter(name: string): Coroutine<void> {
      for (let i = 0; i < 3; i++) {
        log(`${name}${i}`);
        yield* sleep(name === 'a' ? 0 : -1);
      }
    }
    const a = createTask(counter('a'));
    const b = createTask(counter('b'));
    yield* a;
    yield* b;
  }));

test.each([0, -1])('sleep(%d) goes on in the very next iteration', (delay) =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const log: string[] = [];
    loop.callSoon(() => {
      log.push('this iteration');
      loop.callSoon(() => log.push('the next one'));
    });
    yield* sleep(delay);
    expect(log).toEqual(['this iteration']);
  }),
);

test('sleep waits its time and returns its result', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    expect(yield* sleep(5, 'result')).toBe('result');
    expect(loop.time()).toBe(5);
    expect(yield* sleep(0, 'at once')).toBe('at once');
    expect(yield* sleep(2.5)).toBeUndefined();
    expect(loop.time()).toBe(7.5);
  }));

test('a cancelled sleep takes its timer with it: the loop does not wait for the deadline', async () => {
  const loop = virtualLoop();
  await loop.runUntilComplete(
    (function* (): Coroutine<void> {
      const task = createTask(sleep(1000));
      yield* sleep(1);
      task.cancel();
      yield* wait([task]);
    })(),
  );
  await expect(loop.runForever()).rejects.toThrow(/deadlock/);
  expect(loop.time()).toBe(1);
});

test.each([Number.NaN, '5', undefined])('sleep of what is not a number (%s) is a TypeError', (wrong) =>
  inVirtualTime(function* (): Coroutine<void> {
    let refused: unknown;
    try {
      yield* sleep(wrong as number);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(TypeError);
  }),
);
