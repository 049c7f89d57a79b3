import { expect, test } from 'vitest';
import { asyncWith, type Coroutine, createTask, Queue, Semaphore, sleep } from '../../src/loop/index.ts';
import { levelsOf } from '../../src/observe/chart.ts';
import { Story } from '../../src/observe/index.ts';
import { recorded } from '../support/recorded.ts';

/** A character for each of ten columns: how much there was of the only primitive at its end. */
async function levels(main: () => Coroutine<unknown>): Promise<string> {
  const story = new Story(await recorded(main));
  const [primitive] = story.primitives.values();
  if (primitive === undefined) throw new Error('expected a primitive in the log, got none');
  return levelsOf(story, primitive, 10)
    .map((level) => level ?? '.')
    .join('');
}

test('a queue at which somebody waits for items has none, and where somebody waits for room it stays full', async () => {
  function* consumed(): Coroutine<void> {
    const queue = new Queue<number>();
    createTask(queue.get());
    yield* sleep(50);
    queue.putNowait(1);
    yield* sleep(50);
  }
  expect(await levels(consumed)).toBe('0000000000');
  function* full(): Coroutine<void> {
    const queue = new Queue<number>(2);
    createTask(putsAll(queue, 4));
    yield* sleep(50);
    for (let taken = 0; taken < 4; taken++) {
      yield* sleep(10);
      yield* queue.get();
    }
    yield* sleep(10);
  }
  expect(await levels(full)).toBe('2222222210');
});

function* putsAll(queue: Queue<number>, count: number): Coroutine<void> {
  for (let n = 0; n < count; n++) yield* queue.put(n);
}

test('permits are told from when one is first taken', async () => {
  function* main(): Coroutine<void> {
    const semaphore = new Semaphore(2);
    yield* sleep(20);
    yield* asyncWith(semaphore, () => sleep(40));
    yield* sleep(40);
  }
  expect(await levels(main)).toBe('..11112222');
});
