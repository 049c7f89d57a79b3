import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import { expect, test } from 'vitest';
import { asyncWith, type Coroutine, createTask, EventLoop, Lock, type LoopObserver, sleep, type Task, VirtualDriver } from '../../src/loop/index.ts';
import { StackTable } from '../../src/observe/stack-table.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** The number of the chain at each suspension, in order. */
async function numbers(table: StackTable, main: () => Coroutine<unknown>, runs = 1): Promise<number[]> {
  const loop = new EventLoop({ driver: new VirtualDriver() });
  const found: number[] = [];
  let suspended = false;
  const watcher: LoopObserver = {
    taskSuspended: () => {
      suspended = true;
    },
    step: (phase, task) => {
      if (phase === 'end' && suspended) found.push(table.numberOf(task as Task<unknown>));
      suspended = false;
    },
  };
  loop.addObserver(watcher);
  for (let run = 0; run < runs; run++) await loop.runUntilComplete(main());
  loop.close();
  return found;
}

function* inner(): Coroutine<void> {
  yield* sleep(1);
  yield* sleep(0);
}

function* outer(): Coroutine<void> {
  yield* inner();
}

test('a chain is told outermost first, the lines of the program only, below its folder', async () => {
  const table = new StackTable(here);
  expect(
    await numbers(table, function* main() {
      yield* asyncWith(new Lock(), outer);
    }),
  ).toEqual([1, 2]);
  expect(table.all.get(1)).toEqual(
    ['main', 'outer', 'inner'].map((name) => ({ name, file: 'stack-table.test.ts', line: expect.any(Number), column: expect.any(Number) })),
  );
});

test('a file outside of the folder is told as it is', async () => {
  const table = new StackTable(`${here}other/`);
  await numbers(table, outer);
  expect(table.all.get(1)?.[0]?.file).toBe(fileURLToPath(import.meta.url));
});

test.each(['C:\\app', 'C:\\app\\', 'C:/app'])('on Windows, a file below %s is told without it, with slashes', async (root) => {
  const table = new StackTable(root);
  const main = runInThisContext('(function* (inner) { yield* inner; })', { filename: 'C:\\app\\src\\x.js' });
  await numbers(table, () => main(sleep(1)));
  expect(table.all.get(1)?.map(({ file }) => file)).toEqual(['src/x.js']);
});

test('each chain has one number, whichever task stands there and whoever runs the loop', async () => {
  const table = new StackTable(here);
  const found = await numbers(
    table,
    function* main() {
      const tasks = [createTask(outer()), createTask(outer(), { eagerStart: true })];
      for (const task of tasks) yield* task;
    },
    3,
  );
  expect(table.all.size).toBe(3);
  expect(new Set(found)).toEqual(new Set([1, 2, 3]));
});

test('where the program has no line there is no number', async () => {
  const table = new StackTable(here);
  expect(await numbers(table, () => sleep(1))).toEqual([0]);
  expect(table.all.size).toBe(0);
});

test('to be asked resumes nothing', async () => {
  const seen: number[] = [];
  await numbers(new StackTable(here), function* main() {
    for (let i = 0; i < 3; i++) {
      seen.push(i);
      yield* sleep(0);
    }
  });
  expect(seen).toEqual([0, 1, 2]);
});
