// The border to streams: a stream of chunks as lines of text, one at a time, at the pace of whoever reads them.
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { StringDecoder } from 'node:string_decoder';
import { describeWrong } from '../loop/describe-wrong.ts';
import {
  type Coroutine,
  type CoroutineIterable,
  type CoroutineIterator,
  type EventLoop,
  fromPromise,
  getRunningLoop,
  LoopError,
  StopAsyncIteration,
} from '../loop/index.ts';

/** What has lines in it: a readable stream of Node's or of the web, or any asynchronous iterable of text or bytes. */
export type LineSource = Readable | ReadableStream | AsyncIterable<string | Uint8Array>;

export interface LinesOptions {
  /** How bytes become text; a character cut in two by the border of chunks is put together again. `'utf8'` unless given. */
  encoding?: BufferEncoding;
  /** The longest line taken, in UTF-16 code units; without limit unless given. */
  limit?: number;
  /** Whether an iteration that is left early destroys the stream, as `for await` does. True unless given. */
  destroyOnReturn?: boolean;
}

/**
 * The lines of a stream, as `lines` returns them. Both what `asyncFor` iterates over and the iterator itself: whoever
 * asks next gets the next line. Invariant: at most one chunk has been asked for, and none while a whole line is in stock.
 *
 * open -> ended, when the stream has ended, failed or was left.
 */
export class Lines implements CoroutineIterable<string>, CoroutineIterator<string> {
  readonly #source: Readable | AsyncIterable<unknown>;
  readonly #limit: number;
  readonly #destroyOnReturn: boolean;
  readonly #decoder: StringDecoder;
  #chunks: AsyncIterator<unknown> | undefined;
  #state: 'open' | 'ended' = 'open';
  /** What the stream failed with: thrown once the lines before it are read. */
  #failure: { readonly error: unknown } | undefined;
  /** The chunk that was asked for and is not there yet. It outlives the wait of whoever asked. */
  #arrival: Promise<void> | undefined;
  #someoneWaits = false;
  /** Text that was not given out yet, from `#at` on. */
  #text = '';
  #at = 0;
  /** The beginning of the line whose end has not come yet, in pieces: a long line is put together once. */
  #pieces: string[] = [];
  #length = 0;

  /** @internal */
  constructor(source: LineSource, { encoding = 'utf8', limit = Number.POSITIVE_INFINITY, destroyOnReturn = true }: LinesOptions) {
    if (!(limit > 0)) throw new RangeError(`lines: expected a limit of characters above 0, got ${String(limit)}`);
    if (typeof (source as Partial<ReadableStream>)?.getReader === 'function') this.#source = Readable.fromWeb(source as ReadableStream);
    else if (typeof (source as Partial<Readable>)?.[Symbol.asyncIterator] === 'function') this.#source = source;
    else throw new TypeError(`lines: expected a readable stream or an asynchronous iterable of chunks, got ${describeWrong(source)}`);
    this.#decoder = new StringDecoder(encoding);
    this.#limit = limit;
    this.#destroyOnReturn = destroyOnReturn;
  }

  aiter(): this {
    return this;
  }

