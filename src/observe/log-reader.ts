// Reads a log as log-writer.ts writes it, and checks every line: a file may come from anywhere.
import { readFileSync } from 'node:fs';
import { AWAITS, OUTCOMES } from './codes.ts';
import { LOG_VERSION, type Log, type LogEvent, type StackLine } from './log.ts';
import type { Head } from './log-writer.ts';

/** A file that is no log, or cannot be read as one. */
export class LogError extends Error {
  override readonly name = 'LogError';
}
type Fact = 'whole' | 'number' | 'text' | 'true' | 'stack';

/** What each event tells beside when and why; a question mark: or not. docs/log.md says the same. */
export const FACTS: { readonly [Name in LogEvent['event']]: Readonly<Record<string, Fact | `${Fact}?`>> } = {
  run: {},
  stop: { error: 'text?' },
  poll: { until: 'number?' },
  polled: {},
  iteration: { count: 'whole', ready: 'whole' },
  scheduled: { handle: 'whole', name: 'text' },
  handle: { handle: 'whole', name: 'text' },
  returned: { handle: 'whole' },
  timer: { handle: 'whole', name: 'text', when: 'number' },
  due: { handle: 'whole' },
  'timer-cancelled': { handle: 'whole' },
  created: { task: 'whole', name: 'text', there: 'true?' },
  named: { task: 'whole', name: 'text' },
  step: { task: 'whole' },
  suspended: { task: 'whole', awaits: 'text', on: 'whole?', kind: 'text?', stack: 'stack?' },
  woken: { task: 'whole' },
  cancel: { task: 'whole' },
  done: { task: 'whole', outcome: 'text', error: 'text?' },
  wait: { primitive: 'whole', kind: 'text', free: 'number?' },
  leave: { primitive: 'whole', kind: 'text', free: 'number?' },
  acquire: { primitive: 'whole', kind: 'text', free: 'number?' },
  release: { primitive: 'whole', kind: 'text', free: 'number?' },
  put: { primitive: 'whole', kind: 'text', size: 'whole' },
  get: { primitive: 'whole', kind: 'text', size: 'whole' },
};

const WORDS: Readonly<Record<string, readonly string[]>> = { awaits: AWAITS, outcome: OUTCOMES };

/** A log as it was read, and whether that is all of it. */
export interface ReadLog extends Log {
  /** False where the recording was cut off: the process was killed, or the disk full. */
  readonly whole: boolean;
}

/**
 * Reads a log. One that was cut off, in the middle of a line perhaps, is read as far as it goes.
 * @throws LogError, with the line, where it is not a log of this version.
 *
 * @example
 * ```ts
 * import { parseLog } from 'asyncdemo/observe';
 *
 * const log = parseLog('{"log":"asyncdemo","version":1,"virtual":true,"title":"nothing"}\n{"n":1,"event":"run","at":0}\n');
 * console.log(log.events.length, log.whole); // 1 false
 * ```
 */
export function parseLog(text: string, name = 'the log'): ReadLog {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const cut = lines.pop() !== '';
  while (lines.length > 1 && /^\s*$/.test(lines.at(-1) as string)) lines.pop(); // An editor's.
  const head = parseHead(lines[0] ?? text, name);
  const events: LogEvent[] = [];
  const stacks = new Map<number, readonly StackLine[]>();
  let end: number | undefined;
  let n = head.dropped ?? 0;
  for (let i = 1; i < lines.length; i++) {
    const place = `${name}:${i + 1}`;
    const read = parseLine(lines[i] as string, place);
    if (end !== undefined) throw new LogError(`${place}: expected nothing behind the end, got ${short(lines[i] as string)}`);
    if ('end' in read) end = parseEnd(read, n, place);
    else if ('stack' in read && 'lines' in read) stacks.set(stacks.size + 1, parseStack(read, stacks.size + 1, place));
    else {
      const event = checkEvent(read, place, stacks);
      n += 1;
      if (event.n !== n) throw new LogError(`${place}: expected event ${n}, got ${event.n}: lines are missing or out of order`);
      events.push(event);
    }
  }
  const { version, virtual, title, dropped = 0, earlier = [] } = head;
  return { version, virtual, title, events, dropped, earlier: new Map(earlier), stacks, whole: end !== undefined && !cut };
}

/**
 * Reads a log file: {@link parseLog} of what is in it.
 * @throws LogError where it is no log of this version; the system's error where the file cannot be read.
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { EventLoop, sleep } from 'asyncdemo';
 * import { formatLog, readLog, record } from 'asyncdemo/observe';
 *
 * const loop = new EventLoop();
 * const recorder = record(loop, { title: 'a nap' });
 * await loop.runUntilComplete(sleep(1));
 * loop.close();
 * const path = join(tmpdir(), 'nap.jsonl');
 * writeFileSync(path, formatLog(recorder.stop()));
 * console.log(readLog(path).title, readLog(path).whole); // a nap true
 * ```
 */
