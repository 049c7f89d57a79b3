import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { request } from '../../src/http/index.ts';
import { asyncWith } from '../../src/loop/index.ts';
import { failure, listen, onStage } from './stage.ts';

beforeEach(() => {
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A proxy that refuses everything, and remembers what it was asked for. */
async function refusingProxy(): Promise<{ asked: string[] } & Awaited<ReturnType<typeof listen>>> {
  const asked: string[] = [];
  const listener = await listen((socket) => {
    socket.once('data', (data) => {
      asked.push(String(data).split('\r\n', 1)[0] as string);
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
    });
  });
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${listener.port}`);
  return { asked, ...listener };
}

test('HTTP_PROXY is used for other hosts', async () => {
  await using proxy = await refusingProxy();
  await onStage(function* () {
    const error = yield* failure(asyncWith(request('GET', 'http://example.invalid/'), function* () {}));
    expect(error.message).toBe('proxy refused with status 407: http://example.invalid/');
    expect(error.kind).toBe('proxy');
  });
  expect(proxy.asked).toHaveLength(1);
  expect(proxy.asked[0]).toContain('example.invalid');
});

test('loopback addresses are never proxied', async () => {
  await using proxy = await refusingProxy();
  await onStage(function* ({ url, server }) {
    for (const base of [url, `http://localhost:${server.port}`]) {
      yield* asyncWith(request('GET', `${base}/get`), function* (response) {
        expect(response.status).toBe(200);
      });
    }
  });
  expect(proxy.asked).toEqual([]);
});

test('NO_PROXY is honoured', async () => {
  await using proxy = await refusingProxy();
  vi.stubEnv('NO_PROXY', '.invalid');
  await onStage(function* () {
    const error = yield* failure(asyncWith(request('GET', 'http://example.invalid/'), function* () {}));
    expect(error.kind).toBe('unknown-host');
  });
  expect(proxy.asked).toEqual([]);
});

test('`proxy: false` goes straight', async () => {
  await using proxy = await refusingProxy();
  await onStage(function* () {
    const error = yield* failure(asyncWith(request('GET', 'http://example.invalid/', { proxy: false }), function* () {}));
    expect(error.kind).toBe('unknown-host');
  });
  expect(proxy.asked).toEqual([]);
});
