// The one error of the client: what went wrong, with which URL, in one line. Knows nothing of undici: see explain.ts.

/**
 * What went wrong.
 * - `bad-url`: not an absolute http(s) URL; `bad-request`: a header that cannot be sent
 * - `unknown-host`, `unreachable`, `refused`, `tls`, `proxy`: no connection came about
 * - `timeout`: the attempt took longer than the session's `timeout`
 * - `reset`, `truncated`: the connection was lost before the headers were in, or in the middle of the body
 * - `protocol`: what came is not HTTP; `encoding`: the body is not in the compression it claims
 * - `redirects`: more than fetch follows; `too-large`: more than `maxBytes`; `not-json`: asked for by `json()`
 * - `closed`: the session was closed meanwhile; `network`: anything else on the way
 * - `status`: never thrown by the client, to whom any status is an answer; for programs that expect another one
 */
export type HttpErrorKind =
  | 'bad-url'
  | 'bad-request'
  | 'unknown-host'
  | 'unreachable'
  | 'refused'
  | 'tls'
  | 'proxy'
  | 'timeout'
  | 'reset'
  | 'truncated'
  | 'protocol'
  | 'encoding'
  | 'redirects'
  | 'too-large'
  | 'not-json'
  | 'closed'
  | 'status'
  | 'network';

/** A request that failed: `connection refused: http://127.0.0.1:8080/`. An answer with status 404 or 500 is not an error. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly kind: HttpErrorKind;
  /** The URL that was asked for, before any redirect. */
  readonly url: string;
  /** What happened without the URL, for a table that has a column for it: `connection refused`. */
  readonly reason: string;

  constructor(kind: HttpErrorKind, url: string, reason: string, cause?: unknown) {
    super(`${reason}: ${url}`, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.url = url;
    this.reason = reason;
  }
}
