// Records what is replayed without Python: many small programs with CPython's traces, in one compressed file.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { RECORDED } from './recorded.mjs';

export async function record(python, count, seed) {
  const script = fileURLToPath(new URL('cpython/record.py', import.meta.url));
  const { status, stdout } = spawnSync(python, [script, String(count), String(seed)], { maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`record.py ended with ${status}`);
  const { compare } = await import('./ours/difference.mjs');
  const differing = [];
  for (const line of stdout.toString().trim().split('\n')) {
    const difference = await compare(JSON.parse(line));
    if (difference !== 'same') differing.push(difference);
  }
  if (differing.length > 0) {
    console.log(`${differing.length} of the chosen programs run differently here, so nothing is written. The first: ${JSON.stringify(differing[0])}`);
    process.exitCode = 1;
    return;
  }
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: stdout.length };
  const packed = brotliCompressSync(stdout, { params });
  writeFileSync(RECORDED, packed);
  console.log(`${count} programs, ${stdout.length} bytes, packed ${packed.length}: ${fileURLToPath(RECORDED)}`);
}
