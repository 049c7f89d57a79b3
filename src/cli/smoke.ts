// Every example in virtual time, and whether it printed what it should: what CI runs.
import { type Example, examples } from '../demos/catalog.ts';
import type { Exit } from './exits.ts';
import { expected } from './expected.ts';
import type { Globals } from './globals.ts';
import { out } from './output.ts';
import { rehearse } from './rehearse.ts';
import { PlainScreen } from './screens/plain.ts';
import { type Styles, styles } from './style.ts';

interface Result {
  readonly example: Example;
  /** What is wrong; nothing, when all is well. */
  readonly fault: string | undefined;
  readonly lines: number;
  readonly ms: number;
  /** When its check was over, in ms from the start of the first. */
  readonly at: number;
}

/** Runs them all, prints a table, and fails when one is not as expected. A signal ends it at once. */
export async function runSmoke(globals: Globals): Promise<Exit> {
  const results: Result[] = [];
  const begin = performance.now();
  for (const example of examples) {
    const printed: string[] = [];
    const print = (line: string): number => printed.push(line);
    const start = performance.now();
    const exit = await rehearse(example, () => new PlainScreen(print, print), { ...globals, seed: undefined });
    if (typeof exit === 'string') return exit;
    const fault = exit === 0 ? compare(printed, expected[example.name] ?? []) : `ended with ${exit}: ${printed.at(-1)}`;
    const end = performance.now();
    results.push({ example, fault, lines: printed.length, ms: end - start, at: end - begin });
  }
  const style = await styles(process.stdout, globals.color);
  if (globals.json) for (const result of results) out(asJson(result));
  else if (!globals.quiet || results.some(({ fault }) => fault !== undefined)) out(asTable(results, style));
  return results.some(({ fault }) => fault !== undefined) ? 1 : 0;
}

/** The first difference between what was printed and what should have been. */
export function compare(printed: readonly string[], wanted: readonly (string | RegExp)[]): string | undefined {
  for (let i = 0; i < Math.max(printed.length, wanted.length); i++) {
    const [got, want] = [printed[i], wanted[i]];
    const same = typeof want === 'string' ? got === want : got !== undefined && want?.test(got);
    if (!same) return `line ${i + 1}: expected ${want === undefined ? 'no more' : String(want)}, got ${got === undefined ? 'no more' : got}`;
  }
  return undefined;
}

function asJson({ example, fault, lines, ms, at }: Result): string {
  return JSON.stringify({
    command: 'smoke',
    event: 'checked',
    at: Math.round(at),
    example: example.name,
    ok: fault === undefined,
    lines,
    ms: Math.round(ms),
    fault: fault ?? null,
  });
}

function asTable(results: readonly Result[], style: Styles): string {
  const width = Math.max(...results.map(({ example }) => example.name.length));
  const rows = results.map(({ example, fault, lines, ms }) => {
    const verdict = fault === undefined ? style.green('ok  ') : style.red('FAIL');
    const row = `${verdict} ${example.section.padEnd(4)} ${example.name.padEnd(width)} ${String(lines).padStart(3)} lines ${ms.toFixed(0).padStart(6)} ms`;
    return fault === undefined ? row : `${row}\n       ${fault}`;
  });
  const failed = results.filter(({ fault }) => fault !== undefined).length;
  return [...rows, '', `${results.length - failed} passed, ${failed} failed`].join('\n');
}
