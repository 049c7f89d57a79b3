// When a request is worth another attempt, and how long to wait before it. Decides only; the session waits.
import { HttpError, type HttpErrorKind } from './http-error.ts';

/** The wait before the second attempt, in ms; it doubles with each further one, up to the longest. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 10_000;
/** A server may ask for more patience than we would have, up to this much. */
const LONGEST_RETRY_AFTER = 60_000;

const PASSING: ReadonlySet<HttpErrorKind> = new Set(['unknown-host', 'unreachable', 'refused', 'timeout', 'reset', 'network']);

/** Whether the same request may well succeed later. */
export function isPassing(error: unknown): boolean {
  return error instanceof HttpError && PASSING.has(error.kind);
}

/** Whether a status asks for another attempt: too many requests, or the server's own trouble. */
export function asksForRetry(status: number): boolean {
  return status === 429 || status >= 500;
}

/** How long, in ms, to wait after attempt number `attempt` (from 1), given the answer's headers where there was one. */
export function waitBefore(attempt: number, headers?: { get(name: string): string | null }): number {
  const asked = headers === undefined ? undefined : retryAfter(headers);
  if (asked !== undefined) return Math.min(asked, LONGEST_RETRY_AFTER);
  return Math.min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT);
}

/** Retry-After is seconds or a date; a date is read by the server's own clock where it tells the time. */
function retryAfter(headers: { get(name: string): string | null }): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const told = Date.parse(headers.get('date') ?? '');
  return Math.max(0, until - (Number.isNaN(told) ? Date.now() : told));
}
