import { describe, expect, test } from 'vitest';
import {
  asCompleted,
  asyncWith,
  Barrier,
  BoundedSemaphore,
  Condition,
  type Coroutine,
  createTask,
  Event,
  type Future,
  fromPromise,
  gather,
  Lock,
  Queue,
  Semaphore,
  shield,
  sleep,
  type Task,
  TaskGroup,
  timeout,
  wait,
  waitFor,
} from '../../src/loop/index.ts';
import { formatTree, type TaskNode, type TaskTree, taskTree, watchWaits } from '../../src/observe/index.ts';
import { type TestLoop, virtualLoop } from '../support/virtual-loop.ts';

/** Runs tasks for a while on a loop that is watched, and looks at them then; their lines are left out. */
async function lookAt(start: (loop: TestLoop) => void, { after = 10, watched = true, stacks = false } = {}): Promise<string[]> {
  const loop = virtualLoop();
  if (watched) watchWaits(loop);
  start(loop);
  let text = '';
  loop.callLater(after, () => {
    text = formatTree(taskTree(loop), { stacks, width: 160 });
    loop.stop();
  });
  await loop.runForever();
  return text.split('\n').map((line) => line.replace(/:\d+$/, ':N'));
}

/** One node, of a tree that has no other root. */
function only({ roots }: TaskTree): TaskNode {
  expect(roots).toHaveLength(1);
  return roots[0] as TaskNode;
}

