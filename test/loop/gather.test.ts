import { expect, test, vi } from 'vitest';
import { CancelledError, type Coroutine, createTask, eagerTaskFactory, type Future, gather, LoopError, sleep, wait } from '../../src/loop/index.ts';
import { fails, nameOf, outcomeOf, sameAsCPython, ValueError } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

function* failsAfter(delay: number, error: Error): Coroutine<never> {
  yield* sleep(delay);
  throw error;
}

test('the first error propagates at once, and the siblings keep running', () =>
  sameAsCPython('gather first error and siblings', function* (log, loop) {
    const sibling = createTask(
      (function* (): Coroutine<string> {
        yield* sleep(10);
        log('sibling went on');
        return 'slow';
      })(),
    );
    try {
      yield* gather([sibling, failsAfter(1, new ValueError('one')), failsAfter(2, new ValueError('two'))]);
    } catch (error) {
      log(`${(error as Error).message} at ${loop.time()}`);
    }
    log(outcomeOf(sibling));
    yield* sibling;
  }));

test('results come in the order given, errors among them with returnExceptions; one given twice is run once; nothing and done ones are done at once', () =>
  sameAsCPython('gather results', function* (log, loop) {
    log(yield* gather([sleep(3, 'a'), sleep(1, 'b'), sleep(2, 'c')]));
    const results = yield* gather([sleep(3, 'a'), failsAfter(1, new ValueError('b'))], { returnExceptions: true });
    log(results.map((result: unknown) => (result instanceof Error ? result.message : result)));
    let runs = 0;
    const same = (function* (): Coroutine<number> {
      return ++runs;
    })();
    log(yield* gather([same, same, same]));
    const empty = gather([]);
    log(empty.done());
    log(yield* empty);
    const done: Future<string> = loop.createFuture();
    done.setResult('done');
    const gathered = gather([done, done]);
    log(gathered.done());
    log(yield* gathered);
    const failed: Future<never> = loop.createFuture();
    failed.setException(new ValueError('failed'));
    log(outcomeOf(gather([done, failed])));
  }));

test('one that is given twice among others is run once, has two places, and is waited for once', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const runs: string[] = [];
    function* child(name: string): Coroutine<string> {
      runs.push(name);
      yield* sleep(1);
      return name;
    }
    const [a, b, c] = [child('a'), child('b'), child('c')];
    expect(yield* gather([a, b, a, c])).toEqual(['a', 'b', 'a', 'c']);
    const d = child('d');
    expect(yield* gather([d, d])).toEqual(['d', 'd']);
    const e = createTask(child('e'));
    expect(yield* gather([e, e])).toEqual(['e', 'e']);
    expect(runs).toEqual(['a', 'b', 'c', 'd', 'e']);
  }));

test('cancelling it cancels every child, waits for them all, and throws even with returnExceptions; it is not cancelled() itself', () =>
  sameAsCPython('gather cancelled', function* (log, loop) {
    function* child(name: string, cleanup: number): Coroutine<void> {
      try {
        yield* sleep(100);
      } catch (error) {
        yield* sleep(cleanup);
        log(`${name} cleaned up: ${(error as Error).message}`);
        throw error;
      }
    }
    for (const returnExceptions of [false, true]) {
      const gathered = gather([child('a', 1), child('b', 3)], { returnExceptions });
      yield* sleep(0);
      const start = loop.time();
      log(gathered.cancel('why'));
      log(`done ${gathered.done()}`);
      try {
        yield* gathered;
      } catch (error) {
        log(`${nameOf(error)} after ${loop.time() - start}`);
      }
      log(`cancelled ${gathered.cancelled()}`);
      log(gathered.cancel());
      yield* sleep(10);
    }
  }));

test('a child that was cancelled surfaces as CancelledError while the gather is not cancelled()', () =>
  sameAsCPython('gather with a cancelled child', function* (log) {
    let child = createTask(sleep(100));
    const gathered = gather([child, sleep(1)]);
    yield* sleep(0);
    child.cancel('child');
    try {
      yield* gathered;
    } catch (error) {
      log(nameOf(error));
    }
    log(gathered.cancelled());
    child = createTask(sleep(100));
    const collected = gather([child, sleep(1, 'other')], { returnExceptions: true });
    yield* sleep(0);
    child.cancel('child');
    log((yield* collected).map((result: unknown) => (result instanceof Error ? nameOf(result) : result)));
  }));

test('children that fail while a gather with returnExceptions is cancelled count as retrieved', () =>
  sameAsCPython('gather cancelled with failing children reports nothing', async (log, loop) => {
    function* child(): Coroutine<void> {
      try {
        yield* sleep(100);
      } catch {
        throw new ValueError('while cleaning up');
      }
    }
    const retrieved: string[] = [];
    await loop.runUntilComplete(
      (function* (): Coroutine<void> {
        const children = [createTask(child()), createTask(child())];
        for (const task of children) {
          const markRetrieved = task.markRetrieved.bind(task);
          task.markRetrieved = () => {
            if (task.done()) retrieved.push(task.getName());
            markRetrieved();
          };
        }
        const gathered = gather(children, { returnExceptions: true });
        yield* sleep(0);
        gathered.cancel();
        try {
          yield* gathered;
        } catch (error) {
          log(nameOf(error));
        }
      })(),
    );
    expect(retrieved).toEqual(['Task-2', 'Task-3']);
  }));

