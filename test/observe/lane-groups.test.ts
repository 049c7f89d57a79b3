import { expect, test } from 'vitest';
import { type Coroutine, createTask, gather, sleep } from '../../src/loop/index.ts';
import { groupLanes } from '../../src/observe/lane-groups.ts';
import { Story } from '../../src/observe/story.ts';
import { recorded } from '../support/recorded.ts';

/** The names of the tasks in each row, where there is room for so many; `main` starts tasks of these names. */
async function rows(names: readonly string[], most: number, stacks = true): Promise<string[][]> {
  function* worker(): Coroutine<void> {
    yield* sleep(1);
  }
  function* main(): Coroutine<void> {
    yield* gather(names.map((name) => createTask(name.startsWith('other') ? sleep(1) : worker(), { name })));
  }
  const story = new Story(await recorded(main, { stacks }));
  return groupLanes(story.lanes.values(), most).map((group) => group.map(({ name }) => name));
}

test('two tasks that are alike have a row each, three share one', async () => {
  expect(await rows(['a', 'b'], 1)).toEqual([['Task-1'], ['a'], ['b']]);
  expect(await rows(['a', 'b', 'c'], 1)).toEqual([['Task-1'], ['a', 'b', 'c']]);
});

test('as long as there is a row for each, nobody shares one', async () => {
  expect(await rows(['a', 'b', 'c'], 4)).toHaveLength(4);
  expect(await rows(['a', 'b', 'c'], 3)).toHaveLength(2);
});

test('those of another coroutine are not alike; where coroutines are not known, those of another name but for numbers', async () => {
  const names = ['a 1', 'other', 'a 2', 'b 3', 'a 4'];
  expect(await rows(names, 1)).toEqual([['Task-1'], ['a 1', 'a 2', 'b 3', 'a 4'], ['other']]);
  expect(await rows(names, 1, false)).toEqual([['Task-1'], ['a 1', 'a 2', 'a 4'], ['other'], ['b 3']]);
});
