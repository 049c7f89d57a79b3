// Declarations out of a source file of ours, with their lines as they stand there. No parser: the formatter has put each
// beginning and each end into the first column, and nothing else there but comments.

/** A piece of a file: line `from`, counted from 1, and those after it. */
export interface Excerpt {
  readonly name: string;
  readonly from: number;
  readonly lines: readonly string[];
}

/** The top-level function, class or constant of this name, with the comment above it; undefined where there is none. */
export function excerptOf(source: string, name: string): Excerpt | undefined {
  const lines = source.split('\n');
  const begins = new RegExp(`^(?:export )?(?:async )?(?:function ?\\*?|class|const) ${name}\\b`);
  const head = lines.findIndex((line) => begins.test(line));
  if (head < 0) return undefined;
  const last = /[;}]$/.test(lines[head] as string) ? head : lines.findIndex((line, i) => i > head && /^(?:[}\]]|\);)/.test(line));
  if (last < 0) return undefined;
  let first = head;
  while (first > 0 && /^(?:\/[/*]| \*)/.test(lines[first - 1] as string)) first -= 1;
  return { name, from: first + 1, lines: lines.slice(first, last + 1) };
}
