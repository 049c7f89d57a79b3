import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linesOf, runShell, runToEnd, startProgram } from '../support/command-line.ts';
import { type Served, serve } from '../support/served.ts';

let served: Served;
/** A port that nobody listens on. */
let deadPort: number;
beforeAll(async () => {
  served = await serve();
  deadPort = await new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}, 60_000);
afterAll(() => served.close(), 60_000);

/** What can go wrong with one URL, and what is said of it. */
function troubles(): [url: string, said: string][] {
  const { url, port } = served;
  return [
    [`http://127.0.0.1:${deadPort}/`, 'connection refused'],
    ['http://nobody.invalid/', 'unknown host'],
    [`https://127.0.0.1:${port}/`, 'TLS failed (wrong version number)'],
    [`${url}/hostile/reset`, 'connection closed before the body was complete'],
    [`${url}/hostile/truncated`, 'connection closed before the body was complete'],
    [`${url}/hostile/endless`, 'body is larger than 10 MiB'],
    [`${url}/hostile/bad-gzip`, 'body cannot be decompressed (incorrect header check)'],
    [`${url}/hostile/redirects`, 'more than 20 redirects'],
    [`${url}/status/404`, 'status 404'],
    [`${url}/status/500`, 'status 500'],
  ];
}

describe('a URL that fails', { timeout: 60_000, concurrent: true }, () => {
  test('does not stop the others: each is told on a line of its own, with the URL, and the exit is 1', async () => {
    const all = troubles();
    const { code, stdout, stderr } = await runToEnd(['fetch', '-c', '3', `${served.url}/get?first`, ...all.map(([url]) => url), `${served.url}/get?last`]);
    expect(code).toBe(1);
    expect(linesOf(stderr).sort()).toEqual(all.map(([url, said]) => `asyncdemo: ${said}: ${url}`).sort());
    for (const path of ['/get?first', '/get?last'])
      expect(stdout).toMatch(new RegExp(`^fetch\\(${served.url}${path.replace('?', '\\?')}\\) = 200 \\d+ms$`, 'm'));
  });

  test.for(['fetch-status', 'progress', 'fetch'])('is told by %s as an object with --json, stderr stays empty', async (name) => {
    const dead = `http://127.0.0.1:${deadPort}/`;
    const missing = `${served.url}/status/404`;
    const { code, stdout, stderr } = await runToEnd([name, '--json', ...(name === 'progress' ? ['--pause', '0'] : []), dead, missing, `${served.url}/get`]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const errors = linesOf(stdout)
      .map((line) => JSON.parse(line))
      .filter(({ event }) => event === 'error')
      .sort((a, b) => (a.kind < b.kind ? -1 : 1));
    expect(errors).toEqual([
      expect.objectContaining({ id: dead, url: dead, kind: 'refused', error: `connection refused: ${dead}` }),
      expect.objectContaining({ id: missing, url: missing, kind: 'status', status: 404 }),
    ]);
  });

  test.for(['fetch-status', 'progress', 'fetch'])('makes %s exit with 1 when it is the only one, and print it even with --quiet', async (name) => {
    const dead = `http://127.0.0.1:${deadPort}/`;
    const { code, stdout, stderr } = await runToEnd([name, '--quiet', dead, ...(name === 'progress' ? ['--pause', '0'] : [])]);
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: `asyncdemo: connection refused: ${dead}\n` });
  });

  test('takes no longer than its --timeout, silent or slow', async () => {
    const urls = [`${served.url}/hostile/silent`, `${served.url}/delay/30`];
    for (const name of ['fetch-status', 'fetch', 'progress']) {
      const { code, stdout, stderr } = await runToEnd([name, '--timeout', '2s', `${served.url}/get`, ...urls]);
      expect(code).toBe(1);
      expect(
        linesOf(stderr)
          .filter((line) => !line.includes('%'))
          .sort(),
      ).toEqual(urls.map((url) => `asyncdemo: timed out after 2s: ${url}`).sort());
      expect(stdout).toContain(`${served.url}/get`);
    }
  });

  test.skipIf(process.platform === 'win32')('for want of open files is told in words, and the others are fetched', async () => {
    const urls = Array.from({ length: 100 }, (_, index) => `${served.url}/delay/1?${index}`);
    const { stdout, stderr } = await runShell('ulimit -n 64; asyncdemo fetch - -c 100', { input: urls.join('\n') });
    expect(linesOf(stdout).length).toBeGreaterThan(10);
    expect(linesOf(stdout).length + linesOf(stderr).length).toBe(urls.length);
    for (const line of linesOf(stderr)) expect(line).toMatch(/^asyncdemo: too many open files.*: http:\S+$/);
  });

  test('is tried again as often as --retries says', async () => {
    const url = `${served.url}/flaky/2?key=retries`;
    const tooFew = await runToEnd(['fetch', '--retries', '1', `${url}-a`]);
    expect(tooFew).toMatchObject({ code: 1, stderr: `asyncdemo: status 503: ${url}-a\n` });
    const enough = await runToEnd(['fetch', '--retries', '2', `${url}-b`]);
    expect(enough).toMatchObject({ code: 0, stderr: '' });
    expect(enough.stdout).toMatch(/ = 200 \d+ms\n$/);
  });

  test('with --debug is told as well', async () => {
    const { code, stderr } = await runToEnd(['fetch', '--debug', `http://127.0.0.1:${deadPort}/`]);
    expect(code).toBe(1);
    expect(stderr).toContain(`asyncdemo: connection refused: http://127.0.0.1:${deadPort}/`);
  });
});

