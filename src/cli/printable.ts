// What comes from outside, a URL, an answer, a file, must not move the cursor or change the colours of a terminal.

/** The same text on one line, with control characters spelled out: `\\x1b[31m`. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
