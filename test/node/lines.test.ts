import { PassThrough, Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, expectTypeOf, test } from 'vitest';
import { asyncFor, BREAK, type Coroutine, createTask, EventLoop, fromPromise, StopAsyncIteration, sleep, VirtualDriver, wait } from '../../src/loop/index.ts';
import { type LineSource, type LinesOptions, lines } from '../../src/node/index.ts';
import { outcomeOf, ValueError } from '../support/cpython.ts';
import { forSeeds } from '../support/random.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

function* all(source: LineSource, options: LinesOptions = {}): Coroutine<string[]> {
  const seen: string[] = [];
  yield* asyncFor(lines(source, options), function* (line) {
    seen.push(line);
  });
  return seen;
}

const listeners = (stream: Readable): number => ['readable', 'data', 'end', 'error', 'close'].reduce((sum, name) => sum + stream.listenerCount(name), 0);

test.each<[string, string[], string[]]>([
  ['no chunk at all has no line', [], []],
  ['an empty text has no line', [''], []],
  ['the last line needs no newline', ['a\nb'], ['a', 'b']],
  ['a newline at the end begins no further line', ['a\nb\n'], ['a', 'b']],
  ['an empty line is one', ['\n\na\n\n'], ['', '', 'a', '']],
  ['CRLF ends a line', ['a\r\nb\r\n\r\n'], ['a', 'b', '']],
  ['a CRLF may be cut in two', ['a\r', '\nb'], ['a', 'b']],
  ['a CR without LF is a character like others', ['a\rb\nc\r'], ['a\rb', 'c\r']],
  ['a line may come in many pieces', ['o', '', 'n', 'e\nt', 'wo'], ['one', 'two']],
])('%s', (_rule, chunks, expected) =>
  inVirtualTime(function* (): Coroutine<void> {
    expect(yield* all(Readable.from(chunks))).toEqual(expected);
    expect(yield* all(Readable.from(chunks.map((chunk) => Buffer.from(chunk)).filter((chunk) => chunk.length > 0)))).toEqual(expected);
  }),
);

test('however bytes are cut into chunks, the lines are the same', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const text = 'ascii\nGrüße\r\n你好，世界\n🙂🙂\n\nend€';
    const bytes = Buffer.from(text);
    for (let size = 1; size <= bytes.length; size++) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
      expect(yield* all(Readable.from(chunks)), `chunks of ${size} bytes`).toEqual(['ascii', 'Grüße', '你好，世界', '🙂🙂', '', 'end€']);
    }
  }));

test('bytes that end in the middle of a character end in the sign for it', () =>
  inVirtualTime(function* (): Coroutine<void> {
    expect(yield* all(Readable.from([Buffer.from('a€').subarray(0, 3)]))).toEqual(['a\ufffd']);
  }));

test('the encoding is the one asked for', () =>
  inVirtualTime(function* (): Coroutine<void> {
    expect(yield* all(Readable.from([Buffer.from([0xe4, 0x0a, 0xf6])]), { encoding: 'latin1' })).toEqual(['ä', 'ö']);
    expect(yield* all(Readable.from([Buffer.from('a\nb', 'utf16le')]), { encoding: 'utf16le' })).toEqual(['a', 'b']);
  }));

test('a line of many megabytes is put together once', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const piece = 'x'.repeat(64 * 1024);
    const [line, rest] = yield* all(Readable.from([...Array<string>(256).fill(piece), '\nrest']));
    expect([line?.length, rest]).toEqual([256 * 64 * 1024, 'rest']);
  }));

test('a line beyond the limit is an error, after the lines before it', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const stream = Readable.from(['ab\nabcd\nx', 'yzab']);
    const reader = lines(stream, { limit: 4 });
    expect([yield* reader.anext(), yield* reader.anext()]).toEqual(['ab', 'abcd']);
    const task = createTask(reader.anext());
    yield* wait([task]);
    expect(outcomeOf(task)).toBe('raised RangeError lines: expected lines of at most 4 characters, got a longer one; raise { limit }');
    expect(stream.destroyed).toBe(true);
    expect(() => lines(stream, { limit: 0 })).toThrow(RangeError);
  }));

