// Ctrl-C at every moment of every command. The exact form runs a command's own main() once for each moment inside of one
// process (test/support/programs/interrupted.mjs); the real form stops a process of its own in an iteration and signals it.
// ASYNCDEMO_PROOF=full tries a second signal at every moment of the drain after every first one; otherwise at some of them.
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { cleanEnvironment, forEachOf, linesOf } from '../support/command-line.ts';
import { serve } from '../support/served.ts';

const full = process.env.ASYNCDEMO_PROOF === 'full';

/** The machine may have two cores. */
const AT_ONCE = 2;

const program = (name: string): string => fileURLToPath(new URL(`../support/programs/${name}`, import.meta.url));

interface Plan {
  readonly words: readonly string[];
  readonly terminal?: boolean;
  readonly firsts: number;
  readonly pairs?: number;
  readonly seconds?: number;
  readonly rounds?: number;
  readonly bad?: boolean;
  readonly patience?: number;
}

interface Report {
  readonly iterations: number;
  readonly moments: number;
  readonly rounds: number;
  readonly runs: number;
  /** Runs that were over before their moment came: sockets are not the same each time. */
  readonly missed: number;
  /** From a signal to the end, in ms. */
  readonly slowest: number;
  /** In moments. */
  readonly longestDrain: number;
  readonly ms: number;
  readonly faults: readonly string[];
}

/** Plays a plan in a process of its own. */
function prove(plan: Plan): Promise<Report> {
  const child = spawn(process.execPath, ['--expose-gc', '--enable-source-maps', program('interrupted.mjs'), JSON.stringify(plan)], {
    env: cleanEnvironment({ TERM: 'xterm' }),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  let report = '';
  let stderr = '';
  child.stdio[3]?.on('data', (data) => {
    report += data;
  });
  child.stderr?.on('data', (data) => {
    stderr += data;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (report === '') reject(new Error(`${plan.words.join(' ')}: expected a report, got none; exit code ${code}: ${stderr}`));
      else resolve(JSON.parse(report));
    });
  });
}

const ALL = 100_000;

/** A plan that tries so many moments, spread evenly, or all of them. */
function trying(words: readonly string[], [firsts, pairs, seconds, rounds]: readonly [number, number, number, number], terminal = false): Plan {
  return full ? { words, terminal, firsts: ALL, pairs: ALL, seconds: ALL, rounds: 200 } : { words, terminal, firsts, pairs, seconds, rounds };
}

async function expectNoFault(plans: readonly Plan[]): Promise<void> {
  const reports = await forEachOf(plans, prove, AT_ONCE);
  for (const [index, { words }] of plans.entries()) {
    const { iterations, moments, rounds, runs, missed, slowest, longestDrain, ms, faults } = reports[index] as Report;
    const told = `${words.slice(0, 4).join(' ')}: ${iterations} iterations, ${moments} moments, ${rounds} rounds of Node; ${runs} runs, ${missed} without their moment`;
    console.log(`${told}; slowest end ${slowest} ms, longest drain ${longestDrain} moments, ${faults.length} faults; ${ms} ms`);
    expect(faults, told).toEqual([]);
    expect(missed, told).toBeLessThan(runs / 2);
  }
}

const examples = [
  'reuse-loop',
  'gather-wait',
  'cancel-all',
  'timer',
  'async-for',
  'async-with',
  'fetch-status',
  'spinner',
  'progress',
  'semaphore-fetch',
] as const;

