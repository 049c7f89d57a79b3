import { expect, test } from 'vitest';
import { type Dependence, dependenceOf, dependsOn } from '../../src/loop/depends.ts';
import { asCompleted, asyncWith, type Coroutine, createTask, Event, gather, shield, sleep, type Task, TaskGroup, wait } from '../../src/loop/index.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

/** Names, since a task compared with a task is taken for a list that never ends. */
function names(dependence: Dependence | undefined): string[] {
  return [...(dependence?.on ?? [])].map((task) => (task as Task<unknown>).getName());
}

test('what was said of a future is what is known of it, and of others nothing', () => {
  const [future, other] = [{}, {}];
  dependsOn(future, { on: [other], needs: 'any' });
  expect(dependenceOf(future)).toEqual({ on: [other], needs: 'any' });
  expect(dependenceOf(other)).toBeUndefined();
});

test('whoever waits for several says for which, and whether for all of them', () =>
  inVirtualTime(function* () {
    const stays = new Event();
    const parts = ['first', 'second'].map((name) => createTask(stays.wait(), { name }));
    function* waitsForAll(): Coroutine<void> {
      yield* wait(parts);
    }
    function* waitsForFirst(): Coroutine<void> {
      yield* wait(parts, { returnWhen: 'FIRST_COMPLETED' });
    }
    function* waitsForGroup(): Coroutine<void> {
      yield* asyncWith(new TaskGroup(), function* (group) {
        group.createTask(stays.wait(), { name: 'in the group' });
        yield* sleep(0);
      });
    }
    const tasks = [createTask(waitsForAll()), createTask(waitsForFirst()), createTask(waitsForGroup())];
    yield* sleep(1);
    const known = tasks.map(({ awaiting }) => dependenceOf(awaiting as object));
    expect(known.map((one) => one?.needs)).toEqual(['every', 'any', 'every']);
    expect(known.map(names)).toEqual([['first', 'second'], ['first', 'second'], ['in the group']]);
    expect(names(dependenceOf(gather(parts)))).toEqual(['first', 'second']);
    expect(names(dependenceOf(shield(parts[0] as (typeof parts)[number])))).toEqual(['first']);
    const results = dependenceOf(asCompleted(parts));
    expect(names(results)).toEqual(['first', 'second']);
    stays.set();
    yield* wait(tasks);
    expect(names(results)).toEqual([]);
  }));
