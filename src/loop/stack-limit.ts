// How much of the stack the engine notes in an error.

/** Sets how many frames errors have from now on; returns how many they had. In a program that has frozen `Error` it stays what it was. */
export function limitStacks(frames: number): number {
  const before = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = frames;
  } catch {
    // `node --frozen-intrinsics`, say: an error with another stack is better than another error.
  }
  return before;
}