describe('Ctrl-C at every moment, and once more in the drain: all that was started has ended, and nothing is left', () => {
  const timeout = full ? 3_600_000 : 120_000;

  test('every example, in virtual time', { timeout }, async () => {
    await expectNoFault(examples.map((name) => trying([name, '--virtual-time', '--seed', '0'], [ALL, 8, 6, 8])));
  });

  test('the commands that run them one after the other, and the server while it is visited', { timeout }, async () => {
    await expectNoFault([
      ...['article', 'tour', 'smoke'].map((name) => trying([name], [40, 4, 3, 12])),
      ...[['serve'], ['serve', '--virtual-time']].map((words) => trying(words, [ALL, 4, ALL, 8])),
    ]);
  });

  test('what draws on a terminal, in real time made faster: the cursor is there again', { timeout }, async () => {
    await expectNoFault(
      [
        ['timer', '1.5'],
        ['spinner', '--duration', '0.6'],
        ['progress', '-n', '3', '--pause', '0.1'],
        ['fetch-status', '-n', '4'],
        ['semaphore-fetch', '-n', '4'],
      ].map((words) => trying(words, [16, 3, 3, 3], true)),
    );
  });

  test('requests to a server in another process: not a socket is left', { timeout }, async () => {
    const served = await serve();
    try {
      const urls = ['/get', '/delay/0.01', '/status/503?retry-after=0', '/hostile/reset', '/events', '/delay/30'].map((path) => served.url + path);
      const options = ['--retries', '1', '--timeout', '1s'];
      await expectNoFault([
        trying(['fetch-status', ...options, ...urls], [12, 3, 3, 2]),
        trying(['progress', '--pause', '0', ...options, ...urls], [12, 3, 3, 2]),
        trying(['semaphore-fetch', '--concurrency', '2', ...options, ...urls], [12, 3, 3, 2]),
      ]);
    } finally {
      await served.close();
    }
  });
});

