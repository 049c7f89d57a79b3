import { expect, test } from 'vitest';
import { ClientSession, type ClientSessionOptions, type HttpError, request } from '../../src/http/index.ts';
import { asyncWith, type Coroutine, fromPromise } from '../../src/loop/index.ts';
import { closedPort, failure, listen, onStage, someRounds } from './stage.ts';

/** What fetching `url` and reading its JSON fails with. */
function fetching(url: string, options: ClientSessionOptions = {}): Coroutine<HttpError> {
  return failure(asyncWith(request('GET', url, options), (response) => response.json()));
}

test('a closed port is `refused`', async () => {
  const url = `http://127.0.0.1:${await closedPort()}/`;
  await onStage(function* () {
    const error = yield* fetching(url);
    expect(error.kind).toBe('refused');
    expect(error.message).toBe(`connection refused: ${url}`);
    expect(error.url).toBe(url);
    expect(error.reason).toBe('connection refused');
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

test('a port that browsers block is asked like any other', () =>
  onStage(function* () {
    const error = yield* fetching('http://127.0.0.1:1/');
    expect(error.message).toBe('connection refused: http://127.0.0.1:1/');
    expect(error.kind).toBe('refused');
  }));

test('a host without an address is `unknown-host`', () =>
  onStage(function* () {
    const error = yield* fetching('http://nonexistent.invalid/', { proxy: false });
    expect(error.kind).toBe('unknown-host');
    expect(error.message).toMatch(/^(unknown host|host name could not be looked up): http:\/\/nonexistent\.invalid\/$/);
  }));

test('TLS with a server that speaks plain HTTP is `tls`', () =>
  onStage(function* ({ url }) {
    const https = url.replace('http:', 'https:');
    const error = yield* fetching(`${https}/get`);
    expect(error.kind).toBe('tls');
    expect(error.message).toBe(`TLS failed (wrong version number): ${https}/get`);
  }));

test('what is not HTTP is `protocol`', async () => {
  await using listener = await listen((socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
  await onStage(function* () {
    const error = yield* fetching(`http://127.0.0.1:${listener.port}/`);
    expect(error.kind).toBe('protocol');
    expect(error.message).toMatch(/^answer is not HTTP \([^()]+\): http:/);
  });
});

test('a connection closed before the headers is `reset`', async () => {
  await using listener = await listen((socket) => void socket.once('data', () => socket.destroy()));
  await onStage(function* () {
    const url = `http://127.0.0.1:${listener.port}/`;
    const error = yield* fetching(url);
    expect(error.kind).toBe('reset');
    expect(error.message).toBe(`connection closed before the answer: ${url}`);
  });
});

test.each([
  ['nope', 'expected an absolute http: or https: URL: "nope"'],
  ['', 'expected an absolute http: or https: URL: ""'],
  ['ftp://example.com/', 'expected an http: or https: URL, not ftp: "ftp://example.com/"'],
  ['file:///etc/passwd', 'expected an http: or https: URL, not file: "file:///etc/passwd"'],
  ['data:text/plain,hello', 'expected an http: or https: URL, not data: "data:text/plain,hello"'],
])('%j is not a URL to fetch', (url, message) =>
  onStage(function* () {
    const error = yield* fetching(url);
    expect(error.kind).toBe('bad-url');
    expect(error.message).toBe(message);
  }),
);

const HOSTILE: readonly [page: string, kind: string, reason: string][] = [
  ['reset', 'truncated', 'connection closed before the body was complete'],
  ['truncated', 'truncated', 'connection closed before the body was complete'],
  ['not-json', 'not-json', 'not JSON (starts with "<html>")'],
  ['redirects', 'redirects', 'more than 20 redirects'],
  ['bad-gzip', 'encoding', 'body cannot be decompressed (incorrect header check)'],
  ['endless', 'too-large', 'body is larger than 64 KiB'],
];

test.each(HOSTILE)('/hostile/%s is `%s`: %s', (page, kind, reason) =>
  onStage(function* ({ url, loop }) {
    const error = yield* fetching(`${url}/hostile/${page}`, { maxBytes: 64 * 1024 });
    expect(error.message).toBe(`${reason}: ${url}/hostile/${page}`);
    expect(error.kind).toBe(kind);
    expect(loop.time()).toBe(0);
  }),
);

test('/hostile/silent ends at the timeout, in virtual time at once', () =>
  onStage(function* ({ url, loop }) {
    const error = yield* fetching(`${url}/hostile/silent`, { timeout: 30_000 });
    expect(error.message).toBe(`timed out after 30s: ${url}/hostile/silent`);
    expect(loop.time()).toBe(30_000);
  }));

test('an empty body is not JSON, and said to be empty', () =>
  onStage(function* ({ url }) {
    const error = yield* fetching(`${url}/status/204`);
    expect(error.message).toBe(`not JSON (body is empty): ${url}/status/204`);
  }));

test('a body announced as too large is not even begun', () =>
  onStage(function* ({ url }) {
    const error = yield* fetching(`${url}/events`, { maxBytes: 100 });
    expect(error.message).toBe(`body is larger than 100 bytes: ${url}/events`);
  }));

test('a session lives on after every hostile page', () =>
  onStage(function* ({ url }) {
    yield* asyncWith(new ClientSession({ maxBytes: 1024 ** 2, timeout: 1000 }), function* (session) {
      for (const [page] of HOSTILE) {
        yield* failure(asyncWith(session.get(`${url}/hostile/${page}`), (response) => response.json()));
        expect(yield* asyncWith(session.get(`${url}/get`), (response) => response.json())).toHaveProperty('args');
      }
    });
  }));

test('a 205 has no body, whatever comes: its connection is closed, and not left open', async () => {
  let closed = false;
  await using server = await listen((socket) => {
    socket
      .on('error', () => {})
      .on('close', () => {
        closed = true;
      });
    socket.write(`HTTP/1.1 205 Reset Content\r\ncontent-length: ${1 << 20}\r\n\r\n${'x'.repeat(1 << 18)}`);
  });
  await onStage(function* () {
    yield* asyncWith(new ClientSession(), function* (session) {
      const bytes = yield* asyncWith(session.get(`http://127.0.0.1:${server.port}/`), (response) => response.read());
      expect(bytes.length).toBe(0);
      while (!closed) yield* fromPromise(() => someRounds(1));
    });
  });
});

test.each([
  [{ 'x-a': 'a\nb' }, 'invalid x-a header'],
  [{ 'x a': 'b' }, 'invalid header key'],
])('a header that cannot be sent is a `bad-request`, and not tried again: %j', (headers, reason) =>
  onStage(function* ({ url, server }) {
    const error = yield* failure(asyncWith(request('GET', url, { headers, retries: 3 }), function* () {}));
    expect([error.kind, error.message, server.requests]).toEqual(['bad-request', `${reason}: ${url}/`, 0]);
  }),
);
