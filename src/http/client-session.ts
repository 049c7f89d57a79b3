// The client: a session owns one undici agent, and every wait for the network is a coroutine of the loop that can be
// cancelled, timed out and tried again. Shaped like aiohttp, so that a program reads the same.
import type { Dispatcher, fetch, Response } from 'undici';
import {
  type AsyncContextManager,
  type Awaitable,
  CancelledError,
  type Coroutine,
  type EventLoop,
  fromPromise,
  getRunningLoop,
  LoopError,
  Semaphore,
  sleep,
  TimeoutError,
  waitFor,
} from '../loop/index.ts';
import { openAgent } from './agent.ts';
import { ClientResponse } from './client-response.ts';
import { explain } from './explain.ts';
import { HttpError } from './http-error.ts';
import { holdUntilHeard } from './news.ts';
import { asksForRetry, isPassing, waitBefore } from './retry.ts';
import { type ClientSessionOptions, checked } from './session-options.ts';

/**
 * What closes the connections in the end, as undici's own error would. Made once, its stack given: Node asks each error that
 * closes a socket for it, and the command line would read its source maps for that.
 */
const CLOSED = Object.assign(new Error('session was closed'), { code: 'UND_ERR_DESTROYED', stack: 'Error: session was closed' });

export interface RequestOptions {
  /** Sent with this request, over the session's. */
  headers?: Readonly<Record<string, string>>;
}

/** One request: enter it with `asyncWith`, or await it with `yield*` and let the session's end free it. */
export interface RequestContext extends AsyncContextManager<ClientResponse, void>, Awaitable<ClientResponse> {}

/**
 * Makes requests over connections it keeps and closes in the end. Stands for aiohttp's `ClientSession`.
 * @throws RangeError for an option that is out of range.
 *
 * @example
 * ```ts
 * function* getStatus(url: string): Coroutine<number> {
 *   return yield* asyncWith(new ClientSession({ timeout: 5000 }), (session) =>
 *     asyncWith(session.get(url), function* (response) {
 *       return response.status;
 *     }),
 *   );
 * }
 * ```
 */
export class ClientSession implements AsyncContextManager<ClientSession, void> {
  readonly #options: Required<ClientSessionOptions>;
  readonly #permits: Semaphore | undefined;
  #state: 'created' | 'entered' | 'closed' = 'created';
  #fetch: typeof fetch | undefined;
  #agent: Dispatcher | undefined;

  constructor(options: ClientSessionOptions = {}) {
    this.#options = checked(options);
    const { limit } = this.#options;
    // Not undici's own limit: a request in its queue would hold still the time that those before it wait for.
    this.#permits = limit === Number.POSITIVE_INFINITY ? undefined : new Semaphore(limit);
  }

  /** Whether the session was left. */
  get closed(): boolean {
    return this.#state === 'closed';
  }

  /** A GET request; nothing is sent until it is entered or awaited. */
  get(url: string | URL, options?: RequestOptions): RequestContext {
    return this.request('GET', url, options);
  }

  /** A request without a body: GET, HEAD, OPTIONS, DELETE; nothing is sent until it is entered or awaited. */
  request(method: string, url: string | URL, options: RequestOptions = {}): RequestContext {
    return new Request(this, method, String(url), options);
  }

