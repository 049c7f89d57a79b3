import { expect, test } from 'vitest';
import { TaskList } from '../../src/loop/task-list.ts';

test('numbers count from 1, for each list by itself', () => {
  const [list, other] = [new TaskList<never>(), new TaskList<never>()];
  expect([list.nextNumber(), list.nextNumber(), other.nextNumber()]).toEqual([1, 2, 1]);
});
