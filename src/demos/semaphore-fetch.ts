// Section 6.3: many tasks, of which a semaphore lets only so many fetch at once.
import { ClientSession, HttpError } from '../http/index.ts';
import { asyncWith, type Coroutine, createTask, Semaphore, wait } from '../loop/index.ts';
import type { Run, Screen, Stage } from './demo.ts';
import { type HttpOptions, judge, sessionOptions, type Target, targets, tolerate } from './targets.ts';

export interface Options extends HttpOptions {
  /** How many may fetch at once. */
  readonly concurrency: number;
  /** The field of each JSON answer to show, `args.a` say; `undefined`: of URLs the user gave, the status. */
  readonly field: string | undefined;
}

/** The field of an answer's JSON: httpbin's tells the arguments it was sent. */
function* fetchField(session: ClientSession, { url }: Target, field: string): Coroutine<string> {
  return yield* asyncWith(session.get(url), function* (r) {
    if (!r.ok) throw new HttpError('status', url, `status ${r.status}`);
    const data = yield* r.json();
    const value = field.split('.').reduce<unknown>((found, key) => (found as Record<string, unknown> | null | undefined)?.[key], data);
    if (value === undefined) throw new HttpError('not-json', url, `the JSON lacks ${field}`);
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function* fetchStatus(screen: Screen, session: ClientSession, target: Target): Coroutine<string> {
  return yield* asyncWith(session.get(target.url), function* (r) {
    yield* r.read();
    judge(screen, r.ok, r.status, target);
    return String(r.status);
  });
}

function* printResult(stage: Stage, session: ClientSession, semaphore: Semaphore, target: Target, field: string | undefined): Coroutine<void> {
  const { loop, screen } = stage;
  yield* asyncWith(semaphore, function* () {
    const start = loop.time();
    const result = field === undefined ? yield* fetchStatus(screen, session, target) : yield* fetchField(session, target, field);
    const ms = Math.round(loop.time() - start);
    const took = typeof target.label === 'number' ? '' : ` ${ms}ms`;
    screen.line(`fetch(${target.label}) = ${result}${took}`, { event: 'fetched', id: target.label, url: target.url, result, ms });
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
