// sleep, tasks, gather, wait, asCompleted, shield: waiting for others, and what becomes of them.
import type { Coroutine, Task } from '../../../src/loop/index.ts';
import type { Scenario } from '../play.ts';
import type { World } from '../world.ts';

/** A child that takes some steps and some time, and cleans up with an await. */
export function* child(world: World, sleep: (delay: number) => Coroutine<void>, name: string, steps = 1): Coroutine<string> {
  const leave = world.enter(name);
  try {
    for (let step = 0; step < steps; step++) yield* sleep(step % 2);
    return name;
  } finally {
    try {
      yield* sleep(0);
    } finally {
      leave();
    }
  }
}

export const waiting: readonly Scenario[] = [
  {
    name: 'sleep: for nothing, and for a while',
    play(world, { sleep }) {
      function* sleeper(delay: number): Coroutine<void> {
        const leave = world.enter(`sleep(${delay})`);
        try {
          yield* sleep(delay);
          world.demand((yield* sleep(delay, 'text')) === 'text', 'sleep returns its result');
        } finally {
          leave();
        }
      }
      return { actors: [sleeper(0), sleeper(1), sleeper(2)] };
    },
  },
  {
    name: 'awaiting a task, which two do',
    play(world, { createTask, sleep }) {
      let inner: Task<string> | undefined;
      function* first(): Coroutine<void> {
        const leave = world.enter('first');
        try {
          inner = createTask(child(world, sleep, 'inner', 2));
          yield* inner;
        } finally {
          leave();
        }
      }
      function* second(): Coroutine<void> {
        yield* sleep(0);
        if (inner !== undefined) world.demand((yield* inner) === 'inner', 'a task gives its result to all who await it');
      }
      return { actors: [first(), second()], contagious: true };
    },
  },
  ...[false, true].map(
    (returnExceptions): Scenario => ({
      name: `gather${returnExceptions ? ' with errors as results' : ''}`,
      play(world, { createTask, gather, sleep }) {
        function* parent(name: string): Coroutine<void> {
          const leave = world.enter(name);
          const children = [createTask(child(world, sleep, `${name}1`)), createTask(child(world, sleep, `${name}2`, 2))];
          try {
            const results = yield* gather(children, { returnExceptions });
            world.demand(results.join() === `${name}1,${name}2`, 'results come in the order given');
          } finally {
            if (returnExceptions)
              world.demand(
                children.every((task) => task.done()),
                'gather waits for all, cancelled or not',
              );
            leave();
          }
        }
        return { actors: [parent('a'), parent('b')] };
      },
    }),
  ),
  {
    name: 'gather: a child fails, the others go on',
    play(world, { gather, sleep }) {
      function* failing(): Coroutine<void> {
        yield* sleep(0);
        throw world.oops('failing');
      }
      function* parent(): Coroutine<void> {
        yield* gather([failing(), child(world, sleep, 'sibling', 3)]);
      }
      return { actors: [parent(), parent()], dropsLateErrors: true };
    },
  },
  ...(['FIRST_COMPLETED', 'FIRST_EXCEPTION', 'ALL_COMPLETED'] as const).map(
    (returnWhen): Scenario => ({
      name: `wait, ${returnWhen}`,
      play(world, { createTask, sleep, wait }) {
        const { loop } = world;
        const tasks = [1, 2, 3].map((steps) => createTask(child(world, sleep, `child ${steps}`, steps), { loop }));
        function* waiter(): Coroutine<void> {
          const { done, pending } = yield* wait(tasks, { returnWhen });
          world.demand(done.size + pending.size === 3, 'wait tells of every one');
          world.demand(done.size > 0 && (returnWhen === 'FIRST_COMPLETED' || pending.size === 0), 'wait returns in time, and not too early');
        }
        return {
          actors: [waiter(), waiter()],
          atEnd: () => {
            for (const task of tasks) world.demand(world.ending || task.state === 'returned', 'wait does not cancel what it waits for');
          },
        };
      },
    }),
  ),
  {
    name: 'wait: a timeout, and somebody who fails',
    play(world, { createTask, sleep, wait }) {
      const { loop } = world;
      function* failing(): Coroutine<void> {
        yield* sleep(1);
        throw world.oops('failing');
      }
      const tasks = [createTask(failing(), { loop }), createTask(sleep(3), { loop })];
      function* waiter(timeout: number): Coroutine<void> {
        const { pending } = yield* wait(tasks, { timeout, returnWhen: 'FIRST_EXCEPTION' });
        world.demand(pending.size === (timeout === 0 ? 2 : 1), 'the timeout leaves the rest pending');
      }
      return {
        actors: [waiter(0), waiter(2), waiter(2)],
        atEnd: () => {
          for (const task of tasks) {
            world.demand(task.done() && task.waiting.length === 0, 'nothing is left on what was waited for');
            if (!task.cancelled()) world.hear(task.exception());
          }
        },
      };
    },
  },
  {
    name: 'asCompleted: three share what comes in',
    play(world, { asCompleted, createTask, sleep }) {
      const { loop } = world;
      const tasks = [2, 0, 1].map((delay) => createTask(sleep(delay, delay), { loop }));
      const arriving = asCompleted(tasks, { loop });
      const items = world.items<number>();
      for (const n of [0, 1, 2]) items.put(n);
      const line = world.line();
      function* taker(): Coroutine<void> {
        for (const next of arriving) items.take(yield* line.through(next));
      }
      return {
        actors: [taker(), taker(), taker()],
        atRest: () => {
          const arrived = tasks.filter((task) => task.done()).length;
          world.demand(line.length === 0 || arrived === items.got.length, 'nobody waits for a result that is there');
        },
        atEnd: () => world.demand(world.ending || tasks.every((task) => task.state === 'returned'), 'nobody cancels what comes in'),
      };
    },
  },
  {
    name: 'asCompleted: asyncFor, with a timeout',
    play(world, { asCompleted, asyncFor, createTask, sleep, TimeoutError }) {
      const { loop } = world;
      const tasks = [1, 5].map((delay) => createTask(sleep(delay, delay), { loop }));
      function* taker(): Coroutine<void> {
        const got: number[] = [];
        try {
          yield* asyncFor(asCompleted(tasks, { timeout: 3 }), function* (task) {
            got.push(yield* task);
          });
        } catch (error) {
          if (!(error instanceof TimeoutError)) throw error;
          world.demand(got.join() === '1', 'what came in before the timeout is given');
        }
      }
      return { actors: [taker(), taker()], expected: [TimeoutError] };
    },
  },
  {
    name: 'shield: the inner task goes on',
    play(world, { createTask, shield, sleep }) {
      const { loop } = world;
      const inner = createTask(child(world, sleep, 'inner', 3), { loop });
      function* waiter(): Coroutine<void> {
        world.demand((yield* shield(inner)) === 'inner', 'shield gives the result');
      }
      return {
        actors: [waiter(), waiter()],
        atEnd: () => world.demand(world.ending || inner.state === 'returned', 'a shielded task is not cancelled with those who wait for it'),
      };
    },
  },
  {
    name: 'wait, shield, gather: whoever gives up leaves nothing on what he waited for',
    play(world, { gather, shield, wait }) {
      const future = world.loop.createFuture<void>();
      function* waiter(): Coroutine<void> {
        yield* wait([future]);
      }
      function* shielded(): Coroutine<void> {
        yield* shield(future);
      }
      function* gatherer(): Coroutine<void> {
        yield* gather([shield(future)]);
      }
      return {
        actors: [waiter(), shielded(), gatherer()],
        mayWait: () => true,
        atEnd: () => world.demand(!future.done() && future.waiting.length === 0, 'nothing is left on what was waited for'),
      };
    },
  },
];
