// What a command loads: what it needs and nothing else, so that it starts fast. No times are measured here; the benchmark
// does that.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runToEnd } from '../support/command-line.ts';
import { type Served, serve } from '../support/served.ts';

/** The files of this package that a command line loaded, from the package's folder on; V8 itself lists them for its coverage. */
async function filesLoadedBy(...words: string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'asyncdemo-loaded-'));
  try {
    const { code, stderr } = await runToEnd(words, { env: { NODE_V8_COVERAGE: folder } });
    expect(code, stderr).toBe(0);
    const reports = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as { result: { url: string }[] });
    const home = fileURLToPath(new URL('../../', import.meta.url));
    return reports
      .flatMap(({ result }) => result.map(({ url }) => url))
      .filter((url) => url.startsWith('file:'))
      .map((url) => fileURLToPath(url).replace(home, '').replaceAll('\\', '/'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a file is called: `stage` for `dist/command/stage.cjs`. */
function namesOf(files: readonly string[]): string[] {
  return files.map((file) => basename(file).replace(/\.c?js$/, ''));
}

const LIBRARIES = ['undici', 'ora', 'cli-progress', 'chalk'];

let served: Served;
beforeAll(async () => {
  served = await serve();
}, 60_000);
afterAll(() => served.close(), 60_000);

describe('what is loaded', { timeout: 60_000, concurrent: true }, () => {
  test('for --version is the beginning of the command line and nothing else', async () => {
    expect(namesOf(await filesLoadedBy('--version')).sort()).toEqual(['asyncdemo', 'base', 'main', 'rolldown-runtime']);
  });

  test('for the list and for help is commander, and neither the loop nor any other library', async () => {
    for (const words of [[], ['--help'], ['fetch', '--help'], ['list', '--json']]) {
      const names = namesOf(await filesLoadedBy(...words));
      expect(names).toContain('words');
      for (const name of ['stage', 'http', 'tour', ...LIBRARIES]) expect(names).not.toContain(name);
    }
  });

  test('for an example that does not fetch is that example, and no HTTP', async () => {
    for (const example of ['async-with', 'spinner', 'timer']) {
      const names = namesOf(await filesLoadedBy(example, '--virtual-time'));
      expect(names).toEqual(expect.arrayContaining(['stage', example]));
      for (const name of ['http', 'tour', ...LIBRARIES]) expect(names).not.toContain(name);
    }
  });

  test('for the tour is one language, and no library for colours', async () => {
    const names = namesOf(await filesLoadedBy('tour', 'spinner', '--lang', 'zh'));
    expect(names).toEqual(expect.arrayContaining(['tour', 'zh', 'timeline', 'spinner']));
    for (const name of ['en', 'http', ...LIBRARIES]) expect(names).not.toContain(name);
  });

  test('for URLs is undici, and nothing for a terminal where there is none', async () => {
    for (const example of ['fetch', 'progress']) {
      const names = namesOf(await filesLoadedBy(example, '--virtual-time', `${served.url}/get`));
      expect(names).toEqual(expect.arrayContaining(['stage', 'http', 'undici']));
      for (const name of ['ora', 'cli-progress', 'chalk']) expect(names).not.toContain(name);
    }
  });

  test('lies in this package: libraries are in the command, each in a file of its own', async () => {
    const files = await filesLoadedBy('article', '--quiet');
    expect(files.filter((file) => !/^(bin|dist\/command)\//.test(file))).toEqual([]);
    expect(readdirSync(new URL('../../dist/command/', import.meta.url))).toEqual(expect.arrayContaining(LIBRARIES.map((name) => `${name}.cjs`)));
  });
});
