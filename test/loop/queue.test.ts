import { expect, expectTypeOf, test } from 'vitest';
import {
  allTasks,
  asyncWith,
  Barrier,
  CancelledError,
  Condition,
  type Coroutine,
  createTask,
  type DeadlockError,
  Event,
  getRunningLoop,
  LifoQueue,
  Queue,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  sleep,
  type Task,
  wait,
} from '../../src/loop/index.ts';
import { type Log, outcomeOf, sameAsCPython } from '../support/cpython.ts';
import { forSeeds } from '../support/random.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

/** The error's name: asyncio gives these no message. */
const name = (error: unknown): string => (error as Error).name;

function* getter(log: Log, queue: Queue<string>, number: number | string): Coroutine<void> {
  log(`${number} got ${yield* queue.get()}`);
}

function* putter(log: Log, queue: Queue<string>, item: string): Coroutine<void> {
  yield* queue.put(item);
  log(`put ${item}`);
}

function* getAll<T>(queue: Queue<T>): Coroutine<T[]> {
  const items: T[] = [];
  while (!queue.empty()) items.push(yield* queue.get());
  return items;
}

test('items come out in the order they were put; with items to get and room to put, nobody suspends', () =>
  sameAsCPython('items come out in the order they were put', function* (log, loop) {
    const queue = new Queue<string>();
    log(`${queue.qsize()} ${queue.empty()} ${queue.full()} ${queue.maxsize}`);
    loop.callSoon(log, 'a callback');
    for (const item of 'abc') yield* queue.put(item);
    log(`${queue.qsize()} ${queue.empty()} ${queue.full()}`);
    log(yield* getAll(queue));
    log('neither put nor get suspended');
  }));

test('getters get items in the order they asked', () =>
  sameAsCPython('getters get items in the order they asked', function* (log) {
    const queue = new Queue<string>();
    const tasks = [0, 1, 2].map((number) => createTask(getter(log, queue, number)));
    yield* sleep(1);
    queue.putNowait('a');
    queue.putNowait('b');
    log(queue.qsize());
    yield* sleep(1);
    yield* queue.put('c');
    yield* wait(tasks);
  }));

test('a full queue makes putters wait, in order', () =>
  sameAsCPython('a full queue makes putters wait in order', function* (log, loop) {
    const queue = new Queue<string>(2);
    function* putter(item: string): Coroutine<void> {
      yield* queue.put(item);
      log(`put ${item} at ${loop.time()}`);
    }
    const tasks = [...'abcde'].map((item) => createTask(putter(item)));
    yield* sleep(1);
    log(`${queue.full()} ${queue.qsize()}`);
    try {
      queue.putNowait('x');
    } catch (error) {
      if (error instanceof QueueFull) log(name(error));
    }
    for (let i = 0; i < 5; i++) {
      log(`got ${queue.getNowait()}`);
      yield* sleep(1);
    }
    try {
      queue.getNowait();
    } catch (error) {
      if (error instanceof QueueEmpty) log(name(error));
    }
    yield* wait(tasks);
  }));

test('a wake-up is a hint: a newcomer may be quicker than a woken getter, which goes to the end of the line', () =>
  sameAsCPython('a newcomer may be quicker than a woken getter which waits on', function* (log) {
    const queue = new Queue<string>();
    const tasks = ['first', 'second'].map((number) => createTask(getter(log, queue, number)));
    yield* sleep(1);
    queue.putNowait('a');
    log(`quicker: ${queue.getNowait()}`);
    yield* sleep(1);
    log('the first has gone behind the second');
    queue.putNowait('b');
    yield* sleep(1);
    queue.putNowait('c');
    yield* wait(tasks);
  }));

test('so it is with putters', () =>
  sameAsCPython('a newcomer may be quicker than a woken putter which waits on', function* (log) {
    const queue = new Queue<string>(1);
    queue.putNowait('full');
    const tasks = [...'ab'].map((item) => createTask(putter(log, queue, item)));
    yield* sleep(1);
    log(queue.getNowait());
    queue.putNowait('quicker');
    yield* sleep(1);
    for (let i = 0; i < 3; i++) {
      log(queue.getNowait());
      yield* sleep(1);
    }
    yield* wait(tasks);
  }));

