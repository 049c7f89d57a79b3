import { get } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { ClientSession, request, startServer } from '../../src/http/index.ts';
import { asyncWith, type Coroutine, EventLoop, gather, VirtualDriver } from '../../src/loop/index.ts';
import { onStage, someRounds } from './stage.ts';

/** Status and JSON of a page. */
function* fetching(url: string): Coroutine<readonly [number, unknown]> {
  return yield* asyncWith(request('GET', url), function* (response) {
    return [response.status, yield* response.json()] as const;
  });
}

test('/get answers what httpbin does', () =>
  onStage(function* ({ url, server }) {
    const [, data] = yield* fetching(`${url}/get?a=1&b=2&b=3&c=`);
    expect(data).toEqual({
      args: { a: '1', b: ['2', '3'], c: '' },
      headers: expect.objectContaining({ Host: `127.0.0.1:${server.port}`, 'User-Agent': 'undici' }),
      origin: '127.0.0.1',
      url: `${url}/get?a=1&b=2&b=3&c=`,
    });
  }));

test('/events answers a list in the shape of GitHub', () =>
  onStage(function* ({ url }) {
    const [status, events] = yield* fetching(`${url}/events`);
    expect(status).toBe(200);
    expect(events).toHaveLength(8);
    for (const event of events as unknown[]) {
      expect(event).toMatchObject({
        id: expect.any(String),
        type: expect.stringMatching(/Event$/),
        actor: { login: expect.any(String) },
        repo: { name: expect.any(String) },
        public: true,
      });
    }
  }));

test('/ lists the pages', () =>
  onStage(function* ({ url }) {
    const text = yield* asyncWith(request('GET', url), (response) => response.text());
    for (const page of ['/get', '/events', '/status/', '/delay/', '/flaky/', '/hostile/endless', '/hostile/bad-gzip']) expect(text).toContain(page);
  }));

test.each([200, 204, 304, 404, 418, 500, 599])('/status/%i answers that status', (status) =>
  onStage(function* ({ url }) {
    yield* asyncWith(request('GET', `${url}/status/${status}`), function* (response) {
      expect(response.status).toBe(status);
      expect((yield* response.read()).byteLength).toBe(0);
    });
  }),
);

test.each([
  ['/status/99', 'expected a status of 200 to 599, got 99'],
  ['/status/abc', 'expected a status of 200 to 599, got abc'],
  ['/delay/61', 'expected a delay of 0 to 60 seconds, got 61'],
  ['/delay/', 'expected a delay of 0 to 60 seconds, got '],
  ['/delay/-1', 'expected a delay of 0 to 60 seconds, got -1'],
  ['/flaky/x', 'expected a number of failures, got x'],
])('%s is a bad request', (path, error) =>
  onStage(function* ({ url }) {
    expect(yield* fetching(url + path)).toEqual([400, { error }]);
  }),
);

test.each(['/nowhere', '/get/more', '/hostile/unknown', '/hostile/toString', '/a/b/c/d', '///'])('%s is not found', (path) =>
  onStage(function* ({ url }) {
    expect((yield* fetching(url + path))[0]).toBe(404);
  }),
);

test('/flaky/:n fails n times for each key, then answers', () =>
  onStage(function* ({ url }) {
    const statuses: number[] = [];
    for (const key of ['x', 'x', 'y', 'x', 'y', 'y']) statuses.push((yield* fetching(`${url}/flaky/2?key=${key}`))[0]);
    expect(statuses).toEqual([503, 503, 503, 200, 503, 200]);
  }));

test('answers with different delays come in the order of their delays, at exactly those times', async () => {
  // Longer than a test may take, and not longer than the client waits.
  const delays = [7, 3, 9, 1, 5, 10, 2, 8, 4, 6].map((n) => n * 2900);
  await onStage(
    function* ({ url, server, loop }) {
      const order: number[] = [];
      yield* asyncWith(new ClientSession(), (session) =>
        gather(
          delays.map((delay) =>
            asyncWith(session.get(`${url}/get?ms=${delay}`), function* (response) {
              expect(response.elapsed).toBe(delay);
              expect(loop.time()).toBe(delay);
              order.push(delay);
              yield* response.read();
              expect(loop.time()).toBe(delay);
            }),
          ),
        ),
      );
      expect(order).toEqual([...delays].sort((a, b) => a - b));
      expect(server.mostAtOnce).toBe(10);
      expect(server.requests).toBe(10);
      expect(server.inFlight).toBe(0);
    },
    { delay: (target) => Number(new URL(target, 'http://x').searchParams.get('ms')) },
  );
});

test('the wait of /delay and the option `delay` add up', () =>
  onStage(
    function* ({ url, loop }) {
      yield* fetching(`${url}/delay/2.5`);
      expect(loop.time()).toBe(2600);
    },
    { delay: () => 100 },
  ));

test('a port in use is refused with the error of Node', async () => {
  const loop = new EventLoop();
  const first = await startServer({ loop });
  await expect(startServer({ loop, port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await first.close();
  loop.close();
});

test('closing ends connections that are idle, waiting and silent, and can be done twice', async () => {
  const loop = new EventLoop({ driver: new VirtualDriver() });
  const server = await startServer({ loop });
  const idle = connect(server.port, '127.0.0.1').on('error', () => {});
  const ends = ['/delay/30', '/hostile/silent', '/hostile/endless'].map(
    (path) => new Promise((resolve) => get(server.url + path, (response) => response.on('error', resolve).resume()).on('error', resolve)),
  );
  await expect.poll(() => server.inFlight, { interval: 1 }).toBe(3);
  await server.close();
  await server.close();
  await Promise.all(ends);
  expect(server.inFlight).toBe(0);
  idle.destroy();
  loop.close();
});

test('a server whose loop is closed says so instead of crashing', async () => {
  const loop = new EventLoop();
  const server = await startServer({ loop, delay: () => 100 });
  loop.close();
  const status = await new Promise((resolve, reject) => get(server.url, (response) => resolve(response.resume().statusCode)).on('error', reject));
  expect(status).toBe(503);
  await server.close();
});

test('a server takes a request it cannot make sense of', async () => {
  const loop = new EventLoop();
  const server = await startServer({ loop });
  const socket = connect(server.port, '127.0.0.1', () => socket.write('GET http://[ HTTP/1.1\r\nHost: ][\r\n\r\n'));
  const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
  expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  socket.destroy();
  await server.close();
  await someRounds();
  loop.close();
});
