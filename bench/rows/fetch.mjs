// Fetching end to end: many small pages from a server in another process, so many at a time.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { python } from '../python.mjs';
import { BYTES, startServer } from '../server.mjs';

/** Throughput of at least 0.98 of theirs. */
const AT_MOST = 1 / 0.98;

let server;
const urls = (size) => Array.from({ length: size }, (_, i) => `${server.url}/${i}`);

/** The undici that the build uses itself: it is not two of its versions that are compared. */
function undiciOf(dist) {
  return import(pathToFileURL(createRequire(`${dist}/http/index.js`).resolve('undici')).href);
}

/** A peer that fetches with `get(undici, url, dispatcher)`, which fulfils with the number of bytes. */
const limited =
  (concurrency, get) =>
  async ({ dist }) => {
    const [{ default: undici }, { default: pLimit }] = await Promise.all([undiciOf(dist), import('p-limit')]);
    server ??= await startServer();
    return async (size) => {
      const dispatcher = new undici.Agent();
      const limit = pLimit(concurrency);
      const bytes = await Promise.all(urls(size).map((url) => limit(get, undici, url, dispatcher)));
      await dispatcher.destroy();
      return bytes.reduce((sum, each) => sum + each, 0);
    };
  };

async function request(undici, url, dispatcher) {
  const { statusCode, body } = await undici.request(url, { dispatcher });
  assert.equal(statusCode, 200);
  return (await body.arrayBuffer()).byteLength;
}

async function fetch(undici, url, dispatcher) {
  const response = await undici.fetch(url, { dispatcher });
  assert.equal(response.status, 200);
  return (await response.arrayBuffer()).byteLength;
}

const row = (concurrency) => ({
  name: `fetch-${concurrency}`,
  what: (size) => `fetch ${size.toLocaleString('en')} URLs, ${concurrency.toLocaleString('en')} at a time`,
  size: 20_000,
  smoke: 20,
  alone: true,
  warmUps: 1,
  // A hundred times is two million requests, which is many minutes of the server's time.
  grows: { factors: [1, 10] },
  expected: (size) => size * BYTES,
  contestants: {
    async ours({ asyncdemo: { asyncWith, gather, run, Semaphore }, dist }) {
      const { ClientSession } = await import(pathToFileURL(`${dist}/http/index.js`).href);
      server ??= await startServer();
      function* get(session, semaphore, url) {
        return yield* asyncWith(semaphore, () =>
          asyncWith(session.get(url), function* (response) {
            assert.equal(response.status, 200);
            return (yield* response.read()).byteLength;
          }),
        );
      }
      function* main(size) {
        const semaphore = new Semaphore(concurrency);
        return yield* asyncWith(new ClientSession({ limit: Number.POSITIVE_INFINITY }), function* (session) {
          const bytes = yield* gather(urls(size).map((url) => get(session, semaphore, url)));
          return bytes.reduce((sum, each) => sum + each, 0);
        });
      }
      return (size) => run(main(size));
    },
    'undici.request, p-limit': limited(concurrency, request),
    'undici.fetch, p-limit': limited(concurrency, fetch),
    aiohttp: python('aiohttp', 'fetch', (size) => ({ url: server.url, size, concurrency, bytes: BYTES })),
  },
  marks: [
    { against: 'undici.request, p-limit', atMost: AT_MOST },
    { against: 'undici.fetch, p-limit', atMost: AT_MOST },
  ],
});

export default [10, 100, 1000].map(row);
