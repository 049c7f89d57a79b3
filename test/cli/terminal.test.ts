import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CTRL_C, PseudoTerminal } from '../support/pseudo-terminal.ts';
import { type Served, type SilentServer, serve, startSilentServer } from '../support/served.ts';

const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
const FRAMES = ['| thinking!', '/ thinking!', '- thinking!', '\\ thinking!'];
const SPINNER_LINE = /^spinner object: <Task pending name='Task-2' coro=<spin\(\) running at .*spinner\.ts:\d+>>$/;

let served: Served;
let silent: SilentServer;
let folder: string;
beforeAll(async () => {
  [served, silent, folder] = await Promise.all([serve(), startSilentServer(), mkdtemp(join(tmpdir(), 'asyncdemo-'))]);
}, 60_000);
afterAll(() => Promise.all([served.close(), silent.close(), rm(folder, { recursive: true })]), 60_000);

/** Waits until the spinner has gone all round once more. */
async function turnsRound(terminal: PseudoTerminal): Promise<void> {
  const from = terminal.raw.length;
  await terminal.until('all four frames', ({ raw }) => FRAMES.every((frame) => plain(raw.slice(from)).includes(frame)));
}

/** Without colours. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  return text.replace(/\x1b\[[\d;]*m/g, '');
}

/** What holds after every command, however it ended. */
function expectRestored(terminal: PseudoTerminal): void {
  expect(terminal.cursorShown, 'the cursor is shown').toBe(true);
  expect(terminal.wrapModeTouched, 'the wrap mode was touched').toBe(false);
  expect(terminal.drawingHeldBack, 'drawing is held back').toBe(false);
  expect(terminal.column, 'the prompt starts a line').toBe(0);
}

describe('the spinner in a terminal', { timeout: 60_000, concurrent: true }, () => {
  test('turns through its four frames with the cursor hidden, and is wiped when the answer is there', async () => {
    const terminal = new PseudoTerminal(['spinner', '--duration', '800ms'], { columns: 120 });
    await turnsRound(terminal);
    expect(terminal.cursorShown).toBe(false);
    expect(terminal.lines.at(-1)).toMatch(/^[-|/\\] thinking!$/);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
    expect(terminal.lines).toEqual([expect.stringMatching(SPINNER_LINE), 'Answer: 42']);
    expectRestored(terminal);
  });

  test('is wiped by Ctrl-C, with the ^C beside it, and the process dies of SIGINT', async () => {
    const terminal = new PseudoTerminal(['spinner'], { columns: 120 });
    await turnsRound(terminal);
    terminal.press(CTRL_C);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: SIGNAL_NUMBERS.SIGINT });
    expect(terminal.lines).toEqual([expect.stringMatching(SPINNER_LINE)]);
    expectRestored(terminal);
  });

  test.for(['SIGTERM', 'SIGHUP'] as const)('is wiped on %s, and the process dies of it', async (signal) => {
    const terminal = new PseudoTerminal(['spinner'], { columns: 120 });
    await turnsRound(terminal);
    terminal.kill(signal);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: SIGNAL_NUMBERS[signal] });
    expect(terminal.lines).toEqual([expect.stringMatching(SPINNER_LINE)]);
    expectRestored(terminal);
  });

  test('takes one line in 30 columns', async () => {
    const terminal = new PseudoTerminal(['spinner'], { columns: 30 });
    await turnsRound(terminal);
    expect(terminal.wrapped(/thinking/)).toBe(false);
    expect(terminal.text.match(/thinking/g)).toHaveLength(1);
    terminal.press(CTRL_C);
    await terminal.ended;
    expect(terminal.text).toMatch(SPINNER_LINE);
    expectRestored(terminal);
  });

  test('cuts a message that is longer than the terminal is wide', async () => {
    const message = 'a very long message that cannot fit beside a spinner';
    const terminal = new PseudoTerminal(['spinner', '--duration', '500ms', '--message', message], { columns: 30 });
    await terminal.untilShown('a very long');
    expect(terminal.wrapped(/message/)).toBe(false);
    await terminal.ended;
    expect(terminal.text.split('\n')).toEqual([expect.stringMatching(SPINNER_LINE), 'Answer: 42']);
    expectRestored(terminal);
  });

  test('goes on after the terminal was made narrower and wider, and leaves no trace of itself', async () => {
    const terminal = new PseudoTerminal(['spinner'], { columns: 120 });
    for (const columns of [40, 20, 100]) {
      await turnsRound(terminal);
      terminal.resize(columns);
    }
    await turnsRound(terminal);
    terminal.press(CTRL_C);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: SIGNAL_NUMBERS.SIGINT });
    expect(terminal.text).not.toContain('thinking');
    expectRestored(terminal);
  });

  test('does not hang when the terminal loses its width, and goes on when it is back', async () => {
    const terminal = new PseudoTerminal(['spinner'], { columns: 120, before: '(sleep 1; stty cols 0; sleep 0.5; stty cols 100) </dev/tty & ' });
    await terminal.until('frames after the width came back', ({ raw }) => raw.length > 3000);
    terminal.press(CTRL_C);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: SIGNAL_NUMBERS.SIGINT });
  });

  test('is not drawn where results come to the same terminal through a pipe', async () => {
    const terminal = new PseudoTerminal(['timer', '200ms'], { columns: 120, redirect: '| cat' });
    await terminal.ended;
    expect(terminal.text.split('\n')).toEqual(['Waiting 0.2s ...', '>>> Done']);
    expect(terminal.cursorWasHidden).toBe(false);
  });

  test('is coloured, and with NO_COLOR or --no-color turns without colour', async () => {
    const look = async (words: string[], env: Record<string, string>): Promise<string> => {
      const terminal = new PseudoTerminal(['spinner', '--duration', '500ms', ...words], { columns: 120, env });
      await terminal.ended;
      expect(plain(terminal.raw)).toContain(FRAMES[1]);
      return terminal.raw;
    };
    const [coloured, byVariable, byOption] = await Promise.all([look([], {}), look([], { NO_COLOR: '1' }), look(['--no-color'], {})]);
    expect(plain(coloured)).not.toBe(coloured);
    expect(plain(byVariable)).toBe(byVariable);
    expect(plain(byOption)).toBe(byOption);
  });
});

