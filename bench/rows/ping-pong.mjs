// Waiting for one another: two tasks, each hit a future for the other to wait for.
import { effect, effection } from '../under-way.mjs';

/** `Promise.withResolvers`, which Node 20 has not. */
function withResolvers() {
  let resolve;
  const promise = new Promise((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}

export default {
  name: 'ping-pong',
  what: (size) => `two tasks wake each other through futures, ${size.toLocaleString('en')} times each`,
  size: 200_000,
  smoke: 10,
  expected: (hits) => [2 * hits - 2, 2 * hits - 1],
  python: 'ping_pong',
  contestants: {
    ours({ asyncdemo: { gather, getRunningLoop, run } }) {
      function* player(table, side, hits) {
        const loop = getRunningLoop();
        let ball = 0;
        for (let i = 0; i < hits; i++) {
          ball = yield* table[side];
          table[side] = loop.createFuture();
          table[1 - side].setResult(ball + 1);
        }
        return ball;
      }
      function* main(hits) {
        const loop = getRunningLoop();
        const table = [loop.createFuture(), loop.createFuture()];
        table[0].setResult(0);
        return yield* gather([player(table, 0, hits), player(table, 1, hits)]);
      }
      return (hits) => run(main(hits));
    },
    native() {
      async function player(table, side, hits) {
        let ball = 0;
        for (let i = 0; i < hits; i++) {
          ball = await table[side].promise;
          table[side] = withResolvers();
          table[1 - side].resolve(ball + 1);
        }
        return ball;
      }
      return (hits) => {
        const table = [withResolvers(), withResolvers()];
        table[0].resolve(0);
        return Promise.all([player(table, 0, hits), player(table, 1, hits)]);
      };
    },
    async effect() {
      const { Deferred, Effect } = await effect();
      const player = Effect.fnUntraced(function* (table, side, hits) {
        let ball = 0;
        for (let i = 0; i < hits; i++) {
          ball = yield* Deferred.await(table[side]);
          table[side] = Deferred.makeUnsafe();
          Deferred.doneUnsafe(table[1 - side], Effect.succeed(ball + 1));
        }
        return ball;
      });
      return (hits) => {
        const table = [Deferred.makeUnsafe(), Deferred.makeUnsafe()];
        Deferred.doneUnsafe(table[0], Effect.succeed(0));
        return Effect.runPromise(Effect.all([player(table, 0, hits), player(table, 1, hits)], { concurrency: 'unbounded' }));
      };
    },
    async effection() {
      const peer = await effection();
      function* player(table, side, hits) {
        let ball = 0;
        for (let i = 0; i < hits; i++) {
          ball = yield* table[side].operation;
          table[side] = peer.withResolvers();
          table[1 - side].resolve(ball + 1);
        }
        return ball;
      }
      return (hits) => {
        const table = [peer.withResolvers(), peer.withResolvers()];
        table[0].resolve(0);
        return peer.run(() => peer.all([player(table, 0, hits), player(table, 1, hits)]));
      };
    },
  },
  marks: [{ against: 'native', atMost: 1.5 }],
};
