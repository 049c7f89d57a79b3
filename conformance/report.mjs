// A difference for people: the program made small, as Python and as TypeScript, and both traces around the first line that differs.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderPython } from './render/python.mjs';
import { renderTypeScript } from './render/typescript.mjs';

const AROUND = 6;

export async function report(python, { seed, p }) {
  const small = p === undefined ? shrink(python, [String(seed)]) : shrinkProgram(python, seed, p);
  if (small === undefined) return `seed ${seed}: could not be made to differ again`;
  const { what, at, cpython, ours } = small;
  const part = (lines) => lines.slice(Math.max(0, at - AROUND), at + AROUND).map((line, i) => `${i + Math.max(0, at - AROUND) === at ? '>' : ' '} ${line}`);
  return [
    `\n=== seed ${seed}: ${what}`,
    `--- the program: ${JSON.stringify(small.p)}`,
    '--- in Python', renderPython(small.p),
    '--- in TypeScript', renderTypeScript(small.p),
    '--- CPython 3.13: iteration, time, task with cancelling(), frame, event', ...part(cpython),
    '--- ours', ...part(ours),
  ].join('\n');
}

function shrinkProgram(python, seed, p) {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    const file = join(folder, 'program.jsonl');
    writeFileSync(file, `${JSON.stringify({ seed, p })}\n`);
    return shrink(python, ['--file', file]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function shrink(python, args) {
  const script = fileURLToPath(new URL('cpython/shrink.py', import.meta.url));
  const { stdout } = spawnSync(python, [script, '--json', ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const line = stdout.split('\n').find((text) => text.startsWith('{'));
  return line === undefined ? undefined : JSON.parse(line);
}
