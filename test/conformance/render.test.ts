// What a difference is shown as: the program in both languages. Both have to be programs.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const { renderPython } = (await import('../../conformance/render/python.mjs' as string)) as { renderPython(p: unknown): string };
const { renderTypeScript } = (await import('../../conformance/render/typescript.mjs' as string)) as { renderTypeScript(p: unknown): string };
const { recorded } = (await import('../../conformance/recorded.mjs' as string)) as { recorded(): Iterable<{ p: unknown }> };
const { findPython } = (await import('../../conformance/python.mjs' as string)) as { findPython(): string | undefined };

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rendered-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** One in twenty of all on record. */
const programs = [...recorded()].filter((_, i) => i % 20 === 0).map(({ p }) => p);

const example = {
  futs: 1,
  handler: null,
  locks: 1,
  sems: [],
  cbs: [],
  main: [
    [
      'run',
      [
        'c',
        [
          ['with', 'lock', 0, [['sleep', 2]]],
          ['return', 7],
        ],
      ],
    ],
  ],
};

test('a program is told in Python', () => {
  expect(renderPython(example)).toContain(
    [
      'async def c1():',
      "    log('c1 starts')",
      '    async with lock0:',
      "        log('in lock 0')",
      '        await asyncio.sleep(2)',
      "        log('slept 2')",
      '    return 7',
    ].join('\n'),
  );
});

test('a program is told in TypeScript', () => {
  expect(renderTypeScript(example)).toContain(
    [
      'function* c1(): any {',
      "  log('c1 starts');",
      '  yield* lib.asyncWith(lock0, function* (): any {',
      "    log('in lock 0');",
      '    yield* lib.sleep(2);',
      "    log('slept 2');",
      '  });',
      '  return 7;',
      '}',
    ].join('\n'),
  );
});

test('what is told in TypeScript compiles', { timeout: 120_000 }, () => {
  for (const [i, p] of programs.entries()) writeFileSync(join(folder, `program${i}.ts`), renderTypeScript(p));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/asyncdemo'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...compilerOptions, moduleDetection: 'force' }, include: ['*.ts'] }));
  const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' });
  expect(stdout).toBe('');
});

const python = findPython();

// Only where there is one; the traces on record need none.
test.runIf(python !== undefined)('what is told in Python compiles', () => {
  writeFileSync(join(folder, 'programs.json'), JSON.stringify(programs.map(renderPython)));
  const check = "import json, sys\nfor source in json.load(open(sys.argv[1])): compile(source, 'program', 'exec')";
  const { stderr } = spawnSync(python as string, ['-c', check, join(folder, 'programs.json')], { encoding: 'utf8' });
  expect(stderr).toBe('');
});