describe('nothing moves', { timeout: 60_000, concurrent: true }, () => {
  test.for([
    ['in a terminal that does not know its width', { columns: 0 }],
    ['in a dumb terminal', { columns: 120, env: { TERM: 'dumb' } }],
    ['in CI', { columns: 120, env: { CI: '1' } }],
    ['when stderr goes to a file', { columns: 120, redirect: '2>/dev/null' }],
  ] as const)('%s: only results are printed, without one control character', async ([, options]) => {
    const [spinner, timer, progress] = [
      new PseudoTerminal(['spinner', '--duration', '200ms'], options),
      new PseudoTerminal(['timer', '200ms'], options),
      new PseudoTerminal(['progress', '-n', '2', '--pause', '0'], options),
    ];
    for (const terminal of [spinner, timer, progress]) {
      expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
      expect(terminal.raw).not.toContain('\x1b');
    }
    expect(spinner.text.split('\n')).toEqual([expect.stringMatching(SPINNER_LINE), 'Answer: 42']);
    expect(timer.lines).toEqual(['Waiting 0.2s ...', '>>> Done']);
    // The bar's last state is a remark: where stderr goes.
    if (!('redirect' in options)) expect(progress.lines).toEqual([expect.stringMatching(/^100%\|██████████\| 2\/2 \[/)]);
  });

  test('with --virtual-time, which has nothing to show of a movement', async () => {
    const terminal = new PseudoTerminal(['spinner', '--virtual-time'], { columns: 120 });
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
    expect(terminal.raw).not.toContain('\x1b');
    expect(terminal.lines.at(-1)).toBe('Answer: 42');
  });

  test('with --quiet, which prints nothing at all', async () => {
    const terminal = new PseudoTerminal(['spinner', '--quiet', '--duration', '200ms']);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
    expect(terminal.raw).toBe('');
  });

  test('with --json, which prints objects alone', async () => {
    const terminal = new PseudoTerminal(['spinner', '--json', '--duration', '200ms'], { columns: 200 });
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
    expect(terminal.raw).not.toContain('\x1b');
    expect(terminal.lines.map((line) => JSON.parse(line).event)).toEqual(['spinner', 'answer']);
  });

  test('in a terminal without a width, and Ctrl-C ends it all the same', async () => {
    const terminal = new PseudoTerminal(['spinner'], { columns: 0 });
    await terminal.untilShown('spinner object');
    terminal.press(CTRL_C);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: SIGNAL_NUMBERS.SIGINT });
  });
});

