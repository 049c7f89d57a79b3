import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { ClientSession, request } from '../../src/http/index.ts';
import { asyncWith, type Coroutine, fromPromise } from '../../src/loop/index.ts';
import { failure, onStage, someRounds } from './stage.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
}

/** A server that redirects as its paths say, `/303/target`, and answers everything else with what it saw. */
async function redirecting(
  headers: (status: number, target: string) => Record<string, string> = (_status, target) => ({ location: `/${target}` }),
): Promise<{ url: string; connections(): number; [Symbol.asyncDispose](): Promise<void> }> {
  let connections = 0;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const [, status, target = ''] = /^\/(3\d\d)\/(.*)/.exec(request.url ?? '') ?? [];
    if (status !== undefined) response.writeHead(Number(status), headers(Number(status), target)).end('look elsewhere');
    else response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers } satisfies Seen));
  }).on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function* seen(session: ClientSession, method: string, url: string, headers?: Record<string, string>): Coroutine<Seen> {
  return yield* asyncWith(session.request(method, url, headers && { headers }), (response) => response.json<Seen>());
}

test('a POST becomes a GET at 301, 302 and 303, and stays one at 307 and 308; a DELETE becomes one at 303 alone', async () => {
  await using server = await redirecting();
  await onStage(function* () {
    yield* asyncWith(new ClientSession(), function* (session) {
      const became: Record<string, string | undefined> = {};
      for (const method of ['POST', 'DELETE']) {
        for (const status of [301, 302, 303, 307, 308]) {
          const { method: got, headers } = yield* seen(session, method, `${server.url}/${status}/x`, { 'content-type': 'text/plain' });
          became[`${method} ${status}`] = got;
          expect(headers['content-type']).toBe(got === method ? 'text/plain' : undefined);
        }
      }
      expect(became).toEqual({
        'POST 301': 'GET',
        'POST 302': 'GET',
        'POST 303': 'GET',
        'POST 307': 'POST',
        'POST 308': 'POST',
        'DELETE 301': 'DELETE',
        'DELETE 302': 'DELETE',
        'DELETE 303': 'GET',
        'DELETE 307': 'DELETE',
        'DELETE 308': 'DELETE',
      });
    });
  });
});

test('other answers from 300 to 399, and a redirect without a location, are answers', async () => {
  await using server = await redirecting((status) => (status === 302 ? {} : { location: '/x' }));
  await onStage(function* () {
    for (const status of [300, 302, 305])
      yield* asyncWith(request('GET', `${server.url}/${status}/x`), function* (response) {
        expect(response.status).toBe(status);
        expect(yield* response.text()).toBe('look elsewhere');
      });
  });
});

test('credentials stay with the origin that was asked', async () => {
  await using other = await redirecting();
  await using server = await redirecting((_status, target) => ({ location: target === 'away' ? `${other.url}/x` : '/x' }));
  await onStage(function* () {
    yield* asyncWith(new ClientSession(), function* (session) {
      const secret = { Authorization: 'Bearer 1', Cookie: 'a=1', 'X-Own': 'kept' };
      const stayed = yield* seen(session, 'GET', `${server.url}/302/here`, secret);
      expect(stayed.headers).toMatchObject({ authorization: 'Bearer 1', cookie: 'a=1', 'x-own': 'kept' });
      const away = yield* seen(session, 'GET', `${server.url}/302/away`, secret);
      expect(away.headers).toMatchObject({ 'x-own': 'kept', 'user-agent': 'undici' });
      expect(away.headers).not.toHaveProperty('authorization');
      expect(away.headers).not.toHaveProperty('cookie');
      const named = yield* seen(session, 'GET', `${server.url.replace('//', '//ada:pass@')}/302/away`);
      expect(named.headers).not.toHaveProperty('authorization');
    });
  });
});

test.each([
  ['../c?d#e', '/c?d'],
  ['../x/c', '/x/c'],
  [Buffer.from('/caf\u00e9').toString('latin1'), '/caf%C3%A9'],
  ['/x?', '/x?'],
])('the location %j leads from /302/a to %s: it is relative, and UTF-8', async (location, target) => {
  await using server = await redirecting(() => ({ location }));
  await onStage(function* () {
    yield* asyncWith(new ClientSession(), function* (session) {
      expect((yield* seen(session, 'GET', `${server.url}/302/a`)).url).toBe(target);
    });
  });
});

test('twenty redirects are followed, the next one is an error', () =>
  onStage(function* ({ url, server }) {
    const error = yield* failure(asyncWith(request('GET', `${url}/hostile/redirects`), function* () {}));
    expect(error.kind).toBe('redirects');
    expect(server.requests).toBe(21);
  }));

test.each([
  ['ftp://127.0.0.1/x', 'redirected to "ftp://127.0.0.1/x", which is no http: or https: URL'],
  ['http://[', 'redirected to "http://[", which is no http: or https: URL'],
  ['http://ada:pass@127.0.0.1/x', 'redirected to a URL with a name and password in it'],
])('a redirect to %s is not followed', async (location, reason) => {
  await using server = await redirecting(() => ({ location }));
  await onStage(function* () {
    const error = yield* failure(asyncWith(request('GET', `${server.url}/302/x`), function* () {}));
    expect(error.message).toBe(`${reason}: ${server.url}/302/x`);
  });
});

test('a connection that brought a redirect is used again', async () => {
  await using server = await redirecting();
  await onStage(function* () {
    yield* asyncWith(new ClientSession(), function* (session) {
      for (let n = 0; n < 20; n++) yield* seen(session, 'GET', `${server.url}/302/x`);
    });
  });
  expect(server.connections()).toBeLessThan(5);
});

test('an error names the URL that was asked for, also where it is the fault of the body behind a redirect', async () => {
  await using server = await redirecting();
  await onStage(function* () {
    const error = yield* failure(asyncWith(request('GET', `${server.url}/302/x`, { maxBytes: 1 }), (response) => response.read()));
    expect([error.kind, error.url]).toEqual(['too-large', `${server.url}/302/x`]);
  });
});

test.each([
  ['/', 'here'],
  ['ftp://127.0.0.1/', 'network'],
])('a redirect whose own body never ends is let go when the next answer is there, or none will be: to %s', async (location, expected) => {
  let closed = false;
  const server = createServer((request, response) => {
    if (request.url === '/') return void response.end('here');
    response.writeHead(302, { location });
    response.write('elsewhere');
    response.once('close', () => {
      closed = true;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await onStage(function* () {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/302`;
    yield* asyncWith(new ClientSession(), function* (session) {
      const got = asyncWith(session.get(url), (response) => response.text());
      expect(expected === 'here' ? yield* got : (yield* failure(got)).kind).toBe(expected);
      while (!closed) yield* fromPromise(() => someRounds(1));
    });
  });
  server.close();
});
