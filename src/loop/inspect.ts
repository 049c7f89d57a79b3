// Futures, tasks, coroutines and primitives as text, in asyncio's form. Pure: looks at them, changes nothing.
import { inspect as inspectValue } from 'node:util';
import type { Coroutine } from './coroutine.ts';
import { createdAt } from './creation.ts';
import type { Callback } from './handle.ts';
import { whereabouts } from './whereabouts.ts';

/** What can be shown of a future; of a task, where the optional parts are given. */
export interface Showable {
  readonly state: 'pending' | 'returned' | 'raised' | 'cancelled';
  readonly outcome: unknown;
  /** Tasks, and callbacks or their handles. */
  readonly waiting: readonly (Callback | object)[];
}

/** What can be shown of a task beyond being a future. */
export interface ShowableTask extends Showable {
  readonly coroutine: Coroutine<unknown>;
  /** The future it waits for. */
  readonly awaiting: Showable | undefined;
  getName(): string;
  cancelling(): number;
}

/**
 * A future, task or coroutine as asyncio's `repr` shows it; any other value as Node's `util.inspect` does.
 *
 * @example
 * ```ts
 * import { EventLoop, inspect } from 'asyncdemo';
 *
 * const loop = new EventLoop();
 * console.log(inspect(loop.createFuture())); // <Future pending>
 * loop.close();
 * ```
 */
export function inspect(value: unknown): string {
  return inspectValue(value, { depth: 2, breakLength: Number.POSITIVE_INFINITY });
}

/** `<Future pending cb=[...]>` */
export function formatFuture(future: Showable): string {
  return `<${future.constructor.name} ${[stateOf(future), ...outcomeOf(future), ...callbacksOf(future), ...createdAt(future)].join(' ')}>`;
}

/** `<Task pending name='Task-2' coro=<spin() running at src/app.ts:12> wait_for=<Future pending>>` */
export function formatTask(task: ShowableTask): string {
  const state = task.state === 'pending' && task.cancelling() > 0 ? 'cancelling' : stateOf(task);
  const info = [state, `name='${task.getName()}'`, `coro=<${formatCoroutine(task.coroutine, task.state !== 'pending')}>`];
  if (task.awaiting !== undefined) info.push(`wait_for=${formatFuture(task.awaiting)}`);
  return `<${task.constructor.name} ${[...info, ...callbacksOf(task), ...outcomeOf(task), ...createdAt(task)].join(' ')}>`;
}

/** `spin() running at src/app.ts:12`; a coroutine that has not started stands at its function's own line. */
function formatCoroutine(coroutine: Coroutine<unknown>, done: boolean): string {
  const found = whereabouts(coroutine);
  if (found === undefined) return `${coroutine.constructor.name}() ${done ? 'done' : 'running'}`;
  return done ? `${found.name}() done, defined at ${found.definedAt}` : `${found.name}() running at ${found.standsAt}`;
}

/** `<Lock [locked, waiters:2]>` */
export function formatPrimitive(primitive: object, state: string, waiters: number): string {
  return `<${primitive.constructor.name} [${state}${waiters > 0 ? `, waiters:${waiters}` : ''}]>`;
}

/** An error the way Python writes one: `TypeError('no')`. */
export function formatError(error: unknown): string {
  return error instanceof Error ? `${error.name}(${error.message === '' ? '' : inspectValue(error.message)})` : inspect(error);
}

/** A value on one line, and not more of it than fits there. */
export function formatValue(value: unknown): string {
  return inspectValue(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 60, maxArrayLength: 6 });
}

function stateOf({ state }: Showable): string {
  return state === 'returned' || state === 'raised' ? 'finished' : state;
}

function nameOf(waiter: Callback | { readonly callback?: Callback }): string {
  return (typeof waiter === 'function' ? waiter : waiter.callback)?.name || '<anonymous>';
}

function outcomeOf({ state, outcome }: Showable): string[] {
  if (state === 'returned') return [`result=${formatValue(outcome)}`];
  return state === 'raised' ? [`exception=${formatError(outcome)}`] : [];
}

function callbacksOf({ waiting }: Showable): string[] {
  if (waiting.length === 0) return [];
  const names = waiting.map((waiter) => ('getName' in waiter ? `${(waiter as ShowableTask).getName()}.wakeup()` : `${nameOf(waiter)}()`));
  const shown = names.length > 2 ? [names[0], `<${names.length - 2} more>`, names.at(-1)] : names;
  return [`cb=[${shown.join(', ')}]`];
}
