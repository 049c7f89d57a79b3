import { expect, test } from 'vitest';
import { request } from '../../src/http/index.ts';
import { asyncWith, EventLoop, gather, sleep, TimeoutError, timeout, waitFor } from '../../src/loop/index.ts';
import { failure, listen, onStage } from './stage.ts';

test('an attempt ends at its timeout, exactly, in virtual time', () =>
  onStage(function* ({ url, loop }) {
    const error = yield* failure(asyncWith(request('GET', `${url}/delay/3`, { timeout: 2500 }), function* () {}));
    expect(error.message).toBe(`timed out after 2.5s: ${url}/delay/3`);
    expect(error.cause).toBeInstanceOf(TimeoutError);
    expect(loop.time()).toBe(2500);
  }));

test('an answer that comes in time is not disturbed', () =>
  onStage(function* ({ url, loop }) {
    yield* asyncWith(request('GET', `${url}/delay/3`, { timeout: 3001 }), function* (response) {
      expect(response.elapsed).toBe(3000);
      yield* response.read();
    });
    expect(loop.time()).toBe(3000);
  }));

test('the timeout is for headers and body together', () =>
  onStage(function* ({ url, loop }) {
    const error = yield* failure(
      asyncWith(request('GET', `${url}/delay/2`, { timeout: 3000 }), function* (response) {
        yield* sleep(1000);
        yield* response.read();
      }),
    );
    expect(error.kind).toBe('timeout');
    expect(loop.time()).toBe(3000);
  }));

test("a timeout of the program's own passes as it is", () =>
  onStage(function* ({ url, loop }) {
    let outcome: unknown;
    try {
      yield* asyncWith(timeout(500), () => asyncWith(request('GET', `${url}/delay/3`), function* () {}));
    } catch (error) {
      outcome = error;
    }
    expect(outcome).toBeInstanceOf(TimeoutError);
    expect(loop.time()).toBe(500);
  }));

test('in real time the loop ends an attempt as well', async () => {
  await using listener = await listen(() => {});
  const url = `http://127.0.0.1:${listener.port}/`;
  const loop = new EventLoop();
  const error = await loop.runUntilComplete(failure(asyncWith(request('GET', url, { timeout: 20 }), function* () {})));
  expect(error.message).toBe(`timed out after 20ms: ${url}`);
  loop.close();
});

test('in real time a body that stalls is ended', async () => {
  await using listener = await listen((socket) => void socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf')));
  const loop = new EventLoop();
  const error = await loop.runUntilComplete(
    failure(asyncWith(request('GET', `http://127.0.0.1:${listener.port}/`, { timeout: 30 }), (response) => response.read())),
  );
  expect(error.kind).toBe('timeout');
  loop.close();
});

test('in virtual time, which stands still for a server elsewhere, `hostTimeout` ends a wait for headers or body', async () => {
  await using silent = await listen(() => {});
  await using stalling = await listen((socket) => void socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf')));
  await onStage(function* ({ loop }) {
    const options = { timeout: 60_000, hostTimeout: 20 };
    const errors = yield* gather(
      [silent, stalling].map(({ port }) => failure(asyncWith(request('GET', `http://127.0.0.1:${port}/`, options), (response) => response.read()))),
    );
    expect(errors.map((error) => error.kind)).toEqual(['timeout', 'timeout']);
    expect(loop.time()).toBe(0);
  });
});

test('with no timeout at all a silent server is waited for', () =>
  onStage(function* ({ url, loop }) {
    let outcome: unknown;
    try {
      yield* waitFor(
        asyncWith(request('GET', `${url}/hostile/silent`, { timeout: Number.POSITIVE_INFINITY }), function* () {}),
        86_400_000,
      );
    } catch (error) {
      outcome = error;
    }
    expect(outcome).toBeInstanceOf(TimeoutError);
    expect(loop.time()).toBe(86_400_000);
  }));
