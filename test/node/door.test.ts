import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type MessagePort, Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { type Coroutine, EventLoop, fromPromise, getRunningLoop, sleep, VirtualDriver } from '../../src/loop/index.ts';
import { callSoonThreadsafe, type Door, once, openPort } from '../../src/node/index.ts';
import { ValueError } from '../support/cpython.ts';
import { nothingLeftBehind } from '../support/left-behind.ts';
import { inVirtualTime, type TestLoop } from '../support/virtual-loop.ts';

const program = fileURLToPath(new URL('../support/programs/knocking.mjs', import.meta.url));

function startThread(door: Door, calls: readonly (readonly unknown[])[], ending?: 'exit' | 'stay'): Worker {
  return new Worker(program, { workerData: { port: door.port, calls, ending }, transferList: [door.port] });
}

const leavesNothing = (rule: string, main: (loop: TestLoop) => Coroutine<unknown>): void => {
  test(rule, () => nothingLeftBehind(() => inVirtualTime(main)));
};

leavesNothing('what a thread passes is called on the loop, in order, with its values', function* (loop) {
  const seen: unknown[] = [];
  const over = loop.createFuture<void>();
  const door = openPort((...args: unknown[]) => {
    expect(getRunningLoop()).toBe(loop);
    seen.push(args);
    if (args[0] === 'last') over.setResult();
  });
  const worker = startThread(door, [[1, 'a'], [], [{ deep: [2] }], ['last']]);
  yield* over;
  expect(seen).toEqual([[1, 'a'], [], [{ deep: [2] }], ['last']]);
  door.close();
  yield* fromPromise(() => worker.terminate());
});

leavesNothing('an open door holds the loop: virtual time stands still, and goes on when it is closed', function* (loop) {
  const door = openPort(() => {});
  loop.callLater(5, () => {});
  yield* fromPromise(() => delay(10));
  const sleeping = loop.createTask(sleep(10));
  yield* fromPromise(() => delay(10));
  expect(loop.time()).toBe(0);
  door.close();
  door.close();
  yield* sleeping;
  expect(loop.time()).toBe(10);
});

leavesNothing('an error of the callback goes to the exception handler, and the next call comes through', function* (loop) {
  const over = loop.createFuture<void>();
  const door = openPort(function knock(n: number) {
    if (n === 1) throw new ValueError('first');
    over.setResult();
  });
  const worker = startThread(door, [[1], [2]]);
  yield* over;
  door.close();
  yield* fromPromise(() => worker.terminate());
  expect(loop.reports.map(({ message, exception }) => `${message} ${exception}`)).toEqual(['Exception in callback knock() ValueError: first']);
});

leavesNothing('a door closes by itself when the thread that has its port ends', function* (loop) {
  const seen: number[] = [];
  const door = openPort((n: number) => seen.push(n));
  const worker = startThread(door, [[1], [2]]);
  yield* once(worker, 'exit');
  yield* sleep(10);
  expect([loop.time(), ...seen]).toEqual([10, 1, 2]);
});

leavesNothing('a door closes by itself when its thread is ended', function* (loop) {
  const came = loop.createFuture<void>();
  const door = openPort(() => came.setResult());
  const worker = startThread(door, [[]], 'stay');
  yield* came;
  yield* fromPromise(() => worker.terminate());
  yield* sleep(10);
  expect(loop.time()).toBe(10);
});

leavesNothing('what comes after the door was closed is dropped', function* () {
  const seen: number[] = [];
  const door = openPort((n: number) => seen.push(n));
  callSoonThreadsafe(door.port, 1);
  door.close();
  callSoonThreadsafe(door.port, 2);
  yield* fromPromise(() => delay(10));
  expect(seen).toEqual([]);
});

test('a door closes with its loop', () =>
  nothingLeftBehind(async () => {
    const loop = new EventLoop({ driver: new VirtualDriver() });
    const door = openPort(() => {}, { loop });
    await loop.runUntilComplete(fromPromise(() => delay(1)));
    loop.close();
    door.close();
    expect(() => openPort(() => {}, { loop })).toThrow('Event loop is closed');
  }));

test('a call wakes a loop that is parked, and waits for one that does not run', () =>
  nothingLeftBehind(async () => {
    const loop = new EventLoop();
    const door = openPort(() => loop.stop(), { loop });
    const worker = startThread(door, [[]]);
    await loop.runForever();
    const stopped = openPort(() => loop.stop(), { loop });
    callSoonThreadsafe(stopped.port);
    await delay(10);
    await loop.runForever();
    door.close();
    stopped.close();
    await worker.terminate();
    loop.close();
  }));

leavesNothing('a value that cannot be cloned is an error where it is passed', function* () {
  const door = openPort(() => {});
  expect(() => callSoonThreadsafe(door.port, () => {})).toThrow(/could not be cloned/);
  door.close();
});

test('what is no function cannot be called, and without a loop there is nowhere to call it', () => {
  expect(() => openPort(5 as never)).toThrow('openPort: expected a function to call, got 5');
  expect(() => openPort(() => {})).toThrow('no running event loop');
});

test('types', () => {
  const compiled = (_body: (...args: never[]) => unknown): void => {};
  compiled((port: MessagePort, loop: EventLoop) => {
    openPort((_n: number, _text: string) => {}, { loop });
    callSoonThreadsafe(port, 1, 'a');
    // @ts-expect-error the other end of a door is a MessagePort
    callSoonThreadsafe({}, 1);
    // @ts-expect-error nothing to call
    openPort();
  });
});
