// Iterating over what arrives one by one: asynchronous generators, an iterator written by hand, and native ones.
import { effect } from '../under-way.mjs';

async function* nativeNumbers(size) {
  for (let i = 0; i < size; i++) yield i;
}

/** Of our loop: sums up what `iterable(size)` gives. */
const summing =
  (iterable) =>
  ({ asyncdemo }) => {
    const { asyncFor, run } = asyncdemo;
    function* main(size) {
      let sum = 0;
      yield* asyncFor(iterable(asyncdemo, size), function* (number) {
        sum += number;
      });
      return sum;
    }
    return (size) => run(main(size));
  };

function native() {
  return async (size) => {
    let sum = 0;
    for await (const number of nativeNumbers(size)) sum += number;
    return sum;
  };
}

const expected = (size) => (size * (size - 1)) / 2;

const row = {
  name: 'async-for',
  what: (size) => `iterate over ${size.toLocaleString('en')} items of an asynchronous generator`,
  size: 1_000_000,
  smoke: 10,
  expected,
  python: 'async_for',
  contestants: {
    ours: summing(({ asyncGenerator }, size) =>
      asyncGenerator(function* (emit) {
        for (let i = 0; i < size; i++) yield* emit(i);
      }),
    ),
    'ours, anext() by hand': summing(({ StopAsyncIteration }, size) => {
      let i = 0;
      function* anext() {
        if (i === size) throw new StopAsyncIteration();
        return i++;
      }
      return { aiter: () => ({ anext }) };
    }),
    native,
    async effect() {
      const { Effect, Stream } = await effect();
      return (size) =>
        Effect.runPromise(
          Effect.suspend(() => {
            let sum = 0;
            const add = (number) =>
              Effect.sync(() => {
                sum += number;
              });
            return Effect.map(Stream.runForEach(Stream.range(0, size - 1), add), () => sum);
          }),
        );
    },
  },
};

export default [
  row,
  {
    name: 'async-for-native',
    what: (size) => `iterate over ${size.toLocaleString('en')} items of a native asynchronous generator, whose promises the engine settles`,
    size: 100_000,
    smoke: 10,
    expected,
    contestants: { ours: summing((_, size) => nativeNumbers(size)), native },
  },
];
