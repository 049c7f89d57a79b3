// From what undici and Node throw to one sentence a person can act on. The reason is always in `error.cause`, often two
// or three deep; its `code` is what Node keeps stable, its message is not.
import { CancelledError, TimeoutError } from '../loop/index.ts';
import { proxyAt } from './agent.ts';
import { formatDuration } from './format.ts';
import { HttpError, type HttpErrorKind } from './http-error.ts';

/** What Node's and undici's error carry beside the message. */
interface Reason {
  readonly name?: string;
  readonly code?: string;
  /** OpenSSL's own words: `wrong version number`. */
  readonly reason?: string;
  readonly message?: string;
  readonly cause?: unknown;
  /** Where a connection was tried. */
  readonly address?: string;
  readonly port?: number;
}

const BY_CODE: Readonly<Record<string, readonly [HttpErrorKind, string]>> = {
  ECONNREFUSED: ['refused', 'connection refused'],
  ENOTFOUND: ['unknown-host', 'unknown host'],
  EAI_AGAIN: ['unknown-host', 'host name could not be looked up'],
  EAI_NODATA: ['unknown-host', 'unknown host'],
  EAI_NONAME: ['unknown-host', 'unknown host'],
  EHOSTUNREACH: ['unreachable', 'host unreachable'],
  ENETUNREACH: ['unreachable', 'network unreachable'],
  EADDRNOTAVAIL: ['unreachable', 'address not available'],
  EMFILE: ['network', 'too many open files: fewer requests at once, or a higher ulimit -n'],
  ENFILE: ['network', 'too many open files on this machine: fewer requests at once'],
  ECONNRESET: ['reset', 'connection closed before the answer'],
  EPIPE: ['reset', 'connection closed before the answer'],
  UND_ERR_SOCKET: ['reset', 'connection closed before the answer'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['truncated', 'body is not as long as announced'],
  UND_ERR_HEADERS_OVERFLOW: ['protocol', 'headers are too large'],
  UND_ERR_PRX_TLS: ['proxy', 'no TLS connection to the proxy'],
  UND_ERR_DESTROYED: ['closed', 'session was closed'],
  UND_ERR_CLOSED: ['closed', 'session was closed'],
};

/** Once the headers are in, what would be a reset has another name; how a system reports it, reset or plain end, is all the same. */
const IN_MID_BODY: readonly [HttpErrorKind, string] = ['truncated', 'connection closed before the body was complete'];

const TIMEOUTS: ReadonlySet<string> = new Set(['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const TLS = /^(?:ERR_SSL_|ERR_TLS_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO)/;
const ENCODING = /^(?:Z_|ERR__ERROR_|ERR_BROTLI|ZSTD_)/;

/**
 * The {@link HttpError} for whatever a request threw; a CancelledError and an HttpError are given back untouched.
 * @param limit the timeout that was set, in ms, for the message.
 * @param phase what was being waited for.
 */
export function explain(error: unknown, url: string, limit: number, phase: 'headers' | 'body'): unknown {
  if (error instanceof CancelledError || error instanceof HttpError) return error;
  if (error instanceof TimeoutError) return timedOut(url, limit, error);
  const reason = innermost(error);
  const code = reason.code ?? '';
  if (TIMEOUTS.has(code)) return timedOut(url, limit, reason);
  const proxy = code === 'ECONNREFUSED' ? proxyOf(url, reason) : undefined;
  if (proxy !== undefined) return new HttpError('proxy', url, `connection refused by the proxy ${proxy}`, reason);
  let known = BY_CODE[code] ?? classify(code, reason);
  if (known[0] === 'reset' && phase === 'body') known = IN_MID_BODY;
  return new HttpError(known[0], url, known[1], reason);
}

/** The proxy that was connected to in place of the URL's own host. */
function proxyOf(url: string, { address, port }: Reason): string | undefined {
  const { hostname, port: own } = new URL(url);
  return hostname === address && Number(own || 80) === port ? undefined : proxyAt(address, port);
}

/** The error for an attempt that took longer than `limit` ms. */
function timedOut(url: string, limit: number, cause: unknown): HttpError {
  return new HttpError('timeout', url, Number.isFinite(limit) ? `timed out after ${formatDuration(limit)}` : 'timed out', cause);
}

function classify(code: string, reason: Reason): readonly [HttpErrorKind, string] {
  const words = (reason.message ?? String(reason)).split('\n', 1)[0] as string;
  if (code === 'UND_ERR_INVALID_ARG') return ['bad-request', words];
  if (TLS.test(code)) return ['tls', `TLS failed (${reason.reason ?? words})`];
  if (ENCODING.test(code)) return ['encoding', `body cannot be decompressed (${words})`];
  if (reason.name === 'HTTPParserError') return ['protocol', `answer is not HTTP (${words.replace(/ \(.*\)$/, '')})`];
  if (/^Proxy response/.test(words)) return ['proxy', words.replace(/^Proxy response \((\d+)\).*/, 'proxy refused with status $1')];
  return ['network', code === '' || words.includes(code) ? words : `${words} (${code})`];
}

/** The end of the chain of causes; Node's "all addresses failed" has no cause, and the code of one of them. */
function innermost(error: unknown): Reason {
  let reason = error as Reason;
  while (typeof reason?.cause === 'object' && reason.cause !== null) reason = reason.cause as Reason;
  return reason ?? {};
}
