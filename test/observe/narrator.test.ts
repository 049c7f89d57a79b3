import { expect, test } from 'vitest';
import { type Coroutine, createTask, sleep } from '../../src/loop/index.ts';
import { narrate } from '../../src/observe/narrator.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

async function narrated(main: () => Coroutine<unknown>): Promise<string[]> {
  const loop = virtualLoop();
  const lines: string[] = [];
  loop.setObserver(narrate(loop, (line) => lines.push(line.replace(/\.ts:\d+/, '.ts:N'))));
  await loop.runUntilComplete(loop.createTask(main(), { name: 'main' }));
  return lines;
}

test('a run is told line by line, each with its time and who brought it about', async () => {
  const lines = await narrated(function* main() {
    const worker = createTask(sleep(1000), { name: 'worker' });
    const late = createTask(sleep(9000), { name: 'late' });
    yield* worker;
    yield* sleep(0);
    late.cancel();
    yield* sleep(500);
  });
  expect(lines).toEqual([
    "[   0.000] main created: <Task pending name='main' coro=<main() running at test/observe/narrator.test.ts:N>>",
    '[   0.000] iteration 1: 1 ready',
    "[   0.000] worker created: <Task pending name='worker' coro=<sleep() running>>",
    "[   0.000] late created: <Task pending name='late' coro=<sleep() running>>",
    '[   0.000] main suspends: awaits worker',
    '[   0.000] iteration 2: 2 ready',
    '[   0.000] worker suspends: awaits a future',
    '[   0.000] late suspends: awaits a future',
    '[   1.000] iteration 3: 1 ready',
    '[   1.000] worker woken by a future',
    '[   1.000] iteration 4: 1 ready',
    '[   1.000] main woken by worker',
    "[   1.000] worker done: <Task finished name='worker' coro=<sleep() done> result=undefined>",
    '[   1.000] iteration 5: 1 ready',
    '[   1.000] main suspends: gives way',
    '[   1.000] iteration 6: 1 ready',
    '[   1.000] late asked to cancel',
    '[   1.000] late woken by a future',
    '[   1.000] main suspends: awaits a future',
    '[   1.000] iteration 7: 1 ready',
    "[   1.000] late done: <Task cancelled name='late' coro=<sleep() done>>",
    '[   1.500] iteration 8: 1 ready',
    '[   1.500] main woken by a future',
    '[   1.500] iteration 9: 1 ready',
    "[   1.500] main done: <Task finished name='main' coro=<main() done, defined at test/observe/narrator.test.ts:N> result=undefined>",
    '[   1.500] iteration 10: 1 ready',
  ]);
});

test('a task stays on its line, whatever it is called', async () => {
  const lines = await narrated(function* () {
    yield* createTask(sleep(1), { name: 'evil\x1b[2J\nfake line' });
  });
  expect(lines.filter((line) => line.includes('evil')).length).toBeGreaterThan(4);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
  for (const line of lines) expect(line).not.toMatch(/[\x00-\x1f]/);
});