export function readLog(path: string): ReadLog {
  return parseLog(readFileSync(path, 'utf8'), path);
}

function parseLine(line: string, place: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new LogError(`${place}: expected a JSON object, got ${short(line)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new LogError(`${place}: expected a JSON object, got ${short(line)}`);
  return value as Record<string, unknown>;
}

function parseHead(line: string, name: string): Head {
  let value: Readonly<Record<string, unknown>> | null = null;
  try {
    value = JSON.parse(line);
  } catch {}
  if (value?.log !== 'asyncdemo')
    throw new LogError(`${name}: expected a log that asyncdemo has recorded, which begins with {"log":"asyncdemo"; got ${short(line)}`);
  const { version, virtual = false, title = '', dropped = 0, earlier = [] } = value;
  if (version !== LOG_VERSION) throw new LogError(`${name}: expected a log of version ${LOG_VERSION}, got version ${shown(version)}: record it again`);
  const expect = (holds: boolean, fact: string, kind: string): void => {
    if (!holds) throw new LogError(`${name}:1: expected ${fact} to be ${kind}, got ${shown(value[fact])}`);
  };
  expect(typeof virtual === 'boolean', 'virtual', 'true or false');
  expect(typeof title === 'string', 'title', KINDS.text);
  expect(isOf('whole', dropped), 'dropped', KINDS.whole);
  expect(Array.isArray(earlier) && earlier.every(isNamedTask), 'earlier', 'a list of tasks with their names');
  return { version, virtual, title, dropped, earlier } as Head;
}

function isNamedTask(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && isOf('whole', value[0]) && typeof value[1] === 'string';
}

function parseEnd({ end }: Record<string, unknown>, n: number, place: string): number {
  if (end !== n) throw new LogError(`${place}: expected the end behind event ${n}, got ${shown(end)}: lines are missing`);
  return n;
}

function parseStack({ stack, lines }: Record<string, unknown>, expected: number, place: string): StackLine[] {
  if (stack !== expected || !Array.isArray(lines)) throw new LogError(`${place}: expected stack ${expected} with its lines, got stack ${shown(stack)}`);
  return lines.map((frame: unknown) => {
    const [name, file, line, column] = Array.isArray(frame) ? frame : [];
    if (typeof name === 'string' && typeof file === 'string' && isOf('whole', line) && isOf('whole', column)) return { name, file, line, column };
    throw new LogError(`${place}: expected lines of a function, a file, a line and a column, got ${shown(frame)}`);
  });
}

function checkEvent(read: Record<string, unknown>, place: string, stacks: Log['stacks']): LogEvent {
  const { event } = read;
  if (typeof event !== 'string' || !Object.hasOwn(FACTS, event))
    throw new LogError(`${place}: expected an event of version ${LOG_VERSION}, got ${shown(event)}`);
  const facts = { n: 'whole', at: 'number', wall: 'number?', cause: 'whole?', ...FACTS[event as LogEvent['event']] } as Record<string, string>;
  for (const [fact, kind] of Object.entries(facts)) {
    const value = read[fact];
    if (value === undefined && kind.endsWith('?')) continue;
    if (!isOf(kind.replace('?', ''), value, stacks))
      throw new LogError(`${place}: expected ${fact} of '${event}' to be ${KINDS[kind.replace('?', '') as Fact]}, got ${shown(value)}`);
    if (WORDS[fact]?.includes(value as string) === false)
      throw new LogError(`${place}: expected ${fact} to be one of ${WORDS[fact].join(', ')}, got ${shown(value)}`);
  }
  if ((read.cause as number) >= (read.n as number)) throw new LogError(`${place}: expected a cause before event ${read.n}, got ${read.cause}`);
  return read as unknown as LogEvent;
}

const KINDS: Readonly<Record<Fact, string>> = {
  whole: 'a whole number from 0 up',
  number: 'a number',
  text: 'a text',
  true: 'true',
  stack: 'the number of a stack told before',
};

function isOf(kind: string, value: unknown, stacks?: Log['stacks']): boolean {
  switch (kind) {
    case 'whole':
      return Number.isSafeInteger(value) && (value as number) >= 0;
    case 'number':
      return Number.isFinite(value);
    case 'text':
      return typeof value === 'string';
    case 'stack':
      return stacks?.has(value as number) === true;
    default:
      return value === true;
  }
}

/** A line of the file, or as much of it as fits. */
function short(text: string): string {
  return text.length > 40 ? `${JSON.stringify(text.slice(0, 40))}...` : JSON.stringify(text);
}

/** A value from the file; `nothing` where there is none. */
function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
