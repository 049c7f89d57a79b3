// A line of TypeScript with a little colour: what it awaits stands out, comments stand back.
import type { Paint, Style } from '../../observe/paint.ts';

const KEYWORDS =
  'as async await break case catch class const continue do else export extends finally for function if import in instanceof interface let new of private readonly return satisfies static super switch this throw try type typeof while yield';

/** Where a comment begins in a string, or a keyword in a name, the earlier alternative has taken it. */
const TOKENS = new RegExp(
  [
    String.raw`(?<comment>//.*|/\*.*|^\s*\*.*)`,
    String.raw`(?<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\`(?:[^\`\\]|\\.)*\`)`,
    String.raw`(?<awaits>\byield\*|\bfunction\*)`,
    String.raw`(?<keyword>(?<![.\w$])(?:${KEYWORDS.replaceAll(' ', '|')})(?![\w$:]))`,
    String.raw`(?<name>[\w$]+)`,
  ].join('|'),
  'g',
);

const STYLES: Readonly<Record<string, Style>> = { comment: 'dim', string: 'green', awaits: 'cyan', keyword: 'bold' };

/** The same text, coloured where that is wanted. */
export function highlight(line: string, paint: Paint): string {
  return line.replace(TOKENS, (token: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    const kind = Object.keys(STYLES).find((name) => groups[name] !== undefined);
    return kind === undefined ? token : paint(STYLES[kind] as Style, token);
  });
}
