// Names as they can be printed: programs name tasks and functions after URLs, files and what else comes from outside.
import type { Task } from '../loop/index.ts';

/** On one line, with control characters spelled out: `\\x1b[31m`. */
export function shownText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** The name of a task. */
export function shownName(task: Task<unknown>): string {
  return shownText(task.getName());
}
