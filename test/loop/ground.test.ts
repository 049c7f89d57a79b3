import { expect, test } from 'vitest';
import { beginTurn, endTurn, type Runner, running, runningWithin, runWithin, whatRuns } from '../../src/loop/ground.ts';

test('innermost runs what was entered last; then what the loop executes; then what its turn was begun in; then the program', () => {
  const [task, eager, outerTask] = [{ name: 'task' }, { name: 'eager' }, { name: 'outer task' }];
  const outer: { current: Runner | undefined } = { current: outerTask };
  const inner: { current: Runner | undefined } = { current: task };
  expect([running(), whatRuns()]).toEqual([undefined, []]);
  const program = beginTurn(outer);
  const turn = beginTurn(inner);
  expect(running()).toBe(task);
  runWithin(eager, () => {
    expect(running()).toBe(eager);
    expect(whatRuns()).toEqual([eager, task, outerTask]);
    expect([runningWithin(eager), runningWithin(task), runningWithin(outerTask)]).toEqual([[], [eager], [eager, task]]);
    expect(runningWithin({})).toBeUndefined();
  });
  inner.current = undefined;
  expect([running(), whatRuns()]).toEqual([outerTask, [outerTask]]);
  inner.current = task;
  endTurn(turn);
  expect(running()).toBe(outerTask);
  outer.current = undefined;
  expect(running()).toBeUndefined();
  endTurn(program);
  expect(whatRuns()).toEqual([]);
});

test('what was entered is left again, also by an error', () => {
  const runner = {};
  expect(() =>
    runWithin(runner, () => {
      throw new Error(String(running() === runner));
    }),
  ).toThrow('true');
  expect(running()).toBeUndefined();
});
