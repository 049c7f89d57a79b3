// What an event tells of an error, a task, a callback or a primitive. All of them may be the program's own, and nobody's code
// may throw here: the observer would be taken away.
import { type Handle, Lock, Queue, Semaphore, type Task } from '../loop/index.ts';
import type { PrimitiveAct } from '../loop/observer.ts';
import { NONE } from './codes.ts';

/** An error's name and the first line of its message. */
export function errorText(error: unknown): string {
  const text = (): string => (error instanceof Error ? `${error.name}${error.message === '' ? '' : `: ${error.message.split('\n', 1)[0]}`}` : String(error));
  return asText(text, 'an error that cannot be shown');
}

export function taskName(task: Task<unknown>): string {
  return asText(() => task.getName(), 'a task');
}

/** The name of a callback's function. */
export function callbackName(handle: object): string {
  const { callback } = handle as Handle;
  return callback === undefined ? '(cancelled)' : asText(() => callback.name, '') || '<anonymous>';
}

/** The name of a future's or primitive's class. */
export function className(object: object): string {
  return asText(() => object.constructor.name, 'Object');
}

/** What there is of it at this moment: permits that are free; of a queue that is given or gives an item, how many are in it. */
export function levelOf(act: PrimitiveAct, primitive: object): number {
  try {
    if (primitive instanceof Semaphore) return primitive.permits;
    if (primitive instanceof Lock) return primitive.locked() ? 0 : 1;
    return primitive instanceof Queue && (act === 'put' || act === 'get') ? primitive.qsize() : NONE;
  } catch {
    return NONE;
  }
}

function asText(read: () => unknown, otherwise: string): string {
  try {
    const text = read();
    return typeof text === 'string' ? text : otherwise;
  } catch {
    return otherwise;
  }
}
