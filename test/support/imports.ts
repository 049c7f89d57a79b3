// What a source file imports: types, re-exports and dynamic imports included.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const sourceFolder: string = fileURLToPath(new URL('../../src/', import.meta.url));

/** Every source file below `src`, as `loop/task.ts`. */
export function sourceFiles(): string[] {
  return readdirSync(sourceFolder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts'))
    .sort();
}

export function readSource(file: string): string {
  return readFileSync(join(sourceFolder, file), 'utf8');
}

/** The modules a text names, as written. */
export function importsOf(source: string): string[] {
  const code = source
    .split('\n')
    .filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line))
    .join('\n');
  const statements = code.matchAll(/^\s*(?:import|export)\s+(?:type\s+)?[\w*{][^'";=()]*?\bfrom\s*['"]([^'"]+)['"]/gm);
  const bare = code.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm);
  const calls = code.matchAll(/\b(?:import|require)\s*\(\s*['"]([^'"]+)['"]/g);
  return [...statements, ...bare, ...calls].map((match) => match[1] as string);
}

/** `loop/task.ts` for `./task.ts` written in `loop/future.ts`; packages as they are. */
export function resolveImport(from: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.normalize(`${dirname(from)}/${specifier}`) : specifier;
}
