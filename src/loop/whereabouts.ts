// Where a coroutine stands, read from the engine on demand; nothing is recorded while programs run. A suspended one
// answers the probe with its whole chain of frames; for one that has not started or has ended, V8's inspector knows
// the function it belongs to.
import { createRequire, findSourceMap } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Coroutine, probeStack } from './coroutine.ts';

/** One frame of an await stack. */
export interface Frame {
  /** The coroutine function, `<anonymous>` where it has no name. */
  readonly name: string;
  /** The file as a path, absolute. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const FRAME = /^\s+at (?:(.*) \()?((?:file:\/\/)?[^()]*?):(\d+):(\d+)\)?$/;

/** This library's own folder, compiled or not: its frames are left out where the user's line is asked for. */
const home = fileURLToPath(new URL('.', import.meta.url));
const homeInSource = home.replace(/([\\/])dist([\\/]loop[\\/])$/, '$1src$2');

/** Reads the text of `Error.stack`, innermost frame first. */
export function parseStack(stack: string): Frame[] {
  const frames: Frame[] = [];
  for (const text of stack.split('\n')) {
    const match = FRAME.exec(text);
    if (match === null) continue;
    const [, name = '<anonymous>', file = '', line, column] = match;
    frames.push({
      name: name.replace(/ \[as .*\]$/, ''),
      file: file.startsWith('file:') ? fileURLToPath(file) : file,
      line: Number(line),
      column: Number(column),
    });
  }
  return frames;
}

/** The chain of awaits a suspended coroutine stands on, oldest frame first. */
export function awaitStack(coroutine: Coroutine<unknown>): Frame[] {
  const frames = parseStack(probeStack(coroutine) ?? '');
  const prober = frames.findIndex((frame) => frame.name === 'probeStack');
  // In front of the coroutine's own frames: recordStack and the awaitable's next(). Behind them: the prober and its callers.
  const chain = frames.slice(2, prober === -1 ? undefined : prober).reverse();
  // A coroutine written by hand stands in its next().
  return chain.map((frame) => ({ ...frame, name: frame.name.replace(/\.next$/, '') }));
}

/** Whether a frame belongs to this library rather than to the program that uses it. */
export function isOurs(frame: Frame): boolean {
  return frame.file.startsWith(home) || frame.file.startsWith(homeInSource);
}

/** `src/app.ts:12`, from the working directory where the file lies below it. */
export function formatPlace(file: string, line: number): string {
  const path = relative(process.cwd(), file);
  return `${path.startsWith('..') || path === '' ? file : path}:${line}`;
}

/** What the engine knows of a generator: its function's name, where that is defined, and where it stands (while it has not ended). */
export interface Whereabouts {
  readonly name: string;
  readonly definedAt: string;
  readonly standsAt: string;
}

interface RemoteObject {
  readonly objectId: string;
  readonly value: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber: number };
}
interface Property {
  readonly name: string;
  readonly value?: RemoteObject & { readonly value: unknown };
}
interface Properties {
  readonly result: readonly Property[];
  readonly internalProperties?: readonly Property[];
}
interface Session {
  connect(): void;
  on(event: string, listener: (message: { params: { scriptId: string; url: string } }) => void): void;
  post(method: string, parameters?: object, done?: (error: Error | null, result: never) => void): void;
}

const SLOT: symbol = Symbol('asyncdemo: the generator being looked at');
let session: Session | null | undefined;
const scripts = new Map<string, string>();

function openSession(): Session | null {
  if (session !== undefined) return session;
  try {
    const { Session } = createRequire(import.meta.url)('node:inspector') as { Session: new () => Session };
    session = new Session();
    session.connect();
    session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url));
  } catch {
    session = null; // A Node built without the inspector: places are left out.
  }
  return session;
}

/** Asks the engine about a coroutine; `undefined` where it has nothing to say (a hand-written iterator, a Node without inspector). */
export function whereabouts(coroutine: Coroutine<unknown>): Whereabouts | undefined {
  const inspector = openSession();
  if (inspector === null) return undefined;
  const properties = (objectId: string): Properties => {
    let found: Properties = { result: [] };
    inspector.post('Runtime.getProperties', { objectId, ownProperties: true }, (_error, result: Properties) => {
      found = result;
    });
    return found;
  };
  const global = globalThis as { [SLOT]?: unknown };
  let id: string | undefined;
  try {
    global[SLOT] = coroutine;
    const expression = `globalThis[Object.getOwnPropertySymbols(globalThis).find((s) => s.description === ${JSON.stringify(SLOT.description)})]`;
    inspector.post('Runtime.evaluate', { expression }, (_error, { result }: { result: RemoteObject }) => {
      id = result.objectId;
    });
  } finally {
    delete global[SLOT];
  }
  if (id === undefined) return undefined;
  const internals = properties(id).internalProperties ?? [];
  const fn = internals.find((property) => property.name === '[[GeneratorFunction]]')?.value;
  if (fn === undefined) return undefined;
  const described = properties(fn.objectId);
  const defined = described.internalProperties?.find((property) => property.name === '[[FunctionLocation]]')?.value;
  const standing = internals.find((property) => property.name === '[[GeneratorLocation]]')?.value;
  const definedAt = place(inspector, defined);
  const name = described.result.find((property) => property.name === 'name')?.value?.value;
  return { name: String(name || '<anonymous>'), definedAt, standsAt: place(inspector, standing ?? defined) };
}

function place(inspector: Session, location: RemoteObject | undefined): string {
  if (location === undefined) return '<unknown>';
  const { scriptId, lineNumber, columnNumber } = location.value;
  if (!scripts.has(scriptId)) {
    inspector.post('Debugger.enable'); // Announces every script loaded so far, at once.
    inspector.post('Debugger.disable');
  }
  const url = scripts.get(scriptId) ?? '<unknown>';
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const entry = findSourceMap(path)?.findEntry(lineNumber, columnNumber);
  if (entry !== undefined && 'originalSource' in entry) {
    const source = entry.originalSource.startsWith('file:') ? fileURLToPath(entry.originalSource) : entry.originalSource;
    return formatPlace(source, entry.originalLine + 1);
  }
  return formatPlace(path, lineNumber + 1);
}
