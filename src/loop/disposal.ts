/// <reference lib="esnext.disposable" preserve="true" />
// Native resources (`[Symbol.asyncDispose]`, `[Symbol.dispose]`) around a body that is a coroutine: what `await using` is
// to an async function. Unlike it, this one may be cancelled while it disposes.
import { type Coroutine, isCoroutine } from './coroutine.ts';
import { describeWrong } from './describe-wrong.ts';
import { CancelledError } from './errors.ts';
import { follow } from './from-promise.ts';
import { Future } from './future.ts';
import { wait } from './wait.ts';

/**
 * Disposing of a resource failed when there was an `error` on its way already: `error` is the new one, `suppressed` the
 * other. The engine's own class where it has one (not before Node 24), else one of the same form.
 *
 * @example
 * ```ts
 * import { asyncWith, type Coroutine, run, SuppressedError } from 'asyncdemo';
 *
 * const connection = {
 *   async [Symbol.asyncDispose](): Promise<void> {
 *     throw new Error('cannot close');
 *   },
 * };
 * function* main(): Coroutine<void> {
 *   try {
 *     yield* asyncWith(connection, function* () {
 *       throw new Error('cannot read');
 *     });
 *   } catch (error) {
 *     if (error instanceof SuppressedError) console.log(`${error.error.message}, after: ${error.suppressed.message}`);
 *   }
 * }
 * await run(main());
 * // cannot close, after: cannot read
 * ```
 */
export const SuppressedError: SuppressedErrorConstructor =
  globalThis.SuppressedError ??
  (class SuppressedError extends Error {
    override readonly name = 'SuppressedError';
    readonly error: unknown;
    readonly suppressed: unknown;

    constructor(error: unknown, suppressed: unknown, message?: string) {
      super(message);
      this.error = error;
      this.suppressed = suppressed;
    }
  } as unknown as SuppressedErrorConstructor);

/** An error, be it `undefined`: that can be thrown, too. */
interface Thrown {
  readonly error: unknown;
}

/** Runs the body with the resource, and disposes of it on every way out. */
export function* disposing<Resource extends AsyncDisposable | Disposable, T>(resource: Resource, body: (resource: Resource) => Coroutine<T>): Coroutine<T> {
  const dispose = disposerOf(resource);
  let result: T;
  try {
    result = yield* body(resource);
  } catch (error) {
    yield* leave(dispose, { error });
    throw error; // Thrown by leave: this is for the compiler.
  }
  yield* leave(dispose, undefined);
  return result;
}

/** Looked up on the way in, as `await using` does: what cannot be left is not entered. */
function disposerOf(resource: Partial<AsyncDisposable & Disposable>): () => unknown {
  const asynchronous = resource?.[Symbol.asyncDispose];
  if (typeof asynchronous === 'function') return () => asynchronous.call(resource);
  const synchronous = resource?.[Symbol.dispose];
  if (typeof synchronous === 'function') return () => void synchronous.call(resource);
  throw new TypeError(`asyncWith: expected an object with aenter() and aexit(), or with [Symbol.asyncDispose](), got ${describeWrong(resource)}`);
}

/**
 * Disposes, to the end: a cancellation meanwhile waits for it, since a promise cannot be told to stop and must not go on
 * behind the block's back. Then throws what is to be thrown. A cancellation has what it displaced for its cause.
 */
function* leave(dispose: () => unknown, thrown: Thrown | undefined): Coroutine<void> {
  let pending = thrown;
  try {
    const disposed = begin(dispose);
    while (disposed?.done() === false) {
      try {
        yield* wait([disposed]);
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
        if (pending !== undefined) error.cause ??= pending.error;
        pending = { error };
      }
    }
    disposed?.result();
  } catch (error) {
    throw pending === undefined ? error : new SuppressedError(error, pending.error, 'An error was suppressed during disposal');
  }
  if (pending !== undefined) throw pending.error;
}

/** A future for the end of a disposal that is under way, the loop held meanwhile; nothing where it is over at once. */
function begin(dispose: () => unknown): Future<unknown> | undefined {
  const promise = dispose() as PromiseLike<unknown> | undefined;
  if (promise === undefined) return undefined;
  if (typeof promise?.then !== 'function') {
    const got = isCoroutine(promise) ? 'a coroutine; that belongs into aexit()' : describeWrong(promise);
    throw new TypeError(`asyncWith: expected [Symbol.asyncDispose]() to return a promise, got ${got}`);
  }
  const disposed = new Future<unknown>();
  follow(disposed, promise, disposed.loop.hold());
  return disposed;
}