describe('with --field', { timeout: 60_000, concurrent: true }, () => {
  test('the field of each answer is shown; one that is not JSON, lacks it or is not OK fails', async () => {
    const { url } = served;
    const { code, stdout, stderr } = await runToEnd([
      'fetch',
      '--field',
      'args.a',
      ...['/get?a=1', '/get?a=x%20y', '/hostile/no-args', '/hostile/not-json', '/status/500', '/hostile/truncated', '/get?a=2'].map((path) => url + path),
    ]);
    expect(code).toBe(1);
    expect(linesOf(stdout.replaceAll(/ \d+ms$/gm, '')).sort()).toEqual([
      `fetch(${url}/get?a=1) = 1`,
      `fetch(${url}/get?a=2) = 2`,
      `fetch(${url}/get?a=x%20y) = x y`,
    ]);
    expect(linesOf(stderr).sort()).toEqual(
      [
        `asyncdemo: the JSON lacks args.a: ${url}/hostile/no-args`,
        `asyncdemo: not JSON (starts with "<html>"): ${url}/hostile/not-json`,
        `asyncdemo: status 500: ${url}/status/500`,
        `asyncdemo: connection closed before the body was complete: ${url}/hostile/truncated`,
      ].sort(),
    );
  });

  test('a field that is an object is shown as JSON', async () => {
    const { code, stdout } = await runToEnd(['fetch', '--field', 'args', `${served.url}/get?a=1&b=2`]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ = \{"a":"1","b":"2"\} \d+ms\n$/);
  });

  test('a field of something that has none is lacking, not a crash', async () => {
    const url = `${served.url}/get?a=1`;
    for (const field of ['args.a.b.c', 'nothing.at.all', '.', 'toString', 'constructor.name', 'args.a.length']) {
      const { code, stdout, stderr } = await runToEnd(['fetch', '--field', field, url]);
      expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: `asyncdemo: the JSON lacks ${field}: ${url}\n` });
    }
  });
});

describe('a deadlock', { timeout: 60_000, concurrent: true }, () => {
  test.for(['real', 'virtual'])('in %s time ends with 3, and names the task, what it awaits and where', async (driver) => {
    const { code, stdout, stderr } = await startProgram('deadlock.mjs', driver).ended;
    expect(code, stderr).toBe(3);
    expect(stdout).toBe('waiting\n');
    expect(linesOf(stderr)).toEqual([
      'deadlock: 1 pending task, and nothing left to wake it',
      expect.stringMatching(/^ {2}Task-1 awaits a Future nobody has set at .*deadlock\.mjs:\d+$/),
      '1 pending task',
      expect.stringMatching(/^└─ Task-1 {2}a Future nobody has set, for \d+ ms$/),
      expect.stringMatching(/^ {5}waitInVain .*deadlock\.mjs:\d+$/),
    ]);
  });
});

describe('what comes from outside', { timeout: 60_000, concurrent: true }, () => {
  test('does not move the cursor: control characters of an answer are spelled out, on one line', async () => {
    const { stdout } = await runToEnd(['fetch', '--field', 'args.a', `${served.url}/get?a=%1b%5B31mred%0Aline`]);
    expect(linesOf(stdout)).toEqual([expect.stringMatching(/ = \\x1b\[31mred\\x0aline \d+ms$/)]);
  });

  test('and a password in a URL is used, and not shown', async () => {
    const address = served.url.replace('http://', 'http://user:secret@');
    for (const words of [['fetch'], ['fetch-status'], ['progress', '--pause', '0'], ['fetch', '--json']]) {
      const { stdout, stderr } = await runToEnd([...words, `${address}/status/404`, `${address}/get`, `${address}/hostile/reset`]);
      expect(stdout + stderr).toContain('404');
      expect(stdout + stderr).not.toMatch(/secret|user:/);
    }
  });

  test('an answer that breaks off is a failure for every HTTP command', async () => {
    for (const words of [['fetch'], ['fetch-status'], ['progress', '--pause', '0']]) {
      const { code, stderr } = await runToEnd([...words, `${served.url}/hostile/truncated`]);
      expect({ code, told: stderr.includes('connection closed before the body was complete') }).toEqual({ code: 1, told: true });
    }
  });

  test('a proxy that is none is refused by name, one that is down is blamed instead of the target', async () => {
    const broken = await runToEnd(['fetch', 'http://192.0.2.1/'], { env: { HTTP_PROXY: 'nonsense' } });
    expect(broken.stderr).toBe('asyncdemo: HttpError: HTTP_PROXY: expected a URL such as http://host:3128: nonsense\n');
    const down = await runToEnd(['fetch', 'http://192.0.2.1/'], { env: { HTTP_PROXY: '127.0.0.1:9' } });
    expect(down).toMatchObject({ code: 1, stderr: 'asyncdemo: connection refused by the proxy 127.0.0.1:9: http://192.0.2.1/\n' });
  });
});
