// The border to threads: what runs a module's function elsewhere, and the one of each loop that is used unless another is named.
import { availableParallelism } from 'node:os';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Coroutine, type EventLoop, type Future, fromPromise, LoopError } from '../loop/index.ts';

/** What an executor is told beside the argument. */
export interface ExecutorRunOptions {
  /** The module's path. Missing where the executor knows its own. */
  filename?: string;
  /** Which of its exported functions. Missing for its default export. */
  name?: string;
  /** Aborted when nobody wants the result any more. */
  signal?: AbortSignal;
}

/**
 * Runs a function of a module somewhere else. A function of this thread cannot cross to another, so the module is named
 * instead. Stands for `concurrent.futures.Executor`. Pools of `piscina` and `tinypool` are executors as they are.
 */
export interface Executor {
  /** Runs it with `argument`, a value that can be cloned; a promise for what it returns. */
  run(argument: unknown, options: ExecutorRunOptions): Promise<unknown>;
  /** Ends its threads, and whatever they are doing. */
  destroy?(): Promise<void>;
}

/**
 * The default executor of one loop. open -> shut. In both, a loop that closes destroys it.
 */
class DefaultExecutor {
  state: 'open' | 'shut' = 'open';
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #loop: EventLoop;
  #executor: Promise<Executor> | undefined;

  constructor(loop: EventLoop) {
    this.#loop = loop;
    loop.onClose(() => void this.destroy());
  }

  set(executor: Executor): void {
    this.#executor = Promise.resolve(executor);
  }

  run(argument: unknown, options: ExecutorRunOptions): Promise<unknown> {
    if (this.state === 'shut') throw new LoopError('Executor shutdown has been called');
    const result = this.#start(argument, options);
    this.#underWay.add(result);
    const over = (): void => void this.#underWay.delete(result);
    result.then(over, over);
    return result;
  }

