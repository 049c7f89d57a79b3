// What somebody passed instead of what was expected, in words, and how to make it right where that is plain.

/** A value that is of no use, for the end of a message: `expected a coroutine, got ...`. */
export function describeWrong(value: unknown): string {
  if (typeof (value as PromiseLike<unknown> | null)?.then === 'function' && typeof (value as { next?: unknown }).next !== 'function') {
    return 'a promise; wrap the call that makes it: fromPromise((signal) => ...)';
  }
  if (typeof value === 'function') return `the function ${value.name || '<anonymous>'}; call it`;
  if (Array.isArray(value)) return 'an array';
  if (Object.prototype.toString.call(value) === '[object AsyncGenerator]') return "an async generator; a coroutine is what 'function*' makes, without async";
  if (typeof value === 'object' && value !== null) return `an object (${value.constructor?.name ?? 'without a class'})`;
  return String(value);
}

/** @throws TypeError unless `value` is a number of ms. */
export function expectMs(where: string, value: number | undefined): void {
  if (value !== undefined && (typeof value !== 'number' || Number.isNaN(value))) throw new TypeError(`${where}: expected milliseconds, got ${String(value)}`);
}
