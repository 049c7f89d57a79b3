// What pours a recording out while it goes on, though little happens: a program that hangs is one that is killed, and its log is
// wanted most. One timer and one listener for all recordings, only while one is going on; neither keeps the process alive.

/** Ms. What happened before is there when a process is killed. */
const INTERVAL = 250;

const open = new Set<() => void>();
let timer: NodeJS.Timeout | undefined;

/** Calls `pour` four times a second and when the process exits, until what it returns is called. */
export function openOutlet(pour: () => void): () => void {
  if (open.size === 0) {
    timer = setInterval(pourAll, INTERVAL).unref();
    process.on('exit', pourAll);
  }
  open.add(pour);
  return () => {
    if (!open.delete(pour) || open.size > 0) return;
    clearInterval(timer);
    process.off('exit', pourAll);
  };
}

function pourAll(): void {
  for (const pour of open) pour();
}
