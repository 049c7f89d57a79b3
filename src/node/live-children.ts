// The children that have not ended yet. A process that exits meanwhile takes them with it: nobody would be left to do so.

/** What can be killed at once, without waiting for anything. */
interface Killable {
  kill(): boolean;
}

const live = new Set<Killable>();

function killAll(): void {
  for (const child of live) child.kill();
}

/** Kills `child` if this process exits before the returned function is called. */
export function guard(child: Killable): () => void {
  if (live.size === 0) process.on('exit', killAll);
  live.add(child);
  return () => {
    live.delete(child);
    if (live.size === 0) process.off('exit', killAll);
  };
}
