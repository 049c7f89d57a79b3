// Traces to compare: the same scenario, run here and by CPython (test/loop/cpython/record.py wrote the JSON files beside it).
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { type Coroutine, type Future, isCoroutine } from '../../src/loop/index.ts';
import { type TestLoop, virtualLoop } from './virtual-loop.ts';

export type Log = (entry: unknown) => void;

const folder = new URL('../loop/cpython/', import.meta.url);

/** What CPython logged, by the scenario's name. */
export const traces: Readonly<Record<string, string[]>> = Object.assign(
  {},
  ...readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8'))),
);

/** Python's name for "this value is wrong", so that traces agree. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}

/** Runs a scenario, a coroutine function or a plain one that runs the loop by itself, and expects CPython's trace of that name. */
export async function sameAsCPython(name: string, scenario: (log: Log, loop: TestLoop) => Coroutine<unknown> | Promise<void>): Promise<void> {
  const expected = traces[name];
  if (expected === undefined) throw new Error(`no scenario of test/loop/cpython is called '${name}'`);
  const trace: string[] = [];
  const log: Log = (entry) => trace.push(Array.isArray(entry) ? JSON.stringify(entry) : String(entry ?? null));
  const loop = virtualLoop();
  const run = scenario(log, loop);
  await (isCoroutine(run) ? loop.runUntilComplete(run) : run);
  for (const report of loop.reports) log(`REPORTED ${report.message} ${report.exception}`);
  expect(trace).toEqual(expected);
}

export function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name} ${error.message}`.trimEnd() : `not an error: ${String(error)}`;
}

export function outcomeOf(future: Future<unknown>): string {
  if (!future.done()) return 'pending';
  if (future.cancelled()) return 'cancelled';
  const error = future.exception();
  return error === undefined ? `returned ${future.result() ?? null}` : `raised ${nameOf(error)}`;
}

export function* fails(error: Error): Coroutine<never> {
  throw error;
}