describe('a task stands with what it waits for:', () => {
  function* awaits(future: Future<unknown>): Coroutine<void> {
    yield* future;
  }
  const cases: [name: string, start: (loop: TestLoop) => void, expected: string[]][] = [
    ['a time', (loop) => loop.createTask(sleep(1500), { name: 'a' }), ['a  sleep, 1.5 s left, for 10 ms']],
    [
      'another task, whose own wait stands below',
      (loop) => loop.createTask(awaits(loop.createTask(sleep(70_000), { name: 'b' })), { name: 'a' }),
      ['a  awaits b, for 10 ms', '   └─ b  sleep, 1 min 10 s left, for 10 ms'],
    ],
    ['a future nobody has set', (loop) => loop.createTask(awaits(loop.createFuture()), { name: 'a' }), ['a  a Future nobody has set, for 10 ms']],
    [
      'a lock, who holds it and its place in line',
      (loop) => {
        const lock = new Lock();
        for (const name of ['a', 'b', 'c'])
          loop.createTask(
            asyncWith(lock, () => sleep(100)),
            { name },
          );
        loop.createTask(awaitsLock(lock), { name: 'd' });
      },
      [
        'a  sleep, 90 ms left, for 10 ms',
        '×2 b, c  Lock-1.acquire, held by a, 1st and 2nd of 3, for 10 ms',
        'd  Lock-1.acquire, held by a, 3rd of 3, for 10 ms',
      ],
    ],
    [
      'a semaphore, and several who hold it',
      (loop) => {
        const semaphore = new BoundedSemaphore(2);
        for (const name of ['a', 'b', 'c'])
          loop.createTask(
            asyncWith(semaphore, () => sleep(100)),
            { name },
          );
      },
      ['×2 a, b  sleep, 90 ms left, for 10 ms', 'c  BoundedSemaphore-1.acquire, held by a and b, 1st of 1, for 10 ms'],
    ],
    [
      'a lock whose holder has ended without giving it back',
      (loop) => {
        const lock = new Lock();
        loop.createTask(lock.acquire(), { name: 'gone' });
        loop.createTask(lock.acquire(), { name: 'a' });
      },
      ['a  Lock-1.acquire, held by gone, which has ended, 1st of 1, for 10 ms'],
    ],
    ['an event', (loop) => loop.createTask(new Event().wait(), { name: 'a' }), ['a  Event-1.wait, 1st of 1, for 10 ms']],
    ['a queue, to get', (loop) => loop.createTask(new Queue().get(), { name: 'a' }), ['a  Queue-1.get, 1st of 1, for 10 ms']],
    [
      'a queue, to put',
      (loop) => {
        const queue = new Queue<number>(1);
        queue.putNowait(1);
        loop.createTask(queue.put(2), { name: 'a' });
      },
      ['a  Queue-1.put, 1st of 1, for 10 ms'],
    ],
    [
      'a condition',
      (loop) => {
        const condition = new Condition();
        loop.createTask(
          asyncWith(condition, () => condition.wait()),
          { name: 'a' },
        );
      },
      ['a  Condition-1.wait, 1st of 1, for 10 ms'],
    ],
    ['a barrier', (loop) => loop.createTask(new Barrier(2).wait(), { name: 'a' }), ['a  Barrier.wait, Condition-1, 1st of 1, for 10 ms']],
    [
      'a gather, through another one, and its children',
      (loop) => {
        const inner = gather([sleep(100), sleep(100)], { loop });
        loop.createTask(awaits(gather([inner, sleep(5)], { loop })), { name: 'a' });
      },
      ['a  gather, 1 left, for 10 ms', '   └─ ×2 Task-…  sleep, 90 ms left, for 10 ms'],
    ],
    [
      'all of several tasks, at most so long',
      (loop) => loop.createTask(waits([loop.createTask(sleep(100), { name: 'b' }), loop.createTask(sleep(5))], { timeout: 5000 }), { name: 'a' }),
      ['a  wait, 1 left, gives up in 5.0 s, for 10 ms', '   └─ b  sleep, 90 ms left, for 10 ms'],
    ],
    [
      'the first of several tasks',
      (loop) => loop.createTask(waits([loop.createTask(sleep(100), { name: 'b' })], { returnWhen: 'FIRST_COMPLETED' }), { name: 'a' }),
      ['a  wait, the first of 1, for 10 ms', '   └─ b  sleep, 90 ms left, for 10 ms'],
    ],
    [
      'results as they come',
      (loop) => loop.createTask(firstOf([loop.createTask(sleep(100), { name: 'b' })]), { name: 'a' }),
      ['a  asCompleted, the first of 1, for 10 ms', '   └─ b  sleep, 90 ms left, for 10 ms'],
    ],
    [
      'the tasks of its group',
      (loop) => loop.createTask(groups(), { name: 'a' }),
      ['a  TaskGroup, 1 left, for 10 ms', '   └─ b  sleep, 90 ms left, for 10 ms'],
    ],
    [
      'what it shields',
      (loop) => loop.createTask(awaits(shield(loop.createTask(sleep(100), { name: 'b' }))), { name: 'a' }),
      ['a  shield, 1 left, for 10 ms', '   └─ b  sleep, 90 ms left, for 10 ms'],
    ],
    ['anything, with a limit', (loop) => loop.createTask(waitFor(sleep(100), 1000), { name: 'a' }), ['a  sleep, 90 ms left, for 10 ms']],
    [
      'a future, with a limit',
      (loop) =>
        loop.createTask(
          asyncWith(timeout100(loop), () => loop.createFuture()),
          { name: 'a' },
        ),
      ['a  asyncWith, gives up in 90 ms, for 10 ms'],
    ],
  ];
  function* awaitsLock(lock: Lock): Coroutine<void> {
    yield* lock.acquire();
  }
  function* waits(tasks: Task<void>[], options: Parameters<typeof wait>[1]): Coroutine<void> {
    yield* wait(tasks, options);
  }
  function* firstOf(tasks: Task<void>[]): Coroutine<void> {
    for (const next of asCompleted(tasks)) yield* next;
  }
  function* groups(): Coroutine<void> {
    yield* asyncWith(new TaskGroup(), function* (group) {
      group.createTask(sleep(100), { name: 'b' });
    });
  }
  function timeout100(loop: TestLoop): { aenter(): Coroutine<unknown>; aexit(error: unknown): Coroutine<void> } {
    let limit: ReturnType<typeof timeout> | undefined;
    return {
      *aenter() {
        limit = timeout(100);
        yield* limit.aenter();
        return loop;
      },
      *aexit(error) {
        yield* (limit as ReturnType<typeof timeout>).aexit(error);
      },
    };
  }

  test.each(cases)('%s', async (_name, start, expected) => {
    const [header, ...lines] = await lookAt(start);
    expect(lines.map((line) => line.replace(/^[├└]─ /, ''))).toEqual(expected);
    expect(header).toMatch(/^\d+ pending tasks?$/);
  });

  test('work of the host', async () => {
    const loop = virtualLoop();
    const task = loop.createTask(fromPromise(() => new Promise(() => {})));
    loop.callSoon(() => loop.stop());
    await loop.runForever();
    await loop.runUntilComplete(sleep(0));
    expect(only(taskTree(loop)).tasks[0]?.wait).toEqual({ for: 'host', call: 'fromPromise' });
    task.cancel();
    await loop.runUntilComplete(sleep(0));
  });
});

