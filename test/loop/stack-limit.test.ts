import { expect, test } from 'vitest';
import { limitStacks } from '../../src/loop/stack-limit.ts';

test('it sets how many frames errors have, and tells how many they had', () => {
  const before = Error.stackTraceLimit;
  expect(limitStacks(1)).toBe(before);
  expect(new Error('one').stack?.split('\n')).toHaveLength(2);
  expect(limitStacks(before)).toBe(1);
  expect(Error.stackTraceLimit).toBe(before);
});

test('where it cannot be set it stays', () => {
  const before = Error.stackTraceLimit;
  const as = (writable: boolean): void =>
    void Object.defineProperty(Error, 'stackTraceLimit', { value: before, writable, configurable: true, enumerable: true });
  as(false);
  try {
    expect([limitStacks(1), Error.stackTraceLimit]).toEqual([before, before]);
  } finally {
    as(true);
  }
});
