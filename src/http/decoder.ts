// Undoing the compression of a body, as it comes in.
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { HttpError } from './http-error.ts';

/** More than this many, one inside the other, are an attack. */
const MOST_CODINGS = 5;

// As browsers and curl are: content with a stream that breaks off or is followed by something.
const LENIENT: zlib.ZlibOptions = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH };
const LENIENT_BROTLI: zlib.BrotliOptions = { flush: zlib.constants.BROTLI_OPERATION_FLUSH, finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH };

/** Node has it from 22.15 on; nobody is asked for it. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };

/** Makes what undoes a coding; given the first bytes, since `deflate` comes in two forms and does not say in which. */
const OPEN: Readonly<Record<string, (start: Uint8Array) => Transform>> = {
  gzip: () => zlib.createGunzip(LENIENT),
  'x-gzip': () => zlib.createGunzip(LENIENT),
  deflate: ([first = 8]) => ((first & 0x0f) === 8 ? zlib.createInflate(LENIENT) : zlib.createInflateRaw(LENIENT)),
  br: () => zlib.createBrotliDecompress(LENIENT_BROTLI),
  ...(createZstdDecompress && { zstd: () => createZstdDecompress() }),
};

/**
 * What Content-Encoding names, in the order in which to undo it. None where there is one among them that we do not know:
 * then the body is left as it is.
 * @throws HttpError of kind `encoding` for too many.
 */
export function codingsOf(contentEncoding: string | undefined, url: string): readonly string[] {
  if (contentEncoding === undefined) return [];
  const names = contentEncoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  if (names.length > MOST_CODINGS) throw new HttpError('encoding', url, `body cannot be decompressed (${names.length} codings, more than ${MOST_CODINGS})`);
  return names.every((name) => Object.hasOwn(OPEN, name)) ? names.reverse() : [];
}

/** Who is told of what comes out, when there is room for more, of the end, and what went wrong. */
export interface Decoded {
  onData(chunk: Uint8Array): void;
  onDrain(): void;
  onEnd(): void;
  onError(error: Error): void;
}

/** Something to write a compressed body into. */
export class Decoder {
  readonly #stages: readonly Transform[];

  /** @param start the first bytes, which are to be written all the same. */
  constructor(codings: readonly string[], start: Uint8Array, to: Decoded) {
    const nothing = new Uint8Array(0);
    this.#stages = codings.map((name, index) => (OPEN[name] as (start: Uint8Array) => Transform)(index === 0 ? start : nothing));
    for (const stage of this.#stages) stage.on('error', to.onError);
    this.#first.on('drain', to.onDrain);
    this.#stages
      .reduce((stage, next) => stage.pipe(next))
      .on('data', to.onData)
      .on('end', to.onEnd);
  }

  get #first(): Transform {
    return this.#stages[0] as Transform;
  }

  /** False: wait for `onDrain` before the next. */
  write(chunk: Uint8Array): boolean {
    return this.#first.write(chunk);
  }

  end(): void {
    this.#first.end();
  }

  destroy(): void {
    for (const stage of this.#stages) stage.destroy();
  }
}
