// The values of options: text in, a value or a UsageError out.
import type { Kind } from '../demos/catalog.ts';
import { UsageError } from './exits.ts';

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Reads a value of a kind. `name` is what the user typed it for: `--concurrency`. */
export function parseValue(kind: Kind, name: string, text: string): string | number {
  switch (kind.type) {
    case 'whole':
      return parseWhole(name, text, kind.from, kind.to);
    case 'duration':
      return parseDuration(name, text, kind.above);
    default:
      if (kind.type === 'text' && kind.filled && text === '') throw new UsageError(`${name}: expected some text, got ''`);
      return text;
  }
}

/** The name of a file; whether there is such a file is found out when it is opened. */
export function parseFileName(name: string, text: string): string {
  if (text === '') throw new UsageError(`${name}: expected the name of a file, got ''`);
  return text;
}

/** A whole number in a range, digits only. */
export function parseWhole(name: string, text: string, from: number, to: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= from && value <= to)) throw new UsageError(`${name}: expected a whole number from ${from} to ${to}, got '${text}'`);
  return value;
}

/** A duration in ms: `30` (seconds), `1.5s`, `500ms`, `2m`, `1h`. */
export function parseDuration(name: string, text: string, above?: number): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const ms = match === null ? Number.NaN : Number(match[1]) * UNITS[(match[2] ?? 's') as keyof typeof UNITS];
  if (!Number.isFinite(ms)) throw new UsageError(`${name}: expected a duration such as 30 (seconds), 500ms, 1.5s, 2m or 1h, got '${text}'`);
  if (above !== undefined && ms <= above) throw new UsageError(`${name}: expected a duration above ${above}, got '${text}'`);
  return ms;
}
