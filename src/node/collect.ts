// All that a stream has to say, in memory, up to a limit.
import type { Readable } from 'node:stream';

/** What was read so far, and how to leave off. */
interface Collection {
  bytes(): Buffer;
  stop(): void;
}

/** Reads a stream to its end; no stream says nothing. Calls `onTooMuch` beyond `limit` bytes, and keeps no more then. */
export function collect(stream: Readable | null, limit: number, onTooMuch: () => void): Collection {
  const chunks: Buffer[] = [];
  let length = 0;
  const take = (chunk: Buffer | string): void => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    length += bytes.length;
    if (length <= limit) chunks.push(bytes);
    else onTooMuch();
  };
  stream?.on('data', take);
  return {
    bytes: () => Buffer.concat(chunks),
    stop: () => void stream?.off('data', take),
  };
}
