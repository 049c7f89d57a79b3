import { expect, test } from 'vitest';
import { callInItsContext, withCreation } from '../../src/loop/exception-reports.ts';
import { Context, ContextVar, createTask, sleep } from '../../src/loop/index.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

test('a report about a task reaches its handler in the context of that task, and any other where it is', () =>
  inVirtualTime(function* (loop) {
    const variable = new ContextVar('variable', { defaultValue: 'outside' });
    const context = new Context();
    context.run(() => variable.set('the task'));
    const task = createTask(sleep(0), { context });
    const seen: string[] = [];
    callInItsContext(() => void seen.push(variable.get()), loop, { message: 'about a task', task });
    callInItsContext(() => void seen.push(variable.get()), loop, { message: 'about nothing' });
    expect(seen).toEqual(['the task', 'outside']);
    yield* task;
  }));

test('in debug mode a report tells where its subject was made; what it tells already stands', () => {
  const loop = virtualLoop();
  loop.setDebug(true);
  const future = loop.createFuture();
  const told = withCreation({ message: 'about a future', future });
  expect(told.sourceTraceback?.at(-1)?.file).toBe(import.meta.filename);
  expect(withCreation({ ...told, sourceTraceback: [] }).sourceTraceback).toEqual([]);
  loop.setDebug(false);
  const context = { message: 'about one that is not remembered', future: loop.createFuture() };
  expect(withCreation(context)).toBe(context);
});
