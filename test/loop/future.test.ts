import { describe, expect, test } from 'vitest';
import { Future as FutureClass } from '../../src/loop/future.ts';
import { CancelledError, type Coroutine, createTask, type Future, fromPromise, InvalidStateError, isFuture, LoopError, sleep } from '../../src/loop/index.ts';
import { nameOf, sameAsCPython, ValueError } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

describe('outcome', () => {
  test('a future has one outcome: asking before and settling after are InvalidStateErrors; a CancelledError is taken as an exception', () =>
    sameAsCPython('a future holds one outcome', async (log, loop) => {
      const attempt = (act: () => unknown, tell: (error: unknown) => void): void => {
        try {
          act();
        } catch (error) {
          tell(error);
        }
      };
      const future: Future<number> = loop.createFuture();
      attempt(
        () => future.result(),
        (error) => log((error as InvalidStateError).message),
      );
      attempt(
        () => future.exception(),
        (error) => log((error as InvalidStateError).message),
      );
      future.setResult(1);
      attempt(
        () => future.setResult(2),
        (error) => log((error as InvalidStateError).name),
      );
      attempt(
        () => future.setException(new ValueError()),
        (error) => log((error as InvalidStateError).name),
      );
      log(future.cancel());
      log(future.result());
      const cancelled = loop.createFuture();
      log(cancelled.cancel('why'));
      log(cancelled.cancel('again'));
      attempt(
        () => cancelled.result(),
        (error) => log(nameOf(error)),
      );
      attempt(
        () => cancelled.exception(),
        (error) => log(nameOf(error)),
      );
      const raised = loop.createFuture();
      raised.setException(new CancelledError('as an exception'));
      log(raised.cancelled());
      log(nameOf(raised.exception()));
    }));

  test('the errors of a wrong state are InvalidStateErrors', () => {
    const future: Future<number> = virtualLoop().createFuture();
    expect(() => future.result()).toThrow(InvalidStateError);
    expect(() => future.exception()).toThrow(InvalidStateError);
    future.setResult(1);
    expect(() => future.setResult(2)).toThrow(InvalidStateError);
    expect(future.result()).toBe(1);
    expect(future.exception()).toBeUndefined();
  });

  test('a future belongs to the running loop, or to the one given; without either it is an error', async () => {
    expect(() => new FutureClass()).toThrow(LoopError);
    const loop = virtualLoop();
    expect(loop.createFuture().getLoop()).toBe(loop);
    await inVirtualTime(function* (running): Coroutine<void> {
      expect(new FutureClass().getLoop()).toBe(running);
    });
  });

  test('isFuture tells futures and tasks from everything else', () =>
    inVirtualTime(function* (loop): Coroutine<void> {
      const task = createTask(sleep(1));
      expect([loop.createFuture(), task, sleep(1), Promise.resolve(), null, undefined].map(isFuture)).toEqual([true, true, false, false, false, false]);
      yield* task;
    }));
});

