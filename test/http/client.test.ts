import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { ClientSession, request } from '../../src/http/index.ts';
import { asyncWith, type Coroutine, fromPromise, gather, LoopError } from '../../src/loop/index.ts';
import { failure, listen, onStage, someRounds } from './stage.ts';

interface Echo {
  readonly args: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly url: string;
}

test('an answer has its status, headers, URL and body', () =>
  onStage(function* ({ url }) {
    yield* asyncWith(new ClientSession(), function* (session) {
      yield* asyncWith(session.get(`${url}/get?a=1`), function* (response) {
        expect(response.status).toBe(200);
        expect(response.statusText).toBe('OK');
        expect(response.ok).toBe(true);
        expect(response.url).toBe(`${url}/get?a=1`);
        expect(response.headers.get('content-type')).toBe('application/json');
        expect(response.attempts).toBe(1);
        const data = yield* response.json<Echo>();
        expect(data.args).toEqual({ a: '1' });
        expect(data.url).toBe(`${url}/get?a=1`);
      });
    });
  }));

test('a status of 404 or 500 is an answer, not an error', () =>
  onStage(function* ({ url }) {
    yield* asyncWith(new ClientSession(), function* (session) {
      for (const status of [404, 500]) {
        yield* asyncWith(session.get(`${url}/status/${status}`), function* (response) {
          expect(response.status).toBe(status);
          expect(response.ok).toBe(false);
        });
      }
    });
  }));

test('a body can be asked for twice, as bytes, text and JSON', () =>
  onStage(function* ({ url }) {
    yield* asyncWith(new ClientSession(), (session) =>
      asyncWith(session.get(`${url}/hostile/no-args`), function* (response) {
        expect(yield* response.text()).toBe('{ "surprise": true }\n');
        expect(yield* response.json()).toEqual({ surprise: true });
        expect((yield* response.read()).byteLength).toBe(21);
      }),
    );
  }));

test('`request` is a session of its own for one request', () =>
  onStage(function* ({ url }) {
    const data = yield* asyncWith(request('GET', `${url}/get?a=7`), (response) => response.json<Echo>());
    expect(data.args.a).toBe('7');
  }));

test('a request can be awaited without a block, and the end of the session frees it', () =>
  onStage(function* ({ url, server }) {
    yield* asyncWith(new ClientSession(), function* (session) {
      const response = yield* session.get(`${url}/hostile/endless`);
      expect(response.status).toBe(200);
      expect(server.inFlight).toBe(1);
    });
    yield* fromPromise(() => expect.poll(() => server.inFlight, { interval: 1 }).toBe(0));
  }));

test('HEAD has headers and an empty body', () =>
  onStage(function* ({ url }) {
    yield* asyncWith(new ClientSession({ maxBytes: 1 }), (session) =>
      asyncWith(session.request('HEAD', `${url}/events`), function* (response) {
        expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100);
        expect((yield* response.read()).byteLength).toBe(0);
      }),
    );
  }));

test('redirects are followed, and `url` tells where they led', () =>
  onStage(function* ({ url }) {
    yield* asyncWith(new ClientSession(), (session) =>
      asyncWith(session.get(`${url}/status/302`), function* (response) {
        expect(response.status).toBe(200);
        expect(response.url).toBe(`${url}/get`);
      }),
    );
  }));

test('headers of the session and of the request are sent, the latter over the former', () =>
  onStage(function* ({ url }) {
    yield* asyncWith(new ClientSession({ headers: { 'x-one': 'session', 'x-two': 'session' } }), (session) =>
      asyncWith(session.get(`${url}/get`, { headers: { 'x-two': 'request' } }), function* (response) {
        const { headers } = yield* response.json<Echo>();
        expect(headers['X-One']).toBe('session');
        expect(headers['X-Two']).toBe('request');
      }),
    );
  }));

test('the case of a header name does not matter', () =>
  onStage(function* ({ url }) {
    yield* asyncWith(new ClientSession({ headers: { 'X-One': 'session', 'User-Agent': 'me' } }), (session) =>
      asyncWith(session.get(`${url}/get`, { headers: { 'x-one': 'request' } }), function* (response) {
        const { headers } = yield* response.json<Echo>();
        expect(headers).toMatchObject({ 'X-One': 'request', 'User-Agent': 'me', Accept: '*/*', 'Accept-Encoding': 'gzip, deflate' });
      }),
    );
  }));

test('a part of a body is not asked for in compressed form', () =>
  onStage(function* ({ url }) {
    yield* asyncWith(request('GET', `${url}/get`, { headers: { range: 'bytes=0-1' } }), function* (response) {
      expect((yield* response.json<Echo>()).headers['Accept-Encoding']).toBe('identity');
    });
  }));

test('a header that came more than once is one list', async () => {
  await using listener = await listen((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: 2\r\nset-cookie: a=1\r\nset-cookie: b=2\r\ncontent-length: 0\r\n\r\n'));
  });
  await onStage(function* () {
    yield* asyncWith(request('GET', `http://127.0.0.1:${listener.port}/`), function* ({ headers }) {
      expect(headers.get('x-a')).toBe('1, 2');
      expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    });
  });
});

