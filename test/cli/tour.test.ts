import { readFileSync } from 'node:fs';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { en } from '../../src/cli/tour/en.ts';
import type { Findings, Wait } from '../../src/cli/tour/findings.ts';
import { type Language, languageOf } from '../../src/cli/tour/language.ts';
import { route, type Stop } from '../../src/cli/tour/route.ts';
import type { TourWords } from '../../src/cli/tour/words.ts';
import { zh } from '../../src/cli/tour/zh.ts';
import { examples } from '../../src/demos/catalog.ts';
import type { TimelineWords } from '../../src/observe/timeline-words.ts';
import { forEachOf, linesOf, runShell, runToEnd } from '../support/command-line.ts';
import { CTRL_C, PseudoTerminal } from '../support/pseudo-terminal.ts';

const SIGINT = 2;
const sets: Readonly<Record<Language, TourWords>> = { en, zh };
const stops = examples.map(({ name }) => name as Stop);

/** Runs the tour to its end, which must be a good one. */
async function tour(words: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { code, stdout, stderr } = await runToEnd(['tour', ...words], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

/** Without colours. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  return text.replace(/\x1b\[[\d;]*m/g, '');
}

describe('the words of the tour', () => {
  test('stop at every example of the catalog, and nowhere else', () => {
    for (const words of [route, en.stops, zh.stops]) expect(Object.keys(words).sort()).toEqual([...stops].sort());
  });

  test.for(stops)('say of %s as much in one language as in the other: two to five sentences before it, and all its command lines', (stop) => {
    const example = examples.find(({ name }) => name === stop);
    for (const { stops } of [en, zh]) {
      const { watch, reading, tries } = stops[stop];
      expect(watch.length).toBeGreaterThanOrEqual(2);
      expect(watch.length).toBeLessThanOrEqual(5);
      expect(tries).toHaveLength(example?.tries.length ?? 0);
      for (const sentence of [...watch, ...reading]) expect(sentence).toMatch(/[.?。？]$/);
    }
    expect(zh.stops[stop].watch).toHaveLength(en.stops[stop].watch.length);
    expect(zh.stops[stop].reading).toHaveLength(en.stops[stop].reading.length);
  });

  test('name the same code in both languages', () => {
    const codeOf = (text: string): string[] => (text.match(/`[^`]*`/g) ?? []).sort();
    for (const stop of stops) {
      const [english, chinese] = [en.stops[stop], zh.stops[stop]];
      for (const part of ['watch', 'reading'] as const)
        expect(new Set(codeOf(chinese[part].join(''))), `${stop}, ${part}`).toEqual(new Set(codeOf(english[part].join(''))));
      for (const part of ['question', 'change'] as const) expect(codeOf(chinese[part]), `${stop}, ${part}`).toEqual(codeOf(english[part]));
    }
  });

  test('in Chinese are Chinese: nothing else but names, code and units', () => {
    for (const text of allOf(zh)) {
      // One English word after another would be a sentence.
      const rest = text.replace(/`[^`]*`/g, '').replace(/\b(?:asyncdemo|Task-\d+|Ctrl-C|Python|JavaScript|NAME|PLACE|\d+ (?:ms|us|s))\b/g, '');
      expect(rest).not.toMatch(/[a-z]+ [a-z]+/i);
      expect(text).toMatch(/[\p{Script=Han}，（]/u);
    }
  });

  test('in English have no Chinese in them', () => {
    for (const text of allOf(en)) expect(text).not.toMatch(/\p{Script=Han}/u);
  });
});

/** Every text of a language; what is made of names and numbers is made once. */
function allOf(words: TourWords): string[] {
  const wait: Wait = { task: 'Task-1', title: 'NAME', awaits: 'timer', cancelled: false, ms: 5, place: 'PLACE' };
  const findings: Findings = { tasks: 3, iterations: 4, steps: 5, most: 2, length: 10, path: [wait, { ...wait, task: 'Task-2' }], longest: wait };
  const others: Findings[] = [
    { ...findings, most: 3, path: [wait] },
    { ...findings, tasks: 1, most: 1, path: [], longest: undefined },
    { ...findings, most: 1, path: [wait, wait] },
    { ...findings, path: [{ ...wait, cancelled: true }], longest: { ...wait, cancelled: true } },
    { ...findings, path: [{ ...wait, task: undefined }, wait], longest: { ...wait, title: undefined } },
    ...(['turn', 'task', 'primitive', 'host', 'future'] as const).map((awaits) => ({ ...findings, path: [{ ...wait, awaits }], longest: { ...wait, awaits } })),
  ];
  const { timeline, stops, findings: find, goTo, welcome, farewell, source, run, picture, next, question, change, noTasks, goOn } = words;
  return [
    ...Object.values(stops).flatMap((stop) => Object.values(stop).flat() as string[]),
    ...[...welcome, ...farewell, source, run, picture, next, question, change, noTasks, goOn, goTo('NAME').replace('NAME', '`NAME`')],
    ...[findings, ...others].flatMap((some) => find(some)),
    ...timelineTexts(timeline),
  ];
}

function timelineTexts(words: TimelineWords): string[] {
  const texts = Object.values({ ...words, doing: '' }).map((text) => (typeof text === 'function' ? (text as (...all: unknown[]) => string) : text));
  const ended = (['returned', 'raised', 'cancelled', 'pending'] as const).map((how) => words.ended(2, how));
  const made = texts.flatMap((text) => {
    if (typeof text !== 'function') return [text];
    if (text === words.wokenBy) return [words.wokenBy(['NAME', 'NAME'])];
    return text === words.ended ? ended : [text('NAME', 'PLACE')];
  });
  return [...made, ...Object.values(words.doing)].filter((text) => text !== '' && text !== ', ');
}

describe('the language', () => {
  test.for([
    [undefined, {}, 'en'],
    [undefined, { LANG: 'zh_CN.UTF-8' }, 'zh'],
    [undefined, { LANG: 'de_DE.UTF-8' }, 'en'],
    [undefined, { LANG: 'zh_CN.UTF-8', LC_MESSAGES: 'en_US.UTF-8' }, 'en'],
    [undefined, { LANG: 'en_US.UTF-8', LC_MESSAGES: 'zh_TW.UTF-8' }, 'zh'],
    [undefined, { LC_ALL: 'C', LC_MESSAGES: 'zh_CN.UTF-8', LANG: 'zh_CN.UTF-8' }, 'en'],
    [undefined, { LC_ALL: '', LANG: 'zh' }, 'zh'],
    ['en', { LANG: 'zh_CN.UTF-8' }, 'en'],
    ['zh', {}, 'zh'],
  ] as const)('asked for %s in %j is %s', ([asked, env, language]) => {
    expect(languageOf(asked, env)).toBe(language);
  });
});

describe('the sources that are shown', { timeout: 60_000, concurrent: true }, () => {
  test('are the lines of the files that the package brings, by their numbers', async () => {
    const objects = linesOf(await tour(['--json'])).map((line) => JSON.parse(line));
    expect(objects.map(({ name }) => name)).toEqual(stops);
    for (const { name, file, source } of objects) {
      const lines = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8').split('\n');
      expect(source.map((excerpt: { name: string }) => excerpt.name)).toEqual(route[name as Stop].declarations);
      for (const { name, line, text } of source as { name: string; line: number; text: string }[]) {
        const shown = text.split('\n');
        expect(shown).toEqual(lines.slice(line - 1, line - 1 + shown.length));
        expect(text).toMatch(new RegExp(`\\b${name}\\b`));
        expect(shown.at(-1)).toMatch(/^\};?$/);
        const count = (sign: string): number => text.split(sign).length;
        for (const [open, close] of ['{}', '()', '[]']) expect(count(open as string), `${name}: ${open}${close}`).toBe(count(close as string));
      }
    }
  });

  test('are on the page as they are in the file, where it is wide enough, and cut where it is not', async () => {
    const [wide, narrow] = await Promise.all([tour([], { COLUMNS: '200' }), tour([], { COLUMNS: '60' })]);
    for (const stop of stops) {
      const lines = readFileSync(new URL(`../../src/demos/${stop}.ts`, import.meta.url), 'utf8').split('\n');
      const page = (text: string): string => text.slice(text.indexOf(`src/demos/${stop}.ts\n`), text.indexOf(`asyncdemo ${stop} --virtual-time --seed 0`));
      const shown = (text: string): string[][] => [...page(text).matchAll(/^ +(\d+)(?: {2}(.*))?$/gm)].map(([, number = '', code = '']) => [number, code]);
      expect(shown(wide).length).toBeGreaterThan(5);
      for (const [number, code] of shown(wide)) expect(code).toBe(lines[Number(number) - 1]);
      for (const [number, code = ''] of shown(narrow)) {
        const whole = lines[Number(number) - 1] as string;
        if (code.endsWith('…')) expect(whole.startsWith(code.slice(0, -1))).toBe(true);
        else expect(code).toBe(whole);
      }
    }
  });
});

describe('the tour in a pipe', { timeout: 60_000, concurrent: true }, () => {
  test.for(['en', 'zh'] as const)('in %s goes through the whole article, and is the same bytes each time', async (lang) => {
    const words = ['--lang', lang];
    const [first, second, json, again] = await Promise.all([tour(words), tour(words), tour([...words, '--json']), tour([...words, '--json'])]);
    expect(second).toBe(first);
    expect(again).toBe(json);
    let at = 0;
    for (const { name, section } of examples) {
      const next = first.indexOf(`━━ ${section}  ${name} ━`);
      expect(next, name).toBeGreaterThan(at);
      at = next;
      expect(first).toContain(sets[lang].stops[name as Stop].title);
      for (const [line] of examples.find((example) => example.name === name)?.tries ?? []) expect(first).toContain(`    ${line}\n`);
    }
  });

  test('prints what each example prints', async () => {
    const pages = await tour([], { COLUMNS: '120' });
    const printed = await forEachOf(stops, async (stop) => (await runToEnd([stop, '--virtual-time', '--seed', '0'])).stdout);
    for (const [index, text] of printed.entries()) {
      expect(pages, stops[index]).toContain(
        linesOf(text)
          .map((line) => `    ${line}\n`)
          .join(''),
      );
    }
    expect(pages).toContain('    100%|██████████| 10/10 [00:20<00:00, 2.00s/it]\n');
  });

  test('has no line that is wider than the columns', async () => {
    await forEachOf(
      [40, 60, 80, 133].flatMap((columns) => ['en', 'zh'].map((lang) => [columns, lang] as const)),
      async ([columns, lang]) => {
        const env = { COLUMNS: String(columns), FORCE_COLOR: columns === 80 ? '1' : '' };
        const lines = linesOf(plain(await tour(['--lang', lang], env)));
        expect(lines.filter((line) => stringWidth(line) > columns)).toEqual([]);
      },
    );
  });

  test('in Chinese says nothing of its own in English', async () => {
    const text = await tour(['--lang', 'zh'], { COLUMNS: '200' });
    for (const english of ['woken by', 'waits for', 'virtual time', 'iterations', 'cancelled by', 'The source', 'What to try', ' free']) {
      expect(text).not.toContain(english);
    }
  });

  test('shows one example by its name or its alias, without the words around the walk', async () => {
    const [byName, byAlias, timer] = await Promise.all([tour(['semaphore-fetch']), tour(['fetch']), tour(['timer'])]);
    expect(byAlias).toBe(byName);
    expect(timer.match(/━━ \S+ {2}\S+ ━/g)).toEqual(['━━ 4  timer ━']);
    expect(timer).not.toContain('1/10');
    expect(timer).not.toContain(en.welcome[0]?.slice(0, 30));
  });

  test('takes a seed, and with --quiet says nothing', async () => {
    const [seeded, quiet, both] = await Promise.all([tour(['async-for', '--seed', '1']), tour(['--quiet']), tour(['--quiet', '--json'])]);
    expect(seeded).toContain('    6\n    0\n    5\n    9\n    9\n');
    expect([quiet, both]).toEqual(['', '']);
  });

  test('is coloured where that is asked for, and then the same words', async () => {
    const [coloured, bare, off] = await Promise.all([
      tour(['spinner'], { FORCE_COLOR: '1' }),
      tour(['spinner']),
      tour(['spinner', '--no-color'], { FORCE_COLOR: '1' }),
    ]);
    expect(coloured).toContain('\x1b[36myield*\x1b[39m');
    expect(off).toBe(bare);
    // Code in prose is coloured in place of its backticks.
    const words = (text: string): string[] => plain(text).replaceAll('`', '').split(/\s+/);
    expect(words(coloured)).toEqual(words(bare));
  });

  test('ends quietly where nobody reads on', async () => {
    const { stdout, stderr } = await runShell('{ asyncdemo tour; echo "exit $?" >&2; } | head -n 3');
    expect(linesOf(stdout)).toEqual(['', expect.stringMatching(/^━━ asyncdemo tour ━+$/), '']);
    expect(stderr).toBe('exit 0\n');
  });

  test('finds out who the end has waited for', async () => {
    const told = linesOf(await tour(['--json'])).map((line) => JSON.parse(line));
    const [spinner, fetch, withoutLoop, cancelAll] = ['spinner', 'semaphore-fetch', 'async-with', 'cancel-all'].map((stop) =>
      told.find(({ name }) => name === stop),
    );
    expect(spinner).toMatchObject({ tasks: 2, most: 2, at: 10_000, longest: { task: 'Task-1 supervisor()', awaits: 'timer', ms: 10_000 } });
    expect(spinner.longest.place).toMatch(/^src\/demos\/spinner\.ts:\d+$/);
    expect(fetch).toMatchObject({ tasks: 13, most: 13, longest: { awaits: 'host' } });
    expect(fetch.reading.join(' ')).toContain('4 waits lead to the end, of Task-3, Task-5, Task-8, Task-13, one after the other.');
    expect(withoutLoop).toMatchObject({ tasks: 0, at: 0, longest: null, timeline: null });
    // A sleep of a minute, of which a second had passed.
    expect(cancelAll.longest).toMatchObject({ task: 'Task-3 waitForever()', awaits: 'timer', cancelled: true, ms: 1000 });
    expect(cancelAll.reading.join(' ')).toContain('Task-3 waitForever(), cancelled after waiting 1 s for a timer, at ');
  });
});

describe('the tour on a terminal', { timeout: 60_000, concurrent: true }, () => {
  const PROMPT = /(?:Enter: .*|回车：.*)q/;

  /** How it was left: no prompt, the cursor at the beginning of a line, and keys echoed again. */
  function expectWhole(terminal: PseudoTerminal): void {
    expect(terminal.cursorShown).toBe(true);
    expect(terminal.wrapModeTouched).toBe(false);
    expect(terminal.text).not.toMatch(PROMPT);
  }

  /** The shell runs the command, and then tells how it finds the terminal. */
  const asking = `"$@"; code=$?; stty -a | grep -Eo -- '-?(isig|icanon|echo)( |$)' | tr -d '\\n'; echo "code $code"; exit; `;

  test('pauses before each example, goes on at Enter and ends at q', async () => {
    const terminal = new PseudoTerminal(['tour'], { rows: 200 });
    await terminal.untilShown('Enter: next, reuse-loop   q: quit');
    expect(terminal.column).toBeGreaterThan(0);
    expect(terminal.text).not.toContain('LoopError');
    terminal.press('\r');
    await terminal.untilShown('Enter: next, gather-wait   q: quit');
    expect(terminal.text).toContain('LoopError: Event loop is closed');
    expect(terminal.text).not.toContain('Enter: next, reuse-loop');
    terminal.press('q');
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
    expect(terminal.text).not.toContain('func1');
    expect(terminal.column).toBe(0);
    expectWhole(terminal);
  });

  test('takes keys that were pressed ahead of time one by one, and those that mean nothing not at all', async () => {
    const terminal = new PseudoTerminal(['tour', '--lang', 'zh'], { rows: 200 });
    await terminal.untilShown('回车：下一个，reuse-loop   q：退出');
    terminal.press('x\x1b[B\r\n ');
    await terminal.untilShown('3/10'); // What is not read when the command ends is lost to a pseudo-terminal.
    terminal.press('q');
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
    expect(terminal.text).toContain('3/10');
    expect(terminal.text).not.toContain('4/10');
    expectWhole(terminal);
  });

  test('never shows more at once than the screen has room for', async () => {
    const terminal = new PseudoTerminal(['tour', 'gather-wait'], { rows: 24 });
    let pauses = 0;
    for (let seen = 0; ; pauses++) {
      const over = terminal.ended.then(() => true);
      const paused = terminal
        .until('a pause', ({ raw }) => /q: quit\S*$/.test(raw.slice(seen)))
        .then(
          () => false,
          () => true,
        );
      if (await Promise.race([over, paused])) break;
      const page = terminal.raw.slice(seen);
      expect(page.split('\n').length).toBeLessThanOrEqual(24);
      seen = terminal.raw.length;
      terminal.press('\r');
    }
    expect(pauses).toBeGreaterThan(3);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
    expectWhole(terminal);
  });

  test('goes on in lines as wide as the window has become, also in the middle of an example', async () => {
    const terminal = new PseudoTerminal(['tour', 'gather-wait'], { columns: 120, rows: 24 });
    const paused = ({ raw }: { raw: string }): boolean => /q: quit\S*$/.test(raw.slice(seen));
    let seen = 0;
    const turnPage = async (): Promise<boolean> => {
      seen = terminal.raw.length;
      terminal.press('\r');
      const over = terminal.ended.then(() => false);
      return Promise.race([
        over,
        terminal.until('a pause', paused).then(
          () => true,
          () => false,
        ),
      ]);
    };
    await terminal.until('a pause', paused);
    terminal.resize(60);
    await turnPage(); // What came with the key may have been seen before the news of the window.
    const narrow = terminal.raw.length;
    while (await turnPage());
    await terminal.ended;
    const lines = linesOf(
      plain(terminal.raw.slice(narrow))
        .replaceAll(/\r(?!\n)/g, '\n')
        .replaceAll('\r\n', '\n'),
    );
    expect(lines.length).toBeGreaterThan(40);
    expect(lines.filter((line) => stringWidth(line) > 60)).toEqual([]);
    expectWhole(terminal);
  });

  test('dies of Ctrl-C in a pause, and leaves the terminal as it was', async () => {
    const terminal = new PseudoTerminal(['tour'], { rows: 200 });
    await terminal.untilShown('q: quit');
    terminal.press(CTRL_C);
    expect(await terminal.ended).toEqual({ exitCode: 0, signal: SIGINT });
    expectWhole(terminal);
    expect(terminal.column).toBe(0);
  });

  test.for([
    ['Ctrl-C', CTRL_C, 130],
    ['q', 'q', 0],
  ] as const)('reads keys as the shell is used to after %s', async ([, key, code]) => {
    const terminal = new PseudoTerminal(['tour'], { rows: 200, before: asking });
    await terminal.untilShown('q: quit');
    terminal.press(key);
    await terminal.untilShown(`code ${code}`);
    expect(terminal.text).toMatch(/\bisig *icanon *echo *code/);
    await terminal.ended;
  });

  test('is left by SIGTERM in a pause, and ends with the window', async () => {
    const [terminated, closed] = [new PseudoTerminal(['tour']), new PseudoTerminal(['tour'])];
    await Promise.all([terminated.untilShown('q: quit'), closed.untilShown('q: quit')]);
    terminated.kill('SIGTERM');
    closed.hangUp();
    expect(await terminated.ended).toEqual({ exitCode: 0, signal: 15 });
    expect(await closed.ended).toEqual({ exitCode: 0, signal: 1 });
    expectWhole(terminated);
  });

  test('does not pause with --no-pause, in a CI, or where input or output is no terminal; and no more at the end of input', async () => {
    const runs = [
      new PseudoTerminal(['tour', '--no-pause']),
      new PseudoTerminal(['tour'], { env: { CI: '1' } }),
      new PseudoTerminal(['tour'], { redirect: '</dev/null' }),
      new PseudoTerminal(['tour'], { redirect: '| cat' }),
    ];
    for (const terminal of runs) {
      expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
      expect(terminal.raw).not.toMatch(/q: quit/);
    }
    const ended = new PseudoTerminal(['tour', 'spinner']);
    await ended.untilShown('q: quit');
    ended.press('\x04');
    expect(await ended.ended).toEqual({ exitCode: 0, signal: 0 });
    expect(ended.text).toContain('asyncdemo spinner --duration 3 --timeline');
    expectWhole(ended);
  });
});
