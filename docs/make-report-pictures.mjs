// `npm run pictures`, the second half: the report of a real run, opened in a real browser and gone through to one step.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PICTURES = join(ROOT, 'docs', 'pictures');
const COMMAND = ['fetch', '--concurrency', '3', '--virtual-time', '--seed', '0', '--quiet'];

/** What to photograph: how large, in which colours, and so many steps in. */
const SHOTS = {
  report: { width: 1200, height: 1240, scheme: 'light', steps: 33 },
  'report-phone': { width: 390, height: 844, scheme: 'dark', steps: 33 },
};

function findBrowser() {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const found = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const browser = process.env.CHROMIUM ?? found.find((file) => existsSync(file));
  if (browser === undefined) throw new Error(`report-pictures: expected one of ${names.join(', ')} on the PATH, or CHROMIUM to name one, found none`);
  return browser;
}

const folder = mkdtempSync(join(tmpdir(), 'asyncdemo-pictures-'));
const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
try {
  mkdirSync(PICTURES, { recursive: true });
  const page = join(folder, 'report.html');
  execFileSync(process.execPath, [join(ROOT, 'bin', 'asyncdemo.js'), ...COMMAND, '--report', page]);
  for (const [name, { width, height, scheme, steps }] of Object.entries(SHOTS)) {
    const tab = await browser.newPage({ viewport: { width, height }, colorScheme: scheme, reducedMotion: 'reduce' });
    await tab.goto(pathToFileURL(page).href);
    for (let step = 0; step < steps; step++) await tab.keyboard.press('ArrowRight');
    const file = join(PICTURES, `${name}.png`);
    await tab.screenshot({ path: file });
    await tab.close();
    console.log(file);
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