test('a getter cancelled after its wake-up wakes the next', () =>
  sameAsCPython('a getter cancelled after its wake up wakes the next', function* (log) {
    const queue = new Queue<string>();
    const tasks = [1, 2, 3].map((number) => createTask(getter(log, queue, number)));
    const [first, second, third] = tasks as [Task<void>, Task<void>, Task<void>];
    yield* sleep(1);
    queue.putNowait('a');
    first.cancel();
    yield* sleep(1);
    log(`${outcomeOf(first)} ${outcomeOf(second)} ${queue.qsize()}`);
    third.cancel();
    queue.putNowait('b');
    yield* sleep(1);
    log(`${outcomeOf(third)} ${queue.qsize()}`);
  }));

test('a putter cancelled after its wake-up wakes the next', () =>
  sameAsCPython('a putter cancelled after its wake up wakes the next', function* (log) {
    const queue = new Queue<string>(1);
    queue.putNowait('full');
    const tasks = [...'abc'].map((item) => createTask(putter(log, queue, item)));
    const [first, second, third] = tasks as [Task<void>, Task<void>, Task<void>];
    yield* sleep(1);
    log(queue.getNowait());
    first.cancel();
    yield* sleep(1);
    log(`${outcomeOf(first)} ${outcomeOf(second)} ${queue.getNowait()}`);
    queue.putNowait('taken before the third runs');
    third.cancel();
    yield* sleep(1);
    log(`${outcomeOf(third)} ${queue.qsize()} ${queue.getNowait()}`);
  }));

test('who was cancelled before a wake-up is passed over', () =>
  sameAsCPython('waiters cancelled before a wake up are passed over', function* (log) {
    const queue = new Queue<string>(1);
    const getters = [0, 1, 2, 3].map((number) => createTask(getter(log, queue, number)));
    yield* sleep(1);
    getters[0]?.cancel();
    getters[1]?.cancel();
    queue.putNowait('a');
    yield* sleep(1);
    yield* queue.put('b');
    yield* wait(getters);
    queue.putNowait('full');
    const putters = [...'cde'].map((item) => createTask(putter(log, queue, item)));
    yield* sleep(1);
    putters[0]?.cancel();
    log(queue.getNowait());
    yield* sleep(1);
    log(queue.getNowait());
    yield* wait(putters);
    log(queue.getNowait());
  }));

test('a getter woken and cancelled with nothing left wakes nobody', () =>
  sameAsCPython('a getter woken and cancelled with nothing left wakes nobody', function* (log) {
    const queue = new Queue<string>();
    const [first, second] = [createTask(queue.get()), createTask(queue.get())];
    yield* sleep(1);
    queue.putNowait('a');
    first.cancel();
    log(queue.getNowait());
    yield* sleep(1);
    log(`${outcomeOf(first)} ${outcomeOf(second)}`);
    queue.putNowait('b');
    log(yield* second);
  }));

test('join waits until every item is done; done said once too often is an error', () =>
  sameAsCPython('join waits until every item is done', function* (log, loop) {
    const queue = new Queue<number>();
    loop.callSoon(log, 'a callback');
    yield* queue.join();
    log('join with nothing put does not suspend');
    function* worker(number: number): Coroutine<void> {
      for (;;) {
        const item = yield* queue.get();
        yield* sleep(item);
        log(`${number} done with ${item} at ${loop.time()}`);
        queue.taskDone();
      }
    }
    for (const item of [3, 1, 4, 6]) queue.putNowait(item);
    const workers = [0, 1].map((number) => createTask(worker(number)));
    const joiners = [0, 1].map(() => createTask(queue.join()));
    yield* queue.join();
    log(`joined at ${loop.time()}`);
    yield* wait(joiners);
    for (const task of workers) task.cancel();
    yield* wait(workers);
    try {
      queue.taskDone();
    } catch (error) {
      if (error instanceof RangeError) log(error.message);
    }
  }));

test('who joins goes on when all was done, even if something is put before its step', () =>
  sameAsCPython('join returns even if something is put before its step', function* (log) {
    const queue = new Queue<string>();
    queue.putNowait('a');
    const joining = createTask(queue.join());
    yield* sleep(0);
    queue.getNowait();
    queue.taskDone();
    queue.putNowait('b');
    yield* sleep(0);
    log(outcomeOf(joining));
    const again = createTask(queue.join());
    yield* sleep(1);
    log(outcomeOf(again));
    again.cancel();
    yield* wait([again]);
  }));

