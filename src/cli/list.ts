// The examples as a table, by the article's section. Pure.
import type { Example } from '../demos/catalog.ts';

/** What the bare command prints. */
export function formatList(examples: readonly Example[]): string {
  const names = examples.map(({ name, alias }) => (alias === undefined ? name : `${name} (${alias})`));
  const width = Math.max(...names.map((name) => name.length));
  const rows = examples.map((example, index) => `  ${example.section.padEnd(4)} ${(names[index] as string).padEnd(width)}  ${example.summary}`);
  return [
    'asyncdemo runs the examples of an article on asyncio, on an event loop of its own.',
    '',
    ...rows,
    '',
    `       ${'article'.padEnd(width)}  all of them, in virtual time`,
    `       ${'tour'.padEnd(width)}  all of them, explained: source, run, timeline`,
    `       ${'smoke'.padEnd(width)}  all of them, checked`,
    `       ${'serve'.padEnd(width)}  the server the HTTP examples use`,
    '',
    'Try: asyncdemo spinner; asyncdemo fetch --concurrency 3; asyncdemo <example> --help',
  ].join('\n');
}
