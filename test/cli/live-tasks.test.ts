// The tree of tasks while a command runs: on SIGUSR2, every so often, and at a deadlock.
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { linesOf, runToEnd, start, startProgram } from '../support/command-line.ts';
import { PseudoTerminal } from '../support/pseudo-terminal.ts';

/** Trees as text, without what differs from run to run: the spinner's time may be up just then. */
function settled(text: string): string[] {
  return linesOf(text.replaceAll(/^└─ Task-2 {2}ready$/gm, SPINNING)).map((line) =>
    line.replaceAll(/\d+(\.\d+)? m?s\b/g, 'N').replaceAll(/ \S*?([\w-]+\.m?[jt]s):\d+/g, ' $1:N'),
  );
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const SPINNING = '└─ Task-2  sleep, N left, for N\n     spin spinner.ts:N';

const SPINNER_TREE = [
  'asyncdemo: 2 pending tasks',
  '├─ Task-1  sleep, N left, for N',
  '│    supervisor spinner.ts:N',
  '│    slowFunction spinner.ts:N',
  ...SPINNING.split('\n'),
];

describe.skipIf(process.platform === 'win32')('on SIGUSR2', { timeout: 60_000, concurrent: true }, () => {
  test('the tree is printed once, from the first await on, and the command goes on', async () => {
    const program = start(['spinner', '--duration', '1500ms']);
    await program.until('spinner object');
    await pause(300); // Until both have begun to wait.
    program.kill('SIGUSR2');
    const { code, stdout, stderr } = await program.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('Answer: 42');
    expect(settled(stderr)).toEqual(SPINNER_TREE);
  });

  test('also of a loop that only waits for the host, and with --json and --quiet on stderr', async () => {
    for (const words of [['serve'], ['serve', '--json'], ['timer', '1m', '--quiet']]) {
      const program = start(words);
      if (words[0] === 'serve') await program.until('serving');
      else await pause(1000);
      program.kill('SIGUSR2');
      await program.until(/pending task/, 'stderr');
      program.kill('SIGINT');
      const { signal, stdout } = await program.ended;
      expect(signal).toBe('SIGINT');
      expect(stdout).not.toContain('pending task');
    }
  });

  test('also while the loop is drained', async () => {
    const program = startProgram('waits.mjs', 'lingers', 'real');
    await program.until('draining');
    program.kill('SIGUSR2');
    const { code, stderr } = await program.ended;
    expect(code).toBe(0);
    expect(settled(stderr)).toEqual(['1 pending task', '└─ lingers  sleep, N left, for N', '     lingers waits.mjs:N']);
  });

  test('in a terminal the tree stands above the spinner, which turns on below', async () => {
    const terminal = new PseudoTerminal(['spinner', '--duration', '2s', '--ps', '900ms'], { columns: 120 });
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
    const lines = terminal.lines.map((line) => line.trimEnd());
    expect(lines[0]).toMatch(/^spinner object: /);
    expect(settled(lines.slice(1, 13).join('\n'))).toEqual([...SPINNER_TREE, ...SPINNER_TREE]);
    expect(lines.slice(13)).toEqual(['Answer: 42']);
    expect(terminal.cursorShown).toBe(true);
  });
});

describe('with --ps', { timeout: 60_000, concurrent: true }, () => {
  test('in a pipe each entry is a line, as long as it is, unless $COLUMNS says how long that may be', async () => {
    const words = ['fetch', '--ps', '100ms', '--seed', '1'];
    const [whole, narrow] = await Promise.all([runToEnd(words), runToEnd(words, { env: { COLUMNS: '60' } })]);
    const waits = linesOf(whole.stderr).filter((line) => line.includes('Semaphore-1.acquire'));
    expect(waits).not.toEqual([]);
    for (const line of waits) expect(line).toMatch(/Semaphore-1\.acquire, held by .* of \d+, for .*\d m?s$/);
    for (const line of linesOf(narrow.stderr)) expect(line.replace(/^asyncdemo: /, '').length).toBeLessThanOrEqual(60);
  });

  test('the examples are at the same places from wherever they are run', async () => {
    const { stderr } = await runToEnd(['spinner', '--duration', '1.2s', '--ps', '700ms'], { cwd: tmpdir() });
    expect(stderr).toMatch(/ supervisor src\/demos\/spinner\.ts:\d+$/m);
  });

  test('the tree is printed every so often', async () => {
    const { code, stdout, stderr } = await runToEnd(['spinner', '--duration', '2.5s', '--ps', '700ms']);
    expect(code).toBe(0);
    expect(stdout).not.toContain('2 pending');
    expect(settled(stderr).slice(0, 12)).toEqual([...SPINNER_TREE, ...SPINNER_TREE]);
  });

  test('in virtual time it is real time that counts, and the output is the same', async () => {
    const [plain, told] = await Promise.all([runToEnd(['timer', '--virtual-time']), runToEnd(['timer', '--virtual-time', '--ps', '1ms'])]);
    expect({ ...told, stderr: '' }).toEqual(plain);
  });

  test('nothing is kept waiting for the next time: a command ends when it is done', async () => {
    const began = performance.now();
    const { code, stderr } = await runToEnd(['async-with', '--ps', '1h']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  test('a deadlock is found all the same', async () => {
    const { code, stderr } = await startProgram('waits.mjs', 'deadlock', 'real', '3600000').ended;
    expect(code, stderr).toBe(3);
  });

  test.for(['0', '-1s', 'often', ''])('%j is refused', async (text) => {
    const { code, stderr } = await runToEnd(['timer', `--ps=${text}`]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^asyncdemo: --ps: expected a duration.*, got '/);
  });
});

describe('a deadlock', { timeout: 60_000, concurrent: true }, () => {
  const circle =
    /^deadlock: Bob awaits Lock-1 at \S+waits\.mjs:\d+, held by Ann, which awaits Lock-2 at \S+waits\.mjs:\d+, held by Bob; only a cancellation, or somebody else giving it back, can end this$/;

  test.for(['real', 'virtual'])('in %s time ends with 3: the circle, the tasks, and the tree of them', async (time) => {
    const { code, stderr } = await startProgram('waits.mjs', 'deadlock', time).ended;
    expect(code, stderr).toBe(3);
    const [first, ...others] = linesOf(stderr);
    expect(first).toMatch(circle);
    expect(settled(others.join('\n'))).toEqual([
      'deadlock: 2 pending tasks, and nothing left to wake any',
      '  Ann awaits Lock.acquire() at waits.mjs:N',
      '  Bob awaits Lock.acquire() at waits.mjs:N',
      '2 pending tasks',
      '├─ Ann  Lock-2.acquire, held by Bob, 1st of 1, for N',
      '│    takesBoth waits.mjs:N',
      '│    <anonymous> waits.mjs:N',
      '└─ Bob  Lock-1.acquire, held by Ann, 1st of 1, for N',
      '     takesBoth waits.mjs:N',
      '     <anonymous> waits.mjs:N',
    ]);
  });

  test('of some tasks beside what goes on is told on one line, and is no failure by itself', async () => {
    const { code, stderr } = await startProgram('waits.mjs', 'beside', 'real').ended;
    expect(code, stderr).toBe(0);
    expect(linesOf(stderr)).toEqual([expect.stringMatching(circle)]);
  });
});
