import { expect, test } from 'vitest';
import { asCompleted, asyncWith, type Coroutine, createTask, Event, fromPromise, Lock, sleep, type Task, waitFor } from '../../src/loop/index.ts';
import { AwaitPoints } from '../../src/observe/await-points.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

const lock = new Lock();
const event = new Event();

function* entersLock(): Coroutine<void> {
  yield* asyncWith(lock, () => event.wait());
}
function* body(): Coroutine<void> {
  yield* asyncWith({ *aenter() {}, *aexit() {} }, function* inside(): Coroutine<void> {
    yield* event.wait();
  });
}
function* limited(): Coroutine<void> {
  yield* waitFor(sleep(500), 1000);
}
function* first(): Coroutine<void> {
  for (const next of asCompleted([event.wait()])) yield* next;
}
function* host(): Coroutine<void> {
  yield* fromPromise(() => new Promise<void>(() => {}));
}

test.each([true, false])('a place has the lines of the program, and what it has called of this library; debug mode is %s', async (debug) => {
  const loop = virtualLoop();
  loop.setDebug(debug);
  const points = new AwaitPoints();
  const seen: unknown[] = [];
  function* main(): Coroutine<void> {
    yield* lock.acquire();
    const tasks: Task<void>[] = [entersLock, body, limited, first, host].map((one) => createTask(one()));
    yield* sleep(0);
    yield* sleep(0);
    for (const task of tasks) {
      const { frames, call, host: ofHost } = points.of(task);
      seen.push([frames.map(({ name }) => name).join(' '), call, ofHost]);
    }
    for (const task of tasks) task.cancel();
    lock.release();
    yield* sleep(0);
  }
  await loop.runUntilComplete(main());
  expect(seen).toEqual([
    ['entersLock', 'Lock.acquire', false],
    ['body inside', 'Event.wait', false],
    ['limited', 'sleep', false],
    ['first', 'asCompleted', false],
    ['host', 'fromPromise', true],
  ]);
});

test('of a task that has not begun there is no place', () => {
  const loop = virtualLoop();
  expect(new AwaitPoints().of(loop.createTask(sleep(1)))).toEqual({ frames: [], call: undefined, host: false });
});
