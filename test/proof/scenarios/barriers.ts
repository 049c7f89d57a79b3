// Barrier: all or nobody, time after time.
import type { Coroutine } from '../../../src/loop/index.ts';
import type { Scenario } from '../play.ts';

export const barriers: readonly Scenario[] = [
  {
    name: 'Barrier: two at a time, three come',
    play(world, { Barrier, sleep }) {
      const barrier = new Barrier(2);
      const line = world.line();
      const places: number[] = [];
      function* runner(delay: number): Coroutine<void> {
        yield* sleep(delay);
        const place = yield* line.through(barrier.wait());
        places.push(place);
        // The last to arrive does not wait: the other has not had his step yet.
        world.demand(place === 0 || line.length > 0, 'nobody passes a barrier alone');
      }
      return {
        actors: [runner(0), runner(0), runner(1)],
        mayWait: () => barrier.nWaiting === 1,
        atRest: () => world.demand(barrier.nWaiting < 2, 'nobody waits at a barrier that is full'),
        atEnd: () => {
          world.demand(places.length === new Set(places).size, 'each has a place of his own');
          world.demand(barrier.nWaiting === 0 && !barrier.broken, 'nobody is left in the barrier');
        },
      };
    },
  },
  {
    name: 'Barrier: used twice by the same two',
    play(world, { Barrier }) {
      const barrier = new Barrier(2);
      const line = world.line();
      const rounds = [0, 0];
      function* runner(me: number): Coroutine<void> {
        for (let round = 0; round < 2; round++) {
          const place = yield* line.through(barrier.wait());
          world.demand(place === 0 || line.length > 0, 'nobody passes a barrier alone');
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
