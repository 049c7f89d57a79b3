// The scenarios that make tasks of their own, with tasks that begin at once.
import type { Coroutine } from '../../../src/loop/index.ts';
import type { Scenario } from '../play.ts';
import { groups } from './groups.ts';
import { limits } from './limits.ts';
import { waiting } from './waiting.ts';

function eagerly(scenario: Scenario): Scenario {
  return {
    name: `eager: ${scenario.name}`,
    play(world, kit) {
      world.loop.setTaskFactory(kit.eagerTaskFactory);
      return scenario.play(world, kit);
    },
  };
}

export const eager: readonly Scenario[] = [
  ...[...groups, ...waiting, ...limits].map(eagerly),
  {
    name: 'eager: a task that ends at once, one that waits, one that fails',
    play(world, { createTask, Lock, sleep, wait }) {
      const lock = new Lock();
      const room = world.room('the lock', 1);
      function* quick(): Coroutine<string> {
        return 'quick';
      }
      function* slow(): Coroutine<string> {
        yield* lock.acquire();
        const leave = room.enter();
        try {
          yield* sleep(0);
          return 'slow';
        } finally {
          leave();
          lock.release();
        }
      }
      function* failing(): Coroutine<string> {
        throw world.oops('failing');
      }
      function* parent(): Coroutine<void> {
        const tasks = [quick(), slow(), slow(), failing()].map((coroutine) => createTask(coroutine, { eagerStart: true }));
        world.demand(tasks.map((task) => task.done()).join() === 'true,false,false,true', 'a task that needs nothing is done at once');
        world.hear(tasks[3]?.exception());
        yield* wait(tasks);
        world.demand(
          tasks.every((task) => task.done()),
          'wait waits for all',
        );
      }
      return { actors: [parent(), parent()], atEnd: () => void world.atOnce(lock.acquire(), 'a fresh acquire') };
    },
  },
];
