// Event, Condition, Barrier: waiting until something is so.
import type { Coroutine } from '../../../src/loop/index.ts';
import type { Scenario } from '../play.ts';

export const conditions: readonly Scenario[] = [
  {
    name: 'Event: two wait, one sets it',
    play(world, { Event, sleep }) {
      const event = new Event();
      const line = world.line();
      function* waiter(): Coroutine<void> {
        yield* line.through(event.wait());
        world.demand(event.isSet(), 'nobody passes an event that was not set');
      }
      function* setter(): Coroutine<void> {
        yield* sleep(0);
        event.set();
      }
      return {
        actors: [waiter(), setter(), waiter()],
        mayWait: () => !event.isSet(),
        atRest: () => world.demand(!event.isSet() || line.length === 0, 'nobody waits for an event that is set'),
        atEnd: () => event.isSet() && void world.atOnce(event.wait(), 'waiting for an event that is set'),
      };
    },
  },
  {
    name: 'Event: set and cleared in one step wakes those who waited',
    play(world, { Event, sleep }) {
      const event = new Event();
      const line = world.line();
      let pulses = 0;
      let waitedAtPulse = 0;
      let passed = 0;
      function* waiter(): Coroutine<void> {
        yield* line.through(event.wait());
        passed += 1;
      }
      function* pulse(): Coroutine<void> {
        yield* sleep(1);
        waitedAtPulse = line.length;
        event.set();
        event.clear();
        pulses += 1;
      }
      return {
        actors: [waiter(), waiter(), pulse()],
        mayWait: () => pulses === 0,
        atEnd: () => world.demand(passed <= waitedAtPulse, 'only those who waited pass'),
      };
    },
  },
  {
    name: 'Condition: two take what one brings, notifying one at a time',
    play(world, { asyncWith, Condition, sleep }) {
      const condition = new Condition();
      const room = world.room('the condition', 1);
      const line = world.line();
      const items = world.items<number>();
      const stock: number[] = [];
      function* taker(): Coroutine<void> {
        yield* asyncWith(condition, function* () {
          yield* line.through(condition.waitFor(() => stock.length > 0));
          const leave = room.enter();
          items.take(stock.shift() as number);
          leave();
        });
      }
      function* bringer(): Coroutine<void> {
        for (const item of [1, 2]) {
          yield* asyncWith(condition, function* () {
            const leave = room.enter();
            try {
              stock.push(item);
              items.put(item);
              condition.notify();
              yield* sleep(0);
            } finally {
              leave();
            }
          });
        }
      }
      return {
        actors: [taker(), taker(), bringer()],
        mayWait: () => stock.length === 0 && !condition.locked(),
        atRest: () => world.demand(condition.locked() || line.length === 0 || stock.length === 0, 'nobody waits for what is there'),
        atEnd: () => {
          items.balance(stock);
          world.atOnce(condition.acquire(), 'a fresh acquire');
        },
      };
    },
  },
  {
    name: 'Condition: wait holds the lock when it is left, notifyAll wakes all',
    play(world, { Condition, sleep }) {
      const condition = new Condition();
      const room = world.room('the condition', 1);
      let open = false;
      function* waiter(): Coroutine<void> {
        yield* condition.acquire();
        try {
          while (!open) {
            try {
              yield* condition.wait();
            } finally {
              world.demand(condition.locked(), 'the lock is held when wait is left');
              // Somebody else inside at the same time would show here: the room is left a step later.
              const leave = room.enter();
              try {
                yield* sleep(0);
              } finally {
                leave();
              }
            }
          }
        } finally {
          condition.release();
        }
      }
      function* opener(): Coroutine<void> {
        yield* sleep(1);
        yield* condition.acquire();
        open = true;
        condition.notifyAll();
        condition.release();
      }
      return {
        actors: [waiter(), opener(), waiter()],
        mayWait: () => !open && !condition.locked(),
        atEnd: () => void world.atOnce(condition.acquire(), 'a fresh acquire'),
      };
    },
  },
  {
    name: 'Condition: two of them share a lock',
    play(world, { asyncWith, Condition, Lock }) {
      const lock = new Lock();
      const [ping, pong] = [new Condition(lock), new Condition(lock)];
      let turn: 'ping' | 'pong' = 'ping';
      let played = 0;
      let left = 0;
      function* player(mine: 'ping' | 'pong', my: typeof ping, other: typeof ping): Coroutine<void> {
        try {
          for (let round = 0; round < 2; round++) {
            yield* asyncWith(my, function* () {
              yield* my.waitFor(() => turn === mine);
              played += 1;
              turn = mine === 'ping' ? 'pong' : 'ping';
              other.notify();
            });
          }
        } finally {
          left += 1;
        }
      }
      return {
        actors: [player('ping', ping, pong), player('pong', pong, ping)],
        // One alone waits for ever.
        mayWait: () => left < 2 && played < 4 && !lock.locked(),
        atEnd: () => void world.atOnce(lock.acquire(), 'a fresh acquire'),
      };
    },
  },
  {
    name: 'Barrier: two at a time, three come',
    play(world, { Barrier, sleep }) {
      const barrier = new Barrier(2);
      let arrived = 0;
      let passed = 0;
      const places: number[] = [];
      function* runner(delay: number): Coroutine<void> {
        yield* sleep(delay);
        arrived += 1;
        places.push(yield* barrier.wait());
        passed += 1;
        world.demand(arrived >= 2, 'nobody passes a barrier alone');
      }
      return {
        actors: [runner(0), runner(0), runner(1)],
        mayWait: () => barrier.nWaiting === 1,
        atRest: () => world.demand(barrier.nWaiting < 2, 'nobody waits at a barrier that is full'),
        atEnd: () => {
          world.demand(passed <= 2 && places.length === new Set(places).size, 'each has a place of his own');
          world.demand(barrier.nWaiting === 0 && !barrier.broken, 'nobody is left in the barrier');
        },
      };
    },
  },
  {
    name: 'Barrier: used twice by the same two',
    play(world, { Barrier }) {
      const barrier = new Barrier(2);
      const rounds = [0, 0];
      function* runner(me: number): Coroutine<void> {
        for (let round = 0; round < 2; round++) {
          yield* barrier.wait();
          rounds[me] = round + 1;
          world.demand(Math.abs((rounds[0] as number) - (rounds[1] as number)) <= 1, 'nobody is two rounds ahead');
        }
      }
      return {
        actors: [runner(0), runner(1)],
        mayWait: () => barrier.nWaiting === 1,
        atEnd: () => world.demand(barrier.nWaiting === 0 && !barrier.broken, 'nobody is left in the barrier'),
      };
    },
  },
  {
    name: 'Barrier: aborted while two wait, and reset',
    play(world, { Barrier, BrokenBarrierError, sleep }) {
      const barrier = new Barrier(3);
      let broken = 0;
      function* runner(): Coroutine<void> {
        try {
          yield* barrier.wait();
          world.demand(false, 'nobody passes a barrier alone');
        } catch (error) {
          if (error instanceof BrokenBarrierError) broken += 1;
          throw error;
        }
      }
      function* breaker(): Coroutine<void> {
        yield* sleep(1);
        yield* barrier.abort();
        yield* barrier.reset();
      }
      return {
        actors: [runner(), runner(), breaker()],
        expected: [BrokenBarrierError],
        mayWait: () => broken === 0,
        atEnd: () => world.demand(barrier.nWaiting === 0, 'nobody is left in the barrier'),
      };
    },
  },
  {
    name: 'Barrier: reset while one waits, who comes again',
    play(world, { Barrier, BrokenBarrierError, sleep }) {
      const barrier = new Barrier(2);
      function* runner(): Coroutine<void> {
        try {
          yield* barrier.wait();
        } catch (error) {
          if (!(error instanceof BrokenBarrierError)) throw error;
          yield* barrier.wait();
        }
      }
      function* resetter(): Coroutine<void> {
        yield* sleep(0);
        yield* barrier.reset();
        yield* barrier.wait();
      }
      return {
        actors: [runner(), resetter()],
        expected: [BrokenBarrierError],
        mayWait: () => barrier.nWaiting === 1,
        atEnd: () => world.demand(barrier.nWaiting === 0 && !barrier.broken, 'nobody is left in the barrier'),
      };
    },
  },
];
