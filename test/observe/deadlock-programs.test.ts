// Generated programs: each deadlock is told of in full, each circle beside what goes on is found, and nothing is told of
// programs that end. What fails names its seed.
import { expect, test } from 'vitest';
import { allTasks, type Coroutine, DeadlockError, sleep, type Task, wait } from '../../src/loop/index.ts';
import { type TaskNode, type TaskTree, type TaskWait, taskTree, watchWaits } from '../../src/observe/index.ts';
import { deadlockProgram, finishingProgram } from '../support/deadlock-programs.ts';
import { forSeeds } from '../support/random.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

/** What the tree tells of each task, wherever it stands. */
function waitsIn(tree: TaskTree): Map<string, TaskWait> {
  const found = new Map<string, TaskWait>();
  const look = ({ tasks, children }: TaskNode): void => {
    for (const task of tasks) found.set(task.name, task);
    children.forEach(look);
  };
  tree.roots.forEach(look);
  return found;
}

test('of 100 generated deadlocks each names every pending task and what it awaits, and the tree also who holds it and the place in line', async () => {
  let tasks = 0;
  await forSeeds(100, async (random) => {
    const loop = virtualLoop();
    let tree: TaskTree | undefined;
    watchWaits(loop, {
      stuck: () => {
        tree = taskTree(loop);
      },
    });
    const { stuck } = deadlockProgram(loop, random);
    if (stuck.size === 0) return;
    const never = loop.createFuture<void>();
    const error = await loop.runUntilComplete(never).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(DeadlockError);
    const reported = new Map((error as DeadlockError).tasks.map((task) => [task.name, task.awaits]));
    expect(reported).toEqual(new Map([...stuck].map(([name, { awaits }]) => [name, awaits])));
    for (const [name, { awaits }] of stuck) expect((error as DeadlockError).message).toContain(`  ${name} awaits ${awaits}`);

    const told = waitsIn(tree as TaskTree);
    expect([...told.keys()].sort()).toEqual([...stuck.keys()].sort());
    for (const [name, expected] of stuck) {
      const { wait: found, waited } = told.get(name) as TaskWait;
      expect(found, name).toMatchObject(expected.wait);
      expect(waited, name).toBeGreaterThanOrEqual(0);
      if (found.for !== 'primitive') continue;
      expect(found.holders.map(({ task }) => task).sort(), name).toEqual([...(expected.holders ?? [])].sort());
      if (expected.position !== undefined && !name.includes('-permit')) expect(found.position, name).toBe(expected.position);
    }
    tasks += stuck.size;
    for (const task of allTasks(loop)) task.cancel();
    await loop.runUntilComplete(sleep(1));
  });
  if (process.env.ASYNCDEMO_SEED === undefined) expect(tasks).toBeGreaterThan(400);
});

test('of the same beside a task that goes on each circle is found, once, and says what can end it', async () => {
  let circlesFound = 0;
  await forSeeds(100, async (random) => {
    const loop = virtualLoop();
    const told: string[] = [];
    watchWaits(loop, { deadlocked: (message) => told.push(message) });
    const { circles, stuck } = deadlockProgram(loop, random);
    function* spins(): Coroutine<void> {
      for (let turns = 0; turns < 30; turns++) yield* sleep(10);
    }
    await loop.runUntilComplete(spins());
    for (const circle of circles) {
      const about = told.filter((message) => circle.some((name) => message.startsWith(`${name} awaits`)));
      expect(about, `${circle}: ${told.join('\n')}`).toHaveLength(1);
      expect(about[0]).toMatch(
        / at test\/support\/deadlock-programs\.ts:\d+.*; only a cancellation(, or somebody else giving it back,|(, somebody else giving it back)?, or an error of another that is awaited,)? can end this$/,
      );
    }
    const orphans = [...stuck.keys()].filter((name) => name.endsWith('-heir'));
    expect(told).toHaveLength(circles.length + orphans.length);
    for (const name of orphans) expect(told.some((message) => message.startsWith(`${name} awaits Lock-`))).toBe(true);
    circlesFound += circles.length;
    for (const task of allTasks(loop)) task.cancel();
    await loop.runUntilComplete(sleep(1));
  });
  if (process.env.ASYNCDEMO_SEED === undefined) expect(circlesFound).toBeGreaterThan(80);
});

test('of 300 programs that end, with locks, permits, signals and cancellations in them, no deadlock is told', async () => {
  await forSeeds(300, async (random) => {
    const loop = virtualLoop();
    const told: string[] = [];
    watchWaits(loop, { deadlocked: (message) => told.push(message) });
    finishingProgram(loop, random);
    while (allTasks(loop).length > 0) await loop.runUntilComplete(finish(allTasks(loop)));
    expect(told).toEqual([]);
  });
});

function* finish(tasks: Task<unknown>[]): Coroutine<void> {
  yield* wait(tasks);
}