  *aenter(): Coroutine<this> {
    if (this.#state !== 'created') throw new LoopError(`ClientSession: expected to be entered once, it is ${this.#state} already; make a new one`);
    // Loading undici takes longer than everything else in a short program: only those who enter a session pay for it.
    const undici = yield* fromPromise(() => import('undici'));
    this.#fetch = undici.fetch;
    this.#agent = openAgent(undici, this.#options.proxy, this.#options.hostTimeout);
    this.#state = 'entered';
    return this;
  }

  /** Closes every connection at once, those of requests that are still going on included. */
  *aexit(): Coroutine<void> {
    const agent = this.#agent;
    this.#state = 'closed';
    this.#agent = undefined;
    if (agent !== undefined) yield* fromPromise(() => agent.destroy(CLOSED));
  }

  /** @internal Makes attempts until one gives an answer that is kept. */
  *open(method: string, asked: string, options: RequestOptions): Coroutine<ClientResponse> {
    const loop = getRunningLoop();
    const { url, headers } = this.#address(asked, options);
    for (let attempt = 1; ; attempt++) {
      const last = attempt > this.#options.retries;
      let wait: number;
      try {
        const response = yield* this.#attempt(loop, method, url, headers, attempt);
        if (last || !asksForRetry(response.status)) return response;
        wait = waitBefore(attempt, response.headers);
        response.release();
      } catch (error) {
        if (last || !isPassing(error)) throw error;
        wait = waitBefore(attempt);
      }
      yield* sleep(wait);
    }
  }

  *#attempt(loop: EventLoop, method: string, url: string, headers: Record<string, string>, attempts: number): Coroutine<ClientResponse> {
    const { timeout, maxBytes } = this.#options;
    if (this.#state === 'created') throw new LoopError('ClientSession: expected to be entered before a request, as in asyncWith(session, ...)');
    if (this.#permits !== undefined) yield* this.#permits.acquire();
    const started = loop.time();
    let arrived: Response | undefined;
    const keep = (response: Response): Response => {
      arrived = response;
      return response;
    };
    try {
      const response = yield* waitFor(
        fromPromise((signal) => this.#send(method, url, headers, signal).then(keep)),
        timeout === Number.POSITIVE_INFINITY ? undefined : timeout,
      );
      return new ClientResponse({ response, loop, url, started, arrived: loop.time(), timeout, maxBytes, attempts, onEnd: this.#endRequest });
    } catch (error) {
      this.#endRequest();
      // Cancelled after the headers had come and before this task's turn: nobody else will let this answer go.
      arrived?.body?.cancel().catch(() => {});
      if (error instanceof CancelledError || error instanceof TimeoutError) holdUntilHeard(loop);
      throw explain(error, url, timeout, 'headers');
    }
  }

  readonly #endRequest = (): void => this.#permits?.release();

  #send(method: string, url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
    const fetch = this.#fetch;
    const dispatcher = this.#agent;
    if (fetch === undefined || dispatcher === undefined) throw new HttpError('closed', url, 'session was closed');
    return fetch(url, { method, headers, signal, dispatcher });
  }

  /** Checks the URL; a name and password in it, which fetch refuses, become a header, and stay out of messages. */
  #address(asked: string, options: RequestOptions): { url: string; headers: Record<string, string> } {
    const headers = { ...this.#options.headers, ...options.headers };
    let url: URL;
    try {
      url = new URL(asked);
    } catch (error) {
      throw new HttpError('bad-url', JSON.stringify(asked), 'expected an absolute http: or https: URL', error);
    }
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new HttpError('bad-url', JSON.stringify(asked), `expected an http: or https: URL, not ${url.protocol.slice(0, -1)}`);
    if (url.username !== '' || url.password !== '') {
      headers.authorization ??= basic(url);
      url.username = '';
      url.password = '';
    }
    return { url: url.href, headers };
  }
}

/** A request of a session that is there already. */
class Request implements RequestContext {
  readonly #session: ClientSession;
  readonly #method: string;
  readonly #url: string;
  readonly #options: RequestOptions;
  #response: ClientResponse | undefined;

  constructor(session: ClientSession, method: string, url: string, options: RequestOptions) {
    this.#session = session;
    this.#method = method;
    this.#url = url;
    this.#options = options;
  }

  *aenter(): Coroutine<ClientResponse> {
    this.#response = yield* this.#session.open(this.#method, this.#url, this.#options);
    return this.#response;
  }

  *aexit(): Coroutine<void> {
    this.#response?.release();
  }

  [Symbol.iterator](): Coroutine<ClientResponse> {
    return this.#session.open(this.#method, this.#url, this.#options);
  }
}

/**
 * A single request with a session of its own. Stands for `aiohttp.request`.
 *
 * @example
 * ```ts
 * function* fetchArgument(url: string): Coroutine<string> {
 *   const data = yield* asyncWith(request('GET', url), (response) => response.json<{ args: { a: string } }>());
 *   return data.args.a;
 * }
 * ```
 */
export function request(method: string, url: string | URL, options: ClientSessionOptions = {}): AsyncContextManager<ClientResponse, void> {
  const session = new ClientSession(options);
  const inner = session.request(method, url);
  return {
    *aenter() {
      yield* session.aenter();
      try {
        return yield* inner.aenter();
      } catch (error) {
        yield* session.aexit();
        throw error;
      }
    },
    *aexit(error) {
      yield* inner.aexit(error);
      yield* session.aexit();
    },
  };
}

/** The Authorization header for the name and password of a URL; what is not percent-encoded properly is taken as it is. */
function basic({ username, password }: URL): string {
  let credentials = `${username}:${password}`;
  try {
    credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {}
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}
