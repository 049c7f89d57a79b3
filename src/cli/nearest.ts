// The word that was probably meant.

/** More letters than this are no slip. */
const MOST_SLIPS = 3;

/** Of `words` the one that `typed` differs from least, where that is little; undefined where none is near. */
export function nearestOf(typed: string, words: readonly string[]): string | undefined {
  let best: { word: string; slips: number } | undefined;
  for (const word of words) {
    const slips = slipsBetween(typed.toLowerCase(), word);
    const near = slips <= MOST_SLIPS && slips < 0.6 * Math.max(typed.length, word.length);
    if (near && (best === undefined || slips < best.slips)) best = { word, slips };
  }
  return best?.word;
}

/** How many letters must be put in, taken out or changed: Levenshtein's distance, row by row. */
function slipsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
