import { expect, test } from 'vitest';
import type { Coroutine } from '../../src/loop/index.ts';
import { cancelEverywhere, everyOrder } from './interleave.ts';
import { play, type Scenario } from './play.ts';

/** So many tasks of one step each, which note the order they run in. */
function oneStep(tasks: number, orders: string[]): Scenario {
  return {
    name: 'one step each',
    play() {
      let order = '';
      function* actor(name: string): Coroutine<void> {
        order += name;
      }
      return { actors: [...'abcd'.slice(0, tasks)].map(actor), atEnd: () => void orders.push(order) };
    },
  };
}

test.each([
  [2, 2],
  [3, 6],
  [4, 24],
])('%i tasks of one step each are run in all of their %i orders, once in each, the own order of the loop first', async (tasks, ways) => {
  const orders: string[] = [];
  const { runs, exhausted } = await everyOrder(oneStep(tasks, orders), { most: 1000 });
  expect([runs, orders.length, new Set(orders).size, exhausted]).toEqual([ways, ways, ways, true]);
  expect(orders[0]).toBe('abcd'.slice(0, tasks));
});

test('a search that stops before its end says so', async () => {
  expect(await everyOrder(oneStep(4, []), { most: 23 })).toMatchObject({ runs: 23, exhausted: false });
  expect(await everyOrder(oneStep(4, []), { most: 24 })).toMatchObject({ runs: 24, exhausted: true });
});

test('there is a moment when an iteration begins, after each step in it, and when nothing is ready', async () => {
  expect((await play(oneStep(2, []), { acts: [] })).moments).toEqual(['iteration', 'within', 'within', 'rest']);
});

test('each of two tasks is cancelled at each moment, before it ran and after, and so is each pair', async () => {
  const orders: string[] = [];
  const [cancel] = await cancelEverywhere(oneStep(2, orders), { most: 1000 });
  // Four moments and two tasks; a pair has its second act at the moment of the first or later.
  expect([cancel?.runs, cancel?.exhausted, cancel?.failure]).toEqual([1 + 8 + 2 * (2 * (4 + 3 + 2 + 1)), true, undefined]);
  expect(new Set(orders)).toEqual(new Set(['ab', 'b', 'a', '']));
});

test('a run that goes round in circles is told', async () => {
  const circles: Scenario = {
    name: 'circles',
    play(_world, { sleep }) {
      function* actor(): Coroutine<void> {
        for (;;) yield* sleep(0);
      }
      return { actors: [actor()] };
    },
  };
  expect((await play(circles, { acts: [] })).violations).toContain('the run ends well, not with Error: a run without end');
});
