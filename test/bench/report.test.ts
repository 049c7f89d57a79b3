// The benchmark's results as a table and as a chart.
import { expect, test } from 'vitest';

const { growthTable, table } = (await import('../../bench/report.mjs' as string)) as { table(result: object): string; growthTable(result: object): string };
const { chart } = (await import('../../bench/chart.mjs' as string)) as { chart(results: object[]): string };

const result = {
  row: 'switch',
  what: 'a <million> switches',
  unit: 'ms',
  rounds: 9,
  contestants: [
    { name: 'ours', median: 100 },
    { name: 'native', median: 90, ratio: 1.25 },
    { name: 'asyncio', runsOn: 'CPython 3.13.0', median: 1000, ratio: 0.1 },
    { name: 'uvloop', missing: 'not found' },
  ],
  marks: [
    { of: 'ours', against: 'native', atMost: 1.2, value: 1.25, unit: 'x', kept: false },
    { of: 'ours', atMost: 120, value: 100, unit: 'ms', kept: true },
  ],
};

test('a row has a line for each contestant, with its mark, and says who was not found and what it ran on', () => {
  expect(table(result).split('\n')).toEqual([
    'switch: a <million> switches (median of 9)',
    '  ours                                      100 ms             kept    at most 120 ms (100 ms)',
    '  native                                   90.0 ms     1.25x   missed  at most 1.20x',
    '  asyncio (CPython 3.13.0)                1,000 ms     0.10x',
    '  uvloop                               not found',
  ]);
});

test('growth shows the cost of one operation at each size, and why a size was not measured', () => {
  const grown = [
    { size: 1000, cost: 0.0001, grown: 1 },
    { size: 10_000, cost: 0.0002, grown: 2, atMost: 1.5, kept: false },
  ];
  const notMeasured = [{ size: 100_000, why: 'takes about 9 GB, 4.0 are free' }];
  expect(growthTable({ row: 'spawn', what: 'spawn', unit: 'ms', rounds: 3, grown, notMeasured }).split('\n')).toEqual([
    'spawn: spawn (median of 3)',
    '             1,000          100 ns each',
    '            10,000          200 ns each     2.00x   missed  at most 1.50x',
    '           100,000   not measured: takes about 9 GB, 4.0 are free',
  ]);
});

test('the chart has a bar for each contestant beside ours: to the right of our line what takes more, to the left what takes less', () => {
  const svg = chart([result, { row: 'start-up', what: 'without ours', contestants: [{ name: 'node', median: 1 }], marks: [] }]);
  const line = Number(/<line class="ours" x1="(\d+)"/.exec(svg)?.[1]);
  const bars = [...svg.matchAll(/<rect class="(\w+)" x="(\d+)" y="\d+" width="(\d+)"/g)].map(([, kind, x, width]) => [kind, Number(x), Number(width)] as const);
  expect(bars.map(([kind]) => kind)).toEqual(['less', 'more']);
  const [less, more] = bars;
  expect((less?.[1] ?? 0) + (less?.[2] ?? 0)).toBe(line);
  expect(more?.[1]).toBe(line);
  expect(svg).toContain('>10x<');
  expect(svg).toContain('a &lt;million&gt; switches');
  expect(svg).not.toContain('start-up');
  expect(svg).toContain('prefers-color-scheme: dark');
});