test('a stream is read at the pace of its reader', () =>
  inVirtualTime(function* (): Coroutine<void> {
    let made = 0;
    const stream = new Readable({
      highWaterMark: 16 * 1024,
      read() {
        made += 1;
        this.push(made > 10_000 ? null : Buffer.alloc(1024, 'line\n'));
      },
    });
    const reader = lines(stream);
    for (let n = 0; n < 3; n++) yield* reader.anext();
    yield* fromPromise(() => delay(5));
    expect(made).toBeLessThan(64);
    yield* reader.aclose();
  }));

test('an error of the stream is thrown once the lines before it are read, and again at each further call', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const stream = new PassThrough();
    const reader = lines(stream);
    stream.write('a\nb\nhalf');
    expect(yield* reader.anext()).toBe('a');
    stream.destroy(new ValueError('broken'));
    expect(yield* reader.anext()).toBe('b');
    for (let n = 0; n < 2; n++) {
      const task = createTask(reader.anext());
      yield* wait([task]);
      expect(outcomeOf(task)).toBe('raised ValueError broken');
    }
  }));

test('an error between two lines is kept for the next reader, and not fatal', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const stream = new PassThrough();
    const task = createTask(
      asyncFor(lines(stream), function* () {
        stream.destroy(new ValueError('broken'));
        yield* fromPromise(() => delay(2));
      }),
    );
    stream.write('a\n');
    yield* wait([task]);
    expect(outcomeOf(task)).toBe('raised ValueError broken');
  }));

test('a cancellation while a line is waited for takes nothing: the line is the next reader’s', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const stream = new PassThrough();
    const reader = lines(stream);
    for (let n = 0; n < 3; n++) {
      const task = createTask(reader.anext());
      yield* sleep(0);
      stream.write(`${n}`);
      yield* n === 1 ? fromPromise(() => delay(2)) : sleep(0);
      task.cancel();
      yield* wait([task]);
      expect(outcomeOf(task)).toBe('cancelled');
    }
    const before = loop.time();
    yield* sleep(10);
    expect(loop.time()).toBe(before + 10); // Nobody waits: the loop is let go.
    stream.end('\nnext\n');
    expect([yield* reader.anext(), yield* reader.anext()]).toEqual(['012', 'next']);
  }));

test('however cancellations fall, no line is lost and none is given twice', () =>
  forSeeds(30, (random) => {
    const hostTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    return inVirtualTime(function* (): Coroutine<void> {
      const stream = new PassThrough();
      const reader = lines(stream);
      const written = Array.from({ length: 20 }, (_, index) => `line ${index} ${'é'.repeat(random.int(5))}`);
      const bytes = Buffer.from(written.join('\n'));
      const writer = fromPromise(async () => {
        for (let at = 0; at < bytes.length; ) {
          const size = 1 + random.int(12);
          stream.write(bytes.subarray(at, at + size));
          at += size;
          if (random.chance(0.3)) await hostTurn();
        }
        stream.end();
      });
      const writing = createTask(writer);
      const seen: string[] = [];
      for (let over = false; !over; ) {
        const task = createTask(reader.anext());
        for (let n = random.int(4); n > 0; n--) yield* fromPromise(hostTurn);
        if (random.chance(0.5)) task.cancel();
        yield* wait([task]);
        if (task.cancelled()) continue;
        if (task.exception() instanceof StopAsyncIteration) over = true;
        else seen.push(task.result());
      }
      expect(seen).toEqual(written);
      yield* writing;
    });
  }));

test('an iteration left by BREAK or by an error destroys the stream', () =>
  inVirtualTime(function* (): Coroutine<void> {
    for (const leave of ['break', 'error', 'cancel'] as const) {
      const stream = new PassThrough();
      stream.write('a\nb\n');
      const task = createTask(
        asyncFor(lines(stream), function* () {
          if (leave === 'break') return BREAK;
          if (leave === 'error') throw new ValueError();
          return yield* sleep(1000);
        }),
      );
      yield* fromPromise(() => delay(2));
      if (leave === 'cancel') task.cancel();
      yield* wait([task]);
      expect(outcomeOf(task)).toBe({ break: 'returned null', error: 'raised ValueError', cancel: 'cancelled' }[leave]);
      expect(stream.destroyed, leave).toBe(true);
      yield* fromPromise(() => delay(2));
      expect(stream.closed, leave).toBe(true);
    }
  }));

