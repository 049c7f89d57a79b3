// A program that fetches and is interrupted, for rows/interrupt.mjs: a line for each answer, then when the first of its
// tasks was told that it is cancelled, in ms since 1970. What the command does not tell.
import { readFileSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [dist, list, concurrency] = process.argv.slice(2);
const load = (folder) => import(pathToFileURL(`${dist}/${folder}/index.js`).href);
const { asyncWith, CancelledError, gather, KeyboardInterrupt, run, Semaphore } = await load('loop');
const { ClientSession } = await load('http');

function* get(session, semaphore, url) {
  try {
    yield* asyncWith(semaphore, () =>
      asyncWith(session.get(url), function* (response) {
        yield* response.read();
        writeSync(1, '200\n');
      }),
    );
  } catch (error) {
    if (error instanceof CancelledError) cancelledAt ??= performance.timeOrigin + performance.now();
    throw error;
  }
}

function* main() {
  const semaphore = new Semaphore(Number(concurrency));
  yield* asyncWith(new ClientSession({ limit: Number.POSITIVE_INFINITY }), function* (session) {
    const urls = readFileSync(list, 'utf8').split('\n');
    yield* gather(urls.map((url) => get(session, semaphore, url)));
  });
}

let cancelledAt;
try {
  await run(main());
} catch (error) {
  if (!(error instanceof KeyboardInterrupt)) throw error;
  writeSync(1, `cancelled at ${cancelledAt}\n`);
  process.exitCode = 130;
}
