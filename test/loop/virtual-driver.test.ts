import { expect, test } from 'vitest';
import { type Coroutine, DeadlockError, EventLoop, fromPromise, gather, sleep, VirtualDriver } from '../../src/loop/index.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

test('time starts at 0 and jumps from deadline to deadline, without waiting', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const times = [loop.time()];
    yield* gather(
      [86_400_000, 0.5, 20_000].map((delay) =>
        (function* (): Coroutine<void> {
          yield* sleep(delay);
          times.push(loop.time());
        })(),
      ),
    );
    expect(times).toEqual([0, 0.5, 20_000, 86_400_000]);
  }));

test('time never goes back, not even for a timer in the past', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    yield* sleep(10);
    const seen: number[] = [];
    loop.callAt(3, () => seen.push(loop.time()));
    yield* sleep(1);
    expect(seen).toEqual([10]);
    expect(loop.time()).toBe(11);
  }));

test('a promise that settles now comes before the jump', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const seen: string[] = [];
    const future = loop.createFuture<void>();
    loop.callLater(1, () => seen.push('timer'));
    Promise.resolve().then(() => {
      seen.push(`promise at ${loop.time()}`);
      future.setResult();
    });
    yield* future;
    expect(seen).toEqual(['promise at 0']);
  }));

test('so does what the host has ready for its next round', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const future = loop.createFuture<number>();
    loop.callLater(1, () => {});
    setImmediate(() => future.setResult(loop.time()));
    expect(yield* future).toBe(0);
  }));

test('asked for a moment in the past, the driver stays where it is', async () => {
  const driver = new VirtualDriver();
  const jumpTo = (deadline: number): Promise<void> => new Promise((resolve, reject) => driver.wakeLater({ deadline, held: false }, resolve, reject));
  await jumpTo(10);
  await jumpTo(3);
  expect(driver.now()).toBe(10);
});

test('a timer at infinity is no way out of a deadlock', async () => {
  const loop = virtualLoop();
  loop.callLater(Number.POSITIVE_INFINITY, () => {});
  await expect(loop.runForever()).rejects.toBeInstanceOf(DeadlockError);
});

test('the same program twice has the same times and the same order', async () => {
  const traces = [];
  for (let round = 0; round < 2; round++) {
    const loop = new EventLoop({ driver: new VirtualDriver() });
    const trace: string[] = [];
    function* worker(name: number): Coroutine<void> {
      for (let i = 0; i < 5; i++) {
        yield* sleep((name * 7 + i * 3) % 5);
        if (i === 2) yield* fromPromise(() => Promise.resolve());
        trace.push(`${name}.${i} at ${loop.time()}`);
      }
    }
    await loop.runUntilComplete(gather([0, 1, 2, 3, 4, 5].map(worker), { loop }));
    loop.close();
    traces.push(trace);
  }
  expect(traces[0]).toHaveLength(30);
  expect(traces[0]).toEqual(traces[1]);
});
