// What `console.log` and `util.inspect` ask for: objects of ours show themselves as asyncio's do.

/** From now on objects of this class are shown as their `toString()`. Set from outside: a computed name does not fit isolated declarations. */
export function shownByToString(shown: { readonly prototype: object }): void {
  Object.defineProperty(shown.prototype, Symbol.for('nodejs.util.inspect.custom'), {
    value(this: object): string {
      return String(this);
    },
  });
}