test('a queue that was shut down takes nothing more, and is drained first', () =>
  sameAsCPython('a queue shut down is drained first', function* (log) {
    const queue = new Queue<string>();
    for (const item of 'ab') queue.putNowait(item);
    queue.shutdown();
    for (const use of [() => queue.putNowait('c'), () => queue.getNowait(), () => queue.getNowait(), () => queue.getNowait()]) {
      try {
        log(use());
      } catch (error) {
        if (error instanceof QueueShutDown) log(name(error));
      }
    }
    for (const use of [queue.put('c'), queue.get()]) {
      try {
        log(yield* use);
      } catch (error) {
        if (error instanceof QueueShutDown) log(name(error));
      }
    }
    const joining = createTask(queue.join());
    yield* sleep(1);
    log(outcomeOf(joining));
    queue.taskDone();
    queue.taskDone();
    yield* joining;
    queue.shutdown();
    queue.shutdown({ immediate: true });
  }));

test('getters that wait are told of the shutdown, once the last item is gone', () =>
  sameAsCPython('waiting getters are told of the shutdown', function* (log) {
    const queue = new Queue<string>();
    function* getter(number: number): Coroutine<void> {
      try {
        log(`${number} got ${yield* queue.get()}`);
      } catch (error) {
        if (error instanceof QueueShutDown) log(`${number} ${name(error)}`);
      }
    }
    const tasks = [0, 1, 2].map((number) => createTask(getter(number)));
    yield* sleep(1);
    queue.putNowait('the last');
    queue.shutdown();
    log('shut down');
    yield* wait(tasks);
  }));

test('putters that wait are told of the shutdown', () =>
  sameAsCPython('waiting putters are told of the shutdown', function* (log) {
    const queue = new Queue<string>(1);
    queue.putNowait('full');
    function* putter(item: string): Coroutine<void> {
      try {
        yield* queue.put(item);
        log(`put ${item}`);
      } catch (error) {
        if (error instanceof QueueShutDown) log(`${item} ${name(error)} ${queue.qsize()}`);
      }
    }
    const tasks = [...'ab'].map((item) => createTask(putter(item)));
    yield* sleep(1);
    queue.shutdown();
    yield* wait(tasks);
    log(queue.getNowait());
  }));

test('a putter that was woken is refused when the shutdown comes before its step', () =>
  sameAsCPython('a putter woken by a get is refused when the shutdown comes first', function* (log) {
    const queue = new Queue<string>(1);
    queue.putNowait('full');
    function* putter(item: string): Coroutine<void> {
      try {
        yield* queue.put(item);
        log(`put ${item}`);
      } catch (error) {
        if (error instanceof QueueShutDown) log(`${item} ${name(error)}`);
      }
    }
    const tasks = [...'ab'].map((item) => createTask(putter(item)));
    yield* sleep(1);
    log(queue.getNowait());
    queue.shutdown();
    yield* wait(tasks);
    log(queue.qsize());
  }));

test('an immediate shutdown throws the items away, and counts them as done', () =>
  sameAsCPython('an immediate shutdown throws the items away and counts them as done', function* (log) {
    const queue = new Queue<string>();
    for (const item of 'abc') queue.putNowait(item);
    log(queue.getNowait());
    const joining = createTask(queue.join());
    yield* sleep(1);
    queue.shutdown({ immediate: true });
    log(`${queue.qsize()} ${queue.empty()}`);
    try {
      queue.getNowait();
    } catch (error) {
      if (error instanceof QueueShutDown) log(name(error));
    }
    yield* sleep(1);
    log(outcomeOf(joining));
    queue.taskDone();
    yield* sleep(1);
    log(outcomeOf(joining));
    try {
      queue.taskDone();
    } catch (error) {
      if (error instanceof RangeError) log(error.message);
    }
  }));