describe('the progress bar in a terminal', { timeout: 60_000, concurrent: true }, () => {
  const DONE_IN_3 = /^100%\|██████████\| 3\/3 \[00:\d\d<00:00, +\d+\.\d\d(it\/s|s\/it)\]$/;

  test('is drawn from 0 to the end on one line, which stays', async () => {
    const terminal = new PseudoTerminal(['progress', '-n', '3', '--pause', '50ms']);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
    for (const counts of ['0/3', '1/3', '2/3', '3/3']) expect(terminal.raw).toContain(counts);
    expect(terminal.lines).toEqual([expect.stringMatching(DONE_IN_3)]);
    expect(terminal.cursorWasHidden).toBe(true);
    expectRestored(terminal);
  });

  test('reaches `100%|██████████| 10/10` with the article’s ten requests', async () => {
    const terminal = new PseudoTerminal(['progress', '--pause', '20ms']);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
    expect(terminal.lines).toEqual([expect.stringMatching(/^100%\|██████████\| 10\/10 \[/)]);
    expectRestored(terminal);
  });

  test('takes one line in 30 columns, without the bar itself', async () => {
    const terminal = new PseudoTerminal(['progress', '-n', '3', '--pause', '50ms'], { columns: 30 });
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
    expect(terminal.lines).toEqual([expect.stringMatching(/^100% 3\/3 \[00:\d\d<00:00(, .*)?\]$/)]);
    expectRestored(terminal);
  });

  test('takes one line in 8 columns', async () => {
    const terminal = new PseudoTerminal(['progress', '-n', '3', '--pause', '50ms'], { columns: 8 });
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
    expect(terminal.lines).toEqual([expect.stringMatching(/^100%( 3)?/)]);
    expectRestored(terminal);
  });

  test('fits again after the terminal was made narrower', async () => {
    const terminal = new PseudoTerminal(['progress', '-n', '4', '--pause', '300ms']);
    await terminal.untilShown('1/4');
    terminal.resize(30);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
    expect(terminal.lines.at(-1)).toMatch(/^100% 4\/4 \[00:\d\d<00:00(, .*)?\]$/);
    expectRestored(terminal);
  });

  test('stays where it was on Ctrl-C, and the requests are aborted', async () => {
    const path = '/progress-ctrl-c';
    const terminal = new PseudoTerminal(['progress', '--pause', '0', `${served.url}/get`, silent.url + path], { columns: 100 });
    await Promise.all([terminal.untilShown('1/2'), silent.asked(path)]);
    terminal.press(CTRL_C);
    await silent.hungUp(path);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: SIGNAL_NUMBERS.SIGINT });
    expect(terminal.lines).toEqual([expect.stringMatching(`^200 ${served.url}/get \\d+ms$`), expect.stringMatching(/^ 50%\|█████ {5}\| 1\/2 \[/)]);
    expectRestored(terminal);
  });

  test('stays below the results and the errors that are printed meanwhile', async () => {
    const terminal = new PseudoTerminal(
      ['progress', '--pause', '50ms', `${served.url}/get`, `${served.url}/hostile/not/there`, `${served.url}/hostile/reset`],
      {
        columns: 120,
      },
    );
    expect(await terminal.ended).toEqual({ exitCode: 1, signal: 0 });
    expect(terminal.lines.at(-1)).toMatch(DONE_IN_3);
    const above = terminal.lines.slice(0, -1);
    expect(above.filter((line) => line.includes('%'))).toEqual([]);
    expect(above).toContainEqual(expect.stringMatching(`^200 ${served.url}/get \\d+ms$`));
    expect(above).toContain(`asyncdemo: status 404: ${served.url}/hostile/not/there`);
    expectRestored(terminal);
  });
});

