import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/cli/exits.ts';
import { parseDuration, parseFileName, parseValue, parseWhole } from '../../src/cli/values.ts';

describe('a duration', () => {
  test.for([
    ['30', 30_000],
    ['0', 0],
    ['1.5', 1500],
    ['0.25s', 250],
    ['500ms', 500],
    ['1.5ms', 1.5],
    ['10s', 10_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1000h', 3_600_000_000],
  ] as const)('of %j is %d ms', ([text, ms]) => {
    expect(parseDuration('--pause', text)).toBe(ms);
  });

  test.for(['', ' ', '10x', '-5', '+5', '1e3', '.5', '5.', '1,5', '5 s', ' 5', '1m30s', 'Infinity', 'NaN', '0x10', '5S', 'ms', '٣', `${'9'.repeat(400)}h`])(
    'is not %j',
    (text) => {
      expect(() => parseDuration('--pause', text)).toThrow(
        new UsageError(`--pause: expected a duration such as 30 (seconds), 500ms, 1.5s, 2m or 1h, got '${text}'`),
      );
    },
  );

  test('has to be above a limit where there is one', () => {
    expect(parseDuration('--timeout', '1ms', 0)).toBe(1);
    expect(() => parseDuration('--timeout', '0s', 0)).toThrow(new UsageError("--timeout: expected a duration above 0, got '0s'"));
  });
});

test('the name of a file is any text but an empty one', () => {
  expect(parseFileName('--record', ' ')).toBe(' ');
  expect(() => parseFileName('--record', '')).toThrow(new UsageError("--record: expected the name of a file, got ''"));
});

describe('a whole number', () => {
  test('is digits alone, within its range, both ends included', () => {
    expect(parseWhole('--n', '1', 1, 10)).toBe(1);
    expect(parseWhole('--n', '10', 1, 10)).toBe(10);
    expect(parseWhole('--n', '007', 1, 10)).toBe(7);
  });

  test.for(['0', '11', '-1', 'abc', '1e9', '2.5', '', ' 1', '1 ', '0x1', '1n', '9'.repeat(400)])('from 1 to 10 is not %j', (text) => {
    expect(() => parseWhole('--n', text, 1, 10)).toThrow(new UsageError(`--n: expected a whole number from 1 to 10, got '${text}'`));
  });
});

test('a value is read by its kind', () => {
  expect(parseValue({ type: 'whole', from: 0, to: 5 }, '--n', '3')).toBe(3);
  expect(parseValue({ type: 'duration' }, '--after', '1s')).toBe(1000);
  expect(parseValue({ type: 'text' }, '--message', '10x')).toBe('10x');
  expect(() => parseValue({ type: 'whole', from: 0, to: 5 }, '--n', '6')).toThrow(UsageError);
  expect(() => parseValue({ type: 'duration', above: 0 }, '--after', '0')).toThrow(UsageError);
});
