// asyncWith, asyncFor, fromPromise: entering and leaving, one value after the other, and the border to promises.
import type { Coroutine } from '../../../src/loop/index.ts';
import type { Scenario } from '../play.ts';

export const iterating: readonly Scenario[] = [
  {
    name: 'asyncWith: what was entered is left, though both take time',
    play(world, { asyncWith, sleep }) {
      let entered = 0;
      let left = 0;
      const manager = {
        *aenter(): Coroutine<void> {
          yield* sleep(0);
          entered += 1;
        },
        *aexit(): Coroutine<void> {
          left += 1;
          yield* sleep(0);
        },
      };
      function* user(): Coroutine<void> {
        yield* asyncWith(manager, () => asyncWith(manager, () => sleep(1)));
      }
      return { actors: [user(), user()], atEnd: () => world.demand(entered === left, 'what was entered is left') };
    },
  },
  {
    name: 'asyncFor: values of our own',
    play(world, { asyncFor, BREAK, sleep, StopAsyncIteration }) {
      const items = world.items<number>();
      let next = 0;
      const numbers = {
        aiter: () => numbers,
        *anext(): Coroutine<number> {
          yield* sleep(next % 2);
          if (next === 4) throw new StopAsyncIteration();
          items.put(next);
          return next++;
        },
      };
      function* taker(): Coroutine<void> {
        const leave = world.enter('the loop');
        try {
          yield* asyncFor(numbers, function* (n) {
            items.take(n);
            if (n < 2) yield* sleep(0);
            return n < 2 ? undefined : BREAK;
          });
        } finally {
          leave();
        }
      }
      return { actors: [taker(), taker()], atEnd: () => items.balance([]) };
    },
  },
  {
    name: 'asyncFor: values of native code, which is closed',
    play(world, { asyncFor, BREAK, sleep }) {
      let open = 0;
      async function* numbers(): AsyncGenerator<number> {
        open += 1;
        try {
          for (let n = 0; ; n++) {
            await undefined;
            yield n;
          }
        } finally {
          open -= 1;
        }
      }
      function* taker(): Coroutine<void> {
        yield* asyncFor(numbers(), function* (n) {
          yield* sleep(0);
          return n === 0 ? undefined : BREAK;
        });
      }
      return { actors: [taker(), taker()], atEnd: () => world.demand(open === 0, 'a native iterator left half way is closed') };
    },
  },
  {
    name: 'asyncGenerator: closed when it is left, with a cleanup that awaits',
    play(world, { asyncFor, asyncGenerator, BREAK, sleep }) {
      function* taker(name: string, last: number): Coroutine<void> {
        const numbers = asyncGenerator<number>(function* (emit) {
          const leave = world.enter(`the generator of ${name}`);
          try {
            for (let n = 0; n < 3; n++) {
              yield* sleep(n % 2);
              yield* emit(n);
            }
          } finally {
            try {
              yield* sleep(0);
            } finally {
              leave();
            }
          }
        });
        yield* asyncFor(numbers, function* (n) {
          yield* sleep(0);
          return n === last ? BREAK : undefined;
        });
      }
      return { actors: [taker('a', 1), taker('b', 9)] };
    },
  },
  {
    name: 'fromPromise: one that settles, one that fails, one that stops when told',
    play(world, { fromPromise, sleep }) {
      let stopped = 0;
      let started = 0;
      const promises: ((signal: AbortSignal) => Promise<string>)[] = [
        async () => 'text',
        async () => {
          await undefined;
          throw world.oops('rejected');
        },
        (signal) =>
          new Promise((resolve) => {
            started += 1;
            signal.addEventListener('abort', () => {
              stopped += 1;
            });
            queueMicrotask(() => queueMicrotask(() => resolve('late')));
          }),
      ];
      let finished = 0;
      function* user(start: (signal: AbortSignal) => Promise<string>): Coroutine<void> {
        yield* sleep(0);
        const text = yield* fromPromise(start);
        if (text === 'late') finished += 1;
      }
      return {
        actors: promises.map(user),
        // A rejection that comes after a cancellation is nobody's any more.
        dropsLateErrors: true,
        atEnd: () => world.demand(started - finished <= 1 && stopped <= started, 'what is given up is told to stop'),
      };
    },
  },
];
