import { queryObjects } from 'node:v8';
import { expect, test } from 'vitest';
import { Context } from '../../src/loop/context.ts';
import { GiveWay } from '../../src/loop/coroutine.ts';
import { GatheringFuture } from '../../src/loop/gather.ts';
import { allTasks, Future, Handle, run, sleep, Task, TimerHandle } from '../../src/loop/index.ts';
import { Sleep } from '../../src/loop/sleep.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

test('of each thing that programs make by the thousand one outlives them, and a full collection', async () => {
  await run(sleep(1), { loopFactory: () => virtualLoop() });
  for (const shape of [Task, Future, GatheringFuture, Handle, TimerHandle, Sleep, GiveWay, Context]) {
    // Asking makes a full collection first.
    expect(queryObjects(shape, { format: 'count' }), shape.name).toBeGreaterThan(0);
  }
  expect(queryObjects(Task, { format: 'count' })).toBe(1);
});

test('they are nobody’s: no loop has them among its tasks', () => {
  expect(allTasks(virtualLoop())).toEqual([]);
});
