// Node tells once that its own event loop has run dry: `beforeExit`. For a loop of ours that waits, this is the proof
// that nothing can ever wake it. One listener serves every driver.

const waiting = new Set<() => void>();

function announce(): void {
  for (const stuck of [...waiting]) {
    waiting.delete(stuck);
    stuck();
  }
  if (waiting.size === 0) process.off('beforeExit', announce);
  // Whoever was told may start another run that is stuck at once: Node must go round once more to tell that one too.
  setImmediate(() => {});
}

/** Calls `stuck` when Node has nothing left to do. Returns what takes it back. */
export function whenNodeRunsDry(stuck: () => void): () => void {
  if (waiting.size === 0) process.on('beforeExit', announce);
  waiting.add(stuck);
  return () => {
    waiting.delete(stuck);
    if (waiting.size === 0) process.off('beforeExit', announce);
  };
}
