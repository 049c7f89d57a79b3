// What can be had of a run beside what it prints: its log, and pictures of it. Loaded only where one is asked for.
import { closeSync, openSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EventLoop } from '../loop/index.ts';
import type { Log } from '../observe/log.ts';
import { LogError, readLog } from '../observe/log-reader.ts';
import { LogFile } from '../observe/log-writer.ts';
import { record } from '../observe/recorder.ts';
import { timeline } from '../observe/timeline.ts';
import { type Exit, UsageError } from './exits.ts';
import { type Asked, type Globals, optionsAsked } from './globals.ts';
import { err, out } from './output.ts';
import type { Print } from './screens/screen.ts';
import type { Recording } from './stage.ts';
import { wantsColour } from './style.ts';

/** The package's own folder: files of ours are shown from there on. */
const HOME = fileURLToPath(new URL('../../', import.meta.url));

/** Where pictures go that are looked at here and now. */
interface Viewer {
  readonly print: Print;
  readonly columns: number;
  readonly color: boolean;
}

/** A file to be written at the end, opened at the beginning: one that cannot be written is told of before anything is run. */
class Output {
  readonly #file: number;

  constructor(option: string, path: string) {
    this.#file = tryFile(option, path, () => openSync(path, 'w'));
  }

  write(text: string): void {
    for (let bytes = Buffer.from(text); bytes.length > 0; ) bytes = bytes.subarray(writeSync(this.#file, bytes));
    closeSync(this.#file);
  }
}

/** The pictures of a run or a log: opened, then drawn. */
class Pictures {
  readonly #asked: Asked;
  readonly #trace: Output | undefined;
  readonly #report: Output | undefined;

  /** @throws UsageError where a file cannot be written. */
  constructor(asked: Asked) {
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
  const file = path === undefined ? undefined : tryFile('--record', path, () => new LogFile(path, { virtual, title }));
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
      file?.close();
      if (file?.error !== undefined) throw new Error(`--record: the file cannot be written: ${file.error.message}`);
      await pictures.draw(log, viewerOf(globals));
    },
  };
}

/** Reads a log that was recorded, and draws pictures of it: the timeline, where none is asked for. */
export async function runReplay(path: string, globals: Globals): Promise<Exit> {
  if (globals.record !== undefined) throw new UsageError("--record: expected an example to record, got 'replay', which reads what was recorded");
  const log = readRecorded(path);
  const pictures = new Pictures({ ...globals, timeline: globals.timeline ?? optionsAsked(globals).length === 0 });
  await pictures.draw(log, viewerOf(globals));
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
  return { print: json ? err : out, columns: stream.columns || 100, color: wantsColour(stream, color) };
}

function readRecorded(path: string): ReturnType<typeof readLog> {
  try {
    return readLog(path);
  } catch (error) {
    if (error instanceof LogError) throw new UsageError(error.message);
    throw new UsageError(`${path}: expected a log to read, but ${reasonOf(error as NodeJS.ErrnoException)}`);
  }
}

function tryFile<T>(option: string, path: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw new UsageError(`${option}: expected a file that can be written, got '${path}': ${reasonOf(error as NodeJS.ErrnoException)}`);
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'EISDIR') return 'it is a directory';
  return code === 'EACCES' ? 'permission denied' : message;
}
