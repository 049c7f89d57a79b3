import { afterEach, expect, test, vi } from 'vitest';
import { type Coroutine, createTask, EventLoop, gather, sleep, VirtualDriver } from '../../src/loop/index.ts';
import { notCounted, SlowWatch } from '../../src/loop/slow-watch.ts';

afterEach(() => vi.restoreAllMocks());

/** A watch by a clock of the test's own. */
function watched(limits = { slowCallbackDuration: 100, slowIterationDuration: 100 }): { watch: SlowWatch; told: string[]; pass(ms: number): void } {
  const told: string[] = [];
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  return {
    watch: new SlowWatch(limits, (message) => told.push(message)),
    told,
    pass: (ms) => {
      now += ms;
    },
  };
}

const subject = { [Symbol.for('nodejs.util.inspect.custom')]: () => '<Handle spin()>' };

test('a callback or step that takes as long as the limit is told of, with its time', () => {
  const { watch, told, pass } = watched();
  watch.iteration(1, 2);
  watch.handle('start', subject);
  pass(99);
  watch.handle('end', subject);
  expect(told).toEqual([]);
  watch.iteration(2, 1);
  watch.step('start', subject);
  pass(153.4);
  watch.step('end', subject);
  expect(told).toEqual(['Executing <Handle spin()> took 153 ms']);
});

test('an iteration of quick callbacks that takes too long together is told of once', () => {
  const { watch, told, pass } = watched();
  watch.iteration(7, 4000);
  for (let i = 0; i < 300; i++) {
    watch.handle('start', subject);
    pass(1);
    watch.handle('end', subject);
  }
  expect(told).toEqual(['Iteration 7 keeps the loop for 100 ms, and has run 100 of 4000 callbacks; the longest took 1 ms: <Handle spin()>']);
  watch.iteration(8, 1);
  watch.handle('start', subject);
  pass(60);
  watch.handle('end', subject);
  expect(told.length).toBe(1);
});

test('what a tool takes that looks on counts for no step', () => {
  const { watch, told, pass } = watched();
  watch.iteration(1, 1);
  watch.step('start', subject);
  pass(60);
  notCounted(() => pass(500));
  pass(39);
  watch.step('end', subject);
  expect(told).toEqual([]);
});

test('the limits can be changed while it watches', () => {
  const limits = { slowCallbackDuration: 100, slowIterationDuration: 1000 };
  const { watch, told, pass } = watched(limits);
  limits.slowCallbackDuration = 10;
  watch.iteration(1, 1);
  watch.handle('start', subject);
  pass(11);
  watch.handle('end', subject);
  expect(told).toEqual(['Executing <Handle spin()> took 11 ms']);
});

test('debug mode watches beside the observer of the program, and stops when it is switched off', async () => {
  const warnings: string[] = [];
  vi.spyOn(process, 'emitWarning').mockImplementation((message) => void warnings.push(String(message)));
  let iterations = 0;
  const loop = new EventLoop({ driver: new VirtualDriver(), debug: true });
  expect(loop.getDebug()).toBe(true);
  loop.setObserver({
    iteration: () => {
      iterations += 1;
    },
  });
  loop.slowCallbackDuration = 100;
  loop.slowIterationDuration = 1000;
  function* busy(): Coroutine<void> {
    const until = Date.now() + 120;
    while (Date.now() < until);
    yield* sleep(0);
  }
  await loop.runUntilComplete(busy());
  expect(warnings.length).toBe(1);
  expect(warnings[0]).toMatch(/^Executing <Task pending name='Task-1' coro=<busy\(\).*> took \d+ ms$/);
  const before = iterations;
  loop.setDebug(false);
  await loop.runUntilComplete(gather([busy(), busy()], { loop }));
  expect(warnings.length).toBe(1);
  expect(iterations).toBeGreaterThan(before);
  loop.close();
});

test('an observer of the program that throws is removed, and debug mode goes on', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const reports: string[] = [];
  const loop = new EventLoop({ driver: new VirtualDriver(), debug: true });
  loop.setExceptionHandler((_loop, { message }) => void reports.push(message));
  let calls = 0;
  loop.setObserver({
    iteration: () => {
      calls += 1;
      throw new Error('no');
    },
  });
  await loop.runUntilComplete(
    (function* (): Coroutine<void> {
      yield* createTask(sleep(1));
    })(),
  );
  expect(calls).toBe(1);
  expect(reports).toEqual(["Observer removed: its hook 'iteration' threw"]);
  expect(warned).not.toHaveBeenCalled();
  loop.slowCallbackDuration = 0;
  await loop.runUntilComplete(sleep(0));
  expect(warned).toHaveBeenCalled();
  loop.close();
});

test('of what began before it watched nothing is told, and of an eager step within another both', () => {
  const { watch, told, pass } = watched({ slowCallbackDuration: 10, slowIterationDuration: 1000 });
  pass(500);
  watch.step('end', subject);
  watch.iteration(1, 1);
  watch.step('start', subject);
  pass(6);
  watch.step('start', subject);
  pass(1);
  watch.step('end', subject);
  pass(6);
  watch.step('end', subject);
  expect(told).toEqual(['Executing <Handle spin()> took 13 ms']);
});
