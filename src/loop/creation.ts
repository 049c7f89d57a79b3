// Where things were made, for the reports of a loop in debug mode. Kept beside them, so that nothing is paid for it otherwise.
import { type Frame, formatPlace, isOurs, parseStack } from './await-stack.ts';
import { limitStacks } from './stack-limit.ts';

const stacks = new WeakMap<object, string>();

/** Remembers the stack on which `made` is being made. */
export function noteCreation(made: object): void {
  const limit = limitStacks(50);
  stacks.set(made, new Error().stack ?? '');
  limitStacks(limit);
}

/** The frames of the program in which `made` was made, oldest first; undefined where that was not remembered. */
export function creationOf(made: object): Frame[] | undefined {
  const stack = stacks.get(made);
  return stack === undefined
    ? undefined
    : parseStack(stack)
        .filter((frame) => !isOurs(frame) && !frame.file.startsWith('node:'))
        .reverse();
}

/** `created at src/app.ts:12`, where that was remembered; for texts. */
export function createdAt(made: object): string[] {
  const frame = creationOf(made)?.at(-1);
  return frame === undefined ? [] : [`created at ${formatPlace(frame.file, frame.line)}`];
}
