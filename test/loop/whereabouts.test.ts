import { expect, test } from 'vitest';
import { type Coroutine, sleep } from '../../src/loop/index.ts';
import { whereabouts } from '../../src/loop/whereabouts.ts';
import { runProgram } from '../support/run-program.ts';

test('a coroutine is found by name and place: where it is defined, and where it stands', () => {
  function* body(): Coroutine<void> {
    yield* sleep(0);
  }
  const coroutine = body();
  const fresh = whereabouts(coroutine);
  expect(fresh?.name).toBe('body');
  coroutine.next();
  const found = whereabouts(coroutine);
  const lineOf = (place = ''): number => Number(/whereabouts\.test\.ts:(\d+)$/.exec(place)?.[1]);
  expect(lineOf(found?.standsAt)).toBe(lineOf(found?.definedAt) + 1);
});

test('a hand-written iterator has no place, and that is no error', () => {
  const handMade = { next: () => ({ done: true, value: 1 }), throw: () => ({ done: true, value: 1 }), [Symbol.iterator]: () => handMade };
  expect(whereabouts(handMade as unknown as Coroutine<unknown>)).toBeUndefined();
});

test('a coroutine that was looked at can still be garbage-collected', async () => {
  const { stdout, stderr } = await runProgram(
    `import { EventLoop, inspect, sleep } from 'asyncdemo';
    const loop = new EventLoop();
    const alive = new Set();
    const gone = new FinalizationRegistry((n) => alive.delete(n));
    await (async () => {
      for (let n = 0; n < 20; n++) {
        const task = loop.createTask((function* work() { yield* sleep(1); })());
        alive.add(n);
        gone.register(task, n);
        inspect(task);
      }
      await loop.runUntilComplete(sleep(10));
    })();
    for (let i = 0; i < 50 && alive.size > 1; i++) { await new Promise((resolve) => setTimeout(resolve, 5)); gc(); }
    console.log(alive.size <= 1 ? 'collected' : alive.size + ' alive');`,
    { nodeArgs: ['--expose-gc'] },
  );
  expect(stderr).toBe('');
  expect(stdout).toBe('collected\n');
});
