// Programs that once told this loop from CPython's, replayed against the traces CPython left. See conformance/README.md.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../../conformance/', import.meta.url));

/** Replays recorded programs on the built library; gives what compare.mjs says last. */
function replay(corpus: string): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['ours/compare.mjs'], { cwd: folder }, (_error, stdout, stderr) => resolve((stdout + stderr).trim()));
    child.stdin?.end(corpus);
  });
}

test.each(['corpus-found.jsonl', 'corpus-shrunk.jsonl'])('every program of %s runs as on CPython', async (name) => {
  const corpus = readFileSync(`${folder}${name}`, 'utf8');
  const count = corpus.trim().split('\n').length;
  expect(await replay(corpus)).toBe(JSON.stringify({ count, skipped: 0, failed: 0 }));
});

test('a trace that differs is noticed', async () => {
  const [first = ''] = readFileSync(`${folder}corpus-found.jsonl`, 'utf8').split('\n');
  const row = JSON.parse(first) as { t: string[] };
  row.t[0] += '!';
  expect(await replay(`${JSON.stringify(row)}\n`)).toContain('"failed":1');
});
