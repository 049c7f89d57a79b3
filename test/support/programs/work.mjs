// What the tests of threads have done elsewhere.
import { isMainThread, parentPort, threadId } from 'node:worker_threads';

export default function double(n) {
  return n * 2;
}

export function where() {
  return { isMainThread, threadId };
}

/** Takes as long as it likes, and cannot be interrupted from within. */
export function forever(shared) {
  if (shared !== undefined) Atomics.store(shared, 0, 1);
  for (;;) if (shared !== undefined) Atomics.add(shared, 1, 1);
}

export function wait(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  return 'waited';
}

export async function fails(message) {
  throw new RangeError(message);
}

export function hasParent() {
  return parentPort !== null;
}
