// What the HTTP examples share: where their requests go, and that one dead URL does not stop the others.
import { type ClientSession, HttpError } from '../http/index.ts';
import type { Coroutine } from '../loop/index.ts';
import type { Screen, Stage } from './demo.ts';

export interface HttpOptions {
  /** The URLs to fetch; none: the example's own. */
  readonly urls: readonly string[];
  /** How many requests the example makes to its own address. */
  readonly count: number;
  /** The article's own address, on the internet, instead of the embedded server. */
  readonly online: boolean;
  /** How long one attempt may take, in ms. */
  readonly timeout: number;
  readonly retries: number;
}

/** A request to make. */
export interface Target {
  /** The URL to ask for, a name and password in it included. */
  readonly address: string;
  /** The URL to show, without them. */
  readonly url: string;
  /** What the request is called: its number in the article, or the URL. */
  readonly label: string | number;
}

/** The example's own addresses: a path of the embedded server, and the article's address for `--online`. */
interface Addresses {
  embedded(id: number): string;
  online(id: number): string;
}

/** Lists the requests to make. Starts the embedded server where they go there. */
export async function targets(stage: Stage, options: HttpOptions, own: Addresses): Promise<Target[]> {
  if (options.urls.length > 0) return options.urls.map((address) => ({ address, url: withoutCredentials(address), label: withoutCredentials(address) }));
  const ids = Array.from({ length: options.count }, (_, id) => id);
  const server = options.online ? undefined : await stage.server();
  return ids.map((id) => {
    const url = server === undefined ? own.online(id) : server.url + own.embedded(id);
    return { address: url, url, label: id };
  });
}

/** A URL fit to be shown: without the name and password in it. */
function withoutCredentials(url: string): string {
  const parsed = new URL(url);
  if (parsed.username === '' && parsed.password === '') return url;
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}

/** How a session for these requests is set up: at most `limit` connections at a time; proxies only where requests leave this machine. */
export function sessionOptions(options: HttpOptions, limit: number): ConstructorParameters<typeof ClientSession>[0] {
  return { timeout: options.timeout, retries: options.retries, limit, proxy: options.online || options.urls.length > 0 };
}

/** Tells of a failed request, and goes on. */
export function* tolerate(screen: Screen, { label, url }: Target, request: Coroutine<void>): Coroutine<void> {
  try {
    yield* request;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    screen.failure(error.message, { event: 'error', id: label, url, kind: error.kind, error: error.message });
  }
}

/** A non-2xx answer is a result, and a failure all the same. */
export function judge(screen: Screen, ok: boolean, status: number, { label, url }: Target): void {
  if (!ok) screen.failure(`status ${status}: ${url}`, { event: 'error', id: label, url, kind: 'status', status, error: `status ${status}: ${url}` });
}
