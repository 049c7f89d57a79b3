// The library under test: the build in dist/, or the one FUZZ_DIST names, or the sources that FUZZ_ENTRY names.

// Whose errors were not retrieved: the library tells a FinalizationRegistry. Ours remembers instead of waiting for the collector.
export const unretrieved = new Map();
globalThis.FinalizationRegistry = class {
  register(target, _held, token) { unretrieved.set(token, target); }
  unregister(token) { unretrieved.delete(token); }
};
// What the default exception handler writes.
console.error = () => {};
// Warnings, of async generators begun too late.
process.removeAllListeners('warning');
process.on('warning', () => {});

const dist = process.env.FUZZ_DIST ?? new URL('../../dist', import.meta.url).pathname;
export const lib = await import(process.env.FUZZ_ENTRY ?? `${dist}/loop/index.js`);
const { CancelledError, TimeoutError, KeyboardInterrupt } = lib;

export class Boom extends Error { name = 'Boom'; }
export class Bang extends Error { name = 'Bang'; }
const MAKE = {
  Boom: (m) => new Boom(m),
  Bang: (m) => new Bang(m),
  CancelledError: (m) => new CancelledError(m),
  TimeoutError: (m) => new TimeoutError(m),
  KeyboardInterrupt: () => new KeyboardInterrupt(),
};
export const makeError = (name, message) => MAKE[name](message ?? undefined);

/** The methods of `prefix` by the word that follows it: a name made anew for each call would have to be looked up each time. */
export function methods(prefix, prototype) {
  const table = new Map();
  for (let at = prototype; at !== null; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) if (name.startsWith(prefix)) table.set(name.slice(prefix.length), at[name]);
  }
  return table;
}