test('what comes before the answer, early hints say, is not the answer', async () => {
  await using listener = await listen((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
  });
  await onStage(function* () {
    yield* asyncWith(request('GET', `http://127.0.0.1:${listener.port}/`), function* (response) {
      expect(response.status).toBe(200);
      expect(yield* response.text()).toBe('ok');
    });
  });
});

test('a server has to wait while nobody reads the body, and goes on when somebody does', async () => {
  const total = 64 * 1024 ** 2;
  let sent = 0;
  const server = createServer((_request, response) => {
    const chunk = Buffer.alloc(64 * 1024);
    const more = (): void => {
      while (sent < total) {
        sent += chunk.length;
        if (!response.write(chunk)) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await onStage(function* () {
    yield* asyncWith(request('GET', `http://127.0.0.1:${port}/`, { maxBytes: total }), function* (response) {
      yield* fromPromise(() => someRounds(200));
      expect(sent).toBeLessThan(total / 2);
      expect((yield* response.read()).byteLength).toBe(total);
    });
  });
  server.closeAllConnections();
  server.close();
});

test.each(['CONNECT', 'trace'])('%s is no method for a client', (method) => {
  expect(() => new ClientSession().request(method, 'http://127.0.0.1/')).toThrow(`expected a method such as GET, HEAD, OPTIONS or DELETE, got ${method}`);
});

test('a name and password in the URL become a header, and stay out of messages', () =>
  onStage(function* ({ url }) {
    const withName = url.replace('//', '//ada:p%40ss@');
    yield* asyncWith(new ClientSession(), function* (session) {
      const { headers } = yield* asyncWith(session.get(`${withName}/get`), (response) => response.json<Echo>());
      expect(headers.Authorization).toBe(`Basic ${Buffer.from('ada:p@ss').toString('base64')}`);
      yield* asyncWith(session.get(`${url.replace('//', '//100%:x@')}/get`), (response) => response.read());
      const error = yield* failure(asyncWith(session.get(`${withName}/hostile/not-json`), (response) => response.json()));
      expect(error.message).not.toContain('p%40ss');
    });
  }));

test('a body is decoded by the charset its headers name', async () => {
  await using listener = await listen((socket) => {
    socket.once('data', () =>
      socket.end(Buffer.from('HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=iso-8859-1\r\ncontent-length: 4\r\n\r\ncaf\u00e9', 'latin1')),
    );
  });
  await onStage(function* () {
    const text = yield* asyncWith(request('GET', `http://127.0.0.1:${listener.port}/`), (response) => response.text());
    expect(text).toBe('café');
  });
});

test('at most `limit` requests of a session are out at a time, the others wait in line', () =>
  onStage(
    function* ({ url, server, loop }) {
      yield* asyncWith(new ClientSession({ limit: 3 }), function* (session) {
        yield* gather(
          Array.from({ length: 9 }, (_, n) =>
            asyncWith(session.get(`${url}/get?a=${n}`), function* (response) {
              expect(response.elapsed).toBe(100);
              yield* response.read();
            }),
          ),
        );
      });
      expect(server.mostAtOnce).toBe(3);
      expect(loop.time()).toBe(300);
    },
    { delay: () => 100 },
  ));

test('connections are kept and used again, for bodies that were read and for small ones that were not', async () => {
  let connections = 0;
  const server = createServer((_request, response) => void response.end('small')).on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await onStage(function* () {
    yield* asyncWith(new ClientSession(), function* (session) {
      for (let n = 0; n < 50; n++) yield* asyncWith(session.get(`http://127.0.0.1:${port}/`), (response) => response.read());
      for (let n = 0; n < 50; n++) yield* asyncWith(session.get(`http://127.0.0.1:${port}/`), function* () {});
    });
  });
  expect(connections).toBeLessThan(20);
  server.closeAllConnections();
  server.close();
});

test('a session that was not entered, or was left, says so', () =>
  onStage(function* ({ url }) {
    const session = new ClientSession();
    const get = (): Coroutine<unknown> => asyncWith(session.get(url), function* () {});
    let misuse: unknown;
    try {
      yield* get();
    } catch (error) {
      misuse = error;
    }
    expect(misuse).toBeInstanceOf(LoopError);
    expect(String(misuse)).toContain('expected to be entered before a request');
    yield* asyncWith(session, function* () {});
    expect(session.closed).toBe(true);
    const error = yield* failure(get());
    expect(error.kind).toBe('closed');
  }));

test.each([
  [{ timeout: 0 }, 'expected a timeout in milliseconds above 0, got 0'],
  [{ timeout: Number.NaN }, 'expected a timeout in milliseconds above 0, got NaN'],
  [{ retries: -1 }, 'expected a whole number of retries from 0 up, got -1'],
  [{ retries: 1.5 }, 'expected a whole number of retries from 0 up, got 1.5'],
  [{ limit: 0 }, 'expected a whole limit from 1 up, or Infinity, got 0'],
  [{ maxBytes: -1 }, 'expected maxBytes from 0 up, got -1'],
  [{ hostTimeout: -5 }, 'expected a hostTimeout in milliseconds above 0, got -5'],
])('an option out of range is refused: %j', (options, message) => {
  expect(() => new ClientSession(options)).toThrow(message);
});
