// The report in a real browser: what it shows is what the log says, by slider, keys and clicks, on any screen.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { joined, partsOf } from '../../src/observe/critical-path.ts';
import { inTime, inWords } from '../../src/observe/in-words.ts';
import { type Log, parseLog, report, Story } from '../../src/observe/index.ts';
import type { Moment } from '../../src/observe/moment.ts';
import { Replay } from '../../src/observe/replay.ts';
import { launchBrowser, noBrowser, openPage } from '../support/browser.ts';
import { logOf } from '../support/told-log.ts';

const program = fileURLToPath(new URL('../support/programs/crawl.mjs', import.meta.url));
const crawl = (...args: string[]): Log => parseLog(execFileSync(process.execPath, [program, ...args], { encoding: 'utf8', maxBuffer: 1e8 }));
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 } as const;

if (noBrowser !== undefined) console.warn(`test/observe/report-page.test.ts: ${noBrowser}`);

// A frame takes 17 ms, or, drawn without a graphics card beside other tests, ten times that.
vi.setConfig({ testTimeout: 120_000 });

describe.skipIf(noBrowser !== undefined)(`the report in a browser${noBrowser === undefined ? '' : ` (${noBrowser})`}`, () => {
  let browser: Browser;
  let log: Log;
  let story: Story;
  let replay: Replay;
  let html: string;
  beforeAll(async () => {
    browser = await launchBrowser();
    log = crawl();
    story = new Story(log);
    replay = new Replay(story);
    html = report(log);
  });
  afterAll(() => browser?.close());

  /** Where one may stand, going step by step. */
  const stops = (): number[] =>
    log.events.filter(({ event, n }) => event === 'step' || event === 'handle' || n === 1 || n === log.events.length).map(({ n }) => n);

  /** What the page says of its moment. */
  const shown = async (page: Page): Promise<unknown> => {
    await frame(page);
    return page.evaluate(`(() => {
      const texts = (selector) => [...document.querySelectorAll(selector)].map((element) => element.textContent);
      return {
        now: document.getElementById('now').firstChild.textContent,
        event: Number(/event (\\d+)/.exec(document.getElementById('where').textContent)[1]),
        ready: texts('#ready .queue li:not(.next) .name'),
        timers: texts('#timers .queue li .soft'),
        uses: texts('#uses .use').map((text) => text.replace(/next is .*|in line.*/s, '')),
      };
    })()`);
  };
  /** When the page has drawn: what it asked for before is called before this. */
  const frame = (page: Page): Promise<unknown> => page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');

  /** The same, from the log. */
  const expected = (n: number): unknown => {
    const moment = replay.at(n);
    return {
      now: visible(`${inWords(story, story.event(n) as never)}.`),
      event: n,
      ready: moment.ready.map(({ kind, id, since }) => (kind === 'task' ? visible(story.titleOf(id)) : nameOf(since))),
      timers: moment.timersByDeadline().map(({ when }) => `at ${inTime(when)}`),
      uses: usesOf(moment, n),
    };
  };
  /** The one of the names that has something in it which is not to be seen. */
  const visible = (text: string): string => text.replaceAll('\u2028', '\\u2028');
  const nameOf = (since: number): string => {
    const put = story.event(since);
    if (put?.event === 'scheduled') return `${put.name}()`;
    const timer = story.event(put?.cause as number);
    return `${timer?.event === 'timer' ? timer.name : ''}(), of a timer`;
  };
  const usesOf = ({ uses }: Moment, n: number): string[] =>
    [...uses.values()]
      .sort((a, b) => Number(b.waiters.length > 0) - Number(a.waiters.length > 0))
      .map(({ primitive, kind, free = 0, size, holders, waiters }) => {
        const chosen = waiters.filter((task) => story.spanAt(task as number, n)?.state !== 'waiting').length;
        const level =
          size !== undefined
            ? `${size} in it`
            : kind === 'Lock'
              ? free > 0
                ? 'free'
                : 'held'
              : kind === 'Semaphore'
                ? `${Math.max(free - chosen, 0)} free`
                : '';
        return `${kind} ${primitive}${level}${holders.length > 0 ? `held by ${holders.map((task) => visible(story.titleOf(task as number))).join(', ')}` : ''}`;
      });

  test('it opens from disk without a word, a request or a line of the log becoming a script', async () => {
    const { page, said, requested } = await openPage(browser, html);
    await page.keyboard.press('End');
    await frame(page);
    expect({ said, requested, title: await page.title() }).toEqual({ said: [], requested: [], title: '6 pages, 2 at a time' });
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('#summary').textContent()).toMatch(/^10 tasks, \d+ steps and callbacks, \d+ iterations in 650 ms of virtual time\.$/);
  });

  test('the arrow keys go step by step, forward and back, and the page says what the log says', async () => {
    const { page } = await openPage(browser, html);
    for (const n of stops()) {
      expect(await shown(page)).toEqual(expected(n));
      await page.keyboard.press('ArrowRight');
    }
    for (const n of stops().reverse()) {
      expect(await shown(page)).toEqual(expected(n));
      await page.keyboard.press('ArrowLeft');
    }
  });

  test('Shift goes by event, Page Up and Down by iteration, Home and End to the ends', async () => {
    const { page } = await openPage(browser, html);
    await page.locator('#slider').focus();
    await page.keyboard.press('End');
    expect(await shown(page)).toEqual(expected(log.events.length));
    await page.keyboard.press('Shift+ArrowLeft');
    expect(await shown(page)).toEqual(expected(log.events.length - 1));
    await page.keyboard.press('PageUp');
    expect(await shown(page)).toEqual(expected(log.events.findLast(({ event }) => event === 'iteration')?.n as number));
    await page.keyboard.press('Home');
    expect(await shown(page)).toEqual(expected(1));
    await page.keyboard.press('PageDown');
    expect(await shown(page)).toEqual(expected(log.events.find(({ event }) => event === 'iteration')?.n as number));
  });

  test('the slider goes anywhere, by the unit that is chosen', async () => {
    const { page } = await openPage(browser, html);
    const slider = page.locator('#slider');
    for (const place of [40, 3, 60, 0]) {
      await slider.fill(String(place));
      expect(await shown(page)).toEqual(expected(stops()[place] as number));
    }
    await page.locator('#unit').selectOption('event');
    await frame(page);
    await slider.fill('99');
    expect(await shown(page)).toEqual(expected(100));
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/ms, iteration \d+, event 100$/);
  });

  test('Space plays, and pauses; what plays to the end stops there, and begins again', async () => {
    const { page } = await openPage(browser, html);
    const space = async (): Promise<void> => {
      await page.evaluate('document.activeElement.blur()');
      await page.keyboard.press('Space');
    };
    await page.locator('#speed').selectOption('1');
    await space();
    await page.locator('#play[aria-pressed="true"][aria-label="Pause"]').waitFor();
    await space();
    await page.locator('#play[aria-pressed="false"][aria-label="Play"]').waitFor();
    await space();
    await page.locator('#play[aria-pressed="true"]').waitFor();
    await page.locator('#speed').selectOption('600');
    await page.locator('#play[aria-pressed="false"]').waitFor();
    expect(await shown(page)).toEqual(expected(log.events.length));
    await page.locator('#speed').selectOption('1');
    await space();
    await page.locator('#play[aria-pressed="true"]').waitFor();
    await space();
    expect(((await shown(page)) as { event: number }).event).toBeLessThan(log.events.length);
  });

  test('why a step ran is told from cause to cause, and each can be gone to', async () => {
    const { page } = await openPage(browser, html);
    const n = log.events.findLast((event) => event.event === 'step' && story.titleOf(event.task).includes('fetchPage'))?.n as number;
    await page.locator('#slider').fill(String(stops().indexOf(n)));
    await frame(page);
    const chain = [story.event(n), ...story.why(n)] as never[];
    expect(chain.length).toBeGreaterThan(10);
    expect(await page.locator('#why .chain button').allTextContents()).toEqual(chain.map((event) => inWords(story, event)));
    await page.locator('#why .chain button').nth(4).click();
    expect(await shown(page)).toMatchObject({ event: (chain[4] as unknown as { n: number }).n });
  });

  test('a task that will be there later is not there yet, says the title of its lane as well', async () => {
    const { page } = await openPage(browser, html);
    await page.locator('#slider').focus();
    await page.keyboard.press('Home');
    const label = page.locator('#labels button', { hasText: 'audit audit()' });
    await label.click();
    await frame(page);
    expect(await label.getAttribute('title')).toBe('audit audit() is not there yet');
    expect(await page.locator('#task dd').first().textContent()).toBe('is not there yet');
    await page.keyboard.press('End');
    await frame(page);
    expect(await label.getAttribute('title')).toMatch(/^audit audit\(\) raised Error: /);
    expect(await page.locator('#task dd').first().textContent()).toMatch(/^raised Error: /);
  });

  test('what the log does not tell of any more is not said to come from outside', async () => {
    const torn = logOf(
      [
        { event: 'created', task: 1, name: 'Task-1', cause: 9 },
        { event: 'acquire', primitive: 1, kind: 'Lock', free: 0, cause: 9 },
        { event: 'step', task: 1, cause: 11 },
        { event: 'wait', primitive: 1, kind: 'Lock', free: 0, cause: 13 },
        { event: 'suspended', task: 1, awaits: 'primitive', on: 1, cause: 13 },
        { event: 'cancel', task: 1, cause: 8 },
        { event: 'cancel', task: 1 },
      ],
      { dropped: 10 },
    );
    const { page } = await openPage(browser, report(torn));
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+ArrowLeft');
    await frame(page);
    expect(await page.locator('#now').textContent()).toContain('Something that is not in the log any more asked Task-1 to cancel.');
    expect(await page.locator('#uses .use').textContent()).toBe('Lock 1heldheld by somebody who is not in the log any morein line: Task-1');
    expect(await page.locator('#task').textContent()).toContain('by something that is not in the log any more');
    await page.keyboard.press('End');
    await frame(page);
    expect(await page.locator('#task').textContent()).toContain('from outside of the loop');
  });

  test('a sentence begins with a capital letter, but a name stays as the program gave it', async () => {
    const { page } = await openPage(browser, html);
    const reasonAt = async (wanted: (cause: Log['events'][number]) => boolean): Promise<string | null> => {
      const n = log.events.find((event) => (event.event === 'step' || event.event === 'handle') && wanted(story.causeOf(event) ?? event))?.n;
      await page.evaluate(`location.hash = '#event-${n}'`);
      await page.locator('#where', { hasText: `event ${n}` }).waitFor();
      return page.locator('#now .soft').textContent();
    };
    expect(await reasonAt((cause) => cause.event === 'woken')).toBe(' Its time is up.');
    expect(await reasonAt((cause) => cause.event === 'scheduled' && inWords(story, cause).startsWith('saver'))).toMatch(/^ saver save\(\) put the callback /);
  });

  test('the critical path is listed with where its time went, and can be gone along', async () => {
    const { page } = await openPage(browser, html);
    const parts = joined(partsOf(story)).filter(({ ms }) => ms > 0);
    expect(await page.locator('#path tbody .number').allTextContents()).toEqual(parts.map(({ ms }) => inTime(ms)));
    expect(await page.locator('#path .shares-list').textContent()).toBe('waiting for a timer: 650 ms, 100 %');
    await page.locator('#path tbody button').nth(1).click();
    await frame(page);
    expect(await shown(page)).toMatchObject({ event: parts[1]?.from.n });
    expect(await page.locator('#path tr[aria-current="true"]').count()).toBe(1);
  });

  test('the line is lit that the task awaits at', async () => {
    const { page } = await openPage(browser, html);
    const n = log.events.find((event) => event.event === 'step' && story.titleOf(event.task) === 'audit audit()')?.n as number;
    await page.locator('#slider').fill(String(stops().indexOf(n)));
    await frame(page);
    expect(await page.locator('#task').textContent()).toContain('will first await at');
    expect(await page.locator('#source .lit').textContent()).toBe('  yield* sleep(120);');
    await page.locator('#labels button', { hasText: 'saver save()' }).first().click();
    await frame(page);
    expect(await page.locator('#task').textContent()).toContain('awaits at');
    expect(await page.locator('#source .lit').textContent()).toBe('    yield* fetched.get();');
    expect(await page.locator('#source .lit').isVisible()).toBe(true);
  });

  test('a lane tells who created its task, who woke it and who cancelled it', async () => {
    const { page } = await openPage(browser, html);
    await page.keyboard.press('End');
    await page.locator('#labels button', { hasText: 'saver save()' }).first().click();
    await frame(page);
    const task = await page.locator('#task dl').textContent();
    expect(task).toMatch(/^nowwas cancelledcreatedat 0 ms by Task-1 main\(\)wokenat 650 ms by Task-1 main\(\)asked to cancelat 650 ms by Task-1 main\(\)$/);
    expect(await page.locator('#labels button', { hasText: 'audit' }).locator('.state').textContent()).toBe('failed');
  });

  test('without sources or lines it says so, and an empty log is one', async () => {
    const bare = await openPage(browser, report(log, { source: () => undefined }));
    expect(await bare.page.locator('#source').textContent()).toBe('The source of this file is not in the report.');
    const empty = await openPage(browser, report({ ...log, events: [], stacks: new Map() }));
    expect(await empty.page.locator('#now').textContent()).toBe('The log is empty.');
    for (const key of ['ArrowRight', 'End', 'Space', 'PageDown', 'ArrowLeft', '+']) await empty.page.keyboard.press(key);
    expect([...bare.said, ...empty.said]).toEqual([]);
  });

  test.each([
    ['light', 1],
    ['light', 390],
    ['dark', 1],
    ['dark', 390],
  ] as const)('in %s, all text stands out from its ground by 4.5 to 1', async (colorScheme, width) => {
    const { page } = await openPage(browser, html, { colorScheme, ...(width === 390 && PHONE) });
    await page.locator('#slider').fill('40');
    await frame(page);
    expect(await page.evaluate(FAINT)).toEqual([]);
    const ground = (await page.evaluate('getComputedStyle(document.body).backgroundColor')) as string;
    expect(Number(/\d+/.exec(ground)?.[0]) > 128).toBe(colorScheme === 'light');
  });

  test('on a phone nothing is wider than the screen, at any step, and all that is pressed is large enough', async () => {
    const { page } = await openPage(browser, html, PHONE);
    for (const key of ['Home', 'ArrowRight', 'End', 'ArrowLeft', 'Shift+ArrowLeft', 'ArrowLeft']) {
      await page.keyboard.press(key);
      await frame(page);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    }
    const small =
      await page.evaluate(`[...document.querySelectorAll('button, select, #slider')].map((element) => [element.id || element.textContent, element.getBoundingClientRect()])
      .filter(([, { width, height }]) => height > 0 && (height < 32 || width < 32)).map(([name, { width, height }]) => [name, width, height])`);
    expect(small).toEqual([]);
    await page.setViewportSize({ width: 360, height: 640 });
    expect(await page.evaluate("document.getElementById('speed').getBoundingClientRect().right")).toBeLessThanOrEqual(360);
    await page.locator('#forward').tap();
    await page.locator('#labels button', { hasText: 'audit' }).tap();
    await page.locator('#task .title', { hasText: 'audit' }).waitFor();
  });

  test('the keyboard alone reaches everything, and one sees where one is', async () => {
    const { page } = await openPage(browser, html);
    const reached = new Set<string>();
    for (let tabs = 0; tabs < 90; tabs++) {
      await page.keyboard.press('Tab');
      const [id, outline] = (await page.evaluate(
        '[document.activeElement.closest("[id]")?.id ?? "", getComputedStyle(document.activeElement).outlineStyle]',
      )) as [string, string];
      reached.add(id);
      if (id !== '') expect({ id, outline }).not.toEqual({ id, outline: 'none' });
    }
    expect([...reached]).toEqual(
      expect.arrayContaining([
        'slider',
        'play',
        'forward',
        'last',
        'unit',
        'speed',
        'help',
        'path-on',
        'axis',
        'zoom-in',
        'zoom-fit',
        'lanes',
        'labels',
        'ready',
        'source',
        'why',
        'path',
      ]),
    );
    await page.locator('#lanes').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.locator('#labels button[aria-pressed="true"]').waitFor();
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('why-title');
    await page.keyboard.press('Escape');
    await page.locator('#labels button[aria-pressed="true"]').waitFor({ state: 'detached' });
    await page.locator('#why .chain button').first().focus();
    await page.keyboard.press('ArrowRight');
    await frame(page);
    expect(await page.evaluate('document.activeElement.closest("#why") !== null')).toBe(true);
  });

  test.each([
    ['a wide window', { viewport: { width: 1280, height: 700 } }],
    ['a narrow one', { viewport: { width: 768, height: 700 } }],
    ['a phone', PHONE],
  ])('in %s, what the keyboard comes to does not lie below the bar that moves the run', async (_name, options) => {
    const { page } = await openPage(browser, html, options);
    await page.locator('#slider').fill('40');
    await frame(page);
    await page.evaluate('document.activeElement.blur()');
    for (const key of ['Tab', 'Shift+Tab']) {
      for (let tabs = 0; tabs < 70; tabs++) {
        await page.keyboard.press(key);
        await expect.poll(() => page.evaluate(COVERED), { message: `${key} ${tabs + 1}: when the page has come to rest`, interval: 20 }).toBe('');
      }
    }
  });

  test('the picture can be clicked, zoomed and drawn along the order of events', async () => {
    const { page, said } = await openPage(browser, html);
    const picture = page.locator('#picture');
    const pixels = async (): Promise<string> => {
      await frame(page);
      return page.evaluate('document.getElementById("picture").toDataURL()');
    };
    const before = await pixels();
    await page.locator('#lanes').focus();
    await page.keyboard.press('+');
    const zoomed = await pixels();
    await page.keyboard.press('0');
    expect(await pixels()).toBe(before);
    expect(zoomed).not.toBe(before);
    await page.locator('#axis').selectOption('order');
    expect(await pixels()).not.toBe(before);
    const { width = 0 } = (await picture.boundingBox()) ?? {};
    await picture.click({ position: { x: width / 2, y: 130 } });
    await frame(page);
    const { event } = (await shown(page)) as { event: number };
    expect(story.event(event)?.event).toBe('step');
    expect(await page.locator('#labels button[aria-pressed="true"]').count()).toBe(1);
    expect(said).toEqual([]);
  });

  test('of what is ready, the timers and the primitives, thirty each are listed, and the rest is counted', async () => {
    const numbers = Array.from({ length: 40 }, (_, i) => i + 1);
    const events: Log['events'] = [
      ...numbers.map((handle) => ({ n: handle, at: 0, event: 'scheduled', handle, name: 'call' }) as const),
      ...numbers.map((handle) => ({ n: 40 + handle, at: 0, event: 'timer', handle: 40 + handle, name: 'call', when: 5 }) as const),
      ...numbers.map((primitive) => ({ n: 80 + primitive, at: 0, event: 'acquire', primitive, kind: 'Lock', free: 0 }) as const),
    ];
    const { page } = await openPage(browser, report({ ...log, events, stacks: new Map() }));
    const listed = async (selector: string): Promise<string[]> => page.locator(selector).allTextContents();
    for (const [n, left] of [
      [110, []],
      [111, ['and 1 more']],
      [120, ['and 10 more']],
    ] as const) {
      await page.evaluate(`location.hash = '#event-${n}'`);
      await page.locator('#where', { hasText: `event ${n}` }).waitFor();
      expect(await listed('#uses .use:not(.soft)')).toHaveLength(30);
      expect(await listed('#uses .use.soft')).toEqual(left);
    }
    for (const list of ['#ready', '#timers']) {
      expect(await listed(`${list} li:not(.next)`)).toHaveLength(30);
      expect(await listed(`${list} li.next`)).toEqual(['and 10 more']);
    }
  });

  test('a critical path of a hundred and fifty thousand pieces is listed, ten times as much of it whenever one asks for more', async () => {
    // One callback schedules the next, with a millisecond between any two events: alternately it runs and is ready.
    const events: Log['events'] = Array.from({ length: 150_000 }, (_, i) => {
      const [n, handle] = [i + 1, Math.floor(i / 2)];
      const cause = i === 0 ? {} : { cause: i };
      return i % 2 === 0 ? { n, at: i, event: 'scheduled', handle, name: 'next', ...cause } : { n, at: i, event: 'handle', handle, name: 'next', ...cause };
    });
    const { page, said } = await openPage(browser, report({ ...log, events, stacks: new Map() }));
    const more = page.locator('#path > p').last();
    expect(await more.textContent()).toBe('The 20 longest of 149999. Show 200');
    await more.locator('button').click();
    expect(await more.textContent()).toBe('The 200 longest of 149999. Show 2000');
    expect(await page.locator('#path tbody tr').count()).toBe(200);
    expect(said).toEqual([]);
  });

  test('ten thousand steps of twelve hundred tasks: alike lanes are one, which opens; how long it all takes is printed', async () => {
    const many = crawl('1200', '20');
    const steps = many.events.filter(({ event }) => event === 'step' || event === 'handle').length;
    expect(steps).toBeGreaterThan(10_000);
    const { page, said } = await openPage(browser, report(many));
    const ready = (await page.evaluate('Math.round(performance.now())')) as number;
    const drag = await measured(page, "slider.value = Math.round((0.5 + 0.5 * Math.sin(i / 9)) * slider.max); slider.dispatchEvent(new Event('input'))");
    const back = await measured(page, "document.getElementById('back').click()");
    await page.locator('#speed').selectOption('60');
    await page.locator('#play').click();
    const play = await measured(page, '');
    await page.locator('#play').click();
    console.log(`${steps} steps, ${many.events.length} events: there after ${ready} ms. Of 60 frames, on this machine, busy or idle, while`);
    for (const [name, { longest, middle }] of Object.entries({ dragging: drag, 'going back': back, playing: play }))
      console.log(`  ${name}: longest ${longest} ms, middle one ${middle} ms`);
    const group = page.locator('#labels button[aria-expanded]');
    expect(await group.first().textContent()).toMatch(/1200 × fetchPage\(\)/);
    await group.first().click();
    expect(await page.locator('#labels button').count()).toBeLessThan(60);
    expect(await page.locator('#labels button.within').count()).toBeGreaterThan(5);
    await page.locator('#slider').fill('5000');
    const n = many.events.filter(({ event, n: number }) => event === 'step' || event === 'handle' || number === 1)[5000]?.n;
    expect(await shown(page)).toMatchObject({ event: n });
    expect(said).toEqual([]);
  });
});