test('an immediate shutdown lets those go on who wait to join and to put', () =>
  sameAsCPython('an immediate shutdown frees who joins', function* (log) {
    const queue = new Queue<number>(2);
    function* putter(): Coroutine<void> {
      let item = 0;
      try {
        for (; item < 9; item++) yield* queue.put(item);
      } catch (error) {
        if (error instanceof QueueShutDown) log(`putter ${name(error)} at item ${item}`);
      }
    }
    function* joiner(): Coroutine<void> {
      yield* queue.join();
      log(`joined ${queue.qsize()}`);
    }
    const putting = createTask(putter());
    yield* sleep(1);
    const joining = createTask(joiner());
    yield* sleep(1);
    queue.shutdown({ immediate: true });
    yield* wait([putting, joining]);
  }));

test('done said before the item was taken is not counted twice by an immediate shutdown', () =>
  sameAsCPython('done said too early is not counted twice by an immediate shutdown', function* (log) {
    const queue = new Queue<string>();
    for (const item of 'abc') queue.putNowait(item);
    queue.taskDone();
    queue.taskDone();
    queue.shutdown({ immediate: true });
    yield* queue.join();
    log('joined');
    try {
      queue.taskDone();
    } catch (error) {
      if (error instanceof RangeError) log(error.message);
    }
  }));

test('who is cancelled as the queue is shut down is cancelled', () =>
  sameAsCPython('waiters cancelled at a shutdown are cancelled', function* (log) {
    const queue = new Queue<string>(1);
    const getters = [0, 1, 2].map(() => createTask(queue.get()));
    yield* sleep(1);
    getters[0]?.cancel();
    queue.shutdown();
    getters[1]?.cancel();
    yield* wait(getters);
    for (const task of getters) log(task.cancelled() ? 'cancelled' : name(task.exception()));
  }));

test('however cancellations and a shutdown fall, no item is lost or delivered twice, and nobody waits in vain', () =>
  forSeeds(200, (random) =>
    inVirtualTime(function* (): Coroutine<void> {
      const maxsize = random.int(4);
      const queue = random.chance(0.5) ? new Queue<number>(maxsize) : new LifoQueue<number>(maxsize);
      const put = new Set<number>();
      const got: number[] = [];
      let next = 0;
      let shutDown = false;
      function* putter(item: number): Coroutine<void> {
        yield* queue.put(item);
        put.add(item);
      }
      function* getter(): Coroutine<void> {
        got.push(yield* queue.get());
        if (random.chance(0.3)) yield* sleep(random.int(2));
        queue.taskDone();
      }
      const tasks: Task<void>[] = [];
      for (let step = 0; step < 80; step++) {
        if (random.chance(0.6)) tasks.push(createTask(putter(next++)));
        if (random.chance(0.5)) tasks.push(createTask(getter()));
        if (tasks.length > 0 && random.chance(0.4)) tasks[random.int(tasks.length)]?.cancel();
        if (random.chance(0.1) && !queue.empty()) {
          got.push(queue.getNowait());
          queue.taskDone();
        }
        if (random.chance(0.1) && !queue.full() && !shutDown) {
          queue.putNowait(next);
          put.add(next++);
        }
        if (random.chance(0.01)) {
          queue.shutdown();
          shutDown = true;
        }
        if (maxsize > 0) expect(queue.qsize()).toBeLessThanOrEqual(maxsize);
        if (random.chance(0.5)) yield* sleep(random.int(2));
      }
      yield* sleep(5);
      // Both lines empty, or one of them with a reason: getters wait for items, putters for room.
      const left = tasks.filter((task) => !task.done());
      if (left.length > 0) expect([shutDown, queue.empty() || queue.full()]).toEqual([false, true]);
      // A getter cancelled in its work has taken its item.
      const inside = Array.from({ length: queue.qsize() }, () => queue.getNowait());
      expect([...got, ...inside].sort((a, b) => a - b)).toEqual([...put].sort((a, b) => a - b));
      queue.shutdown({ immediate: true });
      yield* sleep(5);
      for (const task of tasks) {
        if (!task.cancelled() && task.exception() !== undefined) expect(task.exception()).toBeInstanceOf(QueueShutDown);
      }
      expect(String(queue)).not.toMatch(/_queue|_getters|_putters/);
      expect(allTasks().length).toBe(1);
    }),
  ));