  /** Settles when everything that was asked for has ended. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  async destroy(): Promise<void> {
    this.state = 'shut';
    const executor = this.#executor;
    this.#executor = undefined;
    try {
      await (await executor)?.destroy?.();
    } catch {} // A pool that could not be made: whoever asked for it was told.
  }

  async #start(argument: unknown, options: ExecutorRunOptions): Promise<unknown> {
    this.#executor ??= makePool();
    const executor = await this.#executor;
    options.signal?.throwIfAborted();
    if (this.#loop.isClosed()) throw new LoopError('Event loop is closed');
    return executor.run(argument, options);
  }
}

const defaults = new WeakMap<EventLoop, DefaultExecutor>();

function defaultOf(loop: EventLoop): DefaultExecutor {
  let executor = defaults.get(loop);
  if (executor === undefined) {
    executor = new DefaultExecutor(loop);
    defaults.set(loop, executor);
  }
  return executor;
}

/** How long, in ms, a thread of the pool waits for more before it ends. */
const IDLE_TIMEOUT = 1000;

async function makePool(): Promise<Executor> {
  try {
    const { Piscina } = await import('piscina');
    return new Piscina({ minThreads: 1, maxThreads: availableParallelism(), idleTimeout: IDLE_TIMEOUT });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new Error('toThread: the default pool of threads is made by piscina, which is not installed: npm install piscina', { cause });
  }
}

/**
 * Runs a function that a module exports on `executor`, `null` for the loop's default one; a future for its result.
 * Stands for `loop.run_in_executor`. Cancelling the future aborts the function: a pool of threads ends its thread.
 *
 * The default executor is a pool of `piscina`, with as many threads as the machine has cores. It is made when it is first
 * needed, and destroyed when the loop closes.
 *
 * @param module the module's URL, or an absolute path; `null` for the executor's own.
 * @throws TypeError for a relative path. The future: what the function throws; LoopError after {@link shutdownDefaultExecutor}.
 *
 * @example
 * ```ts
 * import { type Coroutine, getRunningLoop, run } from 'asyncdemo';
 * import { type Executor, runInExecutor } from 'asyncdemo/node';
 *
 * const here: Executor = { run: async (argument, { filename, name = 'default' }) => (await import(filename as string))[name](argument) };
 * function* main(): Coroutine<void> {
 *   const future = runInExecutor(getRunningLoop(), here, 'node:path', '/etc/hosts', { name: 'basename' });
 *   console.log(yield* future); // hosts
 * }
 * await run(main());
 * ```
 */
export function runInExecutor<T = unknown>(
  loop: EventLoop,
  executor: Executor | null,
  module: URL | string | null,
  argument?: unknown,
  options: { name?: string } = {},
): Future<T> {
  const work = inExecutor<T>(loop, executor, module, argument, options);
  return loop.createTask(work);
}

/** The same as a coroutine. What is wrong with the call is told at once. */
export function inExecutor<T>(
  loop: EventLoop,
  executor: Executor | null,
  module: URL | string | null,
  argument: unknown,
  { name }: { name?: string },
): Coroutine<T> {
  expectExecutor(executor, 'runInExecutor');
  const target: ExecutorRunOptions = { ...(module === null ? {} : { filename: pathOf(module) }), ...(name === undefined ? {} : { name }) };
  return fromPromise((signal) => (executor ?? defaultOf(loop)).run(argument, { ...target, signal }) as Promise<T>);
}

/**
 * Makes `executor` the loop's default one. It is destroyed when the loop closes. Stands for `loop.set_default_executor`.
 * @throws TypeError for what has no `run`; LoopError when the loop is closed.
 *
 * @example
 * ```ts
 * import { getRunningLoop, run } from 'asyncdemo';
 * import { type Executor, setDefaultExecutor, toThread } from 'asyncdemo/node';
 *
 * const echo: Executor = { run: async (argument) => argument };
 * function* main() {
 *   setDefaultExecutor(getRunningLoop(), echo);
 *   console.log(yield* toThread('/any/module.js', 'echoed')); // echoed
 * }
 * await run(main());
 * ```
 */
export function setDefaultExecutor(loop: EventLoop, executor: Executor): void {
  expectExecutor(executor, 'setDefaultExecutor');
  if (loop.isClosed()) throw new LoopError('Event loop is closed');
  defaultOf(loop).set(executor);
}

/**
 * Waits until everything that the loop's default executor was asked for has ended, and destroys it; from now on it takes
 * nothing. Stands for `loop.shutdown_default_executor`. After `timeout` ms of the host's time, or when cancelled, it is
 * destroyed with what it is doing.
 *
 * @example
 * ```ts
 * import { type Coroutine, getRunningLoop, run } from 'asyncdemo';
 * import { type Executor, setDefaultExecutor, shutdownDefaultExecutor } from 'asyncdemo/node';
 *
 * function* main(): Coroutine<void> {
 *   const loop = getRunningLoop();
 *   const executor: Executor = { run: async () => 0, destroy: async () => console.log('destroyed') };
 *   setDefaultExecutor(loop, executor);
 *   yield* shutdownDefaultExecutor(loop);
 * }
 * await run(main());
 * // destroyed
 * ```
 */
export function* shutdownDefaultExecutor(loop: EventLoop, { timeout }: { timeout?: number } = {}): Coroutine<void> {
  if (timeout !== undefined && !(timeout >= 0))
    throw new RangeError(`shutdownDefaultExecutor: expected a timeout in milliseconds from 0 up, got ${String(timeout)}`);
  const executor = defaultOf(loop);
  executor.state = 'shut';
  let timer: NodeJS.Timeout | undefined;
  try {
    yield* fromPromise(() => {
      if (timeout === undefined) return executor.idle();
      const over = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeout);
      });
      return Promise.race([executor.idle(), over]);
    });
  } finally {
    clearTimeout(timer);
    const destroyed = executor.destroy();
    yield* fromPromise(() => destroyed);
  }
}

function expectExecutor(executor: unknown, where: string): void {
  if (executor !== null && typeof (executor as Partial<Executor>)?.run !== 'function') {
    throw new TypeError(`${where}: expected an executor, an object with run(argument, { filename, name, signal }), got ${String(executor)}`);
  }
}

/** The path of a module's file; modules of Node's own are named as they are. */
function pathOf(module: URL | string): string {
  const text = String(module);
  if (text.startsWith('file:')) return fileURLToPath(text);
  if (text.startsWith('node:') || isAbsolute(text)) return text;
  throw new TypeError(`runInExecutor: expected a module's URL or absolute path, got '${text}'; write new URL('./work.js', import.meta.url)`);
}
