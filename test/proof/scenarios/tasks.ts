// Tasks that do not simply end when they are cancelled: they go on, or start others, or cancel each other.
import type { Coroutine, Task } from '../../../src/loop/index.ts';
import type { Scenario } from '../play.ts';
import { child } from './waiting.ts';

export const tasks: readonly Scenario[] = [
  {
    name: 'a task that catches its cancellation goes on, and can be cancelled again',
    play(world, { CancelledError, currentTask, Lock, sleep }) {
      const lock = new Lock();
      const room = world.room('the lock', 1);
      function* stubborn(): Coroutine<void> {
        for (let round = 0; round < 2; round++) {
          yield* lock.acquire();
          const leave = room.enter();
          try {
            yield* sleep(1);
          } catch (error) {
            if (!(error instanceof CancelledError)) throw error;
            currentTask()?.uncancel();
          } finally {
            leave();
            lock.release();
          }
        }
      }
      return { actors: [stubborn(), stubborn()], refuses: true, atEnd: () => void world.atOnce(lock.acquire(), 'a fresh acquire') };
    },
  },
  {
    name: 'a cleanup that takes time, and starts a task',
    play(world, { createTask, sleep }) {
      let born = 0;
      let ended = 0;
      function* late(): Coroutine<void> {
        try {
          yield* sleep(1);
        } finally {
          ended += 1;
        }
      }
      function* parent(name: string): Coroutine<void> {
        try {
          yield* child(world, sleep, name, 2);
        } finally {
          const task = createTask(late());
          yield* sleep(0);
          // From its first step on.
          if (!task.cancelled()) born += 1;
        }
      }
      return { actors: [parent('a'), parent('b')], atEnd: () => world.demand(ended >= born, 'a task that a cleanup started comes to its end') };
    },
  },
  {
    name: 'two tasks that cancel each other',
    play(world, { sleep }) {
      const pair: Task<unknown>[] = [];
      world.loop.callSoon(() => pair.push(...[...world.loop.tasks].slice(0, 2)));
      function* killer(name: string, other: number): Coroutine<void> {
        const leave = world.enter(name);
        try {
          yield* sleep(0);
          pair[other]?.cancel();
          yield* sleep(1);
        } finally {
          leave();
        }
      }
      return { actors: [killer('a', 1), killer('b', 0)], contagious: true };
    },
  },
  {
    name: 'a task that cancels itself',
    play(world, { currentTask, sleep }) {
      function* suicidal(name: string): Coroutine<void> {
        const leave = world.enter(name);
        try {
          yield* sleep(0);
          currentTask()?.cancel();
          try {
            yield* sleep(0);
            world.demand(false, 'nothing runs past a cancellation');
          } finally {
            yield* sleep(0);
          }
        } finally {
          leave();
        }
      }
      return { actors: [suicidal('a'), suicidal('b')], contagious: true };
    },
  },
];
