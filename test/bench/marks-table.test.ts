// The marks of several versions of Node as one table.
import { expect, test } from 'vitest';

const { marksTable } = (await import('../../bench/marks-table.mjs' as string)) as { marksTable(results: object[]): string };

const result = (node: string, value: number, kept: boolean): object => ({
  row: 'switch',
  node,
  marks: [{ of: 'ours', against: 'native', unit: 'x', atMost: 1.2, value, kept }],
});

test('a mark has a line, each version of Node a column in order, and a miss is bold', () => {
  expect(marksTable([result('22.1.0', 1.3, false), result('20.20.2', 1.1, true)])).toBe(
    ['| Row | | Mark | Node 20 | Node 22 |', '|---|---|---|---|---|', '| switch | against native | at most 1.20x | 1.10x | **1.30x** |'].join('\n'),
  );
});

test('a version that was not asked has an empty place', () => {
  const memory = { row: 'memory', node: '24.0.0', marks: [{ of: 'ours', unit: 'bytes', atMost: 600, value: 575, kept: true }] };
  expect(
    marksTable([result('20.20.2', 1.1, true), memory])
      .split('\n')
      .slice(2),
  ).toEqual(['| switch | against native | at most 1.20x | 1.10x |  |', '| memory |  | at most 600 bytes |  | 575 bytes |']);
});
