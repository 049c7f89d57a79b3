// What a deadlock report says of each task that can never go on.
import { type Frame, formatPlace, isOurs } from './await-stack.ts';
import { dependenceOf } from './depends.ts';
import type { StuckTask } from './errors.ts';
import type { Future } from './future.ts';
import { GatheringFuture } from './gather.ts';
import { Task } from './task.ts';

/** The task's name, what it awaits, and the line of the program where it does. */
export function describeStuck(task: Task<unknown>): StuckTask {
  const stack = task.getStack();
  const line = stack.findLast((frame) => !isOurs(frame));
  return { name: task.getName(), awaits: describeAwait(task.awaiting, stack), line: line && formatPlace(line.file, line.line) };
}

/** `Lock.acquire()` where the await is inside one of our coroutines; otherwise the future itself. */
function describeAwait(awaited: Future<unknown> | undefined, stack: readonly Frame[]): string {
  const innermost = stack.findLast((frame) => frame.name !== 'waiter' || !isOurs(frame));
  if (innermost !== undefined && isOurs(innermost)) return `${innermost.name}()`;
  if (awaited instanceof GatheringFuture) return 'gather()';
  // What coroutines of ours stand at has been told; of futures that depend on others only that of a shield is handed out.
  if (awaited !== undefined && dependenceOf(awaited) !== undefined) return 'shield()';
  return awaited instanceof Task ? `Task '${awaited.getName()}'` : `a ${awaited?.constructor.name ?? 'Future'} nobody has set`;
}
