import { expect, test } from 'vitest';
import { highlight } from '../../../src/cli/tour/highlight.ts';
import { excerptOf } from '../../../src/cli/tour/source.ts';
import { painter } from '../../../src/observe/paint.ts';

const SOURCE = `import { a } from 'b';

const one = 1;

/** What it is
 * for. */
export function* two(
  x: number,
): Coroutine<void> {
  yield* x;
}

// Why.
class Three {
  *next() {}
}

export const four = async () => {
  if (a) {
  }
};
`;

test.for([
  ['one', 3, 1],
  ['two', 5, 7],
  ['Three', 13, 4],
  ['four', 18, 4],
] as const)('the declaration %s begins in line %i, with the comment above it, and has %i lines', ([name, from, count]) => {
  expect(excerptOf(SOURCE, name)).toEqual({ name, from, lines: SOURCE.split('\n').slice(from - 1, from - 1 + count) });
});

test('a name that nothing is declared by has none', () => {
  for (const name of ['a', 'next', 'thre', 'tw']) expect(excerptOf(SOURCE, name)).toBeUndefined();
});

test('awaits, keywords, strings and comments are coloured, and nothing else', () => {
  const marked = (line: string): string => highlight(line, (style, text) => `<${style}:${text}>`);
  expect(marked("  const x = yield* f('for', a.return); // of it")).toBe("  <bold:const> x = <cyan:yield*> f(<green:'for'>, a.return); <dim:// of it>");
  expect(marked('function* g(of: string) {')).toBe('<cyan:function*> g(of: string) {');
  expect(highlight('return 1;', painter(false))).toBe('return 1;');
});
