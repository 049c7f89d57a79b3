// Node tells once that its own event loop has run dry: `beforeExit`. For a loop of ours that waits, this is the proof
// that nothing can ever wake it. One listener serves every driver.

const waiting = new Set<() => void>();
let listening = false;

/** Stays with the process until Node has run dry once more: to come and go with each loop that waits took a tenth of awaiting a promise. */
function announce(): void {
  if (waiting.size === 0) {
    process.off('beforeExit', announce);
    listening = false;
    return;
  }
  for (const stuck of [...waiting]) {
    waiting.delete(stuck);
    stuck();
  }
  // Whoever was told may start another run that is stuck at once: Node must go round once more to tell that one too.
  setImmediate(() => {});
}

/** Calls `stuck` when Node has nothing left to do. Returns what takes it back. */
export function whenNodeRunsDry(stuck: () => void): () => void {
  if (!listening) process.on('beforeExit', announce);
  listening = true;
  waiting.add(stuck);
  return () => void waiting.delete(stuck);
}
