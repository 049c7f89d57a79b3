// What can be had of a run beside what it prints: logs, which are the same bytes each time, and what is made of them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { examples } from '../../src/demos/catalog.ts';
import { readLog } from '../../src/observe/log-reader.ts';
import { bin, forEachOf, linesOf, Program, runToEnd } from '../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'asyncdemo-recorded-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string): string => join(folder, name);

/** What an example is given here, where its own defaults would make a long log. */
const SHORTER: Readonly<Record<string, readonly string[]>> = { spinner: ['--duration', '1'] };

describe('the log of each example', { timeout: 60_000 }, () => {
  // A change that is meant is taken over with `npx vitest run test/cli/recorded.test.ts -u`: look at its difference.
  test.each(examples.map(({ name }) => name))('%s is the same bytes each time, and those on record', async (name) => {
    const words = [name, ...(SHORTER[name] ?? []), '--virtual-time', '--seed', '0', '--quiet', '--record'];
    const [first, second] = [file(`${name}-1.jsonl`), file(`${name}-2.jsonl`)];
    await forEachOf([first, second], (path) => runToEnd([...words, path]), 1);
    const log = readFileSync(first, 'utf8');
    expect(readFileSync(second, 'utf8')).toBe(log);
    await expect(log).toMatchFileSnapshot(`logs/${name}.jsonl`);
  });
});

