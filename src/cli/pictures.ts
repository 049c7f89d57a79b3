// What can be had of a run beside what it prints: its log, and pictures of it. Loaded only where one is asked for.
import { closeSync, constants, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EventLoop } from '../loop/index.ts';
import type { Log } from '../observe/log.ts';
import { LogError, parseLog, readLog } from '../observe/log-reader.ts';
import { LogFile } from '../observe/log-writer.ts';
import { record } from '../observe/recorder.ts';
import { timeline } from '../observe/timeline.ts';
import { type Exit, UsageError } from './exits.ts';
import { type Asked, type Globals, optionsAsked } from './globals.ts';
import { HOME } from './home.ts';
import { err, out } from './output.ts';
import type { Print } from './screens/screen.ts';
import type { Recording } from './stage.ts';
import { wantsColour } from './style.ts';
import { COLUMNS, columnsOf } from './terminal.ts';

/** Where pictures go that are looked at here and now. */
interface Viewer {
  readonly print: Print;
  readonly columns: number;
  readonly color: boolean;
}

/** A file to be written at the end, opened at the beginning: one that cannot be written is told of before anything is run. */
class Output {
  readonly #option: string;
  readonly #file: number;

  constructor(option: string, path: string) {
    this.#option = option;
    this.#file = tryFile(option, path, () => openSync(path, 'w'));
  }

