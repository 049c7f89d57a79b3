// Section 6: many requests at once, each telling its status as it comes in.
import { ClientSession } from '../http/index.ts';
import { asyncWith, type Coroutine, createTask, wait } from '../loop/index.ts';
import type { Run, Screen } from './demo.ts';
import { type HttpOptions, judge, sessionOptions, type Target, targets, tolerate } from './targets.ts';

/** As many connections as aiohttp opens unless told otherwise. */
const CONNECTIONS = 100;

function* getStatus(screen: Screen, session: ClientSession, target: Target): Coroutine<void> {
  yield* asyncWith(session.get(target.address), function* (r) {
    const { status, elapsed } = r;
    yield* r.read(); // An answer that breaks off is none.
    const text = typeof target.label === 'number' ? `${status} ${target.label}` : `${status} ${target.url} ${Math.round(elapsed)}ms`;
    screen.line(text, { event: 'status', id: target.label, url: target.url, status, ms: Math.round(elapsed) });
    judge(screen, r.ok, status, target);
  });
}

// The article opens a session for each request. One for all of them opens no more than CONNECTIONS at a time, whatever
// the number of URLs.
function* main(screen: Screen, session: ClientSession, list: readonly Target[]): Coroutine<void> {
  yield* asyncWith(session, function* () {
    const tasks = list.map((target) => createTask(tolerate(screen, target, getStatus(screen, session, target))));
    yield* wait(tasks);
    for (const task of tasks) task.result();
  });
}

export const run: Run<HttpOptions> = async (stage, options) => {
  const { loop, screen } = stage;
  const list = await targets(stage, options, { embedded: (id) => `/events?id=${id}`, online: () => 'https://api.github.com/events' });
  await loop.runUntilComplete(main(screen, new ClientSession(sessionOptions(options, CONNECTIONS)), list));
  loop.close();
};
