// Section 5: an asynchronous iterator. `anext` is a coroutine, and ends the iteration by throwing.
import { asyncFor, type Coroutine, StopAsyncIteration } from '../loop/index.ts';
import type { Run, Screen } from './demo.ts';

export interface Options {
  readonly count: number;
}

class AsyncIterable {
  #given = 0;
  readonly #count: number;
  readonly #random: () => number;

  constructor(count: number, random: () => number) {
    this.#count = count;
    this.#random = random;
  }

  aiter(): this {
    return this;
  }

  *anext(): Coroutine<number> {
    if (this.#given >= this.#count) throw new StopAsyncIteration();
    const data = yield* this.fetchData();
    this.#given += 1;
    return data;
  }

  *fetchData(): Coroutine<number> {
    return Math.floor(this.#random() * 10);
  }
}

function* main(screen: Screen, digits: AsyncIterable): Coroutine<void> {
  yield* asyncFor(digits, function* (data) {
    screen.line(String(data), { event: 'value', value: data });
  });
}

export const run: Run<Options> = async ({ loop, screen, random }, { count }) => {
  await loop.runUntilComplete(main(screen, new AsyncIterable(count, random)));
};
