// What the engine knows of a coroutine's function, asked on demand through V8's inspector: its name, where it is defined,
// and where it stands. The only way for a coroutine that has not started, or has ended.
import { createRequire, findSourceMap, type SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import { formatPlace } from './await-stack.ts';
import type { Coroutine } from './coroutine.ts';

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
/** Everything the inspector is shown, so that it can let go of it together. */
const GROUP = 'asyncdemo';
let session: Session | null | undefined;
const scripts = new Map<string, string>();
let mapOf: (path: string) => SourceMap | undefined = findSourceMap;

/** Says who knows the source maps, where it is not Node: the command line reads its own, once one is needed. */
export function findMapsBy(find: (path: string) => SourceMap | undefined): void {
  mapOf = find;
}

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
  try {
    const { internalProperties: internals = [] } = propertiesOf(inspector, hand(inspector, coroutine));
    const fn = internals.find((property) => property.name === '[[GeneratorFunction]]')?.value;
    if (fn === undefined) return undefined;
    const { result, internalProperties } = propertiesOf(inspector, fn.objectId);
    const defined = internalProperties?.find((property) => property.name === '[[FunctionLocation]]')?.value;
    const standing = internals.find((property) => property.name === '[[GeneratorLocation]]')?.value;
    const name = result.find((property) => property.name === 'name')?.value?.value;
    return { name: String(name || '<anonymous>'), definedAt: place(inspector, defined), standsAt: place(inspector, standing ?? defined) };
  } finally {
    // What it was shown, the inspector keeps alive until it is told to let go.
    inspector.post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
  }
}

/** Hands an object to the inspector, which takes expressions only; returns the inspector's name for it. */
function hand(inspector: Session, object: object): string {
  const global = globalThis as { [SLOT]?: unknown };
  let id = '';
  try {
    global[SLOT] = object;
    const expression = `globalThis[Object.getOwnPropertySymbols(globalThis).find((s) => s.description === ${JSON.stringify(SLOT.description)})]`;
    inspector.post('Runtime.evaluate', { expression, objectGroup: GROUP }, (_error, { result }: { result: RemoteObject }) => {
      id = result.objectId;
    });
  } finally {
    delete global[SLOT];
  }
  return id;
}

function propertiesOf(inspector: Session, objectId: string): Properties {
  let found: Properties = { result: [] };
  inspector.post('Runtime.getProperties', { objectId, ownProperties: true }, (_error, result: Properties) => {
    found = result;
  });
  return found;
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
  const entry = mapOf(path)?.findEntry(lineNumber, columnNumber);
  if (entry !== undefined && 'originalSource' in entry) {
    const source = entry.originalSource.startsWith('file:') ? fileURLToPath(entry.originalSource) : entry.originalSource;
    return formatPlace(source, entry.originalLine + 1);
  }
  return formatPlace(path, lineNumber + 1);
}
