// A small HTTP server for the examples and the tests, so that they need no network: httpbin's answers, GitHub's events,
// and hostile pages. It lives in the client's process and on the client's clock, virtual time included.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventLoop } from '../loop/index.ts';
import { Pages } from './pages.ts';
import { afterDelay } from './server-time.ts';

export interface ServerOptions {
  /** The loop whose time delays are measured in. Its runs drive the delayed answers; undelayed ones need none. */
  readonly loop: EventLoop;
  /** 0, the default, for any free one. */
  readonly port?: number;
  /** `127.0.0.1` unless given. */
  readonly host?: string;
  /** Ms of the loop's time to wait before each answer, by its path and query: `/get?a=1`. */
  readonly delay?: (target: string) => number;
}

/** A server that listens, as `startServer` gives it. */
export class EmbeddedServer {
  /** Where it listens, without a slash at the end: `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly port: number;
  readonly #server: Server;
  readonly #traffic: Traffic;
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(server: Server, host: string, traffic: Traffic) {
    this.port = (server.address() as AddressInfo).port;
    this.url = `http://${host.includes(':') ? `[${host}]` : host}:${this.port}`;
    this.#server = server;
    this.#traffic = traffic;
  }

  /** Requests that came in so far. */
  get requests(): number {
    return this.#traffic.requests;
  }

  /** Requests that are being answered now. */
  get inFlight(): number {
    return this.#traffic.inFlight;
  }

  /** The most requests that were being answered at the same time. */
  get mostAtOnce(): number {
    return this.#traffic.mostAtOnce;
  }

  /** Stops listening and closes every connection at once, busy ones included. Closing twice is fine. */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
    return this.#closing;
  }
}

interface Traffic {
  requests: number;
  inFlight: number;
  mostAtOnce: number;
}

/**
 * Starts the server.
 * @throws (as a rejection) Node's error where it cannot listen: `code` EADDRINUSE, EACCES or EADDRNOTAVAIL.
 *
 * @example
 * ```ts
 * const loop = new EventLoop({ driver: new VirtualDriver() });
 * const server = await startServer({ loop, delay: () => 2000 });
 * await loop.runUntilComplete(fetchAll(`${server.url}/get?a=1`));
 * await server.close();
 * ```
 */
export function startServer({ loop, port = 0, host = '127.0.0.1', delay }: ServerOptions): Promise<EmbeddedServer> {
  const traffic: Traffic = { requests: 0, inFlight: 0, mostAtOnce: 0 };
  const pages = new Pages(loop);
  const server = createServer((request, response) => {
    count(traffic, response);
    const page = pages.find(request);
    const wait = page.delay + (delay?.(request.url as string) ?? 0);
    if (loop.isClosed()) return refuse(response);
    afterDelay(loop, request, response, wait, () => {
      if (!response.destroyed) page.answer(request, response);
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // A backlog for clients that open thousands of connections in one go.
    server.listen({ port, host, backlog: 4096 }, () => {
      server.off('error', reject);
      resolve(new EmbeddedServer(server, host, traffic));
    });
  });
}

function count(traffic: Traffic, response: ServerResponse<IncomingMessage>): void {
  traffic.requests += 1;
  traffic.inFlight += 1;
  traffic.mostAtOnce = Math.max(traffic.mostAtOnce, traffic.inFlight);
  response.once('close', () => {
    traffic.inFlight -= 1;
  });
}

function refuse(response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' }).end('the event loop of this server is closed\n');
}
