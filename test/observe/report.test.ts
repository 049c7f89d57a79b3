// The page as a text: what it is given arrives whole and can do no harm, and it reaches for nothing.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Log, parseLog, report } from '../../src/observe/index.ts';
import { unpackReport } from '../../src/observe/report-data.ts';
import { readProgram, sourcesOf } from '../../src/observe/sources.ts';
import { forSeeds } from '../support/random.ts';
import { randomLog } from '../support/random-run.ts';

const program = fileURLToPath(new URL('../support/programs/crawl.mjs', import.meta.url));
const { whole: _whole, ...crawl } = parseLog(execFileSync(process.execPath, [program], { encoding: 'utf8' }));

/** What stands in the page between two texts. */
function between(page: string, start: string, end: string): string {
  const from = page.indexOf(start) + start.length;
  return page.slice(from, page.indexOf(end, from));
}

function dataOf(page: string): string {
  return between(page, '<script id="run" type="application/json">', '</script>');
}

const withLine = (file: string): Log => ({ ...crawl, stacks: new Map([[1, [{ name: 'main', file, line: 1, column: 1 }]]]) });

test('the page carries the log and its sources, unchanged', async () => {
  await forSeeds(5, async (random) => {
    const log = await randomLog(random);
    expect(unpackReport(dataOf(report(log)))).toEqual({ log, sources: new Map() });
  });
  const { log, sources } = unpackReport(dataOf(report(crawl)));
  expect(log).toEqual(crawl);
  expect([...sources.keys()]).toEqual(['test/support/programs/crawl.mjs']);
  expect(sources.get('test/support/programs/crawl.mjs')).toContain('yield* limit.acquire();');
});

test('the same log gives the same page, byte by byte, and the same program the same log', () => {
  const page = report(crawl);
  const same = (other: string): boolean => other === page; // Whose difference nobody wants to read.
  expect(same(report(crawl))).toBe(true);
  for (let again = 0; again < 3; again++) expect(same(report(parseLog(execFileSync(process.execPath, [program], { encoding: 'utf8' }))))).toBe(true);
});

test('no text of the log or of a source becomes markup, script or a place to put something in', () => {
  const nasty = '</script><img src=x onerror=alert(1)><!--\u2028\u2029{{data}}$&$1"\'&';
  const log = { ...withLine(nasty), title: nasty, events: [{ n: 1, at: 0, event: 'created' as const, task: 1, name: nasty }], earlier: new Map([[2, nasty]]) };
  const page = report(log, { source: () => nasty });
  expect(page).toContain('<title>&#60;/script&#62;&#60;img src=x onerror=alert(1)&#62;');
  const data = dataOf(page);
  expect(data).not.toMatch(/[<\u2028\u2029]/);
  expect(unpackReport(data)).toEqual({ log, sources: new Map([[nasty, nasty]]) });
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page).not.toContain('<img');
});

test('the page asks no network for anything, and its policy lets it run just what is in it', () => {
  const page = report({ ...crawl, events: [], stacks: new Map(), title: '' });
  expect(page).not.toMatch(
    /https?:|\/\/[a-z]+\.|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|importScripts|import\(|eval\(|new Function|innerHTML|\ssrc=|\shref=|\sstyle="/i,
  );
  const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const script = hashOf(between(page, '</script>\n<script>', '</script>'));
  const style = hashOf(between(page, '<style>', '</style>'));
  const policy = between(page, 'http-equiv="Content-Security-Policy" content="', '"');
  expect(policy).toBe(`default-src 'none'; script-src ${script}; style-src ${style}; base-uri 'none'; form-action 'none'`);
});

test('a title given goes before that of the log, which goes before a general one', () => {
  const titleOf = (log: Log, title?: string): string => between(report(log, title === undefined ? {} : { title }), '<title>', '</title>');
  expect(titleOf(crawl, 'mine')).toBe('mine');
  expect(titleOf(crawl)).toBe('6 pages, 2 at a time');
  expect(titleOf({ ...crawl, title: '' })).toBe('A run of the event loop');
});

describe('the sources', () => {
  test('only files that occur in the stacks are asked for, each once, and may be left out', () => {
    const source = vi.fn((file: string) => (file === 'a.ts' ? 'text' : undefined));
    const stacks = new Map([
      [1, [{ name: 'f', file: 'a.ts', line: 1, column: 1 }]],
      [
        2,
        [
          { name: 'g', file: 'b.ts', line: 1, column: 1 },
          { name: 'f', file: 'a.ts', line: 2, column: 1 },
        ],
      ],
    ]);
    expect(sourcesOf({ ...crawl, stacks }, source)).toEqual(new Map([['a.ts', 'text']]));
    expect(source.mock.calls.flat().sort()).toEqual(['a.ts', 'b.ts']);
  });

  test('what is too long to be looked at is left out', () => {
    expect(sourcesOf(withLine('a.ts'), () => 'x'.repeat(300_001)).size).toBe(0);
    expect(sourcesOf(withLine('a.ts'), () => 'x'.repeat(300_000)).size).toBe(1);
  });

  test('a log can have nothing read from disk but programs below the working directory', () => {
    const folder = mkdtempSync(join(tmpdir(), 'asyncdemo-sources-'));
    const before = process.cwd();
    onTestFinished(() => {
      process.chdir(before);
      rmSync(folder, { recursive: true });
    });
    const below = join(folder, 'project');
    mkdirSync(below);
    for (const file of ['outside.ts', 'project/inside.ts', 'project/secret.txt', 'project/.env']) writeFileSync(join(folder, file), file);
    symlinkSync('../outside.ts', join(below, 'link.ts'));
    symlinkSync('secret.txt', join(below, 'secret.ts'));
    process.chdir(below);
    expect(readProgram('inside.ts')).toBe('project/inside.ts');
    expect(readProgram(join(below, 'inside.ts'))).toBe('project/inside.ts');
    const refused = ['../outside.ts', join(folder, 'outside.ts'), 'link.ts', 'secret.ts', 'secret.txt', '.env', 'missing.ts', '', '.', '\0.ts'];
    expect(refused.map((file) => readProgram(file))).toEqual(refused.map(() => undefined));
  });
});
