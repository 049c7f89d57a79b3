// Writes a log as a file: JSON, one object a line. What is in it is said in docs/log.md, to which this keeps.
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { LOG_VERSION, type Log, type LogEvent, type LogHead, type StackLine } from './log.ts';

/** The first line of a file: what the log is. */
export type Head = LogHead & { readonly dropped?: number; readonly earlier?: readonly (readonly [number, string])[] };

/** Writes a log as it grows: `write` is what a recorder's `sink` takes. Synchronous, so that nothing is lost and nothing keeps the program alive. */
export class LogWriter {
  readonly #write: (text: string) => void;
  /** How many are written: each just before the first event that names it, however many events come at a time. */
  #stacks = 0;
  #last: number;

  /** `write` is given whole lines. */
  constructor(write: (text: string) => void, head: Head) {
    this.#write = write;
    const { version, ...rest } = head;
    this.#last = head.dropped ?? 0;
    write(`${JSON.stringify({ log: 'asyncdemo', version, ...rest })}\n`);
  }

  events(events: readonly LogEvent[], stacks: Log['stacks']): void {
    const lines: string[] = [];
    for (const event of events) {
      const named = event.event === 'suspended' ? (event.stack ?? 0) : 0;
      while (this.#stacks < named) lines.push(stackLine(++this.#stacks, stacks));
      lines.push(JSON.stringify(event));
    }
    this.#last = events.at(-1)?.n ?? this.#last;
    if (lines.length > 0) this.#write(`${lines.join('\n')}\n`);
  }

  /** Says that the log is whole. */
  end(): void {
    this.#write(`${JSON.stringify({ end: this.#last })}\n`);
  }
}

function stackLine(number: number, stacks: Log['stacks']): string {
  const stack = stacks.get(number) as readonly StackLine[];
  return JSON.stringify({ stack: number, lines: stack.map(({ name, file, line, column }) => [name, file, line, column]) });
}

/**
 * A log as the text of a file.
 *
 * @example
 * ```ts
 * import { run, sleep, EventLoop, VirtualDriver } from 'asyncdemo';
 * import { formatLog, parseLog, record } from 'asyncdemo/observe';
 *
 * const loop = new EventLoop({ driver: new VirtualDriver() });
 * const recorder = record(loop, { wall: false, title: 'a nap' });
 * await loop.runUntilComplete(sleep(10));
 * const text = formatLog(recorder.stop());
 * loop.close();
 * console.log(text.split('\n')[0]); // {"log":"asyncdemo","version":1,"virtual":true,"title":"a nap"}
 * console.log(parseLog(text).events.length === text.trimEnd().split('\n').length - 2); // true
 * ```
 */
export function formatLog(log: Log): string {
  const { version, virtual, title, dropped, earlier, stacks, events } = log;
  let text = '';
  const ring = dropped > 0 ? { dropped, earlier: [...earlier] } : {};
  const writer = new LogWriter((lines) => (text += lines), { version, virtual, title, ...ring });
  writer.events(events, stacks);
  writer.end();
  return text;
}

/**
 * A file that a recording is written to while it goes on: whole, and no more of it in memory than some thousand events. What
 * cannot be written any more is told when the file is closed, and disturbs no run.
 *
 * @example
 * ```ts
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { EventLoop, sleep, VirtualDriver } from 'asyncdemo';
 * import { LogFile, readLog, record } from 'asyncdemo/observe';
 *
 * const path = join(tmpdir(), `a-nap-${process.pid}.jsonl`);
 * const loop = new EventLoop({ driver: new VirtualDriver() });
 * const file = new LogFile(path);
 * const recorder = record(loop, { sink: file.sink, title: 'a nap' });
 * await loop.runUntilComplete(sleep(10));
 * recorder.stop();
 * file.close();
 * loop.close();
 * console.log(readLog(path).whole, readLog(path).title); // true a nap
 * ```
 */
export class LogFile {
  #file: number | undefined;
  /** Made when it is known what the log is. */
  #writer: LogWriter | undefined;
  /** What went wrong with the file first; nothing is written from then on. */
  #error: Error | undefined;

  /** @throws the system's error, where the file cannot be opened. */
  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  /**
   * For `record`.
   * @throws Error when the file is closed already: the log in it would not be whole, and say that it is.
   */
  readonly sink = (events: readonly LogEvent[], stacks: Log['stacks'], head: LogHead): void => {
    if (this.#file === undefined) throw new Error('LogFile: expected the recording to be stopped before the file is closed, got more events behind the end');
    this.#writer ??= this.#begin(head);
    this.#writer.events(events, stacks);
  };

  /**
   * Says that the log is whole, once the recorder was stopped, and closes the file. Closing twice is fine.
   * @throws the system's error, where the file could not be written.
   */
  close(): void {
    if (this.#file === undefined) return;
    const writer = this.#writer ?? this.#begin({ version: LOG_VERSION, virtual: false, title: '' });
    writer.end();
    closeSync(this.#file);
    this.#file = undefined;
    if (this.#error !== undefined) throw this.#error;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #begin(head: LogHead): LogWriter {
    return new LogWriter((text) => this.#write(text), head);
  }

  #write(text: string): void {
    if (this.#error !== undefined || this.#file === undefined) return;
    try {
      writeFileSync(this.#file, text);
    } catch (error) {
      this.#error = error as Error;
    }
  }
}
