import { expect, test } from 'vitest';
import { type Coroutine, createTask, type Future, shield, sleep, type Task, wait } from '../../src/loop/index.ts';
import { fails, nameOf, outcomeOf, sameAsCPython, ValueError } from '../support/cpython.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

test('cancelling the outer leaves the inner running; an inner cancelled by itself cancels the outer; a done one is given back', () =>
  sameAsCPython('shield and cancellation', function* (log, loop) {
    const saved = createTask(sleep(5, 'inner'));
    let outer: Future<unknown> = shield(saved);
    log(outer.cancel('why'));
    try {
      yield* outer;
    } catch (error) {
      log(nameOf(error));
    }
    log(`${outcomeOf(saved)} ${yield* saved}`);
    const inner = createTask(sleep(5));
    outer = shield(inner);
    yield* sleep(0);
    inner.cancel('inner');
    try {
      yield* outer;
    } catch (error) {
      log(nameOf(error));
    }
    log(`${outer.cancelled()} ${inner.cancelled()}`);
    try {
      yield* shield(fails(new ValueError('through')));
    } catch (error) {
      log(nameOf(error));
    }
    const done: Future<number> = loop.createFuture();
    done.setResult(1);
    log(shield(done) === done);
    const work: Task<string> = createTask(sleep(5, 'work'));
    const waiter = createTask(
      (function* (): Coroutine<void> {
        yield* shield(work);
      })(),
    );
    yield* sleep(1);
    waiter.cancel();
    yield* wait([waiter]);
    log(`${outcomeOf(waiter)} ${outcomeOf(work)}`);
    yield* work;
  }));

test('once the outer is cancelled nothing of it hangs on the inner', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const inner = loop.createFuture<void>();
    const outer = shield(inner);
    expect(String(inner)).toContain('cb=');
    outer.cancel();
    yield* sleep(0);
    expect(String(inner)).toBe('<Future pending>');
  }));
