import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/cli/random.ts';
import { type End, forEachOf, linesOf, type Program, start, startProgram } from '../support/command-line.ts';
import { type Served, type SilentServer, serve, startSilentServer } from '../support/served.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The longest an end may take, in ms: the grace period for tasks that refuse is 5 s, and none here does. */
const SLOWEST_END = 6000;

/** Moments are random; a failure tells the seed, and this brings it back: SIGNAL_SEED=1 npx vitest run test/cli/signals */
const seed = Number(process.env.SIGNAL_SEED ?? Math.floor(Math.random() * 2 ** 32));
const random = seededRandom(seed);

let served: Served;
let silent: SilentServer;
beforeAll(async () => {
  [served, silent] = await Promise.all([serve(), startSilentServer()]);
}, 60_000);
afterAll(() => Promise.all([served.close(), silent.close()]), 60_000);

interface Command {
  readonly words: readonly string[];
  /** Its first output; none where it prints nothing before it is done. */
  readonly first?: string | RegExp;
  /** Whether it may be done before the signal comes. */
  readonly quick?: boolean;
}

function commands(): Command[] {
  const [slow, never] = [`${served.url}/delay/30`, `${served.url}/hostile/silent`];
  return [
    { words: ['reuse-loop'], first: 'Waiting 3s ...' },
    { words: ['gather-wait'], first: 'gather(func1(), func2())' },
    { words: ['cancel-all', '--after', '1m'], first: 'task 2: waiting' },
    { words: ['timer'], first: 'Waiting 30s ...' },
    { words: ['async-for', '-n', '100000'], first: /^\d\n/, quick: true },
    { words: ['async-with'], first: 'entering context', quick: true },
    { words: ['fetch-status', `${served.url}/get`, slow, never], first: '200 ' },
    { words: ['spinner'], first: 'spinner object' },
    { words: ['progress', '--pause', '0', `${served.url}/get`, slow, never], first: '200 ' },
    { words: ['semaphore-fetch', '-c', '2', `${served.url}/get`, slow, never, never, slow], first: 'fetch(' },
    { words: ['article'], first: 'reuse-loop', quick: true },
    { words: ['smoke'], quick: true },
    { words: ['serve'], first: 'serving on' },
  ];
}

/** What holds however a command was ended. */
function expectCleanEnd(end: End, { words, quick }: Command, signal: NodeJS.Signals, moment: string): void {
  const told = `asyncdemo ${words.join(' ')}, ${signal} ${moment}, seed ${seed}: ${JSON.stringify({ ...end, stdout: end.stdout.slice(-500) })}`;
  const normal = quick === true && end.code === 0;
  expect(end.signal === signal || normal, told).toBe(true);
  const trouble = linesOf(end.stderr).filter((line) => !line.includes('%'));
  expect(trouble, told).toEqual([]);
}

