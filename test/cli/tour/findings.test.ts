// What the tour says of a run: the waits that lead to its end.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Findings, findingsOf } from '../../../src/cli/tour/findings.ts';
import { route } from '../../../src/cli/tour/route.ts';
import { type Coroutine, EventLoop, sleep, VirtualDriver } from '../../../src/loop/index.ts';
import { record, Story } from '../../../src/observe/index.ts';
import { parseLog } from '../../../src/observe/log-reader.ts';

async function findingsIn(program: (loop: EventLoop) => Promise<void>): Promise<Findings> {
  const loop = new EventLoop({ driver: new VirtualDriver() });
  const recorder = record(loop, { wall: false });
  await program(loop);
  loop.close();
  return findingsOf(new Story(recorder.stop()));
}

const told = ({ path }: Findings): unknown[] => path.map(({ task, awaits, ms }) => [task, awaits, ms]);

test.for(Object.keys(route))('the waits of %s add up to the whole time', (stop) => {
  const { path, length } = findingsOf(new Story(parseLog(readFileSync(new URL(`../logs/${stop}.jsonl`, import.meta.url), 'utf8'))));
  expect(path.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(length);
});

test('a wait that two timers lie behind, one set by the other, is told once and as long as it was', async () => {
  const findings = await findingsIn(async (loop) => {
    const future = loop.createFuture<void>();
    function* main(): Coroutine<void> {
      loop.callLater(300, () => loop.callLater(200, () => future.setResult()));
      yield* future;
    }
    await loop.runUntilComplete(main());
  });
  expect(told(findings)).toEqual([['Task-1', 'future', 500]]);
});

test('two sleeps of a task, one after the other, are two waits', async () => {
  const findings = await findingsIn(async (loop) => {
    function* main(): Coroutine<void> {
      yield* sleep(300);
      yield* sleep(200);
    }
    await loop.runUntilComplete(main());
  });
  expect(told(findings)).toEqual([
    ['Task-1', 'timer', 300],
    ['Task-1', 'timer', 200],
  ]);
});

test('of several runs all are told, and for a bare future it is the program that waits', async () => {
  const findings = await findingsIn(async (loop) => {
    await loop.runUntilComplete(sleep(300));
    const future = loop.createFuture<void>();
    loop.callLater(200, () => future.setResult());
    await loop.runUntilComplete(future);
    await loop.runUntilComplete(sleep(100));
  });
  expect(told(findings)).toEqual([
    ['Task-1', 'timer', 300],
    [undefined, 'timer', 200],
    ['Task-2', 'timer', 100],
  ]);
});

test('what a run takes over from the one before is told once', async () => {
  const findings = await findingsIn(async (loop) => {
    const long = loop.createTask(sleep(500));
    await loop.runUntilComplete(sleep(300));
    await loop.runUntilComplete(long);
  });
  expect(told(findings)).toEqual([['Task-1', 'timer', 500]]);
});
