// Lines of the TypeScript source in every stack, as Node's --enable-source-maps gives them. Node would read the map of each
// file as it loads it, a third of the time of a short command; here a map is read for the first stack that needs it.
import { readFileSync } from 'node:fs';
import type { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What was compiled into this folder's parent has its map beside it; nothing else is looked at. */
const home = fileURLToPath(new URL('../', import.meta.url));
const maps = new Map<string, SourceMap | undefined>();

/** Makes the stacks of this process tell them. To be called before anything that throws. */
export function showSourceLines(): void {
  Error.prepareStackTrace = (error, frames) => [Error.prototype.toString.call(error), ...frames.map((frame) => `    at ${show(frame)}`)].join('\n');
}

/** The source map of a compiled file, read once; what Node's `findSourceMap` is where source maps are on. */
export function sourceMapOf(path: string): SourceMap | undefined {
  if (!maps.has(path)) maps.set(path, path.startsWith(home) ? readMap(path) : undefined);
  return maps.get(path);
}

function show(frame: NodeJS.CallSite): string {
  const [file, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()];
  if (file == null || line === null || column === null) return String(frame);
  const entry = sourceMapOf(file.startsWith('file:') ? fileURLToPath(file) : file)?.findEntry(line - 1, column - 1);
  // Of a line that has none of its own, such as a package's in the same file, it is the one before.
  if (entry === undefined || !('originalSource' in entry) || entry.generatedLine !== line - 1) return String(frame);
  const place = `${fileURLToPath(entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  return String(frame).replace(`${file}:${line}:${column}`, () => place);
}

function readMap(path: string): SourceMap | undefined {
  try {
    const payload = JSON.parse(readFileSync(`${path}.map`, 'utf8')) as ConstructorParameters<typeof SourceMap>[0];
    const sources = payload.sources.map((source) => pathToFileURL(resolve(dirname(path), source)).href);
    return new (process.getBuiltinModule('node:module').SourceMap)({ ...payload, sources });
  } catch {
    return undefined; // A file without one, such as a library's.
  }
}
