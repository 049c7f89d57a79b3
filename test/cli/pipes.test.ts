import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examples } from '../../src/demos/catalog.ts';
import { type End, linesOf, runShell, runToEnd } from '../support/command-line.ts';
import { type Served, serve } from '../support/served.ts';

let served: Served;
let folder: string;
beforeAll(async () => {
  [served, folder] = await Promise.all([serve(), mkdtemp(join(tmpdir(), 'asyncdemo-'))]);
}, 60_000);
afterAll(() => Promise.all([served.close(), rm(folder, { recursive: true })]), 60_000);

describe('a reader that has gone', { timeout: 60_000, concurrent: true }, () => {
  test.for([
    ['list', /^asyncdemo runs /],
    ['async-for -n 100000', /^\d\n$/],
    ['async-for -n 100000 --json', /^\{"command":"async-for".*\}\n$/],
    ['article', /^1 +reuse-loop /],
    ['tour --json', /^\{"command":"tour".*\}\n$/],
    ['article --json', /^\{"command":"reuse-loop".*\}\n$/],
    ['fetch', /^fetch\(\d+\) = \d+\n$/],
    ['cancel-all -n 20000 --after 0', /^task 0: waiting\n$/],
    ['progress --json --pause 100ms', /^\{"command":"progress".*\}\n$/],
    ['fetch --help', /^Usage: /],
  ] as const)('ends `%s | head -1` quietly', async ([words, first]) => {
    const { stdout, stderr } = await runShell(`{ asyncdemo ${words}; echo "exit $?" >&2; } | head -n 1`);
    expect(stdout).toMatch(first);
    expect(linesOf(stderr).filter((line) => !line.includes('%|'))).toEqual(['exit 0']);
  });

  test.skipIf(process.platform === 'win32').for(['record', 'trace', 'report'])('is none the worse for having read the file of --%s', async (option) => {
    const command = `asyncdemo cancel-all -n 1000 --after 0 --virtual-time --quiet --${option} /dev/stdout`;
    const { stdout, stderr } = await runShell(`{ ${command}; echo "exit $?" >&2; } | head -c 1`);
    expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^[{[<]$/), stderr: 'exit 0\n' });
  });

  test('of stderr does not disturb what goes to stdout', async () => {
    const { stdout } = await runShell('{ asyncdemo progress --json --pause 0 -n 3 http://127.0.0.1:1/ 2>&1 1>&3 | true; } 3>&1');
    for (const line of linesOf(stdout)) JSON.parse(line);
    expect(await runShell('asyncdemo async-for -n 3 --virtual-time 2>&-')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^(\d\n){3}$/) });
  });

  test.skipIf(!existsSync('/dev/full')).for(['list', 'async-for -n 100000', 'article', 'tour', 'fetch'])(
    'and a full disk under `%s` is one line and exit 1',
    async (words) => {
      const { stderr, code } = await runShell(`asyncdemo ${words} >/dev/full`);
      expect(linesOf(stderr)).toEqual([expect.stringMatching(/^asyncdemo(?: [\w-]+)?: stdout cannot be written: ENOSPC/)]);
      expect(code).toBe(1);
    },
  );

  test('that was never there is no crash either', async () => {
    const { stderr } = await runShell('asyncdemo async-for >&-');
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('a slow reader', { timeout: 60_000, concurrent: true }, () => {
  test('gets every line', async () => {
    const { stdout, stderr } = await runShell('{ asyncdemo async-for -n 100000 --seed 1; echo "exit $?" >&2; } | { sleep 1; cat; }');
    expect(stderr).toBe('exit 0\n');
    expect(stdout).toMatch(/^(\d\n)+$/);
    expect(stdout).toHaveLength(200_000);
  });

  test('gets every object', async () => {
    const { stdout } = await runShell('asyncdemo async-for -n 50000 --json | { sleep 1; cat; }');
    const events = linesOf(stdout).map((line) => JSON.parse(line));
    expect(events).toHaveLength(50_000);
    expect(events.every(({ event, value }) => event === 'value' && value >= 0 && value <= 9)).toBe(true);
  });

  test('gets every line of a command that fails in the end', async () => {
    const input = [`${served.url}/status/404`, ...Array.from({ length: 500 }, () => `${served.url}/get`)].join('\n');
    const { stdout, stderr } = await runShell('{ asyncdemo fetch - -c 50; echo "exit $?" >&2; } | { sleep 1; cat; }', { input });
    expect(stderr).toBe(`asyncdemo: status 404: ${served.url}/status/404\nexit 1\n`);
    expect(linesOf(stdout)).toHaveLength(501);
  });
});

describe('URLs', { timeout: 60_000, concurrent: true }, () => {
  /** The URLs that were fetched, in order, without their times. */
  function fetched({ code, stdout, stderr }: End): string[] {
    expect({ code, stderr: linesOf(stderr).filter((line) => !line.includes('%|')) }).toEqual({ code: 0, stderr: [] });
    return linesOf(stdout)
      .map((line) => /https?:[^\s)]+/.exec(line)?.[0] as string)
      .sort();
  }

  test('come as arguments, from --input and from stdin', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((key) => `${served.url}/get?${key}`) as [string, string, string];
    const file = join(folder, 'urls.txt');
    await writeFile(file, `# a list\r\n\r\n  ${b}  \r\n`);
    expect(fetched(await runToEnd(['fetch', a, c]))).toEqual([a, c]);
    expect(fetched(await runToEnd(['fetch', '--input', file]))).toEqual([b]);
    expect(fetched(await runToEnd(['fetch', '-'], { input: `${a}\n${b}` }))).toEqual([a, b]);
    expect(fetched(await runToEnd(['fetch', '--input', '-'], { input: `${c}\n` }))).toEqual([c]);
  });

  test.for([
    ['fetch-status', []],
    ['progress', ['--pause', '0']],
    ['fetch', []],
  ] as const)('of %s may come from everywhere at once', async ([name, words]) => {
    const [a, b, c] = ['a', 'b', 'c'].map((key) => `${served.url}/get?${key}`) as [string, string, string];
    const file = join(folder, `${name}.txt`);
    await writeFile(file, b);
    expect(fetched(await runToEnd([name, ...words, a, '-', '--input', file], { input: `${c}\n` }))).toEqual([a, b, c]);
  });

  test('by the thousand are all fetched', async () => {
    const urls = Array.from({ length: 1000 }, (_, index) => `${served.url}/get?a=${index}`);
    expect(fetched(await runToEnd(['fetch', '-', '-c', '50'], { input: urls.join('\n') }))).toEqual([...urls].sort());
  });

  test('none given: stdin is left alone', async () => {
    const { stdout } = await runShell('printf "one\\ntwo\\n" | { asyncdemo fetch -n 1 >/dev/null; cat; }');
    expect(stdout).toBe('one\ntwo\n');
  });
});

