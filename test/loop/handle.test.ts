import { expect, test } from 'vitest';
import { Handle, sleep, TimerHandle } from '../../src/loop/index.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

test('a handle runs its callback with the arguments given', async () => {
  const loop = virtualLoop();
  const seen: unknown[] = [];
  expect(loop.callSoon((...args: [number, string]) => seen.push(...args), 1, 'two')).toBeInstanceOf(Handle);
  await loop.runUntilComplete(sleep(0));
  expect(seen).toEqual([1, 'two']);
});

test('cancel lets go of the callback at once, and may come twice or too late', async () => {
  const loop = virtualLoop();
  let ran = 0;
  const handle = loop.callSoon(() => ran++);
  expect([handle.cancelled(), typeof handle.callback]).toEqual([false, 'function']);
  handle.cancel();
  handle.cancel();
  expect([handle.cancelled(), handle.callback]).toEqual([true, undefined]);
  const late = loop.callSoon(() => ran++);
  await loop.runUntilComplete(sleep(0));
  late.cancel();
  expect(ran).toBe(1);
});

test('a timer handle knows when it is due', () => {
  const loop = virtualLoop();
  const timer = loop.callLater(5, () => {});
  expect(timer).toBeInstanceOf(TimerHandle);
  expect(timer.when()).toBe(5);
  expect(loop.callAt(7.5, () => {}).when()).toBe(7.5);
});

test('a million cancelled timeouts do not keep a million entries', async () => {
  const loop = virtualLoop();
  let cancelled = 0;
  loop.setObserver({
    timer(phase) {
      if (phase === 'cancelled') cancelled += 1;
    },
  });
  for (let i = 0; i < 100_000; i++) loop.callLater(1e6 + i, () => {}).cancel();
  await loop.runUntilComplete(sleep(1));
  expect(cancelled).toBeGreaterThanOrEqual(100_000);
  expect(loop.time()).toBe(1);
});
