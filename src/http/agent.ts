// The connections of a session: one undici agent, straight or through the proxies that the environment names.
import type { Dispatcher } from 'undici';
import { HttpError } from './http-error.ts';

/** Answered by this machine itself: a proxy could not reach them. */
const LOOPBACK = 'localhost,127.0.0.1,[::1]';

/**
 * Opens the agent of a session, its number of connections not limited: that is the session's affair.
 * @throws HttpError of kind `proxy` where the environment names a proxy that is none.
 */
export function openAgent(undici: typeof import('undici'), proxy: boolean, hostTimeout: number): Dispatcher {
  const limit = Number.isFinite(hostTimeout) ? hostTimeout : 0;
  const options = { connect: { timeout: limit }, headersTimeout: limit, bodyTimeout: limit };
  const httpProxy = proxy ? proxyOf('http_proxy') : undefined;
  const httpsProxy = proxy ? proxyOf('https_proxy') : undefined;
  if (httpProxy === undefined && httpsProxy === undefined) return new undici.Agent(options);
  const exceptions = process.env.no_proxy ?? process.env.NO_PROXY ?? '';
  return new undici.EnvHttpProxyAgent({
    ...options,
    ...(httpProxy === undefined ? {} : { httpProxy: httpProxy.href }),
    ...(httpsProxy === undefined ? {} : { httpsProxy: httpsProxy.href }),
    noProxy: exceptions === '*' ? exceptions : `${LOOPBACK},${exceptions}`,
  });
}

/** The proxy whose address a failed connection went to, if it was one of the environment's. */
export function proxyAt(address: string | undefined, port: number | undefined): string | undefined {
  for (const variable of ['http_proxy', 'https_proxy'] as const) {
    const proxy = proxyOf(variable);
    if (proxy !== undefined && Number(proxy.port || (proxy.protocol === 'https:' ? 443 : 80)) === port && isLiterally(proxy.hostname, address))
      return proxy.host;
  }
  return undefined;
}

/** A proxy given by its name has been looked up by then; any address will do. */
function isLiterally(hostname: string, address: string | undefined): boolean {
  return !/^(\d+\.){3}\d+$/.test(hostname) || hostname === address;
}

/** A proxy of the environment's; as for curl, `host:port` will do. */
function proxyOf(variable: 'http_proxy' | 'https_proxy'): URL | undefined {
  const given = process.env[variable] ?? process.env[variable.toUpperCase()];
  if (given === undefined || given === '') return undefined;
  const asked = given.includes('://') ? given : `http://${given}`;
  const url = URL.canParse(asked) ? new URL(asked) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || (!given.includes('://') && url.port === '')) {
    throw new HttpError('proxy', given, `${variable.toUpperCase()}: expected a URL such as http://host:3128`);
  }
  return url;
}
