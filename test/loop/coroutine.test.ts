import { expect, test } from 'vitest';
import { probeStack } from '../../src/loop/coroutine.ts';
import { type Coroutine, isCoroutine, isCoroutineFunction, sleep } from '../../src/loop/index.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

test('a coroutine is what a function* returns, or looks like it; a function, a promise and an array are none', () => {
  function* body(): Coroutine<void> {}
  const handMade = { next: () => ({ done: true, value: 1 }), throw: () => ({ done: true, value: 1 }), [Symbol.iterator]: () => handMade };
  expect([body(), sleep(1), sleep(0), handMade].map(isCoroutine)).toEqual([true, true, true, true]);
  expect([body, Promise.resolve(), [], [][Symbol.iterator](), null, undefined, 5, 'text'].map(isCoroutine)).toEqual(Array(8).fill(false));
});

test('nothing of a coroutine runs until it is awaited', () => {
  let ran = false;
  function* body(): Coroutine<number> {
    ran = true;
    return 5;
  }
  const coroutine = body();
  expect(ran).toBe(false);
  expect(coroutine.next()).toEqual({ done: true, value: 5 });
});

test('a coroutine can be driven by hand, and what it awaits comes through any depth of yield*', () => {
  const future = virtualLoop().createFuture<string>();
  function* inner(): Coroutine<string> {
    return yield* future;
  }
  function* outer(): Coroutine<string> {
    return `${yield* inner()}!`;
  }
  const coroutine = outer();
  const step = coroutine.next();
  expect(step.done).toBe(false);
  expect((step.value as unknown) === future).toBe(true);
  future.setResult('value');
  expect(coroutine.next()).toEqual({ done: true, value: 'value!' });
});

test('the probe records the whole stack of a suspended coroutine and runs none of its code', () => {
  const future = virtualLoop().createFuture<string>();
  const ran: string[] = [];
  function* inner(): Coroutine<string> {
    ran.push('inner');
    const value = yield* future;
    ran.push('resumed');
    return value;
  }
  function* outer(): Coroutine<string> {
    return yield* inner();
  }
  const coroutine = outer();
  coroutine.next();
  const stack = probeStack(coroutine) as string;
  expect(stack.indexOf('at inner')).toBeGreaterThan(0);
  expect(stack.indexOf('at outer')).toBeGreaterThan(stack.indexOf('at inner'));
  expect(ran).toEqual(['inner']);
  future.setResult('value');
  expect(coroutine.next()).toEqual({ done: true, value: 'value' });
});

test('a coroutine function is a function*, and nothing else', () => {
  function* body(): Coroutine<void> {}
  expect([body, function* () {}].map(isCoroutineFunction)).toEqual([true, true]);
  expect([body(), sleep, () => body(), async () => {}, null, 'text'].map(isCoroutineFunction)).toEqual(Array(6).fill(false));
});

test('a probed sleep(0), fresh or given, goes on as if nothing had been', () => {
  const coroutine = sleep(0, 'done');
  expect(coroutine.next().done).toBe(false);
  expect(probeStack(coroutine)).toContain('sleep');
  expect(probeStack(coroutine)).toContain('sleep');
  expect(coroutine.next()).toEqual({ done: true, value: 'done' });
});

test('probing does not change how deep errors record their stacks', () => {
  const limit = Error.stackTraceLimit;
  const coroutine = sleep(0);
  coroutine.next();
  probeStack(coroutine);
  expect(Error.stackTraceLimit).toBe(limit);
});