interface Frames {
  readonly longest: number;
  readonly middle: number;
}

/** How long frames last while something is done in each of them, in ms. */
async function measured(page: Page, doing: string): Promise<Frames> {
  const frames = (await page.evaluate(`new Promise((resolve) => {
    const slider = document.getElementById('slider');
    const frames = [];
    let [last, i] = [0, 0];
    const begin = (now) => {
      if (last > 0) frames.push(now - last);
      last = now;
      i += 1;
      if (frames.length === 60) return resolve(frames.sort((a, b) => a - b));
      requestAnimationFrame(begin);
      ${doing};
    };
    requestAnimationFrame(begin);
  })`)) as number[];
  return { longest: Math.round(frames.at(-1) as number), middle: Math.round(frames[30] as number) };
}

/** What of the button, slider or list with the focus lies below the bar, or out of the window; nothing is said of what fits into no window. */
const COVERED = `(() => {
  const [active, bar] = [document.activeElement, document.getElementById('transport')];
  const [{ top, bottom }, over] = [active.getBoundingClientRect(), bar.getBoundingClientRect()];
  if (active === document.body || bar.contains(active) || bottom - top > 200) return '';
  const seen = top >= -1 && bottom <= innerHeight + 1 && (bottom <= over.top + 1 || top >= over.bottom - 1);
  return seen ? '' : active.textContent + ' from ' + top + ' to ' + bottom;
})()`;

/** Texts on the page whose colour and ground are too near to each other, by WCAG's measure. */
const FAINT = `(() => {
  const channel = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const groundOf = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const ground = numbers(getComputedStyle(at).backgroundColor);
      if (ground.length === 3 || ground[3] > 0) return ground;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.body.querySelectorAll('*')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
    if (!own || element.closest('script, style, noscript, option, button:disabled') !== null || element.getClientRects().length === 0) continue;
    const [a, b] = [luminance(numbers(getComputedStyle(element).color)), luminance(groundOf(element))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.push([element.textContent.slice(0, 40), ((a + 0.05) / (b + 0.05)).toFixed(2)]);
  }
  return faint;
})()`;
