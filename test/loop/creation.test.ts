import { expect, test } from 'vitest';
import { createdAt, creationOf, noteCreation } from '../../src/loop/creation.ts';
import { createTask, type ExceptionContext, inspect, sleep } from '../../src/loop/index.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

function made(): object {
  const object = {};
  noteCreation(object);
  return object;
}

test('where something was made is told by the frames of the program, oldest first', () => {
  const frames = creationOf(made()) ?? [];
  expect(frames.at(-1)?.name).toBe('made');
  expect(frames.at(-1)?.file).toMatch(/creation\.test\.ts$/);
  expect(createdAt(made())[0]).toMatch(/^created at test\/loop\/creation\.test\.ts:\d+$/);
});

test('of what was not noted nothing is said', () => {
  expect(creationOf({})).toBeUndefined();
  expect(createdAt({})).toEqual([]);
});

test('in debug mode futures, tasks and handles say where they were made, and reports do', async () => {
  const loop = virtualLoop();
  const reports: ExceptionContext[] = [];
  loop.setExceptionHandler((_loop, context) => void reports.push(context));
  loop.setDebug(true);
  loop.callSoon(() => {
    throw new Error('lost');
  });
  expect(inspect(loop.createFuture())).toMatch(/^<Future pending created at test\/loop\/creation\.test\.ts:\d+>$/);
  expect(inspect(loop.callLater(5, () => {}))).toMatch(/^<TimerHandle when=5 <anonymous>\(\) created at test\/loop\/creation\.test\.ts:\d+>$/);
  await loop.runUntilComplete(sleep(1));
  expect(reports[0]?.sourceTraceback?.at(-1)?.file).toMatch(/creation\.test\.ts$/);
});

test('out of debug mode nothing is noted', () =>
  inVirtualTime(function* (loop) {
    expect(inspect(loop.createFuture())).toBe('<Future pending>');
    expect(inspect(loop.callSoon(function named() {}))).toBe('<Handle named()>');
    const task = createTask(sleep(1));
    expect(creationOf(task)).toBeUndefined();
    yield* task;
  }));