  /**
   * The next line, without its end. A cancellation while it waits takes nothing: the line is the next reader's.
   * @throws StopAsyncIteration after the last one; what the stream failed with; RangeError for a line beyond the limit;
   * LoopError while another coroutine waits for a line.
   */
  *anext(): Coroutine<string> {
    if (this.#someoneWaits) throw new LoopError('anext() called while another coroutine is already waiting for incoming data');
    for (;;) {
      const line = this.#takeLine();
      if (line !== undefined) return line;
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#state === 'ended') throw new StopAsyncIteration();
      const arrival = this.#arrival ?? this.#ask(getRunningLoop());
      this.#arrival = arrival;
      this.#someoneWaits = true;
      try {
        yield* fromPromise(() => arrival);
      } finally {
        this.#someoneWaits = false;
      }
    }
  }

  /**
   * Ends the iteration and destroys the stream. With `destroyOnReturn: false` it only stops listening to the stream, and
   * whoever calls {@link anext} again reads on. `asyncFor` calls it when it is left early.
   */
  *aclose(): Coroutine<void> {
    if (this.#destroyOnReturn) this.#end();
    else if (this.#arrival === undefined) this.#letGo();
  }

  /** The next line in stock, if its end is there; at the end of the stream, what is left. */
  #takeLine(): string | undefined {
    const end = this.#text.indexOf('\n', this.#at);
    const piece = this.#text.slice(this.#at, end === -1 ? undefined : end);
    // Nothing is kept of a text that is read to its end.
    this.#at = end + 1;
    if (end === -1) this.#text = '';
    this.#length += piece.length;
    if (this.#length > this.#limit) return this.#tooLong();
    if (piece !== '') this.#pieces.push(piece);
    if (end === -1 && !(this.#state === 'ended' && this.#failure === undefined && this.#length > 0)) return undefined;
    const line = this.#pieces.length === 1 ? (this.#pieces[0] as string) : this.#pieces.join('');
    this.#pieces = [];
    this.#length = 0;
    return end !== -1 && line.endsWith('\r') ? line.slice(0, -1) : line;
  }

  #tooLong(): undefined {
    this.#failure = { error: new RangeError(`lines: expected lines of at most ${this.#limit} characters, got a longer one; raise { limit }`) };
    this.#end();
  }

  /** Asks the stream for its next chunk. Never rejects: whoever waited may be gone by then. */
  async #ask(loop: EventLoop): Promise<void> {
    // A closed loop reads no more; a stream that went on listening would keep Node alive.
    const forget = loop.onClose(() => this.#end());
    try {
      this.#chunks ??= this.#iterate();
      const { done, value } = await this.#chunks.next();
      if (this.#state === 'ended') return;
      if (done) {
        this.#text = this.#decoder.end();
        this.#state = 'ended';
      } else {
        this.#text = this.#decode(value);
      }
    } catch (error) {
      if (this.#state === 'ended') return;
      this.#failure = { error };
      this.#end();
    } finally {
      forget();
      this.#arrival = undefined;
    }
  }

  #iterate(): AsyncIterator<unknown> {
    return this.#source instanceof Readable ? this.#source.iterator({ destroyOnReturn: this.#destroyOnReturn }) : this.#source[Symbol.asyncIterator]();
  }

  #decode(chunk: unknown): string {
    if (typeof chunk === 'string') return chunk;
    if (chunk instanceof Uint8Array) return this.#decoder.write(chunk);
    throw new TypeError(`lines: expected chunks of text or bytes, got ${describeWrong(chunk)}`);
  }

  #end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#text = '';
    this.#at = 0;
    this.#pieces = [];
    this.#length = 0;
    // Its own iterator would wait for a chunk that is under way; destroying does not.
    if (this.#destroyOnReturn && this.#source instanceof Readable) this.#source.destroy();
    this.#letGo();
  }

  #letGo(): void {
    // Nobody is left to hear of its errors.
    this.#chunks?.return?.()?.catch(() => {});
    this.#chunks = undefined;
  }
}

/**
 * The lines of a stream, for `asyncFor` and `Cursor`. A line ends with `\n` or `\r\n`, which it is given without; the last
 * one may have no end. Nothing is read ahead of what the lines asked for need, so a slow reader slows down the stream.
 * Stands for `async for line in reader` on an `asyncio.StreamReader`.
 *
 * An iteration left early, by BREAK or an error of its body, destroys the stream, as `for await` does; not so where
 * `destroyOnReturn` is false. A cancellation while a line is waited for leaves everything as it is.
 *
 * @throws TypeError for what is no stream; RangeError for a limit that is none.
 *
 * @example
 * ```ts
 * import { Readable } from 'node:stream';
 * import { asyncFor, type Coroutine, run } from 'asyncdemo';
 * import { lines } from 'asyncdemo/node';
 *
 * function* main(): Coroutine<void> {
 *   yield* asyncFor(lines(Readable.from(['one\ntw', 'o\r\nthree'])), function* (line) {
 *     console.log(line);
 *   });
 * }
 * await run(main());
 * // one
 * // two
 * // three
 * ```
 */
export function lines(source: LineSource, options: LinesOptions = {}): Lines {
  return new Lines(source, options);
}
