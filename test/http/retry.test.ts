import { expect, test } from 'vitest';
import { ClientSession, request } from '../../src/http/index.ts';
import { waitBefore } from '../../src/http/retry.ts';
import { asyncWith } from '../../src/loop/index.ts';
import { closedPort, failure, listen, onStage } from './stage.ts';

test('a server error is tried again after 100 ms, then after twice as long each time', () =>
  onStage(function* ({ url, server, loop }) {
    yield* asyncWith(new ClientSession({ retries: 5 }), (session) =>
      asyncWith(session.get(`${url}/flaky/3`), function* (response) {
        expect(response.status).toBe(200);
        expect(response.attempts).toBe(4);
        expect(response.elapsed).toBe(0);
        expect(loop.time()).toBe(100 + 200 + 400);
        expect(server.requests).toBe(4);
      }),
    );
  }));

test('the last attempt counts, whatever its status', () =>
  onStage(function* ({ url, loop }) {
    yield* asyncWith(request('GET', `${url}/status/502`, { retries: 2 }), function* (response) {
      expect(response.status).toBe(502);
      expect(response.attempts).toBe(3);
      expect(loop.time()).toBe(300);
    });
  }));

test('without `retries` there is one attempt', () =>
  onStage(function* ({ url, server, loop }) {
    yield* asyncWith(request('GET', `${url}/status/503`), function* (response) {
      expect(response.status).toBe(503);
    });
    expect(server.requests).toBe(1);
    expect(loop.time()).toBe(0);
  }));

test('Retry-After is honoured', () =>
  onStage(function* ({ url, loop }) {
    yield* asyncWith(request('GET', `${url}/status/429?retry-after=7`, { retries: 1 }), function* (response) {
      expect(response.status).toBe(429);
      expect(loop.time()).toBe(7000);
    });
  }));

test('timeouts are tried again', () =>
  onStage(function* ({ url, server, loop }) {
    const error = yield* failure(asyncWith(request('GET', `${url}/hostile/silent`, { timeout: 1000, retries: 2 }), function* () {}));
    expect(error.kind).toBe('timeout');
    expect(loop.time()).toBe(1000 + 100 + 1000 + 200 + 1000);
    expect(server.requests).toBe(3);
  }));

test('refused connections are tried again', async () => {
  const port = await closedPort();
  await onStage(function* ({ loop }) {
    const error = yield* failure(asyncWith(request('GET', `http://127.0.0.1:${port}/`, { retries: 2 }), function* () {}));
    expect(error.kind).toBe('refused');
    expect(loop.time()).toBe(300);
  });
});

test('a connection that was lost before the headers is tried again', async () => {
  let connections = 0;
  await using listener = await listen((socket) => {
    connections += 1;
    socket.once('data', () => (connections < 3 ? socket.destroy() : socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')));
  });
  await onStage(function* ({ loop }) {
    const text = yield* asyncWith(request('GET', `http://127.0.0.1:${listener.port}/`, { retries: 3 }), (response) => response.text());
    expect(text).toBe('ok');
    expect(loop.time()).toBe(300);
  });
});

test.each(['/status/404', '/status/400', '/hostile/redirects'])('%s is final: no attempt can mend it', (path) =>
  onStage(function* ({ url, loop }) {
    try {
      yield* asyncWith(request('GET', url + path, { retries: 3 }), function* () {});
    } catch {}
    expect(loop.time()).toBe(0);
  }),
);

test('the wait doubles up to 10 s; Retry-After, seconds or a date, counts up to 60 s', () => {
  expect([1, 2, 3, 7, 8, 30].map((attempt) => waitBefore(attempt))).toEqual([100, 200, 400, 6400, 10_000, 10_000]);
  const asked = (headers: Record<string, string>): number => waitBefore(1, new Headers(headers));
  expect(asked({ 'retry-after': '3' })).toBe(3000);
  expect(asked({ 'retry-after': '0' })).toBe(0);
  expect(asked({ 'retry-after': '86400' })).toBe(60_000);
  expect(asked({ 'retry-after': 'Wed, 21 Oct 2015 07:28:05 GMT', date: 'Wed, 21 Oct 2015 07:28:00 GMT' })).toBe(5000);
  expect(asked({ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' })).toBe(0);
  expect(asked({ 'retry-after': 'later' })).toBe(100);
  expect(asked({})).toBe(100);
});