describe('the countdown in a terminal', { timeout: 60_000, concurrent: true }, () => {
  test('tells what is left once a second below the result, and is wiped when the time is over', async () => {
    const terminal = new PseudoTerminal(['timer', '2']);
    await terminal.until('2s left', ({ lines }) => lines[0] === 'Waiting 2s ...' && lines[1] === '2s left');
    await terminal.untilShown('1s left');
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
    expect(terminal.lines).toEqual(['Waiting 2s ...', '>>> Done']);
    expectRestored(terminal);
  });

  test('is wiped by Ctrl-C', async () => {
    const terminal = new PseudoTerminal(['timer']);
    await terminal.untilShown('30s left');
    terminal.press(CTRL_C);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: SIGNAL_NUMBERS.SIGINT });
    expect(terminal.text).not.toContain('left');
    expectRestored(terminal);
  });
});

describe('with stdout in a file', { timeout: 60_000, concurrent: true }, () => {
  test('the spinner still turns in the terminal, and the file has the results alone', async () => {
    const file = join(folder, 'spinner.txt');
    const terminal = new PseudoTerminal(['spinner', '--duration', '800ms'], { redirect: `>'${file}'` });
    await turnsRound(terminal);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
    expect(terminal.text).toBe('');
    expectRestored(terminal);
    expect((await readFile(file, 'utf8')).split('\n')).toEqual([expect.stringMatching(SPINNER_LINE), 'Answer: 42', '']);
  });

  test('the bar stays in the terminal, and the file has the results alone', async () => {
    const file = join(folder, 'progress.txt');
    const terminal = new PseudoTerminal(['progress', '--pause', '50ms', `${served.url}/get`], { redirect: `>'${file}'` });
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
    expect(terminal.lines).toEqual([expect.stringMatching(/^100%\|██████████\| 1\/1 \[/)]);
    expectRestored(terminal);
    expect(await readFile(file, 'utf8')).toMatch(new RegExp(`^200 ${served.url}/get \\d+ms\n$`));
  });

  test('Ctrl-C wipes the terminal’s line and leaves the file whole', async () => {
    const file = join(folder, 'ctrl-c.txt');
    const terminal = new PseudoTerminal(['spinner'], { redirect: `>'${file}'` });
    await turnsRound(terminal);
    terminal.press(CTRL_C);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: SIGNAL_NUMBERS.SIGINT });
    expect(terminal.text).toBe('');
    expectRestored(terminal);
    expect((await readFile(file, 'utf8')).split('\n')).toEqual([expect.stringMatching(SPINNER_LINE), '']);
  });
});

describe('a terminal that is closed', { timeout: 60_000, concurrent: true }, () => {
  test.for([
    ['spinner', []],
    ['timer', []],
    ['cancel-all', ['--after', '1m']],
    ['async-for', ['-n', '100000']],
    ['serve', []],
  ] as const)('takes %s with it, by SIGHUP, though nothing can be written any more', async ([name, words]) => {
    const terminal = new PseudoTerminal([name, ...words], { columns: 120 });
    await terminal.until('anything printed', ({ text }) => text !== '');
    terminal.hangUp();
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: SIGNAL_NUMBERS.SIGHUP });
  });
});

describe('every command in a terminal', { timeout: 60_000, concurrent: true }, () => {
  const commands: readonly (readonly [string, readonly string[]])[] = [
    ['reuse-loop', []],
    ['gather-wait', []],
    ['cancel-all', ['--after', '1m']],
    ['timer', []],
    ['fetch-status', ['URL']],
    ['spinner', []],
    ['progress', ['URL']],
    ['semaphore-fetch', ['URL']],
    ['serve', []],
  ];

  test.for(commands)('%s leaves the terminal as it was on Ctrl-C, and dies of SIGINT', async ([name, words]) => {
    const path = `/${name}`;
    const terminal = new PseudoTerminal([name, ...words.map((word) => (word === 'URL' ? silent.url + path : word))], { columns: 120 });
    if (words.includes('URL')) await silent.asked(path);
    else if (name !== 'gather-wait') await terminal.until('anything printed', ({ text }) => text !== '');
    else await terminal.untilShown('gather(func1(), func2())');
    terminal.press(CTRL_C);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: SIGNAL_NUMBERS.SIGINT });
    expect(terminal.text).not.toMatch(/^\s+at /m);
    expect(terminal.cursorShown).toBe(true);
    expect(terminal.wrapModeTouched).toBe(false);
  });
});
