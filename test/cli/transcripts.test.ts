import { describe, expect, test } from 'vitest';
import { examples } from '../../src/demos/catalog.ts';
import { forEachOf, linesOf, runToEnd, startProgram } from '../support/command-line.ts';

/** What each example prints on stdout and stderr, in virtual time with seed 1. */
const transcripts: Readonly<Record<string, string>> = {
  'reuse-loop': `
Waiting 3s ...
done
Waiting 2s ...
done
loop closed
LoopError: Event loop is closed
`,
  'gather-wait': `
gather(func1(), func2()) -> [ 'one', 2 ]
wait([task1, task2]) -> 2 done, 0 pending
  Task-3.result() -> 'one'
  Task-4.result() -> 2
a coroutine -> 'one'
a task -> 2
a future -> 'filled in'
gather(broken(), func2()) -> raises RangeError: broken
with returnExceptions -> [RangeError: broken, 2]
`,
  'cancel-all': `
task 0: waiting
task 1: waiting
task 2: waiting
KeyboardInterrupt
task 0: cancelled
task 1: cancelled
task 2: cancelled
loop drained: 3 of 3 tasks cancelled
loop closed
`,
  timer: `
Waiting 30s ...
>>> Done
`,
  'async-for': `
6
0
5
9
9
`,
  'async-with': `
entering context
body
exiting context
finished
`,
  'fetch-status': `
200 0
200 5
200 7
200 4
200 2
200 1
200 6
200 8
200 9
200 3
`,
  spinner: `
spinner object: <Task pending name='Task-2' coro=<spin() running at src/demos/spinner.ts:LINE>>
Answer: 42
`,
  progress: `
100%|██████████| 10/10 [00:20<00:00, 2.00s/it]
`,
  'semaphore-fetch': `
fetch(1) = 1
fetch(2) = 2
fetch(0) = 0
fetch(4) = 4
fetch(6) = 6
fetch(3) = 3
fetch(8) = 8
fetch(7) = 7
fetch(5) = 5
fetch(10) = 10
fetch(9) = 9
fetch(11) = 11
never more than 3 at once, the server says
`,
};

/** Runs an example in virtual time. The line of the source that a spinner stands at is no rule. */
async function perform(name: string, seed: number, ...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await runToEnd([name, '--virtual-time', '--seed', String(seed), ...words]);
  expect(code, stderr).toBe(0);
  return `\n${stdout}${stderr}`.replaceAll(/spinner\.ts:\d+/g, 'spinner.ts:LINE');
}

describe('in virtual time', { timeout: 60_000, concurrent: true }, () => {
  test.for(examples.map(({ name }) => name))('%s prints what the article’s program prints, the same every time', async (name) => {
    const [first, second] = await Promise.all([perform(name, 1), perform(name, 1)]);
    expect(first).toBe(transcripts[name]);
    expect(second).toBe(first);
  });

  test('an hour takes no time', async () => {
    expect(await perform('timer', 1, '1000h')).toBe('\nWaiting 3600000s ...\n>>> Done\n');
  });

  test('another seed gives other numbers, and none gives others every time', async () => {
    const words = ['-n', '100'];
    expect(await perform('async-for', 1, ...words)).not.toBe(await perform('async-for', 2, ...words));
    const [one, another] = await Promise.all([runToEnd(['async-for', ...words]), runToEnd(['async-for', ...words])]);
    expect(one.stdout).not.toBe(another.stdout);
  });

  test('objects are the same every time as well, but for the server’s port', async () => {
    for (const name of ['gather-wait', 'progress', 'semaphore-fetch']) {
      const [first, second] = await Promise.all([perform(name, 1, '--json'), perform(name, 1, '--json')]);
      const withoutPort = (text: string): string => text.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1');
      expect(withoutPort(second)).toBe(withoutPort(first));
    }
  });

  test('never more requests are made at once than asked for, the server says', async () => {
    for (const concurrency of [1, 2, 7]) {
      const lines = linesOf(await perform('fetch', 1, '-n', '14', '--concurrency', String(concurrency)));
      expect(lines.at(-1)).toBe(`never more than ${concurrency} at once, the server says`);
    }
  });
});

