// An answer: status and headers at once, the body when asked for, bounded in size and time. Letting go of it frees the
// socket, whether the body was read or not.
import type { Coroutine } from '../loop/index.ts';
import { withoutFragment } from './address.ts';
import type { Exchange } from './exchange.ts';
import { explain } from './explain.ts';
import { received, toHeaders } from './header-fields.ts';
import { HttpError } from './http-error.ts';

/** What the session knows of an answer. */
export interface Answer {
  readonly exchange: Exchange;
  /** The URL that was asked for. */
  readonly url: string;
  /** The loop's time, in ms, when the attempt began. */
  readonly started: number;
  /** Ms the attempt may take in all; Infinity for no limit. */
  readonly timeout: number;
  readonly maxBytes: number;
  /** Which attempt this is, from 1. */
  readonly attempts: number;
  /** Called once, when the connection is no longer needed. */
  readonly onEnd: () => void;
}

/** What a `session.get(url)` block is given. Stands for aiohttp's `ClientResponse`. */
export class ClientResponse {
  readonly #answer: Answer;
  #headers: Headers | undefined;
  #bytes: Uint8Array | undefined;
  #reading = false;
  #ended = false;

  /** @internal */
  constructor(answer: Answer) {
    this.#answer = answer;
  }

  get status(): number {
    return this.#answer.exchange.status;
  }

  /** The words beside the status: `Not Found`. */
  get statusText(): string {
    return this.#answer.exchange.statusText;
  }

  /** Whether the status is 200 to 299. */
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** Where the answer came from: after redirects, the last URL. */
  get url(): string {
    return withoutFragment(this.#answer.exchange.url);
  }

  get headers(): Headers {
    this.#headers ??= toHeaders(this.#answer.exchange.fields);
    return this.#headers;
  }

  /** Ms of the loop's time from the start of the last attempt to its headers. */
  get elapsed(): number {
    return this.#answer.exchange.arrived - this.#answer.started;
  }

  /** How many attempts it took, from 1. */
  get attempts(): number {
    return this.#answer.attempts;
  }

  /**
   * The whole body, decompressed. Asking twice reads once.
   * @throws HttpError when it does not arrive whole, in time and within `maxBytes`.
   */
  *read(): Coroutine<Uint8Array> {
    if (this.#bytes !== undefined) return this.#bytes;
    const { exchange, started, timeout, maxBytes, url } = this.#answer;
    if (this.#ended) throw new HttpError('closed', url, 'body was let go before it was read');
    if (this.#reading) throw new TypeError(`ClientResponse: expected one read() of a body at a time, got a second: ${url}`);
    this.#reading = true;
    try {
      this.#bytes = yield* exchange.body(maxBytes, started + timeout);
      this.#end();
      return this.#bytes;
    } catch (error) {
      this.release();
      throw explain(error, url, timeout, 'body');
    }
  }

  /** The body as text, in the charset the headers name, UTF-8 otherwise. */
  *text(): Coroutine<string> {
    return decoderFor(received(this.#answer.exchange.fields, 'content-type')).decode(yield* this.read());
  }

  /**
   * The body as JSON, whatever content type it claims. What is in it is for the caller to check.
   * @throws HttpError of kind `not-json`.
   */
  *json<T = unknown>(): Coroutine<T> {
    const text = yield* this.text();
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      const reason = text.trim() === '' ? 'not JSON (body is empty)' : `not JSON (starts with ${JSON.stringify(beginning(text))})`;
      throw new HttpError('not-json', this.#answer.url, reason, error);
    }
  }

  /** Lets the body go: one that was not read to its end is cut off, and its socket closed. Leaving the block does this. */
  release(): void {
    if (this.#ended) return;
    this.#answer.exchange.letGo();
    this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#answer.onEnd();
  }
}

/** The first word or tag of a text that should have been something else. */
function beginning(text: string): string {
  const start = text.trimStart();
  return (/^(?:<[^>]{0,38}>|\S{1,40})/.exec(start)?.[0] ?? start.slice(0, 40)) as string;
}

const utf8 = new TextDecoder();

function decoderFor(contentType: string | undefined): InstanceType<typeof TextDecoder> {
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return utf8;
  try {
    return new TextDecoder(charset);
  } catch {
    return utf8; // A charset nobody knows: most of the text will still be readable.
  }
}
