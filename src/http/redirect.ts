// Following an answer that says where to look instead, as fetch does: at most twenty times, and without taking
// credentials along to another origin.
import type { Dispatcher } from 'undici';
import type { Coroutine, EventLoop } from '../loop/index.ts';
import { addressOf } from './address.ts';
import { Exchange, type Outgoing } from './exchange.ts';
import { received, without } from './header-fields.ts';
import { HttpError } from './http-error.ts';

const MOST_REDIRECTS = 20;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** For the origin that was asked alone. */
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'host']);

/** They tell of a body, which a GET that was made of another method has not. */
const OF_A_BODY: ReadonlySet<string> = new Set(['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']);

/** The first answer to a request that is no redirect. */
export function* followRedirects(agent: Dispatcher, loop: EventLoop, asked: Outgoing, deadline: number): Coroutine<Exchange> {
  let request = asked;
  let before: Exchange | undefined;
  try {
    for (let redirects = 0; ; redirects++) {
      const exchange = yield* new Exchange(loop, request, asked.url).answer(agent, deadline);
      const location = REDIRECTS.has(exchange.status) ? received(exchange.fields, 'location') : undefined;
      if (location === undefined) return exchange;
      exchange.discard();
      before?.letGo();
      before = exchange;
      if (redirects === MOST_REDIRECTS) throw new HttpError('redirects', asked.url, `more than ${MOST_REDIRECTS} redirects`);
      request = redirected(request, exchange.status, location, asked.url);
    }
  } finally {
    before?.letGo(); // A body that has not run out meanwhile may never do.
  }
}

/** The request to make next. */
function redirected({ url, origin, method, headers }: Outgoing, status: number, location: string, asked: string): Outgoing {
  // Header fields come as Latin-1; who writes other letters into a URL means UTF-8.
  const target = Buffer.from(location, 'latin1').toString();
  const next = URL.canParse(target, url) ? new URL(target, url) : undefined;
  if (next === undefined || !/^https?:$/.test(next.protocol))
    throw new HttpError('network', asked, `redirected to ${JSON.stringify(target)}, which is no http: or https: URL`);
  if (next.username !== '' || next.password !== '') throw new HttpError('network', asked, 'redirected to a URL with a name and password in it');
  const toGet = status === 303 ? method !== 'GET' && method !== 'HEAD' : status <= 302 && method === 'POST';
  const kept = toGet ? without(headers, OF_A_BODY) : headers;
  return { ...addressOf(next), method: toGet ? 'GET' : method, headers: next.origin === origin ? kept : without(kept, CREDENTIALS) };
}
