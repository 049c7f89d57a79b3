import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examples } from '../../src/demos/catalog.ts';
import { linesOf, runToEnd } from '../support/command-line.ts';
import { type Served, serve } from '../support/served.ts';

/** Stands for the help of the command that was typed. */
const HOW = ' (HELP shows how)';
const commands = new Set([...examples.flatMap(({ name, alias }) => [name, alias ?? name]), 'list', 'article', 'tour', 'smoke', 'serve']);
const DURATION = 'expected a duration such as 30 (seconds), 500ms, 1.5s, 2m or 1h, got';

let folder: string;
let served: Served;
beforeAll(async () => {
  served = await serve();
  folder = await mkdtemp(join(tmpdir(), 'asyncdemo-'));
  await writeFile(join(folder, 'empty.txt'), '');
  await writeFile(join(folder, 'remarks.txt'), '# nothing here\n\n   \n# nor here');
  await writeFile(join(folder, 'typo.txt'), '# mine\nhttp://127.0.0.1/\nexample.com\n');
}, 60_000);
afterAll(() => Promise.all([served.close(), rm(folder, { recursive: true })]), 60_000);

/** Runs a command that must be refused, and gives what it says. */
async function refused(words: readonly string[], input?: string): Promise<string> {
  const { code, signal, stdout, stderr } = await runToEnd(words, input === undefined ? {} : { input });
  expect({ code, signal, stdout }, `${words.join(' ')}: ${stderr}`).toEqual({ code: 2, signal: null, stdout: '' });
  expect(linesOf(stderr)).toHaveLength(1);
  expect(stderr).toMatch(/^asyncdemo: .*\n$/);
  const command = words.find((word) => commands.has(word));
  const help = command === undefined ? 'asyncdemo --help' : `asyncdemo ${command} --help`;
  return stderr.slice('asyncdemo: '.length, -1).replace(`(${help} shows how)`, '(HELP shows how)');
}

