// Where a request goes: a URL taken apart as undici wants it, its name and password taken out.
import { HttpError } from './http-error.ts';

export interface Address {
  /** As messages show it: in full, but for a name and password. */
  readonly url: string;
  /** `http://example.com:8080` */
  readonly origin: string;
  /** What is asked for there, query included. */
  readonly path: string;
}

/**
 * Takes a URL as a user gives it apart. A name and password in it become an Authorization header, and stay out of messages.
 * @throws HttpError of kind `bad-url`.
 */
export function parseAddress(asked: string): Address & { readonly authorization: string | undefined } {
  let url: URL;
  try {
    url = new URL(asked);
  } catch (error) {
    throw new HttpError('bad-url', JSON.stringify(asked), 'expected an absolute http: or https: URL', error);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new HttpError('bad-url', JSON.stringify(asked), `expected an http: or https: URL, not ${url.protocol.slice(0, -1)}`);
  let authorization: string | undefined;
  if (url.username !== '' || url.password !== '') {
    authorization = basic(url);
    url.username = '';
    url.password = '';
  }
  return { ...addressOf(url), authorization };
}

/** The address of a URL without name and password. */
export function addressOf({ href, origin }: URL): Address {
  // Not by the URL's parts: they do not tell `/path?` from `/path`.
  return { url: href, origin, path: withoutFragment(href).slice(origin.length) };
}

/** A URL as a server sees it. */
export function withoutFragment(url: string): string {
  const at = url.indexOf('#');
  return at === -1 ? url : url.slice(0, at);
}

/** The Authorization header for the name and password of a URL; what is not percent-encoded properly is taken as it is. */
function basic({ username, password }: URL): string {
  let credentials = `${username}:${password}`;
  try {
    credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {}
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}
