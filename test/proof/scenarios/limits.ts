// timeout, timeoutAt, waitFor: what takes too long is cancelled, and takes nothing with it.
import type { Coroutine } from '../../../src/loop/index.ts';
import type { Scenario } from '../play.ts';
import { child } from './waiting.ts';

export const limits: readonly Scenario[] = [
  {
    name: 'timeout: in time, too late, and one within another',
    play(world, { asyncWith, sleep, timeout, TimeoutError }) {
      function* limited(outer: number, inner: number, work: number): Coroutine<void> {
        const leave = world.enter('the timeout');
        try {
          yield* asyncWith(timeout(outer), () => asyncWith(timeout(inner), () => sleep(work)));
          world.demand(work <= Math.min(outer, inner), 'a timeout passes');
        } catch (error) {
          if (error instanceof TimeoutError) world.demand(work >= Math.min(outer, inner), 'a timeout does not pass too early');
          throw error;
        } finally {
          leave();
        }
      }
      return { actors: [limited(5, 5, 1), limited(1, 5, 5), limited(1, 1, 5)], expected: [TimeoutError] };
    },
  },
  {
    name: 'waitFor: in time, too late, and not at all',
    play(world, { sleep, TimeoutError, waitFor }) {
      function* limited(limit: number): Coroutine<void> {
        world.demand((yield* waitFor(child(world, sleep, `waitFor ${limit}`, 4), limit)) !== undefined, 'waitFor gives the result');
      }
      return { actors: [limited(5), limited(1), limited(0)], expected: [TimeoutError] };
    },
  },
  {
    name: 'waitFor around a lock',
    play(world, { Lock, sleep, TimeoutError, waitFor }) {
      const lock = new Lock();
      const room = world.room('the lock', 1);
      function* worker(): Coroutine<void> {
        yield* waitFor(lock.acquire(), 2);
        const leave = room.enter();
        try {
          yield* sleep(2);
        } finally {
          leave();
          lock.release();
        }
      }
      return { actors: [worker(), worker(), worker()], expected: [TimeoutError], atEnd: () => void world.atOnce(lock.acquire(), 'a fresh acquire') };
    },
  },
  {
    name: 'waitFor around a permit',
    play(world, { Semaphore, sleep, TimeoutError, waitFor }) {
      const semaphore = new Semaphore(1);
      const room = world.room('the semaphore', 1);
      function* worker(): Coroutine<void> {
        yield* waitFor(semaphore.acquire(), 1);
        const leave = room.enter();
        try {
          yield* sleep(1);
        } finally {
          leave();
          semaphore.release();
        }
      }
      return {
        actors: [worker(), worker(), worker()],
        expected: [TimeoutError],
        atRest: () => world.demand(semaphore.permits + room.inside === 1, 'no permit is lost or made'),
        atEnd: () => world.demand(semaphore.permits === 1, 'every permit comes back'),
      };
    },
  },
  {
    name: 'waitFor around a queue',
    play(world, { Queue, sleep, TimeoutError, waitFor }) {
      const queue = new Queue<number>(1);
      const items = world.items<number>();
      function* producer(): Coroutine<void> {
        for (const item of [1, 2, 3]) {
          yield* sleep(1);
          yield* waitFor(queue.put(item), 1);
          items.put(item);
        }
      }
      function* consumer(): Coroutine<void> {
        for (;;) items.take(yield* waitFor(queue.get(), 1));
      }
      return {
        actors: [consumer(), producer(), consumer()],
        expected: [TimeoutError],
        atEnd: () => {
          while (!queue.empty()) items.take(queue.getNowait());
          items.balance([]);
        },
      };
    },
  },
  {
    name: 'a timeout around the wait for a condition, under its lock',
    play(world, { asyncWith, Condition, sleep, timeout, TimeoutError }) {
      const condition = new Condition();
      const room = world.room('the condition', 1);
      let open = false;
      function* waiter(limit: number): Coroutine<void> {
        yield* asyncWith(condition, function* () {
          try {
            yield* asyncWith(timeout(limit), () => condition.waitFor(() => open));
          } finally {
            const leave = room.enter();
            world.demand(condition.locked(), 'the lock is held when wait is left');
            leave();
          }
        });
      }
      function* opener(): Coroutine<void> {
        yield* sleep(1);
        yield* asyncWith(condition, function* () {
          const leave = room.enter();
          try {
            yield* sleep(1);
            open = true;
            condition.notify();
          } finally {
            leave();
          }
        });
      }
      return { actors: [waiter(1), opener(), waiter(2)], expected: [TimeoutError], atEnd: () => void world.atOnce(condition.acquire(), 'a fresh acquire') };
    },
  },
  {
    name: 'timeoutAt, moved while it runs; shield within waitFor',
    play(world, { asyncWith, createTask, shield, sleep, timeoutAt, TimeoutError, waitFor }) {
      const { loop } = world;
      const inner = createTask(child(world, sleep, 'inner', 4), { loop });
      function* moved(): Coroutine<void> {
        const limit = timeoutAt(loop.time() + 1);
        yield* asyncWith(limit, function* () {
          yield* sleep(0);
          limit.reschedule(loop.time() + 3);
          yield* sleep(2);
        });
        world.demand(!limit.expired(), 'a timeout that was moved does not pass at its old time');
      }
      function* impatient(): Coroutine<void> {
        yield* waitFor(shield(inner), 1);
      }
      return {
        actors: [moved(), impatient(), impatient()],
        expected: [TimeoutError],
        atEnd: () => world.demand(world.ending || inner.state === 'returned', 'a shielded task is not cancelled with those who wait for it'),
      };
    },
  },
  {
    name: 'waitFor: what catches its cancellation still gives its result',
    play(world, { CancelledError, sleep, TimeoutError, waitFor }) {
      function* stubborn(): Coroutine<string> {
        try {
          yield* sleep(5);
        } catch (error) {
          if (!(error instanceof CancelledError)) throw error;
        }
        yield* sleep(0);
        return 'done';
      }
      function* limited(limit: number): Coroutine<void> {
        world.demand((yield* waitFor(stubborn(), limit)) === 'done', 'what was returned in spite of a cancellation is given');
      }
      return { actors: [limited(1), limited(9)], expected: [TimeoutError], refuses: true };
    },
  },
];
