// Work that would keep the loop waiting, done in another thread.
import { type Coroutine, getRunningLoop } from '../loop/index.ts';
import { type Executor, inExecutor } from './executor.ts';

export interface ToThreadOptions {
  /** Which exported function. The default export unless given. */
  name?: string;
  /** Where it runs. The running loop's default executor unless given. */
  executor?: Executor;
}

/**
 * Runs a function that a module exports in a pool of threads, with one argument that can be cloned, and returns its
 * result. Stands for `asyncio.to_thread`. A cancellation ends the thread it runs in.
 *
 * The pool is the loop's default executor, see {@link runInExecutor}. It needs `npm install piscina`.
 *
 * @param module the module's URL, `new URL('./work.js', import.meta.url)`, or its absolute path.
 * @throws what the function throws; TypeError for a relative path; an Error where piscina is not installed.
 *
 * @example
 * ```ts
 * import { isMainThread } from 'node:worker_threads';
 * import { run } from 'asyncdemo';
 * import { toThread } from 'asyncdemo/node';
 *
 * export const fibonacci = (n) => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2));
 *
 * if (isMainThread) {
 *   console.log(await run(toThread(import.meta.url, 20, { name: 'fibonacci' }))); // 6765
 * }
 * ```
 */
export function* toThread<T = unknown>(module: URL | string, argument?: unknown, { name, executor }: ToThreadOptions = {}): Coroutine<T> {
  return yield* inExecutor<T>(getRunningLoop(), executor ?? null, module, argument, name === undefined ? {} : { name });
}
