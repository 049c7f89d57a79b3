// What a mutant is: one small fault in the sources that breaks one clause of a rule of docs/rules.md. A suite that stays
// green with the fault in place does not prove that clause.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Mutant {
  /** The number of the rule in docs/rules.md. */
  readonly rule: number;
  /** What the fault does, as whoever uses the loop would see it. */
  readonly breaks: string;
  /** The faulty file, below `src`. */
  readonly file: string;
  /** A text that stands exactly once in it. */
  readonly find: string;
  /** What stands there instead. */
  readonly replace: string;
  /** The test files, below `test`, that are to notice; the most telling one first. `file#text`: only its tests with that text in their names. */
  readonly caughtBy: readonly string[];
}

/** The project's folder. */
export const root: string = fileURLToPath(new URL('../../', import.meta.url));

/** Where a mutant's file is. */
export function pathOf({ file }: Mutant): string {
  return `${root}src/${file}`;
}

/**
 * The text of its file with the fault in it.
 * @throws RangeError when what is looked for does not stand there exactly once: the source has moved on, and so must the mutant.
 */
export function inject(mutant: Mutant, source: string = readFileSync(pathOf(mutant), 'utf8')): string {
  const places = source.split(mutant.find).length - 1;
  if (places !== 1) throw new RangeError(`rule ${mutant.rule}, '${mutant.breaks}': expected its text once in src/${mutant.file}, found it ${places} times`);
  return source.replace(mutant.find, () => mutant.replace);
}
