import { inspect as nodeInspect } from 'node:util';
import { expect, test } from 'vitest';
import {
  asyncWith,
  Barrier,
  BoundedSemaphore,
  Condition,
  type Coroutine,
  createTask,
  Event,
  inspect,
  LifoQueue,
  Lock,
  PriorityQueue,
  Queue,
  sleep,
  wait,
} from '../../src/loop/index.ts';
import { formatError } from '../../src/loop/inspect.ts';
import { sameAsCPython, ValueError } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

test('a task is shown with its state, its name, where its coroutine stands, what it waits for, and its outcome', () =>
  inVirtualTime(function* (): Coroutine<void> {
    function* spin(): Coroutine<string> {
      yield* sleep(5);
      return 'round';
    }
    const task = createTask(spin());
    const place = String.raw`test/loop/inspect\.test\.ts:\d+`;
    expect(inspect(task)).toMatch(new RegExp(`^<Task pending name='Task-2' coro=<spin\\(\\) running at ${place}>>$`));
    yield* sleep(1);
    expect(inspect(task)).toMatch(
      new RegExp(`^<Task pending name='Task-2' coro=<spin\\(\\) running at ${place}> wait_for=<Future pending cb=\\[Task-2\\.wakeup\\(\\)\\]>>$`),
    );
    yield* task;
    expect(inspect(task)).toMatch(new RegExp(`^<Task finished name='Task-2' coro=<spin\\(\\) done, defined at ${place}> result='round'>$`));
  }));

test('a task that was asked to cancel is shown as cancelling, then as cancelled; one that failed with its error', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const task = createTask(sleep(5));
    yield* sleep(1);
    task.cancel();
    expect(inspect(task)).toMatch(/^<Task cancelling name='Task-2' /);
    yield* wait([task]);
    expect(inspect(task)).toMatch(/^<Task cancelled name='Task-2' /);
    const failing = createTask(
      (function* fails(): Coroutine<void> {
        throw new ValueError('no');
      })(),
    );
    yield* wait([failing]);
    expect(inspect(failing)).toMatch(/ exception=ValueError\('no'\)>$/);
    failing.exception();
  }));

test('many callbacks are shortened to the first and the last', () => {
  const future = virtualLoop().createFuture();
  for (let i = 0; i < 5; i++) future.addDoneCallback(function tell() {});
  expect(String(future)).toBe('<Future pending cb=[tell(), <3 more>, tell()]>');
});

test('console.log and util.inspect show a future the same way, alone or inside of something, and do not iterate it', () => {
  const future = virtualLoop().createFuture();
  expect(nodeInspect(future)).toBe('<Future pending>');
  expect(nodeInspect({ future })).toBe('{ future: <Future pending> }');
  expect(inspect([1, 'a'])).toBe("[ 1, 'a' ]");
});

test('an error is written the way Python writes one', () => {
  expect(formatError(new TypeError('no'))).toBe("TypeError('no')");
  expect(formatError(new TypeError())).toBe('TypeError()');
  expect(formatError(5)).toBe('5');
});

test('the primitives are shown as asyncio shows them', () =>
  sameAsCPython('primitives as text', function* (log, loop) {
    const [lock, event, semaphore, condition, barrier] = [new Lock(), new Event(), new BoundedSemaphore(2), new Condition(), new Barrier(3)];
    const everything = [lock, event, semaphore, condition, barrier];
    log(everything.join(' '));
    yield* lock.acquire();
    yield* semaphore.acquire();
    log(semaphore);
    yield* semaphore.acquire();
    const waiting = [
      lock.acquire(),
      lock.acquire(),
      event.wait(),
      semaphore.acquire(),
      asyncWith(condition, () => condition.wait()),
      barrier.wait(),
      barrier.wait(),
    ];
    const tasks = waiting.map((coroutine) => loop.createTask<unknown>(coroutine));
    yield* sleep(1);
    log(everything.join(' '));
    event.set();
    log(event);
    yield* barrier.abort();
    log(barrier);
    yield* condition.acquire();
    log(condition);
    for (const task of tasks) task.cancel();
    condition.release();
    yield* wait(tasks);
    log(everything.join(' '));
  }));

test('the queues are shown as asyncio shows them', () =>
  sameAsCPython('queues as text', function* (log) {
    const empty = new Queue<number>();
    log(empty);
    const task = createTask(empty.get());
    yield* sleep(1);
    log(empty);
    task.cancel();
    yield* wait([task]);
    const queue = new LifoQueue<number>(2);
    queue.putNowait(1);
    queue.putNowait(2);
    const tasks = [3, 4].map((item) => createTask(queue.put(item)));
    yield* sleep(1);
    log(queue);
    queue.shutdown();
    yield* wait(tasks);
    log(queue);
    log(tasks.map((task) => (task.exception() as Error).name));
    log(new PriorityQueue(5));
  }));

test('console.log and util.inspect show primitives and queues the same way', () => {
  expect(inspect([new Lock(), new BoundedSemaphore(3), new PriorityQueue()])).toBe(
    '[ <Lock [unlocked]>, <BoundedSemaphore [unlocked, value:3]>, <PriorityQueue maxsize=0> ]',
  );
});
