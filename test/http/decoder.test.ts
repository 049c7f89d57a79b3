import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type ClientSessionOptions, request } from '../../src/http/index.ts';
import { asyncWith, type Coroutine, sleep } from '../../src/loop/index.ts';
import { failure, onStage } from './stage.ts';

const TEXT = 'all work and no play '.repeat(50_000);

/** Plays `body` with the client while a server answers everything with `bytes`, in one piece or in several. */
async function answering<T>(encoding: string, bytes: Uint8Array, body: (url: string) => Coroutine<T>, piece: number = bytes.length): Promise<T> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': encoding, 'content-length': bytes.length });
    for (let at = 0; at < bytes.length; at += piece) response.write(bytes.subarray(at, at + piece));
    response.end();
  });
  return await serving(server, body);
}

/** Plays `body` with the client while `server` listens. */
async function serving<T>(server: Server, body: (url: string) => Coroutine<T>): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await onStage(() => body(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const text = (url: string, options: ClientSessionOptions = {}): Coroutine<string> => asyncWith(request('GET', url, options), (response) => response.text());

test.each([
  ['gzip', gzipSync(TEXT)],
  ['x-gzip', gzipSync(TEXT)],
  ['GZIP', gzipSync(TEXT)],
  ['deflate', deflateSync(TEXT)],
  ['deflate', deflateRawSync(TEXT)],
  ['br', brotliCompressSync(TEXT)],
  ['deflate, gzip', gzipSync(deflateSync(TEXT))],
  ['br,  gzip', gzipSync(brotliCompressSync(TEXT))],
])('a body in %s is decompressed, whether it comes in one piece or in many', async (encoding, bytes) => {
  expect(await answering(encoding, bytes, text)).toBe(TEXT);
  expect(await answering(encoding, bytes, text, 200)).toBe(TEXT);
});

test.each([
  ['gzip', gzipSync('all of it')],
  ['deflate', deflateSync('all of it')],
  ['br', brotliCompressSync('all of it')],
])('what stands behind the end of a body in %s is nothing, and the end of the answer may come later still', async (encoding, bytes) => {
  for (const pieces of [[bytes, Buffer.alloc(512)], [Buffer.concat([bytes, Buffer.alloc(512)])], [bytes, Buffer.alloc(300_000)]]) {
    const server = createServer(async (_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding });
      for (const piece of pieces) {
        response.write(piece);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      response.end();
    });
    expect(await serving(server, text)).toBe('all of it');
  }
});

test('a body that came before it was read is decompressed as well', async () => {
  function* late(url: string): Coroutine<string> {
    return yield* asyncWith(request('GET', url), function* (response) {
      yield* sleep(1000);
      return yield* response.text();
    });
  }
  expect(await answering('gzip', gzipSync(TEXT), late)).toBe(TEXT);
});

test('a coding that nobody knows is left as it is', async () => {
  expect(await answering('gzip, rot13', Buffer.from('abc'), text)).toBe('abc');
  expect(await answering('identity', Buffer.from('abc'), text)).toBe('abc');
});

test('an empty body needs no decompression', async () => {
  expect(await answering('gzip', new Uint8Array(0), text)).toBe('');
});

test('a compressed body that ends early is read as far as it goes', async () => {
  const bytes = gzipSync('the beginning');
  expect(await answering('gzip', bytes.subarray(0, -8), text)).toBe('the beginning');
});

test('`maxBytes` counts the bytes that come out: a small body that becomes a large one is too large', async () => {
  const bomb = gzipSync(new Uint8Array(50 * 1024 ** 2));
  expect(bomb.length).toBeLessThan(64 * 1024);
  const error = await answering('gzip', bomb, (url) => failure(text(url, { maxBytes: 64 * 1024 })));
  expect(error.kind).toBe('too-large');
  const twice = await answering('gzip, gzip', gzipSync(bomb), (url) => failure(text(url, { maxBytes: 64 * 1024 })));
  expect(twice.kind).toBe('too-large');
});

test('more than five codings, one in the other, are refused', async () => {
  const error = await answering('gzip, gzip, gzip, gzip, gzip, gzip', Buffer.from('abc'), (url) => failure(text(url)));
  expect(error.kind).toBe('encoding');
  expect(error.reason).toBe('body cannot be decompressed (6 codings, more than 5)');
});