describe('in real time', { timeout: 60_000, concurrent: true }, () => {
  test('short runs print the same lines', async () => {
    expect(await runToEnd(['timer', '0.2'])).toMatchObject({ code: 0, stdout: 'Waiting 0.2s ...\n>>> Done\n', stderr: '' });
    expect(await runToEnd(['timer', '0'])).toMatchObject({ code: 0, stdout: 'Waiting 0s ...\n>>> Done\n' });
    expect(await runToEnd(['async-for', '-n', '0'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const interrupted = await runToEnd(['cancel-all', '-n', '1', '--after', '100ms']);
    expect(interrupted).toMatchObject({ code: 0, stderr: '' });
    expect(linesOf(interrupted.stdout)).toEqual([
      'task 0: waiting',
      'KeyboardInterrupt',
      'task 0: cancelled',
      'loop drained: 1 of 1 tasks cancelled',
      'loop closed',
    ]);
    const fetched = await runToEnd(['fetch', '-n', '5', '-c', '2']);
    expect(linesOf(fetched.stdout).sort()).toEqual([...[0, 1, 2, 3, 4].map((id) => `fetch(${id}) = ${id}`), 'never more than 2 at once, the server says']);
  });

  test('a spinner without a time to turn still answers', async () => {
    const { code, stdout } = await runToEnd(['spinner', '--duration', '0']);
    expect(code).toBe(0);
    expect(linesOf(stdout).at(-1)).toBe('Answer: 42');
  });
});

describe('the whole article', { timeout: 60_000, concurrent: true }, () => {
  test('is every example under its heading, with what it prints alone', async () => {
    const start = performance.now();
    const article = await runToEnd(['article']);
    // In real time it takes a minute and a half.
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(article).toMatchObject({ code: 0, stderr: '' });
    const sections = article.stdout.replaceAll(/spinner\.ts:\d+/g, 'spinner.ts:LINE').split('\n\n');
    const alone = await forEachOf(examples, ({ name }) => perform(name, 0));
    expect(sections).toEqual([
      ...examples.map(({ name, section, summary }, index) =>
        [
          `${section.padEnd(4)} ${name}  ${summary}`,
          ...linesOf(alone[index] as string)
            .slice(1)
            .map((line) => `     ${line}`),
        ].join('\n'),
      ),
      '',
    ]);
  });

  test('takes a seed, and prints nothing with --quiet', async () => {
    const [one, two, quiet] = await Promise.all([runToEnd(['article', '--seed', '1']), runToEnd(['article', '--seed', '2']), runToEnd(['article', '--quiet'])]);
    expect(one.stdout).not.toBe(two.stdout);
    expect(quiet).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });
});

describe('smoke', { timeout: 60_000, concurrent: true }, () => {
  test('checks every example, prints a table and exits with 0', async () => {
    const { code, stdout, stderr } = await runToEnd(['smoke']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = linesOf(stdout);
    expect(lines.slice(0, 10)).toEqual(
      examples.map(({ name, section }) => expect.stringMatching(new RegExp(`^ok {3}${section.padEnd(4).replace('.', '\\.')} ${name} +\\d+ lines +\\d+ ms$`))),
    );
    expect(lines.slice(10)).toEqual(['', '10 passed, 0 failed']);
  });

  test('prints an object for each with --json', async () => {
    const { stdout } = await runToEnd(['smoke', '--json']);
    expect(linesOf(stdout).map((line) => JSON.parse(line))).toEqual(
      examples.map(({ name }) => expect.objectContaining({ command: 'smoke', event: 'checked', example: name, ok: true, fault: null })),
    );
  });

  test('prints nothing with --quiet when all is well', async () => {
    expect(await runToEnd(['smoke', '--quiet'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('passes whatever the environment says of terminals and colours', async () => {
    const proxy = 'http://127.0.0.1:9/';
    for (const env of [
      { CI: '1', FORCE_COLOR: '3', HTTP_PROXY: proxy, http_proxy: proxy },
      { TERM: 'dumb', NO_COLOR: '1' },
    ]) {
      const { code, stdout } = await runToEnd(['smoke'], { env });
      expect(code, stdout).toBe(0);
    }
  });
});

describe('with --debug', { timeout: 60_000, concurrent: true }, () => {
  test('what the loop does is told on stderr, and stdout is as ever', async () => {
    const [debug, plain] = await Promise.all([runToEnd(['timer', '1', '--virtual-time', '--debug']), runToEnd(['timer', '1', '--virtual-time'])]);
    expect(debug.stdout).toBe(plain.stdout);
    expect(plain.stderr).toBe('');
    expect(debug.stderr).toMatch(/^\[ +0\.000\] Task-1 created: /m);
    expect(debug.stderr).toMatch(/^\[ +1\.000\] Task-1 done: /m);
  });

  test('the loop is in debug mode: slow steps and forgotten tasks are warned of, with their lines', async () => {
    const { code, stderr } = await startProgram('waits.mjs', 'careless', 'virtual', 'debug').ended;
    expect(code).toBe(0);
    const warnings = linesOf(stderr).filter((line) => line.includes('LoopWarning'));
    const [slow, forgotten] = [warnings.filter((line) => / took \d+ ms/.test(line)), warnings.filter((line) => !/ took \d+ ms/.test(line))];
    // On a busy machine others may be slow as well.
    expect(slow).toContainEqual(
      expect.stringMatching(/LoopWarning: Executing <Task pending name='Task-1' coro=<blocks\(\) running at \S*waits\.mjs:\d+>.*> took \d+ ms$/),
    );
    expect(forgotten).toEqual([
      expect.stringMatching(/LoopWarning: <Task pending name='forgotten' .* created at \S*waits\.mjs:\d+> was never awaited, and is cancelled now/),
    ]);
  });
});