describe('done callbacks', () => {
  test('done callbacks are scheduled in the order registered, never called inline; one added to a done future is scheduled too', () =>
    sameAsCPython('done callbacks are scheduled in order', async (log, loop) => {
      const future: Future<number> = loop.createFuture();
      future.addDoneCallback(() => log('first'));
      future.addDoneCallback(() => log('second'));
      future.setResult(1);
      log('set');
      future.addDoneCallback(() => log('late'));
      log('added to a done future');
      loop.callSoon(log, 'scheduled after');
      loop.callSoon(() => loop.stop());
      await loop.runForever();
    }));

  test('a waiting task is woken in its turn among the callbacks', () =>
    sameAsCPython('a waiting task is woken in its turn among callbacks', function* (log, loop) {
      const future: Future<number> = loop.createFuture();
      function* waits(name: string): Coroutine<void> {
        log(`${name} got ${yield* future}`);
      }
      future.addDoneCallback(() => log('callback 1'));
      const a = createTask(waits('a'));
      yield* sleep(0);
      future.addDoneCallback(() => log('callback 2'));
      const b = createTask(waits('b'));
      yield* sleep(0);
      future.setResult(1);
      yield* a;
      yield* b;
    }));

  test('removeDoneCallback removes every registration of the callback and says how many', () =>
    sameAsCPython('removing a done callback removes every registration', async (log, loop) => {
      const future: Future<void> = loop.createFuture();
      const twice = (): void => log('twice');
      future.addDoneCallback(twice);
      future.addDoneCallback(() => log('once'));
      future.addDoneCallback(twice);
      log(future.removeDoneCallback(twice));
      log(future.removeDoneCallback(twice));
      future.setResult();
      loop.callSoon(() => loop.stop());
      await loop.runForever();
    }));

  test('removeDoneCallback leaves the other callbacks in their order', async () => {
    const loop = virtualLoop();
    const future: Future<void> = loop.createFuture();
    const called: string[] = [];
    const gone = (): void => void called.push('gone');
    for (const name of 'abcd') {
      future.addDoneCallback(() => called.push(name));
      future.addDoneCallback(gone);
    }
    future.removeDoneCallback(gone);
    future.setResult();
    await loop.runUntilComplete(sleep(0));
    expect(called.join('')).toBe('abcd');
  });

  test('a callback is given the future itself', async () => {
    const loop = virtualLoop();
    const future: Future<number> = loop.createFuture();
    const given: unknown[] = [];
    future.addDoneCallback((done) => given.push(done));
    future.cancel();
    await loop.runUntilComplete(sleep(0));
    // Never compare futures with toEqual: it iterates them, and a pending one never ends.
    expect(given.length).toBe(1);
    expect(given[0] === future).toBe(true);
  });
});

describe('awaiting', () => {
  test('awaiting a done future does not suspend at all', () =>
    sameAsCPython('awaiting a done future does not suspend', function* (log, loop) {
      const future: Future<string> = loop.createFuture();
      future.setResult('value');
      loop.callSoon(log, 'callback');
      log(yield* future);
      log('still in the same step');
      yield* sleep(0);
      log('after sleep 0');
    }));

  test('awaiting a failed future throws its very error, to everyone who awaits it', () =>
    inVirtualTime(function* (loop): Coroutine<void> {
      const future: Future<never> = loop.createFuture();
      const error = new ValueError('no');
      const caught: unknown[] = [];
      function* waits(): Coroutine<void> {
        try {
          yield* future;
        } catch (reason) {
          caught.push(reason);
        }
      }
      const tasks = [createTask(waits()), createTask(waits())];
      yield* sleep(0);
      future.setException(error);
      for (const task of tasks) yield* task;
      expect(caught).toEqual([error, error]);
      expect(caught[0]).toBe(error);
    }));

  test('native async code can await a future: its result, its error, its cancellation', () =>
    inVirtualTime(function* (loop): Coroutine<void> {
      const settle = <T>(how: (future: Future<T>) => void): Future<T> => {
        const future: Future<T> = loop.createFuture();
        loop.callSoon(how, future);
        return future;
      };
      const outcomes = yield* fromPromise(() =>
        Promise.allSettled([
          (async () => await settle<string>((future) => future.setResult('value')))(),
          (async () => await settle<string>((future) => future.setException(new ValueError('no'))))(),
          (async () => await settle<string>((future) => future.cancel('why')))(),
        ]),
      );
      expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : nameOf(outcome.reason)))).toEqual([
        'value',
        'ValueError no',
        'CancelledError why',
      ]);
    }));
});

describe('as text', () => {
  test('a future is shown as asyncio shows it', () => {
    const loop = virtualLoop();
    const future: Future<unknown> = loop.createFuture();
    expect(String(future)).toBe('<Future pending>');
    future.addDoneCallback(function tell() {});
    expect(String(future)).toBe('<Future pending cb=[tell()]>');
    future.setResult(42);
    expect(String(future)).toBe('<Future finished result=42>');
    const failed = loop.createFuture();
    failed.setException(new ValueError('no'));
    expect(String(failed)).toBe("<Future finished exception=ValueError('no')>");
    failed.exception();
    const cancelled = loop.createFuture();
    cancelled.cancel();
    expect(String(cancelled)).toBe('<Future cancelled>');
  });
});

test('native code may await a future that is done when its loop is stopped, and when it is closed', async () => {
  const loop = virtualLoop();
  const task = loop.createTask(sleep(1, 'kept'));
  await loop.runUntilComplete(task);
  expect(await task.then((value) => value)).toBe('kept');
  loop.close();
  expect(await task.then((value) => value)).toBe('kept');
});
