import { expect, test } from 'vitest';
import { describeWrong, expectMs } from '../../src/loop/describe-wrong.ts';
import { asyncWith, type Coroutine, createTask, EventLoop, fromPromise, gather, sleep, timeout, wait, waitFor } from '../../src/loop/index.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

test('what was passed instead is named, with the mend where it is plain', () => {
  expect(describeWrong(Promise.resolve(1))).toBe('a promise; wrap the call that makes it: fromPromise((signal) => ...)');
  expect(describeWrong(function main() {})).toBe('the function main; call it');
  expect([describeWrong([1]), describeWrong({}), describeWrong(null), describeWrong(undefined), describeWrong(7)]).toEqual([
    'an array',
    'an object (Object)',
    'null',
    'undefined',
    '7',
  ]);
  expect(() => expectMs('sleep', Number.NaN)).toThrow('sleep: expected milliseconds, got NaN');
});

test.for<[string, () => Coroutine<unknown>]>([
  ['wait: expected tasks or futures, got a promise', () => wait([Promise.resolve(1)] as never)],
  ['wait: expected tasks or futures, got a coroutine; make it a task', () => wait([sleep(1)] as never)],
  ['wait: expected milliseconds, got x', () => wait([createTask(sleep(1))], { timeout: 'x' as never })],
  ['fromPromise: expected a function that makes a promise, got a promise', () => fromPromise(Promise.resolve(1) as never)],
  ['fromPromise: expected the function to return a promise, got 1', () => fromPromise(() => 1 as never)],
  [
    'asyncWith: expected an object with aenter() and aexit(), or with [Symbol.asyncDispose](), got an object (Object)',
    () => asyncWith({} as never, () => sleep(1)),
  ],
  ['waitFor: expected milliseconds, got NaN', () => waitFor(sleep(1), Number.NaN)],
])('%s', async ([message, make]) => {
  const loop = virtualLoop();
  function* main(): Coroutine<void> {
    yield* make();
  }
  await expect(loop.runUntilComplete(main())).rejects.toThrow(message);
});

test('gather, timeout, createTask and the loop refuse at their own door, in their own name', async () => {
  const loop = virtualLoop();
  expect(() => gather(new Set([1]) as never, { loop })).toThrow('gather: expected an array of awaitables, got an object (Set)');
  expect(() => loop.createTask([] as never)).toThrow('a coroutine was expected, got an array');
  expect(() => new EventLoop({ turnBudget: Number.NaN })).toThrow('turnBudget: expected milliseconds from 0 up, got NaN');
  function* main(): Coroutine<void> {
    timeout('50' as never);
  }
  await expect(loop.runUntilComplete(main())).rejects.toThrow('timeout: expected milliseconds, got 50');
});
