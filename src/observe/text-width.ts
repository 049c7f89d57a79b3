// How many columns text takes in a terminal, and how it is made to take no more.

/** What takes two columns: characters of East Asia and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** What takes none: accents and other marks upon the character before. */
const MARK = /\p{Mn}|\p{Me}|\p{Cf}/u;

/** The columns of a text without control characters. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** The end of a text, `…` in front of it, where all of it is too wide. */
export function cutFront(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  for (const character of [...text].reverse()) {
    if (widthOf(kept) + widthOf(character) > width - 1) break;
    kept = character + kept;
  }
  return `…${kept}`;
}

/** A text in lines, broken at spaces, the second and later ones two columns narrower; a word that is too wide loses its front. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<! ) /)) {
    const room = lines.length === 0 ? width : width - 2;
    if (line !== '' && widthOf(line) + 1 + widthOf(word) <= room) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    line = cutFront(word, width - 2);
  }
  return [...lines, line];
}
