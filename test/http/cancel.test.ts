import { afterEach, beforeEach, expect, test } from 'vitest';
import { ClientSession, request } from '../../src/http/index.ts';
import { asyncWith, CancelledError, type Coroutine, createTask, EventLoop, fromPromise, gather, sleep, type Task, wait } from '../../src/loop/index.ts';
import { failure, listen, onStage, someRounds } from './stage.ts';

/** Node warns of the eleventh listener of a kind. */
const warnings: Error[] = [];
const remember = (warning: Error): void => void warnings.push(warning);
beforeEach(() => {
  warnings.length = 0;
  process.on('warning', remember);
});
afterEach(() => {
  process.off('warning', remember);
  expect(warnings).toEqual([]);
});

/** Waits for something that the host will bring about. */
const until = (condition: () => boolean): Coroutine<unknown> => fromPromise(() => expect.poll(condition, { interval: 1 }).toBe(true));

function* cancelled(task: Task<unknown>): Coroutine<void> {
  task.cancel();
  let outcome: unknown;
  try {
    yield* task;
  } catch (error) {
    outcome = error;
  }
  expect(outcome).toBeInstanceOf(CancelledError);
}

test('cancelling a task that waits for headers closes its socket', async () => {
  let open = 0;
  await using listener = await listen((socket) => {
    open += 1;
    socket.resume().on('close', () => {
      open -= 1;
    });
  });
  const loop = new EventLoop();
  await loop.runUntilComplete(
    (function* () {
      yield* asyncWith(new ClientSession(), function* (session) {
        const task = createTask(asyncWith(session.get(`http://127.0.0.1:${listener.port}/`), function* () {}));
        yield* until(() => open === 1);
        yield* cancelled(task);
        yield* until(() => open === 0);
      });
    })(),
  );
  loop.close();
});

test('a request that is cancelled before it has a connection is never sent', () =>
  onStage(function* ({ url, server }) {
    yield* asyncWith(new ClientSession(), function* (session) {
      // The first request of all takes long: Node would get its turn, and connect, before the cancellation arrives.
      yield* asyncWith(session.get(`${url}/get`), (response) => response.read());
      const task = createTask(asyncWith(session.get(`http://localhost:${server.port}/get`), function* () {}));
      yield* sleep(0);
      yield* cancelled(task);
      yield* fromPromise(() => someRounds(200));
      expect(server.requests).toBe(1);
    });
  }));

test('cancelling a task that reads a body closes its socket', () =>
  onStage(function* ({ url, server }) {
    yield* asyncWith(new ClientSession({ maxBytes: Number.POSITIVE_INFINITY }), function* (session) {
      let reading = false;
      const task = createTask(
        asyncWith(session.get(`${url}/hostile/endless`), function* (response) {
          reading = true;
          yield* response.read();
        }),
      );
      yield* until(() => reading);
      yield* cancelled(task);
      yield* until(() => server.inFlight === 0);
    });
  }));

test('leaving the block without reading the body ends it', () =>
  onStage(function* ({ url, server }) {
    yield* asyncWith(new ClientSession(), function* (session) {
      yield* asyncWith(session.get(`${url}/hostile/endless`), function* (response) {
        expect(response.status).toBe(200);
      });
      yield* until(() => server.inFlight === 0);
    });
  }));

test('cancelling between the arrival of the headers and the turn of the task lets the answer go', () =>
  onStage(function* ({ url, server, loop }) {
    yield* asyncWith(new ClientSession({ limit: 1 }), function* (session) {
      const task = createTask(asyncWith(session.get(`${url}/hostile/endless`), function* () {}));
      loop.setObserver({
        taskWoken(woken) {
          if (woken === task) task.cancel();
        },
      });
      yield* wait([task]);
      loop.setObserver(undefined);
      expect(task.cancelled()).toBe(true);
      yield* until(() => server.inFlight === 0);
      yield* asyncWith(session.get(`${url}/get`), (response) => response.read());
    });
  }));

