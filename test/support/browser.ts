// A real browser for tests that look at a page. Any Chromium that is installed will do; where there is none, such tests are
// skipped, and say so.
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findChromium(): string | undefined {
  const { CHROMIUM, PATH = '' } = process.env;
  if (CHROMIUM !== undefined) return CHROMIUM;
  return ['/usr/bin', ...PATH.split(delimiter)].flatMap((folder) => NAMES.map((name) => join(folder, name))).find(canRun);
}

const path = findChromium();

/** Why tests in a browser are not run; undefined where they are. `ASYNCDEMO_NEEDS_CHROMIUM=1`: they are, and fail without one. */
export const noBrowser: string | undefined =
  path === undefined && process.env.ASYNCDEMO_NEEDS_CHROMIUM !== '1' ? 'skipped: no Chromium found on the PATH; CHROMIUM=/path/to/it names one' : undefined;

export function launchBrowser(): Promise<Browser> {
  if (path === undefined) throw new Error(`expected one of ${NAMES.join(', ')} on the PATH, or CHROMIUM to name one, found none`);
  const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath: path, headless: true, args });
}

/** A page that was opened from disk, and all it said and asked for meanwhile. */
export interface OpenPage {
  readonly page: Page;
  /** What it wrote to the console, and errors nobody caught. */
  readonly said: string[];
  /** What it requested beside itself. */
  readonly requested: string[];
}

/** Opens a text of HTML from a file of its own, until the test ends. */
export async function openPage(browser: Browser, html: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const folder = mkdtempSync(join(tmpdir(), 'asyncdemo-page-'));
  const file = join(folder, 'page.html');
  writeFileSync(file, html);
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce', ...options });
  onTestFinished(async () => {
    await context.close();
    rmSync(folder, { recursive: true });
  });
  const page = await context.newPage();
  const [said, requested]: [string[], string[]] = [[], []];
  const address = pathToFileURL(file).href;
  page.on('console', (message) => void said.push(message.text()));
  page.on('pageerror', (error) => void said.push(String(error)));
  page.on('request', (request) => request.url() !== address && void requested.push(request.url()));
  await page.goto(address);
  return { page, said, requested };
}
