import { EventEmitter, getEventListeners } from 'node:events';
import { createServer } from 'node:net';
import { expect, expectTypeOf, test } from 'vitest';
import { type Coroutine, createTask, EventLoop, sleep, VirtualDriver, wait } from '../../src/loop/index.ts';
import { once } from '../../src/node/index.ts';
import { outcomeOf, ValueError } from '../support/cpython.ts';
import { nothingLeftBehind } from '../support/left-behind.ts';
import { runProgram } from '../support/run-program.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

const listeners = (emitter: EventEmitter): number => emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);

test('it returns the arguments of the next event, and stops listening before the one after', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const emitter = new EventEmitter();
    const task = createTask(once(emitter, 'moved'));
    yield* sleep(0);
    expect(listeners(emitter)).toBe(2);
    emitter.emit('moved', 1, 'a');
    expect(listeners(emitter)).toBe(0);
    emitter.emit('moved', 2, 'b');
    expect(yield* task).toEqual([1, 'a']);
  }));

test('an error event is thrown', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const emitter = new EventEmitter();
    const task = createTask(once(emitter, 'moved'));
    yield* sleep(0);
    emitter.emit('error', new ValueError('broken'));
    yield* wait([task]);
    expect([outcomeOf(task), listeners(emitter)]).toEqual(['raised ValueError broken', 0]);
  }));

test('an error event that is waited for is a result', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const emitter = new EventEmitter();
    const task = createTask(once(emitter, 'error'));
    yield* sleep(0);
    const error = new ValueError();
    emitter.emit('error', error);
    expect(yield* task).toEqual([error]);
    expect(listeners(emitter)).toBe(0);
  }));

test('a cancelled wait leaves no listener and lets the loop go', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const emitter = new EventEmitter();
    const task = createTask(once(emitter, 'moved'));
    yield* sleep(0);
    task.cancel();
    yield* wait([task]);
    expect([outcomeOf(task), listeners(emitter)]).toEqual(['cancelled', 0]);
    yield* sleep(10);
    expect(loop.time()).toBe(10);
  }));

test('a cancellation in the tick of the event wins, and the event is gone', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const emitter = new EventEmitter();
    const task = createTask(once(emitter, 'moved'));
    yield* sleep(0);
    emitter.emit('moved');
    task.cancel();
    yield* wait([task]);
    expect([outcomeOf(task), listeners(emitter)]).toEqual(['cancelled', 0]);
  }));

test('a loop that is closed while a coroutine waits leaves no listener', async () => {
  const emitter = new EventEmitter();
  const loop = new EventLoop({ driver: new VirtualDriver() });
  loop.createTask(once(emitter, 'moved'));
  loop.callSoon(() => loop.callSoon(() => loop.stop()));
  await loop.runForever();
  expect(listeners(emitter)).toBe(2);
  loop.close();
  expect(listeners(emitter)).toBe(0);
  expect(emitter.emit('moved')).toBe(false);
});

test('virtual time stands still while an event is waited for', () =>
  nothingLeftBehind(() =>
    inVirtualTime(function* (loop): Coroutine<void> {
      loop.callLater(5, () => {});
      const server = createServer();
      server.listen(0, '127.0.0.1');
      yield* once(server, 'listening');
      expect(loop.time()).toBe(0);
      server.close();
      yield* once(server, 'close');
      expect(loop.time()).toBe(0);
    }),
  ));

test('an event target gives its event, in a list, and keeps no listener', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const target = new EventTarget();
    const first = createTask(once(target, 'moved'));
    const second = createTask(once(target, 'moved'));
    yield* sleep(0);
    second.cancel();
    yield* wait([second]);
    expect(getEventListeners(target, 'moved')).toHaveLength(1);
    const event = new Event('moved');
    target.dispatchEvent(event);
    expect((yield* first)[0]).toBe(event);
    expect(getEventListeners(target, 'moved')).toHaveLength(0);
  }));

test('what emits nothing is a TypeError', () =>
  inVirtualTime(function* (): Coroutine<void> {
    expect(() => once({} as EventTarget, 'moved').next()).toThrow('once: expected an EventEmitter or an EventTarget, got an object (Object)');
  }));

test('the arguments have the types that the emitter declares', () => {
  const compiled = (_body: (...args: never[]) => unknown): void => {};
  compiled(function* (typed: EventEmitter<{ moved: [x: number, y: string] }>, untyped: EventEmitter, target: EventTarget): Coroutine<void> {
    expectTypeOf(yield* once(typed, 'moved')).toEqualTypeOf<[x: number, y: string]>();
    expectTypeOf(yield* once<[Buffer]>(untyped, 'data')).toEqualTypeOf<[Buffer]>();
    expectTypeOf(yield* once(target, 'moved')).toEqualTypeOf<[Event]>();
    const [x] = yield* once(typed, 'moved');
    // @ts-expect-error a number
    const wrong: string = x;
    // @ts-expect-error a forgotten star
    yield once(typed, 'moved');
    // @ts-expect-error nothing that emits
    once(5, 'moved');
    return void wrong;
  });
});

test('a deadlock names the wait and the program’s line, not the library’s', async () => {
  const { stdout, stderr } = await runProgram(`
import { EventEmitter } from 'node:events';
import { run } from 'asyncdemo';
import { once } from 'asyncdemo/node';
function* main() {
  yield* once(new EventEmitter(), 'never');
}
await run(main()).catch(({ name, tasks: [{ awaits, line }] }) => console.log(name, awaits, line.replace(/.*program/, 'program')));
`);
  expect([stdout, stderr]).toEqual(['DeadlockError once() program.mjs:6\n', '']);
});
