// TaskGroup: no task outlives its block, no error is lost, and a cancellation from outside goes on.
import type { Coroutine } from '../../../src/loop/index.ts';
import type { Kit, Scenario } from '../play.ts';
import type { World } from '../world.ts';

/** A member of a group: some steps, perhaps an error, and a cleanup that awaits. */
function* member(world: World, { sleep }: Kit, name: string, delays: readonly number[], error?: string): Coroutine<string> {
  const leave = world.enter(name);
  try {
    for (const delay of delays) yield* sleep(delay);
  } finally {
    try {
      yield* sleep(0);
    } finally {
      leave();
    }
  }
  if (error !== undefined) throw world.oops(error);
  return name;
}

/** A block with members, as an actor. When it is left, so is everybody in it. */
function* block(
  world: World,
  kit: Kit,
  name: string,
  members: readonly (readonly [delays: readonly number[], error?: string])[],
  own: readonly number[] = [],
): Coroutine<void> {
  let inside = 0;
  function* counted(coroutine: Coroutine<string>): Coroutine<void> {
    inside += 1;
    try {
      yield* coroutine;
    } finally {
      inside -= 1;
    }
  }
  try {
    yield* kit.asyncWith(new kit.TaskGroup(), function* (group) {
      for (const [index, [delays, error]] of members.entries()) group.createTask(counted(member(world, kit, `${name}${index}`, delays, error)));
      for (const delay of own) yield* kit.sleep(delay);
    });
  } finally {
    world.demand(inside === 0, 'no task outlives its group');
  }
}

export const groups: readonly Scenario[] = [
  {
    name: 'TaskGroup: all go well',
    play: (world, kit) => ({ actors: [block(world, kit, 'a', [[[0]], [[1, 0]]]), block(world, kit, 'b', [[[0, 0]]], [1])] }),
  },
  {
    name: 'TaskGroup: a task fails, the others and the body are cancelled',
    play: (world, kit) => ({
      actors: [
        block(world, kit, 'a', [[[0], 'failing'], [[2]]], [3]),
        block(world, kit, 'b', [
          [[1], 'late'],
          [[1], 'too'],
        ]),
      ],
    }),
  },
  {
    name: 'TaskGroup: one within another',
    play(world, kit) {
      function* outer(): Coroutine<void> {
        yield* kit.asyncWith(new kit.TaskGroup(), function* (group) {
          group.createTask(block(world, kit, 'inner', [[[0]], [[1], 'inner fails']]));
          group.createTask(member(world, kit, 'outer', [2]));
        });
      }
      return { actors: [outer(), block(world, kit, 'b', [[[0]]])] };
    },
  },
  {
    name: 'TaskGroup: the body fails',
    play(world, kit) {
      function* failing(): Coroutine<void> {
        yield* kit.asyncWith(new kit.TaskGroup(), function* (group) {
          group.createTask(member(world, kit, 'child', [0, 0, 0]));
          yield* kit.sleep(0);
          throw world.oops('the body');
        });
      }
      return { actors: [failing(), failing()] };
    },
  },
  {
    name: 'TaskGroup: tasks that add tasks, under a semaphore',
    play(world, kit) {
      const semaphore = new kit.Semaphore(1);
      const room = world.room('the semaphore', 1);
      function* worker(): Coroutine<void> {
        yield* kit.asyncWith(semaphore, function* () {
          const leave = room.enter();
          try {
            yield* kit.sleep(0);
          } finally {
            leave();
          }
        });
      }
      function* parent(): Coroutine<void> {
        yield* kit.asyncWith(new kit.TaskGroup(), function* (group) {
          group.createTask(
            (function* (): Coroutine<void> {
              group.createTask(worker());
              yield* worker();
            })(),
          );
          yield* worker();
        });
      }
      return { actors: [parent(), parent()], expected: [kit.LoopError], atEnd: () => world.demand(semaphore.permits === 1, 'every permit comes back') };
    },
  },
  {
    name: 'TaskGroup: ended before its time by cancel()',
    play(world, kit) {
      function* parent(): Coroutine<void> {
        yield* kit.asyncWith(new kit.TaskGroup(), function* (group) {
          group.createTask(member(world, kit, 'child', [5]));
          yield* kit.sleep(1);
          group.cancel();
          yield* kit.sleep(5);
          world.demand(false, 'the body of a cancelled group does not go on');
        });
      }
      return { actors: [parent(), parent()] };
    },
  },
  {
    name: 'TaskGroup: a timeout around it',
    play(world, kit) {
      function* limited(limit: number): Coroutine<void> {
        yield* kit.asyncWith(kit.timeout(limit), () => block(world, kit, `limit ${limit} `, [[[2], 'failing'], [[3]]]));
      }
      return { actors: [limited(1), limited(2), limited(3)], expected: [kit.TimeoutError] };
    },
  },
];