describe('off a terminal', { timeout: 60_000, concurrent: true }, () => {
  test('results go to stdout alone, errors and the progress bar to stderr alone', async () => {
    const words = [`${served.url}/get`, `${served.url}/hostile/reset`];
    const fetch = await runToEnd(['fetch', ...words]);
    expect(fetch.stdout).toMatch(/^fetch\(.*\/get\) = 200 \d+ms\n$/);
    expect(fetch.stderr).toBe(`asyncdemo: connection closed before the body was complete: ${served.url}/hostile/reset\n`);
    const progress = await runToEnd(['progress', '-n', '2', '--pause', '0']);
    expect(progress.stdout).toBe('');
    expect(progress.stderr).toMatch(/^100%\|██████████\| 2\/2 \[00:0\d<00:00, .*\]\n$/);
    const serving = await runToEnd(['spinner', '--duration', '0']);
    expect(serving.stderr).toBe('');
  });

  test('nothing is coloured, with FORCE_COLOR the article is, and --no-color wins over it', async () => {
    const [piped, forced, option] = await Promise.all([
      runToEnd(['article']),
      runToEnd(['article'], { env: { FORCE_COLOR: '1' } }),
      runToEnd(['article', '--no-color'], { env: { FORCE_COLOR: '1' } }),
    ]);
    expect(piped.stdout).not.toContain('\x1b');
    expect(forced.stdout).toContain('\x1b[1m1    reuse-loop');
    expect(option.stdout).toBe(piped.stdout);
  });
});

describe('with --json', { timeout: 60_000, concurrent: true }, () => {
  const commands = [
    ...examples.map(({ name }) => [name, '--virtual-time']),
    ['list'],
    ['article'],
    ['tour'],
    ['smoke'],
    ['progress', '-n', '2', '--pause', '0'],
    ['timer', '0.1'],
  ];

  test.for(commands)('every line of `%s` is an object with its command, its event and the time', async (words) => {
    const { code, stdout, stderr } = await runToEnd([...words, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const objects = linesOf(stdout).map((line) => JSON.parse(line));
    expect(objects.length).toBeGreaterThan(0);
    for (const object of objects) {
      expect(object).toMatchObject({ command: expect.any(String), event: expect.any(String), at: expect.any(Number) });
      expect(object.at).toBeGreaterThanOrEqual(0);
      if (words[0] !== 'article') expect(object.command).toBe(words[0]);
    }
  });

  test('the times count up', async () => {
    const { stdout } = await runToEnd(['progress', '--json', '--virtual-time']);
    const times = linesOf(stdout).map((line) => JSON.parse(line).at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBe(20_000);
  });

  test('an alias is told under the command’s own name', async () => {
    const { stdout } = await runToEnd(['fetch', '--json', '-n', '1', '--virtual-time']);
    for (const line of linesOf(stdout)) expect(JSON.parse(line).command).toBe('semaphore-fetch');
  });

  test('a global option works before the command as well as behind it', async () => {
    const [before, behind] = await Promise.all([
      runToEnd(['--json', '--seed', '4', '--virtual-time', 'async-for']),
      runToEnd(['async-for', '--json', '--seed', '4', '--virtual-time']),
    ]);
    expect(before).toEqual(behind);
  });

  test('--quiet wins', async () => {
    expect(await runToEnd(['timer', '0', '--json', '--quiet'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });
});