test('join goes on exactly when as many were done as were put', () =>
  forSeeds(100, (random) =>
    inVirtualTime(function* (): Coroutine<void> {
      const queue = new Queue<number>();
      let unfinished = 0;
      let joined: Task<void> | undefined;
      for (let step = 0; step < 100; step++) {
        if (random.chance(0.45)) {
          queue.putNowait(step);
          unfinished += 1;
        } else if (unfinished > 0) {
          queue.taskDone();
          unfinished -= 1;
        } else {
          expect(() => queue.taskDone()).toThrow(RangeError);
        }
        if (joined === undefined && unfinished > 0) joined = createTask(queue.join());
        yield* sleep(0);
        if (unfinished === 0 && joined !== undefined) {
          yield* sleep(0);
          expect(joined.done()).toBe(true);
          joined = undefined;
        } else if (joined !== undefined) {
          expect(joined.done()).toBe(false);
        }
      }
      joined?.cancel();
      yield* sleep(1);
    }),
  ));

test('nothing is put or got by a coroutine that was never awaited', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const queue = new Queue<number>();
    void queue.put(1);
    void queue.get();
    yield* sleep(1);
    expect(String(queue)).toBe('<Queue maxsize=0>');
  }));

test('a deadlock names what is waited for', async () => {
  function* program(): Coroutine<void> {
    const [queue, full] = [new Queue<number>(), new Queue<number>(1)];
    full.putNowait(1);
    const condition = new Condition();
    const waiting = [queue.get(), full.put(2), full.join(), new Event().wait(), asyncWith(condition, () => condition.wait()), new Barrier(2).wait()];
    yield* wait(waiting.map((coroutine) => getRunningLoop().createTask<unknown>(coroutine)));
  }
  const error = await virtualLoop()
    .runUntilComplete(program())
    .catch((error: DeadlockError) => error);
  expect((error as DeadlockError).tasks.map((task) => task.awaits).slice(1)).toEqual([
    'Queue.get()',
    'Queue.put()',
    'Event.wait()',
    'Event.wait()',
    'Condition.wait()',
    'Condition.wait()',
  ]);
});

test('a size of 0 or less is no limit', () => {
  for (const maxsize of [0, -1]) {
    const queue = new Queue<number>(maxsize);
    for (let item = 0; item < 100; item++) queue.putNowait(item);
    expect([queue.full(), queue.maxsize]).toEqual([false, maxsize]);
  }
});

test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, '2'])('a queue of size %s is a RangeError that says what was expected', (wrong) => {
  expect(() => new Queue(wrong as number)).toThrow(`Queue: expected a whole number for maxsize, 0 for no limit, got ${wrong}`);
  expect(() => new Queue(wrong as number)).toThrow(RangeError);
});

test('undefined is an item like any other', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const queue = new Queue<undefined>();
    const getting = createTask(queue.get());
    yield* sleep(1);
    queue.putNowait(undefined);
    yield* wait([getting]);
    expect([getting.result(), queue.empty()]).toEqual([undefined, true]);
  }));

test('queues are typed by their items, and their coroutines need their star', () => {
  const compiled = (..._bodies: ((...args: never[]) => unknown)[]): void => {};
  compiled(function* (queue: Queue<number>): Coroutine<void> {
    expectTypeOf(yield* queue.get()).toEqualTypeOf<number>();
    expectTypeOf(queue.getNowait()).toEqualTypeOf<number>();
    expectTypeOf(yield* queue.put(1)).toEqualTypeOf<void>();
    // @ts-expect-error a queue of numbers takes no text
    yield* queue.put('text');
    // @ts-expect-error a queue of numbers takes no text
    queue.putNowait('text');
    // @ts-expect-error yield, not yield*
    yield queue.get();
    // @ts-expect-error yield, not yield*
    yield queue.join();
    // @ts-expect-error an option, not a flag
    queue.shutdown(true);
    // @ts-expect-error the size is fixed
    queue.maxsize = 5;
  });
  expect(new CancelledError()).not.toBeInstanceOf(QueueShutDown);
});

test('shut down at once, a queue is emptied even where a joiner of a loop that is closed by now cannot be woken', async () => {
  const loop = virtualLoop();
  const queue = new Queue<string>();
  function* main(): Coroutine<void> {
    queue.putNowait('a');
    queue.putNowait('b');
    queue.taskDone();
    createTask(queue.join());
    yield* sleep(1);
  }
  await loop.runUntilComplete(main());
  loop.close();
  expect(() => queue.shutdown({ immediate: true })).toThrow('Event loop is closed');
  expect(queue.empty()).toBe(true);
});
