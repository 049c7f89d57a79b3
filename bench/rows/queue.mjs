// A queue: what one task produces another consumes, with room for ten on the way.
import { effect, effection } from '../under-way.mjs';

const ROOM = 10;

/** The least that does this with promises alone: the language has no queue. */
class PromiseQueue {
  items = [];
  wakeGetter = undefined;
  wakePutter = undefined;

  async put(item) {
    while (this.items.length >= ROOM) {
      await new Promise((resolve) => {
        this.wakePutter = resolve;
      });
    }
    this.items.push(item);
    this.wakeGetter?.();
  }

  async get() {
    while (this.items.length === 0) {
      await new Promise((resolve) => {
        this.wakeGetter = resolve;
      });
    }
    this.wakePutter?.();
    return this.items.shift();
  }
}

export default {
  name: 'queue',
  what: (size) => `${size.toLocaleString('en')} items from a producer to a consumer, ${ROOM} on the way`,
  size: 200_000,
  smoke: 30,
  expected: (size) => (size * (size - 1)) / 2,
  python: 'queue_of_ten',
  contestants: {
    ours({ asyncdemo: { gather, Queue, run } }) {
      function* produces(queue, size) {
        for (let i = 0; i < size; i++) yield* queue.put(i);
      }
      function* consumes(queue, size) {
        let sum = 0;
        for (let i = 0; i < size; i++) sum += yield* queue.get();
        return sum;
      }
      function* main(size) {
        const queue = new Queue(ROOM);
        return (yield* gather([produces(queue, size), consumes(queue, size)]))[1];
      }
      return (size) => run(main(size));
    },
    native() {
      async function produces(queue, size) {
        for (let i = 0; i < size; i++) await queue.put(i);
      }
      async function consumes(queue, size) {
        let sum = 0;
        for (let i = 0; i < size; i++) sum += await queue.get();
        return sum;
      }
      return async (size) => {
        const queue = new PromiseQueue();
        return (await Promise.all([produces(queue, size), consumes(queue, size)]))[1];
      };
    },
    async effect() {
      const { Effect, Queue } = await effect();
      const produces = Effect.fnUntraced(function* (queue, size) {
        for (let i = 0; i < size; i++) yield* Queue.offer(queue, i);
      });
      const consumes = Effect.fnUntraced(function* (queue, size) {
        let sum = 0;
        for (let i = 0; i < size; i++) sum += yield* Queue.take(queue);
        return sum;
      });
      const main = Effect.fnUntraced(function* (size) {
        const queue = yield* Queue.bounded(ROOM);
        return (yield* Effect.all([produces(queue, size), consumes(queue, size)], { concurrency: 'unbounded' }))[1];
      });
      return (size) => Effect.runPromise(main(size));
    },
    // Its queue has no bound: the producer waits after every ten for a moment.
    async effection() {
      const { all, createQueue, run, until } = await effection();
      const soon = Promise.resolve();
      function* produces(queue, size) {
        for (let i = 0; i < size; i++) {
          queue.add(i);
          if (i % ROOM === 0) yield* until(soon);
        }
      }
      function* consumes(queue, size) {
        let sum = 0;
        for (let i = 0; i < size; i++) sum += (yield* queue.next()).value;
        return sum;
      }
      return (size) =>
        run(function* () {
          const queue = createQueue();
          return (yield* all([produces(queue, size), consumes(queue, size)]))[1];
        });
    },
  },
};
