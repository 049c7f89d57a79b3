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

export interface ClientSessionOptions {
  /** Ms of the loop's time that an attempt may take: connection, headers and body. 30 000 unless given; Infinity for no limit. */
  timeout?: number;
  /** Further attempts after network errors, timeouts, 429 and 5xx, until the headers are in. 0 unless given. */
  retries?: number;
  /** The most requests at a time, until their body is read or let go; the others wait in line. 100 unless given, as in aiohttp; Infinity for no limit. */
  limit?: number;
  /** The most bytes a body may have, decompressed. 10 MiB unless given. */
  maxBytes?: number;
  /** Whether HTTP_PROXY, HTTPS_PROXY and NO_PROXY are honoured; loopback addresses are never proxied. True unless given. */
  proxy?: boolean;
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
  /**
   * Ms of real time that the network may keep silent, for virtual time stands still while a request is in flight. The
   * longer of `timeout` and 5000 unless given; an attempt ended by it counts as timed out.
   */
  hostTimeout?: number;
}

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
  readonly #timeout: number;
  readonly #retries: number;
  readonly #permits: Semaphore | undefined;
  readonly #maxBytes: number;
  readonly #proxy: boolean;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #hostTimeout: number;
  #state: 'created' | 'entered' | 'closed' = 'created';
  #fetch: typeof fetch | undefined;
  #agent: Dispatcher | undefined;

  constructor(options: ClientSessionOptions = {}) {
    const { timeout = 30_000, retries = 0, limit = 100, maxBytes = 10 * 1024 ** 2, proxy = true, headers = {} } = options;
    if (!(timeout > 0)) throw new RangeError(`ClientSession: expected a timeout in milliseconds above 0, got ${timeout}`);
    if (!(Number.isInteger(retries) && retries >= 0)) throw new RangeError(`ClientSession: expected a whole number of retries from 0 up, got ${retries}`);
    if (!((Number.isInteger(limit) && limit > 0) || limit === Number.POSITIVE_INFINITY))
      throw new RangeError(`ClientSession: expected a whole limit from 1 up, or Infinity, got ${limit}`);
    if (!(maxBytes >= 0)) throw new RangeError(`ClientSession: expected maxBytes from 0 up, got ${maxBytes}`);
    const { hostTimeout = Math.max(timeout, 5000) } = options;
    if (!(hostTimeout > 0)) throw new RangeError(`ClientSession: expected a hostTimeout in milliseconds above 0, got ${hostTimeout}`);
    this.#timeout = timeout;
    this.#retries = retries;
    // Not undici's own limit: a request in its queue would hold still the time that those before it wait for.
    this.#permits = limit === Number.POSITIVE_INFINITY ? undefined : new Semaphore(limit);
    this.#maxBytes = maxBytes;
    this.#proxy = proxy;
    this.#headers = headers;
    this.#hostTimeout = hostTimeout;
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
    this.#agent = openAgent(undici, this.#proxy, this.#hostTimeout);
    this.#state = 'entered';
    return this;
  }

  /** Closes every connection at once, those of requests that are still going on included. */
  *aexit(): Coroutine<void> {
    const agent = this.#agent;
    this.#state = 'closed';
    this.#agent = undefined;
    if (agent !== undefined) yield* fromPromise(() => agent.destroy());
  }

  /** @internal Makes attempts until one gives an answer that is kept. */
  *open(method: string, asked: string, options: RequestOptions): Coroutine<ClientResponse> {
    const loop = getRunningLoop();
    const { url, headers } = this.#address(asked, options);
    for (let attempt = 1; ; attempt++) {
      const last = attempt > this.#retries;
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
    const timeout = this.#timeout;
    if (this.#state === 'created') throw new LoopError('ClientSession: expected to be entered before a request, as in asyncWith(session, ...)');
    if (this.#permits !== undefined) yield* this.#permits.acquire();
    const started = loop.time();
    try {
      const response = yield* waitFor(
        fromPromise((signal) => this.#send(method, url, headers, signal)),
        timeout === Number.POSITIVE_INFINITY ? undefined : timeout,
      );
      return new ClientResponse({ response, loop, url, started, arrived: loop.time(), timeout, maxBytes: this.#maxBytes, attempts, onEnd: this.#endRequest });
    } catch (error) {
      this.#endRequest();
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
    const headers = { ...this.#headers, ...options.headers };
    let url: URL;
    try {
      url = new URL(asked);
    } catch (error) {
      throw new HttpError('bad-url', JSON.stringify(asked), 'expected an absolute http: or https: URL', error);
    }
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new HttpError('bad-url', JSON.stringify(asked), `expected an http: or https: URL, not ${url.protocol.slice(0, -1)}`);
    if (url.username !== '' || url.password !== '') {
      const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
      headers.authorization ??= `Basic ${Buffer.from(credentials).toString('base64')}`;
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
