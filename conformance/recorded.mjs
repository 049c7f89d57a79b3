// Programs with CPython's traces, as they lie in the repository: the recorded ones, and the corpora of differences once found.
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

export const RECORDED = new URL('recorded.jsonl.br', import.meta.url);
/** Found and made small; found by breaking the loop in each of many places on purpose. */
const CORPORA = ['corpus-found.jsonl', 'corpus-shrunk.jsonl', 'corpus-mutants.jsonl'];

/** `{ p, t }`, and `seed` where one was noted, of each. */
export function* recorded() {
  for (const name of CORPORA) yield* rows(readFileSync(new URL(name, import.meta.url), 'utf8'));
  yield* rows(brotliDecompressSync(readFileSync(RECORDED)).toString());
}

function* rows(text) {
  for (const line of text.trim().split('\n')) yield JSON.parse(line);
}
