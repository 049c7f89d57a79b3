// Warnings for whoever develops a program: Node's own, so that its options and listeners apply to them.

/** Prints `(node:123) LoopWarning: ...` to stderr, once this turn of Node's is over; `process.on('warning')` hears it. */
export function warn(message: string): void {
  process.emitWarning(message, 'LoopWarning');
}
