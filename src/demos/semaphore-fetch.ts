// Section 6.3: many tasks, of which a semaphore lets only so many fetch at once.
import { ClientSession, HttpError } from '../http/index.ts';
import { asyncWith, type Coroutine, createTask, Semaphore, wait } from '../loop/index.ts';
import type { Run, Stage } from './demo.ts';
import { type HttpOptions, judge, sessionOptions, type Target, targets, tolerate } from './targets.ts';

export interface Options extends HttpOptions {
  /** How many may fetch at once. */
  readonly concurrency: number;
  /** The field of each JSON answer to show, `args.a` say; `undefined`: of URLs the user gave, the status. */
  readonly field: string | undefined;
}

interface Answer {
  readonly ok: boolean;
  readonly status: number;
  /** What to show of it; nothing where it was not ok and has no field to show. */
  readonly result: string | undefined;
}

/** The status alone. */
function* fetchStatus(session: ClientSession, { address }: Target): Coroutine<Answer> {
  return yield* asyncWith(session.get(address), function* (r) {
    const { ok, status } = r;
    yield* r.read(); // An answer that breaks off is none.
    return { ok, status, result: String(status) };
  });
}

/** A field of the answer's JSON: httpbin's tells the arguments it was sent. */
function* fetchField(session: ClientSession, { address, url }: Target, field: string): Coroutine<Answer> {
  return yield* asyncWith(session.get(address), function* (r) {
    const { ok, status } = r;
    return { ok, status, result: ok ? pick(yield* r.json(), field, url) : undefined };
  });
}

function pick(data: unknown, field: string, url: string): string {
  let value = data;
  for (const key of field.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) throw new HttpError('not-json', url, `the JSON lacks ${field}`);
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function* printResult(stage: Stage, session: ClientSession, semaphore: Semaphore, target: Target, field: string | undefined): Coroutine<void> {
  const { loop, screen } = stage;
  yield* asyncWith(semaphore, function* () {
    const start = loop.time();
    const { ok, status, result } = yield* field === undefined ? fetchStatus(session, target) : fetchField(session, target, field);
    const ms = Math.round(loop.time() - start);
    const took = typeof target.label === 'number' ? '' : ` ${ms}ms`;
    if (result !== undefined)
      screen.line(`fetch(${target.label}) = ${result}${took}`, { event: 'fetched', id: target.label, url: target.url, status, result, ms });
    judge(screen, ok, status, target);
  });
}

function* main(stage: Stage, list: readonly Target[], options: Options): Coroutine<void> {
  const semaphore = new Semaphore(options.concurrency);
  const field = options.field ?? (options.urls.length > 0 ? undefined : 'args.a');
  yield* asyncWith(new ClientSession(sessionOptions(options, options.concurrency)), function* (session) {
    const tasks = list.map((target) => createTask(tolerate(stage.screen, target, printResult(stage, session, semaphore, target, field))));
    yield* wait(tasks);
    for (const task of tasks) task.result();
  });
}

export const run: Run<Options> = async (stage, options) => {
  const { loop, screen } = stage;
  const list = await targets(stage, options, { embedded: (id) => `/get?a=${id}`, online: (id) => `http://httpbin.org/get?a=${id}` });
  await loop.runUntilComplete(main(stage, list, options));
  if (options.urls.length === 0 && !options.online) {
    const { mostAtOnce } = await stage.server();
    screen.line(`never more than ${mostAtOnce} at once, the server says`, { event: 'concurrency', most: mostAtOnce, allowed: options.concurrency });
  }
  loop.close();
};
