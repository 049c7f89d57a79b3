// Event, Condition: waiting until something is so.
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
];
