// The queues: each item comes out once, and nobody waits for what is there.
import type { Coroutine, Queue } from '../../../src/loop/index.ts';
import type { Kit, Scenario } from '../play.ts';

type Kind = 'Queue' | 'LifoQueue' | 'PriorityQueue';

/** Two who put and two who get, through a queue with room for one item. */
function exchange(kind: Kind): Scenario {
  return {
    name: `${kind}: two put, two get, room for one`,
    play(world, kit) {
      const queue = make(kit, kind, 1);
      const items = world.items<number>();
      const [putting, getting] = [world.line(), world.line()];
      function* producer(from: number): Coroutine<void> {
        for (const item of [from, from + 1]) {
          yield* putting.through(queue.put(item));
          items.put(item);
        }
      }
      function* consumer(): Coroutine<void> {
        for (let n = 0; n < 2; n++) items.take(yield* getting.through(queue.get()));
      }
      return {
        actors: [consumer(), producer(10), producer(20), consumer()],
        mayWait: () => getting.length === 0 || putting.length === 0,
        atRest: () => {
          world.demand(getting.length === 0 || queue.empty(), 'nobody waits for an item that is there');
          world.demand(putting.length === 0 || queue.full(), 'nobody waits for a place that is free');
        },
        atEnd: () => items.balance(rest(queue)),
      };
    },
  };
}

function make(kit: Kit, kind: Kind, maxsize: number): Queue<number> {
  return new kit[kind]<number>(maxsize);
}

/** What is still in a queue. */
function rest<T>(queue: Queue<T>): T[] {
  const left: T[] = [];
  while (!queue.empty()) left.push(queue.getNowait());
  return left;
}

export const queues: readonly Scenario[] = [
  exchange('Queue'),
  exchange('LifoQueue'),
  exchange('PriorityQueue'),
  {
    name: 'Queue: in order, without a limit',
    play(world, { Queue, sleep }) {
      const queue = new Queue<number>();
      const items = world.items<number>();
      const getting = world.line();
      function* producer(): Coroutine<void> {
        for (const item of [1, 2, 3]) {
          queue.putNowait(item);
          items.put(item);
          yield* sleep(item % 2);
        }
      }
      function* consumer(): Coroutine<void> {
        for (;;) items.take(yield* getting.through(queue.get()));
      }
      return {
        actors: [consumer(), producer(), consumer()],
        mayWait: () => queue.empty(),
        atRest: () => world.demand(getting.length === 0 || queue.empty(), 'nobody waits for an item that is there'),
        atEnd: () => {
          items.balance(rest(queue));
          world.demand(items.got.join() === items.got.toSorted().join(), 'first in, first out');
        },
      };
    },
  },
  {
    name: 'Queue: newcomers, in the iteration in which an item comes',
    play(world, { Queue, sleep }) {
      const queue = new Queue<number>();
      const items = world.items<number>();
      const getting = world.line();
      function* consumer(late: number): Coroutine<void> {
        for (let n = 0; n < late; n++) yield* sleep(0);
        items.take(yield* getting.through(queue.get()));
      }
      function* producer(): Coroutine<void> {
        yield* sleep(0);
        for (const item of [1, 2, 3]) {
          queue.putNowait(item);
          items.put(item);
          yield* sleep(0);
        }
      }
      return {
        actors: [consumer(0), producer(), consumer(2), consumer(3)],
        // A producer cancelled before its first step leaves nothing to wait for.
        mayWait: () => queue.empty(),
        atRest: () => world.demand(getting.length === 0 || queue.empty(), 'nobody waits for an item that is there'),
        atEnd: () => items.balance(rest(queue)),
      };
    },
  },
  {
    name: 'Queue: join waits until everything is done',
    play(world, { Queue, sleep }) {
      const queue = new Queue<number>();
      const joining = world.line();
      let unfinished = 0;
      for (const item of [1, 2]) {
        queue.putNowait(item);
        unfinished += 1;
      }
      function* worker(): Coroutine<void> {
        for (;;) {
          yield* queue.get();
          try {
            yield* sleep(0);
          } finally {
            unfinished -= 1;
            queue.taskDone();
          }
        }
      }
      function* joiner(): Coroutine<void> {
        yield* joining.through(queue.join());
        world.demand(unfinished === 0, 'join does not return while something is unfinished');
      }
      return {
        actors: [worker(), joiner(), worker()],
        mayWait: () => true,
        atRest: () => world.demand(joining.length === 0 || unfinished > 0, 'nobody waits in join when everything is done'),
        atEnd: () => unfinished === 0 && void world.atOnce(queue.join(), 'join with nothing unfinished'),
      };
    },
  },
  ...[false, true].map(
    (immediate): Scenario => ({
      name: `Queue: shut down ${immediate ? 'at once' : 'and drained'}, while one puts and one gets`,
      play(world, { Queue, QueueShutDown, sleep }) {
        const queue = new Queue<number>(1);
        const items = world.items<number>();
        let isShutDown = false;
        function* producer(): Coroutine<void> {
          for (const item of [1, 2, 3]) {
            yield* queue.put(item);
            items.put(item);
          }
        }
        function* consumer(): Coroutine<void> {
          for (;;) {
            items.take(yield* queue.get());
            queue.taskDone();
            yield* sleep(1);
          }
        }
        function* closer(): Coroutine<void> {
          yield* sleep(0);
          yield* sleep(0);
          queue.shutdown({ immediate });
          isShutDown = true;
        }
        return {
          actors: [producer(), consumer(), closer()],
          expected: [QueueShutDown],
          mayWait: () => !isShutDown,
          atEnd: () => {
            if (!immediate) items.balance(rest(queue));
            else if (isShutDown) world.atOnce(queue.join(), 'join after a shutdown at once');
          },
        };
      },
    }),
  ),
];