describe('a recorded run', { timeout: 60_000, concurrent: true }, () => {
  test('prints what it prints unrecorded, and then its timeline', async () => {
    const words = ['gather-wait', '--virtual-time'];
    const [plain, pictured] = [await runToEnd(words), await runToEnd([...words, '--timeline'])];
    expect(pictured).toMatchObject({ code: 0, stderr: '' });
    expect(pictured.stdout.startsWith(plain.stdout)).toBe(true);
    expect(pictured.stdout.slice(plain.stdout.length)).toMatch(/^asyncdemo gather-wait --virtual-time, 4.2 s of virtual time, 11 tasks\n/);
  });

  test('gives the same timeline again when it is replayed', async () => {
    const path = file('again.jsonl');
    const words = ['fetch', '--virtual-time', '--seed', '3', '--quiet'];
    const shown = await runToEnd([...words, '--timeline', '--record', path]);
    expect(await runToEnd(['replay', path])).toEqual(shown);
  });

  test('tells real time, where it takes any', async () => {
    const path = file('real.jsonl');
    await runToEnd(['timer', '0.2', '--record', path]);
    const { virtual, whole, events } = readLog(path);
    expect({ virtual, whole }).toEqual({ virtual: false, whole: true });
    expect(events.at(-1)?.wall).toBeGreaterThan(150);
    const [due] = events.filter(({ event }) => event === 'due');
    expect(due?.wall).toBeGreaterThan(150);
  });

  test('that is interrupted is recorded to its end, and shown', async () => {
    const path = file('interrupted.jsonl');
    const program = new Program(bin, ['cancel-all', '--after', '1m', '--timeline', '--record', path]);
    await program.until(/task 2: waiting/);
    program.kill('SIGINT');
    const { signal, stdout } = await program.ended;
    expect(signal).toBe('SIGINT');
    expect(stdout).toMatch(/Task-1 waitForever\(\) .*⊘ +cancelled by the program/);
    const { whole, events } = readLog(path);
    expect(whole).toBe(true);
    expect(events.flatMap((event) => (event.event === 'done' ? [event.outcome] : []))).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(events.flatMap((event) => (event.event === 'stop' ? [event.error] : []))[0]).toBe('KeyboardInterrupt: interrupted by SIGINT');
  });

  test('with --json keeps stdout for objects: the timeline goes to stderr', async () => {
    const { stdout, stderr } = await runToEnd(['timer', '1', '--virtual-time', '--json', '--timeline']);
    for (const line of linesOf(stdout)) expect(() => JSON.parse(line)).not.toThrow();
    expect(stderr).toContain('of virtual time');
  });

  test('is as wide as it may be, and no wider', async () => {
    const { stdout } = await runToEnd(['fetch', '--virtual-time', '--seed', '0', '--quiet', '--timeline']);
    const widths = linesOf(stdout).map((line) => [...line].length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(100);
    expect(Math.max(...widths)).toBeGreaterThan(90);
  });

  test('costs nothing that was not asked for: without these options no log is begun', async () => {
    const { stdout } = await runToEnd(['timer', '1', '--virtual-time']);
    expect(stdout).not.toContain('virtual time,');
  });
});

describe('mistakes', { timeout: 60_000, concurrent: true }, () => {
  const refused = async (words: string[], message: RegExp): Promise<void> => {
    const { code, stdout, stderr } = await runToEnd(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(linesOf(stderr)).toHaveLength(1);
    expect(stderr).toMatch(message);
  };

  test('a file that cannot be written is told of before anything is run', () =>
    refused(['timer', '1', '--record', file('no/such/folder')], /^asyncdemo: --record: expected a file that can be written, got '.*': it does not exist/));
  test('a folder is no file', () => refused(['timer', '1', '--record', folder], /it is a directory/));
  test('a log that does not exist', () => refused(['replay', file('nothing')], /expected a log to read, but it does not exist/));
  test('a file that is no log', () => {
    writeFileSync(file('other.json'), '{"a":1}\n');
    return refused(['replay', file('other.json')], /expected a log that asyncdemo has recorded, which begins with/);
  });
  test('a log of another version', () => {
    writeFileSync(file('newer.jsonl'), '{"log":"asyncdemo","version":99,"virtual":true,"title":""}\n');
    return refused(['replay', file('newer.jsonl')], /expected a log of version 1, got version 99/);
  });
  test('no file at all', () => refused(['replay'], /missing required argument 'file'/));
  test('a picture of what is no run', () => refused(['list', '--timeline'], /--timeline: expected an example to look at, got 'list'/));
  test('recording a replay', () => refused(['replay', 'x', '--record', 'y'], /expected an example to record, got 'replay'/));

  test.each([
    ['--record', ['timer', '1', '--record', '']],
    ['--trace', ['timer', '1', '--trace=']],
    ['--report', ['replay', 'x', '--report', '']],
    ['replay', ['replay', '']],
  ])('no name for the file of %s', (what, words) => refused(words, new RegExp(`^asyncdemo: ${what}: expected the name of a file, got ''`)));

  test('one file for two things', () =>
    refused(['timer', '1', '--record', file('same'), '--report', join(folder, '.', 'same')], /--report: expected another file than that of --record/));
  test('the log itself for a picture of it, which stays as it is', async () => {
    const log = file('stays.jsonl');
    await runToEnd(['timer', '1', '--virtual-time', '--record', log]);
    const before = readFileSync(log, 'utf8');
    symlinkSync(log, file('link.jsonl'));
    await refused(['replay', log, '--report', file('link.jsonl')], /--report: expected another file than that of the log that is read/);
    expect(readFileSync(log, 'utf8')).toBe(before);
  });
  test('a pipe that nobody reads, which is not waited for', async () => {
    execFileSync('mkfifo', [file('pipe')]);
    await refused(['timer', '1', '--record', file('pipe')], /--record: expected a file that can be written, got '.*': nobody reads this pipe/);
  });
  test.each(['--virtual-time', '--debug', '--ps=1s'])('%s with a replay, which runs nothing', (option) =>
    refused(['replay', 'x', option], /expected an example to run, got 'replay'/),
  );
  test('a full disk is one line, with the option, whether something ran or not', async () => {
    const log = file('for-full.jsonl');
    await runToEnd(['timer', '1', '--virtual-time', '--record', log]);
    for (const words of [
      ['replay', log],
      ['timer', '1', '--virtual-time', '--quiet'],
    ]) {
      const { code, stderr } = await runToEnd([...words, '--trace', '/dev/full']);
      expect({ code, stderr }).toEqual({ code: 1, stderr: 'asyncdemo: --trace: the file cannot be written: ENOSPC: no space left on device, write\n' });
    }
  });

  test('a log on stdin is a log', async () => {
    const log = file('stdin.jsonl');
    await runToEnd(['timer', '1', '--virtual-time', '--record', log]);
    expect(await runToEnd(['replay', '-'], { input: `\uFEFF${readFileSync(log, 'utf8')}\n` })).toEqual(await runToEnd(['replay', log]));
  });

  test('a log that breaks off is shown as far as it goes, and that is said', async () => {
    const [whole, cut] = [file('whole.jsonl'), file('cut.jsonl')];
    await runToEnd(['timer', '1', '--virtual-time', '--record', whole]);
    writeFileSync(cut, readFileSync(whole).subarray(0, statSync(whole).size - 100));
    const { code, stdout, stderr } = await runToEnd(['replay', cut]);
    expect(code).toBe(0);
    expect(stdout).toContain('of virtual time');
    expect(stderr).toMatch(/^asyncdemo: .*cut\.jsonl breaks off behind event \d+: the recording was cut short\n$/);
  });
});
