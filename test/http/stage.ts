// What the tests of src/http run on: a loop in virtual time, the real embedded server over real sockets, and a look at
// the loop's holds afterwards.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { expect } from 'vitest';
import { type EmbeddedServer, HttpError, type ServerOptions, startServer } from '../../src/http/index.ts';
import { type Coroutine, EventLoop, fromPromise, sleep, VirtualDriver } from '../../src/loop/index.ts';

export interface Stage {
  readonly loop: EventLoop;
  readonly server: EmbeddedServer;
  /** Where the server listens. */
  readonly url: string;
}

/** Runs `body` in virtual time with an embedded server, and checks that the loop is neither held nor lent in the end. */
export async function onStage<T>(body: (stage: Stage) => Coroutine<T>, options: Omit<ServerOptions, 'loop'> = {}): Promise<T> {
  const loop = new EventLoop({ driver: new VirtualDriver() });
  const server = await startServer({ loop, ...options });
  try {
    const result = await loop.runUntilComplete(body({ loop, server, url: server.url }));
    await someRounds();
    await loop.runUntilComplete(expectBalance(loop));
    return result;
  } finally {
    await server.close();
    loop.close();
  }
}

/** Fails (by a time-out of the test) when the loop is still held, and by an assertion when something is still lent. */
export function* expectBalance(loop: EventLoop): Coroutine<void> {
  yield* sleep(1);
  let jumped = false;
  const timer = loop.callLater(1, () => {
    jumped = true;
  });
  yield* fromPromise(() => someRounds());
  expect(jumped, 'time jumped during a hold: something is still lent').toBe(false);
  timer.cancel();
}

/** A few rounds of Node's own loop. */
export async function someRounds(count = 6): Promise<void> {
  for (let round = 0; round < count; round++) await new Promise((resolve) => setImmediate(resolve));
}

/** What `coroutine` fails with, which must be an HttpError. */
export function* failure(coroutine: Coroutine<unknown>): Coroutine<HttpError> {
  try {
    yield* coroutine;
  } catch (error) {
    expect(error).toBeInstanceOf(HttpError);
    return error as HttpError;
  }
  throw new Error('expected an HttpError, got an answer');
}

/** A bare TCP server on a free port. */
export async function listen(onConnection: (socket: Socket) => void): Promise<{ server: Server; port: number; [Symbol.asyncDispose](): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return {
    server,
    port: address.port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port of this machine that nobody listens on. */
export async function closedPort(): Promise<number> {
  const listener = await listen(() => {});
  await listener[Symbol.asyncDispose]();
  return listener.port;
}
