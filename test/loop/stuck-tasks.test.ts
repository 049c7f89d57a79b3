import { expect, test } from 'vitest';
import { type Coroutine, createTask, Event, type Future, gather, Queue, shield, sleep } from '../../src/loop/index.ts';
import { describeStuck } from '../../src/loop/stuck-tasks.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

test('a stuck task is told of with what it awaits, in the words of who awaits it, and its line', () =>
  inVirtualTime(function* (loop) {
    const future: Future<void> = loop.createFuture();
    function* waits(): Coroutine<void> {
      yield* future;
    }
    const first = createTask(waits(), { name: 'first' });
    function* joins(): Coroutine<void> {
      yield* first;
    }
    function* gets(): Coroutine<void> {
      yield* new Queue<void>().get();
    }
    function* gathers(): Coroutine<void> {
      yield* gather([first, future]);
    }
    function* shields(): Coroutine<void> {
      yield* shield(future);
    }
    const bodies: Record<string, Coroutine<unknown>> = { second: joins(), third: gets(), fourth: new Event().wait(), fifth: gathers(), sixth: shields() };
    const tasks = [first, ...Object.entries(bodies).map(([name, body]) => createTask(body, { name }))];
    yield* sleep(1);
    const stuck = tasks.map(describeStuck);
    expect(stuck.map(({ name, awaits }) => `${name} awaits ${awaits}`)).toEqual([
      'first awaits a Future nobody has set',
      "second awaits Task 'first'",
      'third awaits Queue.get()',
      'fourth awaits Event.wait()',
      'fifth awaits gather()',
      'sixth awaits shield()',
    ]);
    expect(stuck.slice(0, 3).map(({ line }) => line?.replace(/\d+$/, 'N'))).toEqual(Array(3).fill('test/loop/stuck-tasks.test.ts:N'));
    expect(stuck[3]?.line).toBeUndefined();
    for (const task of tasks) task.cancel();
  }));