test('where it is not to be destroyed, the stream is left as it is, and the same lines are read on', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const stream = new PassThrough();
    const before = listeners(stream);
    const reader = lines(stream, { destroyOnReturn: false });
    stream.write('a\nb\nc');
    const seen: string[] = [];
    yield* asyncFor(reader, function* (line) {
      seen.push(line);
      return BREAK;
    });
    yield* fromPromise(() => delay(2));
    expect([stream.destroyed, listeners(stream)]).toEqual([false, before]);
    stream.end('d\ne');
    yield* asyncFor(reader, function* (line) {
      seen.push(line);
    });
    expect(seen).toEqual(['a', 'b', 'cd', 'e']);
  }));

test('closing ends a wait that is under way', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const stream = new PassThrough();
    const reader = lines(stream);
    const task = createTask(reader.anext());
    yield* fromPromise(() => delay(2));
    yield* reader.aclose();
    yield* wait([task]);
    expect([outcomeOf(task), stream.destroyed]).toEqual(['raised StopAsyncIteration', true]);
    yield* fromPromise(() => delay(2));
    expect(stream.closed).toBe(true);
  }));

test('a loop that is closed reads no more', async () => {
  const stream = new PassThrough();
  const loop = new EventLoop({ driver: new VirtualDriver() });
  loop.createTask(lines(stream).anext());
  loop.callSoon(() => loop.callSoon(() => loop.stop()));
  await loop.runForever();
  loop.close();
  await delay(2);
  expect(stream.closed).toBe(true);
});

test('two coroutines cannot wait for a line at once', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const stream = new PassThrough();
    const reader = lines(stream);
    const [first, second] = [createTask(reader.anext()), createTask(reader.anext())];
    yield* wait([second]);
    expect(outcomeOf(second)).toBe('raised LoopError anext() called while another coroutine is already waiting for incoming data');
    stream.end('a');
    expect(yield* first).toBe('a');
  }));

test('a stream of the web and any asynchronous iterable have lines too', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const bytes = new TextEncoder().encode('a\nbü');
    const web = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.subarray(0, 4));
        controller.enqueue(bytes.subarray(4));
        controller.close();
      },
    });
    expect(yield* all(web)).toEqual(['a', 'bü']);
    async function* chunks(): AsyncGenerator<string> {
      yield 'a\n';
      yield 'b';
    }
    expect(yield* all(chunks())).toEqual(['a', 'b']);
  }));

test('a stream of the web that is left early is cancelled', () =>
  inVirtualTime(function* (): Coroutine<void> {
    let cancelled = false;
    const web = new ReadableStream<string>({
      pull: (controller) => controller.enqueue('line\n'),
      cancel: () => {
        cancelled = true;
      },
    });
    yield* asyncFor(lines(web), function* () {
      return BREAK;
    });
    yield* fromPromise(() => delay(5));
    expect(cancelled).toBe(true);
  }));

test('what has no chunks of text or bytes is a TypeError', () =>
  inVirtualTime(function* (): Coroutine<void> {
    expect(() => lines({} as Readable)).toThrow('lines: expected a readable stream or an asynchronous iterable of chunks, got an object (Object)');
    const task = createTask(lines(Readable.from([1, 2])).anext());
    yield* wait([task]);
    expect(outcomeOf(task)).toBe('raised TypeError lines: expected chunks of text or bytes, got 1');
  }));

test('the values are strings', () => {
  const compiled = (_body: (...args: never[]) => unknown): void => {};
  compiled(function* (stream: Readable, web: ReadableStream, body: NonNullable<Response['body']>): Coroutine<void> {
    yield* asyncFor(lines(stream), function* (line) {
      expectTypeOf(line).toEqualTypeOf<string>();
    });
    expectTypeOf(yield* lines(web).anext()).toEqualTypeOf<string>();
    lines(body);
    // @ts-expect-error a forgotten star
    yield lines(stream).anext();
    // @ts-expect-error text is no stream
    lines('text');
    // @ts-expect-error no such encoding
    lines(stream, { encoding: 'klingon' });
  });
});