describe('refused with one line on stderr, exit 2 and nothing on stdout:', { timeout: 60_000, concurrent: true }, () => {
  test.for([
    // Commands and options
    [['spiner'], "unknown command 'spiner'; did you mean 'spinner'?"],
    [['fetsh-status'], "unknown command 'fetsh-status'; did you mean 'fetch-status'?"],
    [['fetc'], "unknown command 'fetc'; did you mean 'fetch'?"],
    [['Timer'], "unknown command 'Timer'; did you mean 'timer'?"],
    [['qwertyuiop'], `unknown command 'qwertyuiop'${HOW}`],
    [[''], `unknown command ''${HOW}`],
    [['help', 'spiner'], "unknown command 'spiner'; did you mean 'spinner'?"],
    [['help', 'qwertyuiop'], `unknown command 'qwertyuiop'${HOW}`],
    [['--nope'], `unknown option '--nope'${HOW}`],
    [['timer', '--nope'], `unknown option '--nope'${HOW}`],
    [['spinner', '--duratoin', '3'], "unknown option '--duratoin'; did you mean '--duration'?"],
    [['fetch-status', '--concurrency', '3'], `unknown option '--concurrency'${HOW}`],
    [['spinner', '--duration'], `option '--duration <duration>' argument missing${HOW}`],
    [['timer', '1', '2'], `too many arguments for 'timer'. Expected 1 argument but got 2.${HOW}`],
    [['async-with', 'me'], `too many arguments for 'async-with'. Expected 0 arguments but got 1.${HOW}`],
    [['list', 'all'], `too many arguments for 'list'. Expected 0 arguments but got 1.${HOW}`],
    [['tour', 'timer', 'spinner'], `too many arguments for 'tour'. Expected 1 argument but got 2.${HOW}`],
    [['tour', 'spiner'], "example: expected one that `asyncdemo list` names, got 'spiner'; did you mean 'spinner'?"],
    [['tour', 'Fetch'], "example: expected one that `asyncdemo list` names, got 'Fetch'; did you mean 'fetch'?"],
    [['tour', 'qwertyuiop'], `example: expected one that \`asyncdemo list\` names, got 'qwertyuiop'${HOW}`],
    [['tour', ''], `example: expected one that \`asyncdemo list\` names, got ''${HOW}`],
    [['tour', '--lang', 'fr'], `--lang: expected en or zh, got 'fr'${HOW}`],
    [['tour', 'timer', '--lang='], `--lang: expected en or zh, got ''${HOW}`],
    [['tour', '--timeline'], `--timeline: expected an example to look at, got 'tour'${HOW}`],
    [['serve', '8080'], `too many arguments for 'serve'. Expected 0 arguments but got 1.${HOW}`],
    // Whole numbers
    ...['0', '-1', 'abc', '1e9', '2.5', '10001', '', ' 3', '0x10', '３'].map(
      (text) => [['fetch', '--concurrency', text], `--concurrency: expected a whole number from 1 to 10000, got '${text}'${HOW}`] as const,
    ),
    [['fetch', '-c', '0'], `--concurrency: expected a whole number from 1 to 10000, got '0'${HOW}`],
    [['async-for', '-n', '-3'], `--count: expected a whole number from 0 to 100000, got '-3'${HOW}`],
    [['async-for', '-n', '100001'], `--count: expected a whole number from 0 to 100000, got '100001'${HOW}`],
    [['cancel-all', '-n', '0'], `--count: expected a whole number from 1 to 100000, got '0'${HOW}`],
    [['fetch', '--retries', '101'], `--retries: expected a whole number from 0 to 100, got '101'${HOW}`],
    [['timer', '--seed', 'x'], `--seed: expected a whole number from 0 to 4294967295, got 'x'${HOW}`],
    [['--seed', '4294967296', 'async-for'], `--seed: expected a whole number from 0 to 4294967295, got '4294967296'${HOW}`],
    [['serve', '--port', '65536'], `--port: expected a whole number from 0 to 65535, got '65536'${HOW}`],
    [['serve', '--port', '-1'], `--port: expected a whole number from 0 to 65535, got '-1'${HOW}`],
    [['serve', '--port', 'http'], `--port: expected a whole number from 0 to 65535, got 'http'${HOW}`],
    // Durations
    ...['10x', '-5', '', 'abc', '1e3', '5 s', '.5', '1m30s', 'Infinity'].map((text) => [['timer', text], `delay: ${DURATION} '${text}'${HOW}`] as const),
    [['spinner', '--duration', '10x'], `--duration: ${DURATION} '10x'${HOW}`],
    [['spinner', '--duration='], `--duration: ${DURATION} ''${HOW}`],
    [['progress', '--pause', '-5'], `--pause: ${DURATION} '-5'${HOW}`],
    [['cancel-all', '--after=-1'], `--after: ${DURATION} '-1'${HOW}`],
    [['fetch', '--timeout', '-1'], `--timeout: ${DURATION} '-1'${HOW}`],
    [['fetch', '--timeout', 'abc'], `--timeout: ${DURATION} 'abc'${HOW}`],
    [['fetch', '--timeout', '0'], `--timeout: expected a duration above 0, got '0'${HOW}`],
    [['fetch', '--timeout', '0ms'], `--timeout: expected a duration above 0, got '0ms'${HOW}`],
    // URLs
    ...['ftp://example.com/', 'file:///etc/hosts', 'javascript:alert(1)', 'http://', 'http://a:99999/', '/get', ''].map(
      (url) => [['fetch', url], `URL: expected a URL that starts with http:// or https://, got '${url}'${HOW}`] as const,
    ),
    [['fetch', 'localhost:3000'], "URL: expected a URL that starts with http:// or https://, got 'localhost:3000'; did you mean http://localhost:3000?"],
    [['fetch', '-n', '5', 'http://127.0.0.1/'], `--count: expected no URLs beside it, each of which is fetched once; got 1${HOW}`],
    [['fetch', '--field', ''], `--field: expected some text, got ''${HOW}`],
    [['fetch', '-', '-'], `-: expected stdin to be named once, got it more often${HOW}`],
    [['fetch', '\x1b[31mred'], `URL: expected a URL that starts with http:// or https://, got '\\x1b[31mred'${HOW}`],
    [['fetch', 'example.com'], "URL: expected a URL that starts with http:// or https://, got 'example.com'; did you mean https://example.com?"],
    [
      ['progress', 'example.com/a?b=1'],
      "URL: expected a URL that starts with http:// or https://, got 'example.com/a?b=1'; did you mean https://example.com/a?b=1?",
    ],
    [
      ['fetch-status', 'http://127.0.0.1/', 'nodejs.org'],
      "URL: expected a URL that starts with http:// or https://, got 'nodejs.org'; did you mean https://nodejs.org?",
    ],
    [['fetch', '--online', 'http://127.0.0.1/'], `--online: expected no URLs beside it, since it stands for the article's own; got 1${HOW}`],
  ] as const satisfies readonly (readonly [readonly string[], string])[])('%j -> %s', async ([words, message]) => {
    expect(await refused(words)).toBe(message);
  });

  test('an --input that does not exist', async () => {
    const file = join(folder, 'missing.txt');
    expect(await refused(['fetch', '--input', file])).toBe(`--input: expected a readable file, got '${file}': it does not exist${HOW}`);
  });

  test('an --input without a name', async () => {
    expect(await refused(['fetch', '--input', ''])).toMatch(/^--input: expected a readable file, got '': /);
  });

  test('an --input that is a directory', async () => {
    expect(await refused(['fetch-status', '--input', folder])).toBe(`--input: expected a readable file, got '${folder}': it is a directory${HOW}`);
  });

  test.skipIf(process.getuid?.() === 0)('an --input that may not be read', async () => {
    const file = join(folder, 'secret.txt');
    await writeFile(file, 'http://127.0.0.1/');
    await chmod(file, 0o000);
    expect(await refused(['fetch', '--input', file])).toBe(`--input: expected a readable file, got '${file}': permission denied${HOW}`);
  });

  test.for(['empty.txt', 'remarks.txt'])('an --input with no URL in it: %s', async (name) => {
    const file = join(folder, name);
    expect(await refused(['progress', '--input', file])).toBe(`--input: expected at least one URL in ${file}, got none${HOW}`);
  });

  test('an --input with a line that is no URL, told by its number', async () => {
    const file = join(folder, 'typo.txt');
    const message = `${file}:3: expected a URL that starts with http:// or https://, got 'example.com'; did you mean https://example.com?`;
    expect(await refused(['fetch', '--input', file])).toBe(message);
  });

  test('an empty stdin, and one with a line that is no URL', async () => {
    expect(await refused(['fetch', '-'])).toBe(`-: expected at least one URL in stdin, got none${HOW}`);
    expect(await refused(['fetch', '-'], 'http://127.0.0.1/\nftp://x/\n')).toBe(
      `stdin:2: expected a URL that starts with http:// or https://, got 'ftp://x/'${HOW}`,
    );
  });

  test('a --port that is in use', async () => {
    expect(await refused(['serve', '--port', String(served.port)])).toMatch(
      new RegExp(`^--port: expected a port that is free, got ${served.port}: it is in use`),
    );
  });

  test('a --port that is in use, in JSON mode as well', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    expect(await refused(['serve', '--json', '--port', String(port)])).toContain(`--port: expected a port that is free, got ${port}: it is in use`);
    await new Promise((resolve) => other.close(resolve));
  });
});