describe('the tree', () => {
  test('of tasks that do the same has one entry for them all, below the same task, whoever they await', async () => {
    function* inner(): Coroutine<void> {
      yield* sleep(100);
    }
    function* fetches(): Coroutine<void> {
      yield* createTask(inner());
    }
    expect(
      await lookAt(
        (loop) => {
          function* main(): Coroutine<void> {
            yield* wait(Array.from({ length: 97 }, (_, n) => createTask(fetches(), { name: `fetch-${n}` })));
          }
          loop.createTask(main(), { name: 'main' });
        },
        { stacks: true },
      ),
    ).toEqual([
      '195 pending tasks',
      '└─ main  wait, 97 left, for 10 ms',
      '   │ main test/observe/task-tree.test.ts:N',
      '   └─ ×97 fetch-…  awaits ×97 Task-…, for 10 ms',
      '      │ fetches test/observe/task-tree.test.ts:N',
      '      └─ ×97 Task-…  sleep, 90 ms left, for 10 ms',
      '           inner test/observe/task-tree.test.ts:N',
    ]);
  });

  test('tells of what several await in the same way once, and marks it where they await it otherwise', async () => {
    expect(
      await lookAt((loop) => {
        const shared = loop.createTask(sleep(100), { name: 'shared' });
        function* one(): Coroutine<void> {
          yield* shared;
        }
        function* other(): Coroutine<void> {
          yield* gather([shared]);
        }
        for (const name of ['a', 'b']) loop.createTask(one(), { name });
        loop.createTask(other(), { name: 'c' });
      }),
    ).toEqual([
      '4 pending tasks',
      '├─ ×2 a, b  awaits shared, for 10 ms',
      '│  └─ shared  sleep, 90 ms left, for 10 ms',
      '└─ c  gather, 1 left, for 10 ms',
      '   └─ ↑ shared, above',
    ]);
  });

  test('has circles of tasks in it, each marked where it closes, though nobody else awaits them', async () => {
    expect(
      await lookAt((loop) => {
        const tasks: Task<void>[] = [];
        function* next(index: number): Coroutine<void> {
          yield* tasks[index % 3] as Task<void>;
        }
        for (const index of [1, 2, 3]) tasks.push(loop.createTask(next(index), { name: `t${index}` }));
      }),
    ).toEqual([
      '3 pending tasks',
      '└─ t1  awaits t2, for 10 ms',
      '   └─ t2  awaits t3, for 10 ms',
      '      └─ t3  awaits t1, for 10 ms',
      '         └─ ↻ t1, above',
    ]);
  });

  test('tells who is ready, who has not begun and who is running', async () => {
    const loop = virtualLoop();
    let text = '';
    function* main(): Coroutine<void> {
      createTask(sleep(1), { name: 'not begun' });
      text = formatTree(taskTree(loop), { width: 200 }).replaceAll(/:\d+$/gm, ':N');
    }
    await loop.runUntilComplete(main());
    expect(text.split('\n')).toEqual(['2 pending tasks', '├─ Task-1  running', '│    main test/observe/task-tree.test.ts:N', '└─ not begun  ready']);
  });

  test('without anybody who watched tells what the tasks themselves know', async () => {
    const start = (loop: TestLoop): void => {
      const lock = new Lock();
      loop.createTask(
        asyncWith(lock, () => sleep(100)),
        { name: 'a' },
      );
      loop.createTask(lock.acquire(), { name: 'b' });
      loop.createTask(new Queue().join(), { name: 'c' });
      loop.createTask(new Semaphore(0).acquire(), { name: 'd' });
    };
    expect(await lookAt(start, { watched: false })).toEqual(['3 pending tasks', '├─ a  sleep', '├─ b  Lock.acquire', '└─ d  Semaphore.acquire']);
  });

  test('shows the lines of the library where they are asked for', async () => {
    const loop = virtualLoop();
    function* main(): Coroutine<void> {
      yield* new Event().wait();
    }
    const task = loop.createTask(main());
    loop.callSoon(() => loop.stop());
    await loop.runForever();
    expect(only(taskTree(loop)).stack.map(({ name }) => name)).toEqual(['main']);
    expect(only(taskTree(loop, { all: true })).stack.map(({ name }) => name)).toEqual(['main', 'Event.wait', 'waiter']);
    task.cancel();
    await loop.runUntilComplete(sleep(0));
  });

  test('of a chain of awaits that goes on and on ends at some depth', async () => {
    const loop = virtualLoop();
    function* chain(left: number): Coroutine<void> {
      if (left === 0) yield* sleep(100);
      else yield* createTask(chain(left - 1));
    }
    loop.createTask(chain(4_999));
    let text = '';
    loop.callLater(10, () => {
      text = formatTree(taskTree(loop));
      loop.stop();
    });
    await loop.runForever();
    expect(text.split('\n').length).toBeLessThan(1000);
    expect(text).toContain('5000 pending tasks');
    expect(text).toContain('└─ ...');
  });

  test.each<[name: string, levels: number, around: (inner: Future<unknown>) => Future<unknown>]>([
    ['5000 deep', 5000, (inner) => gather([inner])],
    ['each of which has the one below twice', 40, (inner) => gather([inner, inner])],
    ['so deep that nobody looks for a circle through them', 12_000, (inner) => gather([inner])],
  ])('is there of gathers %s, and a watch bears them', async (_name, levels, around) => {
    const loop = virtualLoop();
    const told: string[] = [];
    watchWaits(loop, { deadlocked: (message) => told.push(message) });
    const lock = new Lock();
    function* child(): Coroutine<void> {
      yield* sleep(5);
      yield* lock.acquire();
    }
    function* folds(): Coroutine<void> {
      yield* lock.acquire();
      let all: Future<unknown> = createTask(child(), { name: 'child' });
      for (let level = 0; level < levels; level++) all = around(all);
      yield* all;
    }
    loop.createTask(folds(), { name: 'folds' });
    await loop.runUntilComplete(sleep(10));
    expect(loop.reports).toEqual([]);
    const [folding] = taskTree(loop).roots;
    expect(folding?.tasks[0]?.name).toBe('folds');
    if (levels === 12_000) expect(told).toEqual([]);
    else expect(told).toEqual([expect.stringMatching(/^child awaits Lock-1.*, held by folds, which awaits gather.*, and so child; only/)]);
  });

  test('of a loop without tasks says so', () => {
    expect(formatTree(taskTree(virtualLoop()))).toBe('no pending task');
  });
});
