import { expect, test } from 'vitest';
import { formatProgress } from '../../src/cli/tqdm.ts';

test.for([
  [{ done: 10, total: 10, elapsed: 20_000 }, '100%|██████████| 10/10 [00:20<00:00, 2.00s/it]'],
  [{ done: 0, total: 10, elapsed: 0 }, '  0%|          | 0/10 [00:00<?, ?it/s]'],
  [{ done: 0, total: 10, elapsed: 5000 }, '  0%|          | 0/10 [00:05<?, ?it/s]'],
  [{ done: 5, total: 10, elapsed: 10_000 }, ' 50%|█████     | 5/10 [00:10<00:10, 2.00s/it]'],
  [{ done: 3, total: 4, elapsed: 100 }, ' 75%|███████▌  | 3/4 [00:00<00:00, 30.00it/s]'],
  [{ done: 999, total: 1000, elapsed: 999_000 }, ' 99%|█████████▉| 999/1000 [16:39<00:01, 1.00it/s]'],
  [{ done: 1, total: 100, elapsed: 3_723_000 }, '  1%|          | 1/100 [1:02:03<102:22:57, 3723.00s/it]'],
  [{ done: 0, total: 0, elapsed: 0 }, '100%|██████████| 0/0 [00:00<?, ?it/s]'],
] as const)('%o reads like tqdm’s line', ([progress, line]) => {
  expect(formatProgress(progress, 80)).toBe(line);
});

test('the bar is drawn in eighths of a character', () => {
  const bars = Array.from({ length: 9 }, (_, done) => formatProgress({ done, total: 80, elapsed: 0 }, 80).slice(5, 7));
  expect(bars).toEqual(['  ', '▏ ', '▎ ', '▍ ', '▌ ', '▋ ', '▊ ', '▉ ', '█ ']);
});

test('where it is narrow first the bar goes, then the rate, then the times, then the counts', () => {
  const at = (width: number): string => formatProgress({ done: 5, total: 10, elapsed: 10_000 }, width);
  expect([80, 45, 44, 33, 32, 23, 22, 9, 8, 4, 3, 0].map(at)).toEqual([
    ' 50%|█████     | 5/10 [00:10<00:10, 2.00s/it]',
    ' 50%|█████     | 5/10 [00:10<00:10, 2.00s/it]',
    ' 50% 5/10 [00:10<00:10, 2.00s/it]',
    ' 50% 5/10 [00:10<00:10, 2.00s/it]',
    ' 50% 5/10 [00:10<00:10]',
    ' 50% 5/10 [00:10<00:10]',
    ' 50% 5/10',
    ' 50% 5/10',
    ' 50%',
    ' 50%',
    ' 50'.slice(0, 3),
    '',
  ]);
});

test('it is never wider than it may be', () => {
  for (const total of [0, 1, 10, 100_000]) {
    for (const share of [0, 0.3, 1]) {
      for (let width = 0; width <= 100; width++) {
        const line = formatProgress({ done: Math.floor(total * share), total, elapsed: 123_456_789 * share }, width);
        expect(line.length).toBeLessThanOrEqual(width);
        if (width >= 4) expect(line).toMatch(/%/);
      }
    }
  }
});
