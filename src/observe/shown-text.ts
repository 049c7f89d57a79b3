// The name of a task as it can be printed: programs name tasks after URLs, files and what else comes from outside.
import type { Task } from '../loop/index.ts';

/** On one line, with control characters spelled out. */
export function shownName(task: Task<unknown>): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
  return task.getName().replace(/[\x00-\x1f\x7f-\x9f]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