test('a client that gives up while the server waits takes the wait with it, and time does not jump for the others', () =>
  onStage(
    function* ({ url, server, loop }) {
      yield* asyncWith(new ClientSession({ limit: 200 }), function* (session) {
        const get = (ms: number): Coroutine<number> =>
          asyncWith(session.get(`${url}/get?ms=${ms}`), function* (response) {
            yield* response.read();
            return loop.time();
          });
        const impatient = Array.from({ length: 100 }, () => createTask(get(5000)));
        yield* sleep(100);
        expect(server.inFlight).toBe(100);
        const patient = Array.from({ length: 20 }, (_, n) => createTask(get(10 * (n + 1))));
        yield* sleep(0);
        for (const task of impatient) yield* cancelled(task);
        expect(yield* gather(patient)).toEqual(Array.from({ length: 20 }, (_, n) => 100 + 10 * (n + 1)));
        yield* until(() => server.inFlight === 0);
      });
    },
    { delay: (target) => Number(new URL(target, 'http://x').searchParams.get('ms')) },
  ));

test('a server sets no timer that outlives its client', () =>
  onStage(function* ({ url, server, loop }) {
    let timers = 0;
    loop.setObserver({
      timer(phase) {
        timers += phase === 'set' ? 1 : -1;
      },
    });
    yield* failure(asyncWith(request('GET', `${url}/delay/30`, { timeout: 1000 }), function* () {}));
    yield* until(() => server.inFlight === 0);
    loop.setObserver(undefined);
    expect(timers).toBe(0);
  }));

test('a body that failed is let go at once, without a block as well', () =>
  onStage(function* ({ url, server }) {
    yield* asyncWith(new ClientSession({ maxBytes: 1000, limit: 1 }), function* (session) {
      const response = yield* session.get(`${url}/hostile/endless`);
      const error = yield* failure(response.read());
      expect(error.kind).toBe('too-large');
      yield* until(() => server.inFlight === 0);
      yield* session.get(`${url}/get`);
    });
  }));

test('time stands still for some rounds after a client gave up, for a server in this process to hear of it', async () => {
  await using listener = await listen(() => {});
  await onStage(function* ({ loop }) {
    const task = createTask(asyncWith(request('GET', `http://127.0.0.1:${listener.port}/`), function* () {}));
    yield* fromPromise(() => someRounds());
    yield* cancelled(task);
    let rounds = 0;
    const count = (): void => {
      rounds += 1;
      if (loop.time() === 0) setImmediate(count);
    };
    setImmediate(count);
    yield* sleep(1);
    expect(rounds).toBeGreaterThanOrEqual(3);
  });
});

test('hundreds of requests of all sorts leave no hold, listener or socket behind', () =>
  onStage(function* ({ url, server }) {
    const pages = ['/get', '/delay/0.5', '/status/500', '/hostile/not-json', '/hostile/truncated', '/hostile/bad-gzip', '/hostile/silent', '/flaky/1'];
    yield* asyncWith(new ClientSession({ timeout: 2000, limit: 40 }), function* (session) {
      yield* gather(
        Array.from({ length: 400 }, (_, n) =>
          asyncWith(session.get(url + pages[n % pages.length]), (response) => (n % 3 === 0 ? sleep(n % 5) : response.json())),
        ),
        { returnExceptions: true },
      );
    });
    yield* until(() => server.inFlight === 0);
    expect(server.requests).toBe(400);
  }));

test('a server keeps no listener on a connection that is used again and again', () =>
  onStage(function* ({ url }) {
    yield* asyncWith(new ClientSession({ limit: 1 }), function* (session) {
      for (let n = 0; n < 50; n++) yield* asyncWith(session.get(`${url}/delay/1`), (response) => response.read());
    });
  }));

test('a permit of the limit is given back by whatever ends a request', () =>
  onStage(function* ({ url }) {
    yield* asyncWith(new ClientSession({ limit: 1, timeout: 1000 }), function* (session) {
      const get = (path: string): Coroutine<unknown> => asyncWith(session.get(url + path), (response) => response.json());
      yield* failure(get('/hostile/silent'));
      yield* failure(get('/hostile/not-json'));
      yield* failure(get('/hostile/truncated'));
      yield* asyncWith(session.get(`${url}/events`), function* () {});
      const first = createTask(get('/delay/0.9'));
      const second = createTask(get('/get'));
      yield* sleep(100);
      yield* cancelled(second);
      yield* cancelled(first);
      yield* get('/get');
    });
  }));

test('cancelling during the wait before another attempt ends the request', () =>
  onStage(function* ({ url, server, loop }) {
    const task = createTask(asyncWith(request('GET', `${url}/status/503?retry-after=50`, { retries: 5 }), function* () {}));
    yield* sleep(1000);
    yield* cancelled(task);
    expect(server.requests).toBe(1);
    expect(loop.time()).toBe(1000);
  }));
