// Colours for whoever asked for them. Not `util.styleText`: since Node 22.13 that asks stdout whether it is a terminal, unless told
// not to, though the text may be for another stream, or for a program.

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof CODES;

/** Gives a text a style, or, where colours are not wanted, gives it back. */
export type Paint = (style: Style, text: string) => string;

/** Colours or none. */
export function painter(color: boolean): Paint {
  if (!color) return (_style, text) => text;
  return (style, text) => `\x1b[${CODES[style][0]}m${text}\x1b[${CODES[style][1]}m`;
}