describe('help', { timeout: 60_000, concurrent: true }, () => {
  const names = [...examples.map(({ name }) => name), 'fetch', 'list', 'article', 'tour', 'smoke', 'serve'];

  test.for(names)('of %s is printed on stdout and the command does not run', async (name) => {
    const { code, stdout, stderr } = await runToEnd([name, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(linesOf(stdout)[0]).toMatch(new RegExp(`^Usage: asyncdemo \\S*${name}\\b`));
    expect(stdout).toContain('--virtual-time');
    expect(stdout).not.toMatch(/undefined|NaN|\[object/);
  });

  test('of every example ends with command lines to try', async () => {
    for (const { name, tries } of examples) {
      const { stdout } = await runToEnd([name, '-h']);
      for (const [line] of tries) expect(stdout).toContain(`  ${line}\n`);
    }
  });

  test.for([['--help'], ['-h'], ['help']])('%s names every command', async (words) => {
    const { code, stdout, stderr } = await runToEnd(words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of names) expect(stdout).toContain(name);
  });

  test('of a command can be had by `help`', async () => {
    const [byWord, byOption] = await Promise.all([runToEnd(['help', 'timer']), runToEnd(['timer', '--help'])]);
    expect(byWord).toEqual(byOption);
  });

  test('is as wide as 80 columns at most', async () => {
    const { stdout } = await runToEnd(['fetch', '--help']);
    expect(linesOf(stdout).filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('the command by itself', { timeout: 60_000, concurrent: true }, () => {
  test('lists every example by its section on stdout, as `list` does', async () => {
    const [bare, list] = await Promise.all([runToEnd([]), runToEnd(['list'])]);
    expect(bare).toEqual(list);
    expect(bare).toMatchObject({ code: 0, stderr: '' });
    const rows = linesOf(bare.stdout);
    for (const { name, section, summary } of examples) {
      expect(rows).toContainEqual(expect.stringMatching(new RegExp(`^  ${section.replace('.', '\\.')} +${name} .*${summary}$`)));
    }
  });

  test('lists them as JSON with --json', async () => {
    for (const words of [['--json'], ['list', '--json']]) {
      const { code, stdout } = await runToEnd(words);
      expect(code).toBe(0);
      expect(linesOf(stdout).map((line) => JSON.parse(line))).toEqual(
        examples.map(({ name, section }) => expect.objectContaining({ command: 'list', event: 'example', at: 0, name, section })),
      );
    }
  });

  test('prints its version', async () => {
    const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
    expect(await runToEnd(['--version'])).toEqual({ code: 0, signal: null, stdout: `${manifest.version}\n`, stderr: '' });
    expect(await runToEnd(['timer', '--version'])).toMatchObject({ code: 0, stdout: `${manifest.version}\n` });
  });

  test('works from any folder and under any name', async () => {
    expect(await runToEnd(['async-with'], { cwd: tmpdir() })).toMatchObject({ code: 0, stderr: '' });
  });
});
