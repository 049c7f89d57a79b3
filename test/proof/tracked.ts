// An actor's coroutine, watched from outside: what a task may not do to it.
import type { Coroutine, Suspension } from '../../src/loop/index.ts';
import type { World } from './world.ts';

/** Once it has ended it is not resumed, and nobody ends it by `return()`. */
export class Tracked<T> implements Coroutine<T> {
  readonly #inner: Coroutine<T>;
  readonly #world: World;
  readonly #name: string;
  #ended = false;

  constructor(inner: Coroutine<T>, world: World, name: string) {
    this.#inner = inner;
    this.#world = world;
    this.#name = name;
  }

  next(sent?: unknown): IteratorResult<Suspension, T> {
    this.#resumed();
    let step: IteratorResult<Suspension, T> | undefined;
    try {
      step = this.#inner.next(sent);
      return step;
    } finally {
      this.#ended = step?.done !== false;
    }
  }

  throw(error: unknown): IteratorResult<Suspension, T> {
    this.#resumed();
    let step: IteratorResult<Suspension, T> | undefined;
    try {
      step = this.#inner.throw(error);
      return step;
    } finally {
      this.#ended = step?.done !== false;
    }
  }

  return(value: T): IteratorResult<Suspension, T> {
    this.#world.demand(false, `${this.#name} is not ended by return()`);
    return this.#inner.return(value);
  }

  [Symbol.iterator](): this {
    return this;
  }

  #resumed(): void {
    this.#world.demand(!this.#ended, `nothing of ${this.#name} runs after its end`);
  }
}
