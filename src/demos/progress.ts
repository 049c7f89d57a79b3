// Section 6.2: a progress bar that moves as results come in, in the order of completion.
import { type ClientResponse, ClientSession } from '../http/index.ts';
import { asCompleted, asyncWith, type Coroutine, getRunningLoop, sleep } from '../loop/index.ts';
import type { Bar, Run, Screen } from './demo.ts';
import { type HttpOptions, judge, sessionOptions, type Target, targets, tolerate } from './targets.ts';

export interface Options extends HttpOptions {
  /** How long to wait before each result is taken, in ms. */
  readonly pause: number;
}

const CONNECTIONS = 100;

function* printPage(screen: Screen, session: ClientSession, target: Target): Coroutine<void> {
  const { ok, status, elapsed } = yield* get(session, target.address);
  const text = typeof target.label === 'number' ? undefined : `${status} ${target.url} ${Math.round(elapsed)}ms`;
  screen.line(text, { event: 'status', id: target.label, url: target.url, status, ms: Math.round(elapsed) });
  judge(screen, ok, status, target);
}

function* get(session: ClientSession, url: string): Coroutine<ClientResponse> {
  return yield* asyncWith(session.get(url), function* (response) {
    yield* response.read(); // An answer that breaks off is none.
    return response;
  });
}

/** What tqdm does: passes everything through, and moves the bar after each. */
function* tqdm<T>(items: Iterable<T>, bar: Bar): Generator<T, void, undefined> {
  const loop = getRunningLoop();
  const start = loop.time();
  let done = 0;
  bar.update(done, 0);
  for (const item of items) {
    yield item;
    bar.update(++done, loop.time() - start);
  }
}

function* waitWithProgress(coros: readonly Coroutine<void>[], bar: Bar, pause: number): Coroutine<void> {
  for (const f of tqdm(asCompleted(coros), bar)) {
    yield* sleep(pause);
    yield* f;
  }
}

function* main(screen: Screen, session: ClientSession, list: readonly Target[], bar: Bar, pause: number): Coroutine<void> {
  yield* asyncWith(session, function* () {
    const coros = list.map((target) => tolerate(screen, target, printPage(screen, session, target)));
    yield* waitWithProgress(coros, bar, pause);
  });
}

export const run: Run<Options> = async (stage, options) => {
  const { loop, screen } = stage;
  const list = await targets(stage, options, { embedded: (id) => `/get?id=${id}`, online: () => 'http://httpbin.org/get' });
  const bar = await screen.bar(list.length);
  try {
    await loop.runUntilComplete(main(screen, new ClientSession(sessionOptions(options, CONNECTIONS)), list, bar, options.pause));
  } finally {
    bar.finish();
  }
  loop.close();
};
