// The connections of a session: one undici agent, straight or through the proxies that the environment names.
import type { Dispatcher } from 'undici';

/** Answered by this machine itself: a proxy could not reach them. */
const LOOPBACK = 'localhost,127.0.0.1,[::1]';

/** Opens the agent of a session, its number of connections not limited: that is the session's affair. */
export function openAgent(undici: typeof import('undici'), proxy: boolean, hostTimeout: number): Dispatcher {
  const limit = Number.isFinite(hostTimeout) ? hostTimeout : 0;
  const options = { connect: { timeout: limit }, headersTimeout: limit, bodyTimeout: limit };
  if (!proxy || !isProxySet()) return new undici.Agent(options);
  const exceptions = process.env.no_proxy ?? process.env.NO_PROXY ?? '';
  return new undici.EnvHttpProxyAgent({ ...options, noProxy: exceptions === '*' ? exceptions : `${LOOPBACK},${exceptions}` });
}

function isProxySet(): boolean {
  const { env } = process;
  return Boolean(env.http_proxy ?? env.HTTP_PROXY) || Boolean(env.https_proxy ?? env.HTTPS_PROXY);
}