/** Sends signals, and says how the process ended and whether in time. */
async function interrupt(program: Program, ...signals: readonly NodeJS.Signals[]): Promise<End> {
  const sent = performance.now();
  for (const signal of signals) program.kill(signal);
  const end = await program.ended;
  expect(performance.now() - sent).toBeLessThan(SLOWEST_END);
  return end;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('every command', { timeout: 120_000 }, () => {
  test.for(SIGNALS)('ends by %s when it comes right after its first output', async (signal) => {
    await forEachOf(commands(), async (command) => {
      if (command.first === undefined) return;
      const program = start(command.words);
      await program.until(command.first);
      expectCleanEnd(await interrupt(program, signal), command, signal, 'after the first output');
    });
  });

  test('ends by a signal that comes at any moment: before the first step, in the middle, at the end', async () => {
    const moments = commands().flatMap((command) => SIGNALS.map((signal) => ({ command, signal, after: Math.round(random() * 700) })));
    await forEachOf(moments, async ({ command, signal, after }) => {
      const program = start(command.words);
      await pause(after);
      expectCleanEnd(await interrupt(program, signal), command, signal, `after ${after} ms`);
    });
  });

  test('ends by the first of two signals that come at once, as npm sends them', async () => {
    await forEachOf(commands(), async (command) => {
      const program = start(command.words);
      if (command.first !== undefined) await program.until(command.first);
      expectCleanEnd(await interrupt(program, 'SIGINT', 'SIGINT'), command, 'SIGINT', 'twice at once');
    });
  });

  test('ends by SIGINT when it is pressed again and again', async () => {
    const presses = commands().map((command) => ({ command, gaps: [random() * 600, random() * 40, random() * 200] }));
    await forEachOf(presses, async ({ command, gaps }) => {
      const program = start(command.words);
      for (const gap of gaps) {
        await pause(gap);
        program.kill('SIGINT');
      }
      expectCleanEnd(await interrupt(program, 'SIGINT'), command, 'SIGINT', `at intervals of ${gaps} ms`);
    });
  });
});

describe('what is printed on a signal', { timeout: 60_000 }, () => {
  test.for(SIGNALS)('by cancel-all on %s: each task says that it was cancelled, the loop is drained and closed', async (signal) => {
    const program = start(['cancel-all', '-n', '4', '--after', '1m']);
    await program.until('task 3: waiting');
    const end = await interrupt(program, signal);
    expect(end.signal).toBe(signal);
    const ids = [0, 1, 2, 3];
    expect(linesOf(end.stdout)).toEqual([
      ...ids.map((id) => `task ${id}: waiting`),
      'KeyboardInterrupt',
      ...ids.map((id) => `task ${id}: cancelled`),
      'loop drained: 4 of 4 tasks cancelled',
      'loop closed',
    ]);
  });

  test('by cancel-all with ten thousand tasks: not one is forgotten', async () => {
    const program = start(['cancel-all', '-n', '10000', '--after', '1m']);
    await program.until('task 9999: waiting');
    const end = await interrupt(program, 'SIGINT');
    expect(end.signal).toBe('SIGINT');
    expect(end.stdout.match(/: cancelled/g)).toHaveLength(10_000);
    expect(end.stdout).toContain('loop drained: 10000 of 10000 tasks cancelled\nloop closed\n');
  });

  test('by cancel-all --json: which signal it was', async () => {
    const program = start(['cancel-all', '-n', '1', '--after', '1m', '--json']);
    await program.until('"waiting"');
    const end = await interrupt(program, 'SIGTERM');
    const events = linesOf(end.stdout).map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual(['waiting', 'interrupted', 'cancelled', 'drained', 'closed']);
    expect(events[1]).toMatchObject({ command: 'cancel-all', signal: 'SIGTERM' });
  });

  test('by progress off a terminal: how far it was', async () => {
    const program = start(['progress', '--pause', '0', `${served.url}/get`, `${silent.url}/progress`]);
    await Promise.all([program.until('200 '), silent.asked('/progress')]);
    await delay(300); // The line comes a step before the bar, of which nothing is seen until the end.
    const end = await interrupt(program, 'SIGINT');
    expect(end.signal).toBe('SIGINT');
    expect(end.stderr).toMatch(/^ 50%\|█████ {5}\| 1\/2 \[.*\]\n$/);
  });
});

describe('a request in flight', { timeout: 60_000 }, () => {
  test.for([
    ['fetch-status', []],
    ['progress', ['--pause', '0']],
    ['fetch', ['--concurrency', '1']],
  ] as const)('of %s is aborted by Ctrl-C: the server sees us hang up, and the process ends', async ([name, words]) => {
    for (const signal of SIGNALS) {
      const path = `/${name}/${signal}`;
      const program = start([name, ...words, silent.url + path]);
      await silent.asked(path);
      const end = await interrupt(program, signal);
      await silent.hungUp(path);
      expect(end).toMatchObject({ code: null, signal, stdout: '' });
    }
  });

  test('to the embedded server in the same process is aborted as well', async () => {
    const program = start(['progress', '-n', '50', '--pause', '1s']);
    await pause(400);
    const end = await interrupt(program, 'SIGINT');
    expect(end.signal).toBe('SIGINT');
    expect(linesOf(end.stderr).filter((line) => !line.includes('%'))).toEqual([]);
  });

  test('that is one of thousands is aborted with all the others', async () => {
    const urls = Array.from({ length: 3000 }, (_, index) => `${silent.url}/many/${index}`).join('\n');
    const program = start(['fetch', '-', '--concurrency', '200'], { input: urls });
    await silent.asked('/many/199');
    const end = await interrupt(program, 'SIGINT');
    expect(end).toMatchObject({ code: null, signal: 'SIGINT', stdout: '', stderr: '' });
  });

  test('in a pause between two attempts ends as well', async () => {
    const program = start(['fetch', '--retries', '100', `${served.url}/status/503?retry-after=60`, `${served.url}/get`]);
    await program.until('/get) = 200');
    const end = await interrupt(program, 'SIGINT');
    expect(end).toMatchObject({ code: null, signal: 'SIGINT', stderr: '' });
  });

  test('is not waited for by serve, whose clients are cut off', async () => {
    const server = start(['serve']);
    await server.until('serving on');
    const url = /http:\S+/.exec(server.stdout)?.[0] as string;
    const client = start(['fetch', `${url}/get`, `${url}/delay/50`]);
    await client.until('/get) = 200');
    const end = await interrupt(server, 'SIGTERM');
    expect(end).toMatchObject({ code: null, signal: 'SIGTERM', stderr: '' });
    expect(await client.ended).toMatchObject({ code: 1, stderr: `asyncdemo: connection closed before the answer: ${url}/delay/50\n` });
  });
});

describe('standard input', { timeout: 60_000 }, () => {
  test('that never ends is left by Ctrl-C', async () => {
    const program = start(['fetch', '-'], { keepInputOpen: true });
    await pause(500);
    const end = await interrupt(program, 'SIGINT');
    expect(end).toMatchObject({ code: null, signal: 'SIGINT', stdout: '', stderr: '' });
  });
});

describe('a program on the library', { timeout: 60_000 }, () => {
  test('names a task that refuses to be cancelled when the grace period is over, and leaves it', async () => {
    const program = startProgram('stubborn.mjs', '200', '0');
    await program.until('started');
    const end = await interrupt(program, 'SIGINT');
    expect(end.signal).toBe('SIGINT');
    expect(linesOf(end.stdout)).toEqual(['started', 'refused to stop', 'cleaned up', 'ended by SIGINT']);
    expect(end.stderr).toContain("Task 'mule' did not stop when cancelled, and was left");
  });

  test('leaves such a task at once on a second signal, and dies of the first', async () => {
    const program = startProgram('stubborn.mjs', '60000', '0');
    await program.until('started');
    program.kill('SIGTERM');
    await program.until('refused to stop');
    // Two within 100 ms would be one keystroke.
    await pause(150);
    const end = await interrupt(program, 'SIGINT');
    expect(end.signal).toBe('SIGTERM');
    expect(end.stdout).toContain('ended by SIGTERM');
    expect(end.stderr).toContain("Task 'mule' did not stop when cancelled, and was left");
  });

  // Together is within 100 ms, which a laden machine may miss: hence the further tries.
  test('takes two signals that come together for one, and lets its tasks clean up', { retry: 2 }, async () => {
    const program = startProgram('stubborn.mjs', '0', '300', 'SIGINT');
    await program.until('started');
    const end = await interrupt(program, 'SIGINT');
    expect(end).toMatchObject({ signal: 'SIGINT', stdout: 'started\ncleaned up\nended by SIGINT\n', stderr: '' });
  });
});

describe('no signal is lost', { timeout: 60_000 }, () => {
  test('at the end of an example: the article stops there, by the signal', async () => {
    // The child signals itself in the very moment it prints the line, however slow the machine is.
    const atOnce = `const write = process.stdout.write;
      process.stdout.write = function (text, ...rest) {
        if (String(text).includes('loop closed')) process.kill(process.pid, 'SIGINT');
        return write.call(this, text, ...rest);
      };`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(atOnce)}` };
    for (const words of [['article'], ['reuse-loop', '--virtual-time']]) {
      const { signal, stdout } = await start(words, { env }).ended;
      expect(signal).toBe('SIGINT');
      expect(stdout).not.toContain('gather(func1(), func2())');
    }
  });
});