  /** @throws Error with one line, where not all of it can be written. */
  write(text: string): void {
    try {
      tryWriting(this.#option, () => writeFileSync(this.#file, text));
    } finally {
      closeSync(this.#file);
    }
  }
}

/** The pictures of a run or a log: opened, then drawn. */
class Pictures {
  readonly #asked: Asked;
  readonly #trace: Output | undefined;
  readonly #report: Output | undefined;

  /** @throws UsageError where a file cannot be written, or is to be two things; `read` is the log that they are made of. */
  constructor(asked: Asked, read?: string) {
    expectSeparateFiles(asked, read);
    this.#asked = asked;
    this.#trace = asked.trace === undefined ? undefined : new Output('--trace', asked.trace);
    this.#report = asked.report === undefined ? undefined : new Output('--report', asked.report);
  }

  /** Writes and prints them all. */
  async draw(log: Log, viewer: Viewer): Promise<void> {
    if (this.#trace !== undefined) this.#trace.write((await import('../observe/chrome-trace.ts')).chromeTrace(log));
    if (this.#report !== undefined) this.#report.write(await page(log));
    if (this.#asked.timeline) viewer.print(timeline(log, { width: viewer.columns, color: viewer.color }));
  }
}

/** A log as a page, with the sources of the examples, or of a program that was recorded in the working directory. */
async function page(log: Log): Promise<string> {
  const [{ report }, { readProgram }] = await Promise.all([import('../observe/report.ts'), import('../observe/sources.ts')]);
  const folder = log.title.startsWith('asyncdemo ') ? HOME : process.cwd();
  return report(log, { source: (file) => readProgram(file, folder) });
}

/** Records a run for its log and pictures. @throws UsageError where a file cannot be written. */
export function recordFor(globals: Globals, loop: EventLoop): Recording {
  const { record: path } = globals;
  const virtual = globals.virtualTime;
  const title = titleOf(process.argv.slice(2));
  const pictures = new Pictures(globals);
  const file = path === undefined ? undefined : tryFile('--record', path, () => new LogFile(path));
  const recorder = record(loop, {
    title,
    wall: !virtual,
    stacks: true,
    root: HOME,
    ...(optionsAsked({ ...globals, record: undefined }).length > 0 && { capacity: Number.POSITIVE_INFINITY }),
    ...(file && { sink: file.sink }),
  });
  return {
    async finish() {
      const log = recorder.stop();
      tryWriting('--record', () => file?.close());
      await pictures.draw(log, viewerOf(globals));
    },
  };
}

/** Reads a log that was recorded, and draws pictures of it: the timeline, where none is asked for. */
export async function runReplay(path: string, globals: Globals): Promise<Exit> {
  if (globals.record !== undefined) throw new UsageError("--record: expected an example to record, got 'replay', which reads what was recorded");
  for (const [option, given] of [
    ['--ps', globals.ps !== undefined],
    ['--virtual-time', globals.virtualTime],
    ['--debug', globals.debug],
  ] as const) {
    if (given) throw new UsageError(`${option}: expected an example to run, got 'replay', which runs nothing`);
  }
  const log = readRecorded(path);
  const wanted = globals.timeline ?? (!globals.quiet && optionsAsked(globals).length === 0);
  const pictures = new Pictures({ ...globals, timeline: wanted }, path);
  try {
    await pictures.draw(log, viewerOf(globals));
  } catch (error) {
    err(`asyncdemo: ${(error as Error).message}`);
    return 1;
  }
  if (!log.whole) err(`asyncdemo: ${path} breaks off behind event ${log.dropped + log.events.length}: the recording was cut short`);
  return 0;
}

/** What was typed, without what was to be done with the recording. */
function titleOf(words: readonly string[]): string {
  const kept: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (/^--(record|trace|report)$/.test(word)) i += 1;
    else if (!/^--(timeline|(record|trace|report)=.*)$/.test(word)) kept.push(/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word));
  }
  return ['asyncdemo', ...kept].join(' ');
}

/** stdout; stderr where that is for machines. */
function viewerOf({ json, color }: Globals): Viewer {
  const stream = json ? process.stderr : process.stdout;
  return { print: json ? err : out, columns: columnsOf(stream) ?? COLUMNS, color: wantsColour(stream, color) };
}

/** None of the files is written over by another, or is the log itself. */
function expectSeparateFiles({ record, trace, report }: Asked, read: string | undefined): void {
  const files = new Map<string, string>();
  const named: readonly (readonly [string, string | undefined])[] = [
    ['the log that is read', read],
    ['--record', record],
    ['--trace', trace],
    ['--report', report],
  ];
  for (const [what, path] of named) {
    if (path === undefined) continue;
    const file = identityOf(path);
    if (file === undefined) continue;
    const other = files.get(file);
    if (other !== undefined) throw new UsageError(`${what}: expected another file than that of ${other}, got '${path}' for both`);
    files.set(file, what);
  }
}

/** The same for two names of the same file; undefined for what may be two things, such as /dev/null. */
function identityOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return resolve(path);
  return stats.isFile() ? `${stats.dev}:${stats.ino}` : undefined;
}

function readRecorded(path: string): ReturnType<typeof readLog> {
  try {
    return path === '-' ? parseLog(readFileSync(0, 'utf8'), 'stdin') : readLog(path);
  } catch (error) {
    if (error instanceof LogError) throw new UsageError(error.message);
    throw new UsageError(`${path}: expected a log to read, but ${reasonOf(error as NodeJS.ErrnoException)}`);
  }
}

function tryFile<T>(option: string, path: string, open: () => T): T {
  try {
    expectReader(path);
    return open();
  } catch (error) {
    throw new UsageError(`${option}: expected a file that can be written, got '${path}': ${reasonOf(error as NodeJS.ErrnoException)}`);
  }
}

function tryWriting(option: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return; // Of a pipe, whose reader has seen enough.
    throw new Error(`${option}: the file cannot be written: ${(error as Error).message}`);
  }
}

/** To open a pipe that nobody reads would wait for somebody, and no signal could end that. */
function expectReader(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO() !== true) return;
  closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'EISDIR') return 'it is a directory';
  if (code === 'ENXIO') return 'nobody reads this pipe';
  if (code === 'ERR_STRING_TOO_LONG' || code === 'ERR_FS_FILE_TOO_LARGE') return 'it is too large';
  return code === 'EACCES' ? 'permission denied' : message;
}
