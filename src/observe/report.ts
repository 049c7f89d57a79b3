// A log as a page to look at it with: one file of HTML that holds all it needs and asks no network for anything. The page is
// written in src/report-page and made by build/report-page.mjs; here it is given its run.
import { readFileSync } from 'node:fs';
import type { Log } from './log.ts';
import { packReport } from './report-data.ts';
import { readProgram, sourcesOf } from './sources.ts';

/** How a report is made. */
export interface ReportOptions {
  /** What stands above it; the log's own title unless given. */
  readonly title?: string;
  /**
   * The text of a file, by the name it has in the log's stacks, for the page to show what each task awaits; undefined to
   * leave it out. Programs below the working directory are read from there unless given.
   */
  readonly source?: (file: string) => string | undefined;
}

/** From src/observe, dist/observe and dist/command alike. */
const PAGE = new URL('../../dist/observe/report-page.html', import.meta.url);

/**
 * A log as one HTML page, to see and replay the run: lanes, the ready queue, timers, locks and queues at every moment, why each
 * step ran when it did, and the critical path. It opens from disk, loads nothing and sends nothing. A log recorded with
 * `stacks` shows the program's lines as well. The same log and sources give the same page.
 *
 * @throws Error where the page was not built, which an installed package never is.
 *
 * @example
 * ```ts
 * import { EventLoop, sleep, VirtualDriver } from 'asyncdemo';
 * import { record, report } from 'asyncdemo/observe';
 *
 * const loop = new EventLoop({ driver: new VirtualDriver() });
 * const recorder = record(loop, { wall: false, stacks: true, title: 'a nap' });
 * await loop.runUntilComplete(sleep(10));
 * const page = report(recorder.stop()); // for writeFileSync('run.html', page)
 * loop.close();
 * console.log(page.slice(0, 15), /<title>.*<\/title>/.exec(page)?.[0]); // <!doctype html> <title>a nap</title>
 * ```
 */
export function report(log: Log, options: ReportOptions = {}): string {
  const title = options.title || log.title || 'A run of the event loop';
  const data = packReport({ log, sources: sourcesOf(log, options.source ?? ((file) => readProgram(file))) });
  const fill: Readonly<Record<string, string>> = { title: escapeHtml(title), data };
  return readPage().replace(/\{\{(title|data)\}\}/g, (_all, name: string) => fill[name] as string);
}

function readPage(): string {
  try {
    return readFileSync(PAGE, 'utf8');
  } catch (error) {
    throw new Error(`report: expected the page in ${PAGE.pathname}, found none; npm run build makes it`, { cause: error });
  }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