test('cancelling the task that awaits it cancels the children', () =>
  sameAsCPython('gather cancel through its waiter', function* (log) {
    function* child(name: string): Coroutine<void> {
      try {
        yield* sleep(100);
      } finally {
        log(`${name} ends`);
      }
    }
    const task = createTask(
      (function* (): Coroutine<void> {
        yield* gather([child('a'), child('b')]);
      })(),
    );
    yield* sleep(1);
    task.cancel('from outside');
    yield* wait([task]);
    log(outcomeOf(task));
  }));

test('outside of a run it takes the loop given, or that of a future among the awaitables; with neither it is an error', async () => {
  expect(() => gather([])).toThrow(LoopError);
  expect(() => gather([sleep(1)])).toThrow(LoopError);
  const loop = virtualLoop();
  expect(await loop.runUntilComplete(gather([sleep(1, 'a')], { loop }))).toEqual(['a']);
  expect(await loop.runUntilComplete(gather([loop.createTask(sleep(2, 'b')), sleep(1, 'c')]))).toEqual(['b', 'c']);
  expect(() => gather(sleep(1) as never, { loop })).toThrow(/array of awaitables/);
});

test('an undefined that was thrown is an error like any other', () =>
  inVirtualTime(function* (): Coroutine<void> {
    function* throwsUndefined(): Coroutine<void> {
      throw undefined;
    }
    const gathered = gather([throwsUndefined(), sleep(5)]);
    yield* wait([gathered]);
    let thrown = false;
    try {
      gathered.result();
    } catch {
      thrown = true;
    }
    expect(thrown).toBe(true);
  }));

test('every result in place of an error is that very error', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const error = new ValueError('this one');
    const [result, cancelled] = yield* gather([fails(error), fails(new CancelledError('own'))], { returnExceptions: true });
    expect(result).toBe(error);
    expect(cancelled).toBeInstanceOf(CancelledError);
  }));

test('a cancelled gather takes the message of the child given last; a cancellation that arrives goes before one that is asked for', () =>
  sameAsCPython('messages of late cancellations', function* (log) {
    function* careful(name: string): Coroutine<void> {
      try {
        yield* sleep(50);
      } catch (error) {
        log(`${name} ${nameOf(error)}`);
        throw error;
      }
    }
    const children = [() => [careful('first'), sleep(1)], () => [sleep(1), careful('last')]];
    for (const make of children) {
      const outer = gather(make(), { returnExceptions: true });
      yield* sleep(5);
      outer.cancel('late');
      yield* wait([outer]);
      log(nameOf(outer.exception()));
    }

    const child = createTask(careful('child'));
    const inner = gather([child]);
    const task = createTask(
      (function* (): Coroutine<void> {
        try {
          yield* inner;
        } catch (error) {
          log(`waits ${nameOf(error)}`);
        }
      })(),
    );
    inner.addDoneCallback(() => void task.cancel('own'));
    yield* sleep(1);
    child.cancel('of the child');
    yield* wait([task]);
    log(`${outcomeOf(task)} ${task.cancelling()}`);
  }));

test('it listens to a future before it starts the next awaitable, which may be an eager task that settles it', () =>
  sameAsCPython('gather listens before it starts the next', function* (log, loop) {
    loop.setTaskFactory(eagerTaskFactory);
    const shown = (gathered: Future<unknown>): unknown => (gathered.exception() === undefined ? gathered.result() : outcomeOf(gathered));
    let future: Future<string> = loop.createFuture();
    function* settles(how: () => void): Coroutine<string> {
      how();
      return 'settled it';
    }
    for (const how of [() => future.setResult('a'), () => future.setException(new ValueError('a')), () => void future.cancel()]) {
      future = loop.createFuture();
      const gathered = gather([future, settles(how), sleep(1, 'slow')]);
      log(gathered.done());
      yield* wait([gathered]);
      log(shown(gathered));
    }
    future = loop.createFuture();
    future.setResult('done before');
    log(shown(gather([future, settles(() => log('runs')), future])));
  }));

test('one that throws half way leaves its callback on the futures it had seen: nobody else will ask for their errors', () =>
  sameAsCPython('a gather that throws half way', function* (log, loop) {
    const first: Future<string> = loop.createFuture();
    try {
      gather([first, 5 as never]);
    } catch (error) {
      log((error as Error).name);
    }
    log(`${first.waiting.length} ${outcomeOf(first)}`);
    const retrieved = vi.spyOn(first, 'markRetrieved');
    first.setException(new ValueError('nobody asks for it'));
    yield* sleep(0);
    log(`${first.waiting.length} ${retrieved.mock.calls.length === 1}`);
  }));
