// Callbacks of a loop for signals of the process: what arrives between two handles waits for its turn like anything else.
import { constants } from 'node:os';
import { isCoroutineFunction } from './coroutine.ts';
import { describeWrong } from './describe-wrong.ts';
import { LoopError, type SignalName } from './errors.ts';
import type { Callback, Handle } from './handle.ts';

/** A signal's name; those this library knows by name are suggested. */
export type Signal = SignalName | (string & {});

/** The handlers of one loop. Invariant: the process has a listener of ours for exactly the signals in `#listeners`. */
export class SignalHandlers {
  readonly #listeners = new Map<Signal, () => void>();

  /** How many signals have a handler. */
  get size(): number {
    return this.#listeners.size;
  }

  has(signal: Signal): boolean {
    return this.#listeners.has(signal);
  }

  /** From now on each arrival of `signal` is `arrived(handle)`. Replaces the handler before. */
  add(signal: Signal, handle: Handle, arrived: (handle: Handle) => void): void {
    if (!(signal in constants.signals)) throw new RangeError(`addSignalHandler: expected a signal of this system, got ${describeWrong(signal)}`);
    if (signal === 'SIGKILL' || signal === 'SIGSTOP') throw new LoopError(`addSignalHandler: ${signal} cannot be caught`);
    this.remove(signal);
    const listener = (): void => arrived(handle);
    this.#listeners.set(signal, listener);
    process.on(signal, listener);
  }

  /** False when there was none. */
  remove(signal: Signal): boolean {
    const listener = this.#listeners.get(signal);
    if (listener === undefined) return false;
    process.off(signal, listener);
    this.#listeners.delete(signal);
    return true;
  }

  clear(): void {
    for (const signal of [...this.#listeners.keys()]) this.remove(signal);
  }
}

/** @throws TypeError for what cannot be called by a signal: a coroutine function returns without having run. */
export function expectCallback(callback: unknown): asserts callback is Callback {
  if (isCoroutineFunction(callback)) throw new TypeError('addSignalHandler: coroutines cannot be used; pass () => void loop.createTask(coroutine())');
  if (typeof callback !== 'function') throw new TypeError(`addSignalHandler: expected a function, got ${describeWrong(callback)}`);
}
