// What an event tells of an error, a callback or a primitive. Nobody's code may throw here: the observer would be taken away.
import { type Handle, Lock, Queue, Semaphore } from '../loop/index.ts';
import type { PrimitiveAct } from '../loop/observer.ts';
import { NONE } from './columns.ts';

/** An error's name and the first line of its message. */
export function errorText(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}${error.message === '' ? '' : `: ${error.message.split('\n', 1)[0]}`}` : String(error);
  } catch {
    return 'an error that cannot be shown';
  }
}

/** The name of a callback's function. */
export function callbackName(handle: object): string {
  const { callback } = handle as Handle;
  return callback === undefined ? '(cancelled)' : callback.name || '<anonymous>';
}

/** What there is of it at this moment: permits that are free; of a queue that is given or gives an item, how many are in it. */
export function levelOf(act: PrimitiveAct, primitive: object): number {
  if (primitive instanceof Semaphore) return primitive.permits;
  if (primitive instanceof Lock) return primitive.locked() ? 0 : 1;
  return primitive instanceof Queue && (act === 'put' || act === 'get') ? primitive.qsize() : NONE;
}
