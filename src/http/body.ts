// The body of an answer, as it comes in: kept until somebody reads it, then decompressed and bounded. Knows nothing of
// who waits for it.
import { codingsOf, Decoder } from './decoder.ts';
import { formatBytes } from './format.ts';
import { type Received, received } from './header-fields.ts';
import { HttpError } from './http-error.ts';

/** So many bytes that nobody reads yet are taken in; then the server has to wait. */
export const READ_AHEAD: number = 64 * 1024;

/** Where a body comes from, and who is told how it ends. */
export interface Source {
  readonly fields: Received;
  /** The URL that was asked for, which errors name. */
  readonly asked: string;
  pause(): void;
  resume(): void;
  /** What is still to come is not wanted. */
  letGo(): void;
  /** It was read to its end. */
  bodyIsWhole(): void;
  fail(error: unknown): void;
}

/** unread -> reading -> whole, or unread -> discarded; a source that fails, or is let go, asks no more of it. */
export class Body {
  readonly #source: Source;
  #use: 'unread' | 'reading' | 'whole' | 'discarded' = 'unread';
  /** Whether all of it has come in, compressed perhaps. */
  #arrived = false;
  #chunks: Uint8Array[] = [];
  #length = 0;
  /** The bytes there is room for: until it is read, before the server has to wait; from then on, in all. */
  #room = READ_AHEAD;
  #codings: readonly string[] = [];
  #decoder: Decoder | undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  /** Takes in what has come. What stands behind the end of a compressed body is nothing. */
  take(chunk: Uint8Array): void {
    if (this.#use === 'whole') return;
    if (this.#codings.length > 0) this.#decode(chunk);
    else this.#keep(chunk);
  }

  /** All has come. */
  end(): void {
    this.#arrived = true;
    if (this.#use === 'reading') this.#finish();
    else if (this.#use === 'whole') this.#source.bodyIsWhole();
  }

  /** Begins to read: what has come so far, and then the rest. */
  read(maxBytes: number): void {
    this.#use = 'reading';
    this.#room = maxBytes;
    if (this.#announced() > maxBytes) return this.#source.fail(this.#tooLarge());
    this.#codings = codingsOf(received(this.#source.fields, 'content-encoding'), this.#source.asked);
    const before = this.#chunks;
    this.#chunks = [];
    this.#length = 0;
    for (const chunk of before) this.take(chunk);
    if (this.#arrived) this.#finish();
    else this.#source.resume();
  }

  /** Lets it run out, if it is short: then the connection can be used again. */
  discard(): void {
    this.#use = 'discarded';
    if (this.#announced() > READ_AHEAD || this.#length > READ_AHEAD) this.#source.letGo();
  }

  /** Forgets what has come in. */
  drop(): void {
    this.#chunks = [];
    this.#decoder?.destroy();
  }

  /** What was read. */
  bytes(): Uint8Array {
    return this.#chunks.length === 1 ? (this.#chunks[0] as Uint8Array) : Buffer.concat(this.#chunks, this.#length);
  }

  #keep(chunk: Uint8Array): void {
    this.#length += chunk.byteLength;
    this.#chunks.push(chunk);
    if (this.#length <= this.#room) return;
    if (this.#use === 'unread') this.#source.pause();
    else if (this.#use === 'reading') this.#source.fail(this.#tooLarge());
    else this.#source.letGo();
  }

  #decode(chunk: Uint8Array): void {
    this.#decoder ??= new Decoder(this.#codings, chunk, {
      onData: (plain) => this.#keep(plain),
      onDrain: () => this.#source.resume(),
      onEnd: () => this.#becomeWhole(),
      onError: (error) => this.#source.fail(error),
    });
    if (!this.#decoder.write(chunk)) this.#source.pause();
  }

  #finish(): void {
    if (this.#decoder === undefined) this.#becomeWhole();
    else this.#decoder.end();
  }

  /** A compressed body may say that it ends before the server does. */
  #becomeWhole(): void {
    this.#use = 'whole';
    if (this.#arrived) this.#source.bodyIsWhole();
    else this.#source.resume();
  }

  #announced(): number {
    return Number(received(this.#source.fields, 'content-length') ?? Number.NaN);
  }

  #tooLarge(): HttpError {
    return new HttpError('too-large', this.#source.asked, `body is larger than ${formatBytes(this.#room)}`);
  }
}
