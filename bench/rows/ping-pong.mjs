// Waiting for one another: two tasks, each hit a future for the other to wait for.
import { compare } from '../compare.mjs';

export const name = 'ping-pong';

export function measure({ asyncdemo: { gather, getRunningLoop, run }, smoke, rounds }) {
  const hits = smoke ? 10 : 200_000;

  function* player(table, side) {
    const loop = getRunningLoop();
    let ball = 0;
    for (let i = 0; i < hits; i++) {
      ball = yield* table[side];
      table[side] = loop.createFuture();
      table[1 - side].setResult(ball + 1);
    }
    return ball;
  }
  function* main() {
    const loop = getRunningLoop();
    const table = [loop.createFuture(), loop.createFuture()];
    table[0].setResult(0);
    return yield* gather([player(table, 0), player(table, 1)]);
  }

  async function nativePlayer(table, side) {
    let ball = 0;
    for (let i = 0; i < hits; i++) {
      ball = await table[side].promise;
      table[side] = withResolvers();
      table[1 - side].resolve(ball + 1);
    }
    return ball;
  }
  function nativeMain() {
    const table = [withResolvers(), withResolvers()];
    table[0].resolve(0);
    return Promise.all([nativePlayer(table, 0), nativePlayer(table, 1)]);
  }

  return compare({ ours: () => run(main()), native: nativeMain, expected: [2 * hits - 2, 2 * hits - 1], rounds, atMost: 2 });
}

/** `Promise.withResolvers`, which Node 20 has not. */
function withResolvers() {
  let resolve;
  const promise = new Promise((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}
