import { expect, test } from 'vitest';
import { asyncWith, BoundedSemaphore, type Coroutine, createTask, Lock, LoopError, Semaphore, sleep } from '../../src/loop/index.ts';
import { describeStuck } from '../../src/loop/stuck-tasks.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

test('acquire gives true, entering a block nothing; neither takes anything before it is awaited', () =>
  inVirtualTime(function* (): Coroutine<void> {
    for (const owner of [new Lock(), new Semaphore(1)]) {
      const acquiring = owner.acquire();
      expect(owner.locked()).toBe(false);
      expect(yield* acquiring).toBe(true);
      const releasing = owner.aexit();
      expect(owner.locked()).toBe(true);
      yield* releasing;
      expect(owner.locked()).toBe(false);
      expect(
        yield* asyncWith(owner, function* (value) {
          return [value];
        }),
      ).toEqual([undefined]);
    }
  }));

test('once done, acquire and aexit do nothing more, as a generator', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const lock = new Lock();
    const acquiring = lock.acquire();
    expect(acquiring.next()).toEqual({ done: true, value: true });
    expect(acquiring.next()).toEqual({ done: true, value: undefined });
    const releasing = lock.aexit();
    yield* releasing;
    yield* releasing;
    expect(() => lock.aexit().throw(new LoopError('no'))).toThrow('no');
    const unused = lock.acquire();
    unused.return(true);
    expect(() => unused.throw(new LoopError('no'))).toThrow('no');
    expect([unused.next().done, lock.locked()]).toEqual([true, false]);
  }));

test('who is ended while in line leaves it, and is not given anything', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const semaphore = new Semaphore(0);
    const acquiring = semaphore.acquire();
    acquiring.next();
    expect(String(semaphore)).toBe('<Semaphore [locked, waiters:1]>');
    expect(acquiring.return(true)).toEqual({ done: true, value: true });
    semaphore.release();
    expect(String(semaphore)).toBe('<Semaphore [unlocked, value:1]>');
  }));

test('whoever reads the stack of one that waits sees the method of its class, and that nothing is resumed', () =>
  inVirtualTime(function* (): Coroutine<void> {
    class Mine extends Lock {}
    const owners = [new Lock(), new Semaphore(1), new BoundedSemaphore(1), new Mine()];
    for (const owner of owners) yield* owner.acquire();
    function* enters(owner: Lock | Semaphore): Coroutine<void> {
      yield* asyncWith(owner, () => sleep(0));
    }
    const tasks = owners.map((owner) => createTask(enters(owner)));
    yield* sleep(1);
    const names = ['Lock', 'Semaphore', 'BoundedSemaphore', 'Mine'].map((name) => `${name}.acquire`);
    expect(tasks.map((task) => task.getStack().map((frame) => frame.name))).toEqual(names.map((name) => ['enters', 'asyncWith', name]));
    expect(tasks.map((task) => describeStuck(task).awaits)).toEqual(names.map((name) => `${name}()`));
    expect(describeStuck(tasks[0] as never).line).toMatch(/^test\/loop\/acquiring\.test\.ts:\d+$/);
    for (const owner of owners) owner.release();
    expect(tasks.map((task) => task.getStack().at(-1)?.name)).toEqual(names); // Woken, and not resumed by being looked at.
    for (const task of tasks) yield* task;
  }));
