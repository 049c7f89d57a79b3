// Lock, Semaphore, Condition, Event, Barrier: who is inside, who waits.
import type { Coroutine } from '../../../src/loop/index.ts';
import type { Scenario } from '../play.ts';

export const locks: readonly Scenario[] = [
  {
    name: 'Lock: three want it',
    play(world, { Lock, sleep }) {
      const lock = new Lock();
      const room = world.room('the lock', 1);
      const line = world.line();
      function* worker(): Coroutine<void> {
        yield* line.through(lock.acquire());
        const leave = room.enter();
        try {
          yield* sleep(0);
        } finally {
          leave();
          lock.release();
        }
      }
      return {
        actors: [worker(), worker(), worker()],
        atRest: () => world.demand(lock.locked() || line.length === 0, 'nobody waits for a free lock'),
        atEnd: () => void world.atOnce(lock.acquire(), 'a fresh acquire'),
      };
    },
  },
  {
    name: 'Lock: asyncWith, twice each, held over time',
    play(world, { asyncWith, Lock, sleep }) {
      const lock = new Lock();
      const room = world.room('the lock', 1);
      function* worker(): Coroutine<void> {
        for (let round = 0; round < 2; round++) {
          yield* asyncWith(lock, function* () {
            const leave = room.enter();
            try {
              yield* sleep(1);
            } finally {
              leave();
            }
          });
        }
      }
      return { actors: [worker(), worker()], atEnd: () => void world.atOnce(lock.acquire(), 'a fresh acquire') };
    },
  },
  {
    name: 'Lock: newcomers, in the iteration in which it is given back',
    play(world, { Lock, sleep }) {
      const lock = new Lock();
      const room = world.room('the lock', 1);
      function* worker(late: number): Coroutine<void> {
        for (let n = 0; n < late; n++) yield* sleep(0);
        yield* lock.acquire();
        const leave = room.enter();
        try {
          yield* sleep(0);
        } finally {
          leave();
          lock.release();
        }
      }
      return { actors: [worker(2), worker(0), worker(1), worker(1)], atEnd: () => void world.atOnce(lock.acquire(), 'a fresh acquire') };
    },
  },
  {
    name: 'Lock: given back by another task, at once and in a later step',
    play(world, { Lock, sleep }) {
      const lock = new Lock();
      const room = world.room('the lock', 1);
      const line = world.line();
      world.atOnce(lock.acquire(), 'a fresh acquire');
      function* opener(): Coroutine<void> {
        try {
          yield* sleep(1);
        } finally {
          lock.release();
        }
      }
      function* passer(): Coroutine<void> {
        yield* line.through(lock.acquire());
        room.enter()();
        lock.release();
      }
      return {
        actors: [opener(), passer(), passer()],
        // The opener cancelled before its first step opens nothing.
        mayWait: () => lock.locked(),
        atRest: () => world.demand(lock.locked() || line.length === 0, 'nobody waits for a free lock'),
        atEnd: () => world.demand(line.length === 0, 'nobody waits at the end'),
      };
    },
  },
  ...[1, 2].map(
    (permits): Scenario => ({
      name: `Semaphore: ${permits + 2} want ${permits} ${permits === 1 ? 'permit' : 'permits'}`,
      play(world, { Semaphore, sleep }) {
        const semaphore = new Semaphore(permits);
        const room = world.room('the semaphore', permits);
        const line = world.line();
        function* worker(): Coroutine<void> {
          yield* line.through(semaphore.acquire());
          const leave = room.enter();
          try {
            yield* sleep(0);
          } finally {
            leave();
            semaphore.release();
          }
        }
        return {
          actors: Array.from({ length: permits + 2 }, worker),
          atRest: () => {
            world.demand(semaphore.permits + room.inside === permits, 'no permit is lost or made');
            world.demand(semaphore.permits === 0 || line.length === 0, 'nobody waits while a permit is free');
          },
          atEnd: () => {
            world.demand(semaphore.permits === permits, 'every permit comes back');
            for (let n = 0; n < permits; n++) world.atOnce(semaphore.acquire(), 'a fresh acquire');
          },
        };
      },
    }),
  ),
  {
    name: 'BoundedSemaphore: asyncWith, with a timeout of their own',
    play(world, { asyncWith, BoundedSemaphore, sleep, timeout, TimeoutError }) {
      const semaphore = new BoundedSemaphore(2);
      const room = world.room('the semaphore', 2);
      function* worker(limit: number): Coroutine<void> {
        yield* asyncWith(timeout(limit), () =>
          asyncWith(semaphore, function* () {
            const leave = room.enter();
            try {
              yield* sleep(2);
            } finally {
              leave();
            }
          }),
        );
      }
      return {
        actors: [worker(1), worker(3), worker(2), worker(3)],
        expected: [TimeoutError],
        atRest: () => world.demand(semaphore.permits + room.inside === 2, 'no permit is lost or made'),
        atEnd: () => world.demand(semaphore.permits === 2, 'every permit comes back'),
      };
    },
  },
  {
    name: 'Semaphore: two permits given at once',
    play(world, { Semaphore, sleep }) {
      const semaphore = new Semaphore(0);
      const room = world.room('the semaphore', 2);
      const line = world.line();
      let given = 0;
      function* giver(): Coroutine<void> {
        yield* sleep(0);
        semaphore.release();
        semaphore.release();
        given = 2;
      }
      function* taker(): Coroutine<void> {
        yield* line.through(semaphore.acquire());
        const leave = room.enter();
        try {
          yield* sleep(0);
        } finally {
          leave();
          semaphore.release();
        }
      }
      return {
        actors: [giver(), taker(), taker(), taker()],
        mayWait: () => given === 0,
        atRest: () => {
          world.demand(semaphore.permits + room.inside === given, 'no permit is lost or made');
          world.demand(semaphore.permits === 0 || line.length === 0, 'nobody waits while a permit is free');
        },
        atEnd: () => world.demand(semaphore.permits === given, 'every permit comes back'),
      };
    },
  },
];