describe('an example that takes it badly is found out', { timeout: 60_000 }, () => {
  const faults: readonly (readonly [name: string, fault: RegExp])[] = [
    ['bad-abandoned', /a coroutine was abandoned: cleansUp\(\) at /],
    ['bad-closing', /a task is not done: .*cleansUp\(\)/],
    ['bad-closing', /a coroutine was abandoned: cleansUp\(\) at /],
    ['bad-refusing', /on stderr: asyncdemo: Task 'Task-1' did not stop when cancelled, and was left/],
    ['bad-going-on', /a task was started after the signal: .*cleansUp\(\)/],
    ['bad-hanging', /has not ended 3000 ms after the signal/],
    ['bad-swallowing', /ended by no signal/],
    ['bad-deaf', /nobody listens, and a loop runs/],
    ['bad-blocking', /took 1\d\d\d ms to end/],
    ['bad-timer', /handles left: .*Timeout/],
    ['bad-listener', /listeners left: .*stdin keypress/],
    ['bad-loop', /a loop is not closed/],
    ['bad-cursor', /the cursor is hidden/],
    ['bad-trace', /a stack trace: {5}at cleansUp \(/],
    ['bad-error', /on stderr: asyncdemo: Unhandled exception during shutdown: while cleaning up/],
    ['bad-rejection', /unhandled rejection: Error: let go/],
  ];

  test('by the exact form', async () => {
    const names = [...new Set(faults.map(([name]) => name))];
    const reports = await forEachOf(names, (name) => prove({ words: [name, '--virtual-time'], firsts: 3, bad: true, patience: 20 }), AT_ONCE);
    for (const [name, fault] of faults) expect((reports[names.indexOf(name)] as Report).faults.join('\n'), name).toMatch(fault);
  });

  test('by the real form', async () => {
    expect(await stopped({ words: ['bad-swallowing', '--virtual-time'], moments: [1] }, 1, ['SIGINT'])).toMatch(/ended by code 0/);
    expect(await stopped({ words: ['bad-blocking', '--virtual-time'], moments: [1] }, 2, ['SIGINT'])).toMatch(/took 1\d\d\d ms to end/);
    expect(await stopped({ words: ['bad-trace', '--virtual-time'], moments: [1] }, 2, ['SIGINT'])).toMatch(/on stderr: Error: told at length\n {4}at /);
  });
});

interface Command {
  readonly words: readonly string[];
  /** The iterations in which it is signalled. */
  readonly moments: readonly number[];
}

const commands: readonly Command[] = [
  { words: ['reuse-loop'], moments: [1, 3, 5] },
  { words: ['gather-wait'], moments: [1, 10, 20] },
  { words: ['cancel-all', '--after', '300ms'], moments: [1, 2, 3] },
  { words: ['timer', '0.3'], moments: [1, 2, 3] },
  { words: ['async-for'], moments: [1, 2] },
  { words: ['async-with'], moments: [1] },
  { words: ['fetch-status'], moments: [1, 10, 20] },
  { words: ['spinner', '--duration', '1'], moments: [1, 10, 20] },
  { words: ['progress', '--pause', '50ms'], moments: [1, 15, 30] },
  { words: ['semaphore-fetch'], moments: [1, 10, 20] },
  { words: ['article'], moments: [1, 100, 300] },
  { words: ['tour'], moments: [1, 100, 300] },
  { words: ['smoke'], moments: [1, 100, 300] },
  { words: ['serve'], moments: [1] },
];

/** The longest an end may take, in ms from the signal. */
const SLOWEST_END = 1000;

/** Signals a real process in an iteration. Resolves to its faults; to `undefined` where it was over before. */
function stopped({ words }: Command, moment: number, signals: readonly NodeJS.Signals[]): Promise<string | undefined> {
  const env = cleanEnvironment({ MOMENT: String(moment), STOPS: String(signals.length), ...(words[0]?.startsWith('bad-') ? { BAD: '1' } : {}) });
  const child = spawn(process.execPath, ['--import', program('stopped-at.mjs'), program('command-line.mjs'), ...words], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    timeout: 40_000,
    killSignal: 'SIGKILL',
  });
  const answer = child.stdio[3] as Socket;
  let sent: number | undefined;
  const unsent = [...signals];
  answer.on('error', () => {}); // It may be gone.
  answer.on('data', () => {
    sent ??= performance.now();
    child.kill(unsent.shift());
    answer.write('!');
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (data) => {
    stdout += data;
    const url = /^serving on (\S+) .*\n$/.exec(stdout)?.[1];
    if (url !== undefined) fetch(`${url}/delay/0.05`).catch(() => {});
  });
  child.stderr?.on('data', (data) => {
    stderr += data;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (sent === undefined) return resolve(undefined);
      const ms = performance.now() - sent;
      const faults: string[] = [];
      if (signal !== signals[0]) faults.push(`ended by ${signal ?? `code ${code}`}`);
      if (ms > SLOWEST_END) faults.push(`took ${Math.round(ms)} ms to end`);
      const expected = (line: string): boolean => line.includes('%|') || (signals.length > 1 && line.endsWith('did not stop when cancelled, and was left'));
      if (!linesOf(stderr).every(expected)) faults.push(`on stderr: ${stderr}`);
      resolve(faults.join('; '));
    });
  });
}

describe('a real signal in an iteration of a real process', { timeout: 120_000 }, () => {
  async function expectCleanEnds(tries: readonly (readonly [Command, number])[], ...signals: readonly NodeJS.Signals[]): Promise<void> {
    let missed = 0;
    await forEachOf(tries, async ([command, moment]) => {
      let faults = await stopped(command, moment, signals);
      // A laden machine may be late once.
      if (faults?.startsWith('took')) faults = await stopped(command, moment, signals);
      if (faults === undefined) missed += 1;
      else expect(faults, `${command.words.join(' ')}, ${signals} in iteration ${moment}`).toBe('');
    });
    console.log(`${signals.join(' and ')}: ${tries.length} processes, ${missed} over before their moment`);
    expect(missed).toBeLessThan(tries.length / 4);
  }

  test('ends every command by that signal within a second', async () => {
    await expectCleanEnds(
      commands.flatMap((command) => command.moments.map((moment) => [command, moment] as const)),
      'SIGINT',
    );
  });

  // Another one, since the same twice in 100 ms is one keystroke.
  test('with a second one behind it, ends by the first', async () => {
    await expectCleanEnds(
      commands.map((command) => [command, Math.min(2, ...command.moments)] as const),
      'SIGINT',
      'SIGTERM',
    );
  });
});
