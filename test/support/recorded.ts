// Programs of every kind, recorded: what pictures, reports and assertions are tested on.
import { onTestFinished } from 'vitest';
import {
  asyncWith,
  Condition,
  type Coroutine,
  createTask,
  Event,
  EventLoop,
  fromPromise,
  gather,
  getRunningLoop,
  Lock,
  PriorityQueue,
  Queue,
  Semaphore,
  shield,
  sleep,
  type Task,
  timeout,
  VirtualDriver,
  wait,
} from '../../src/loop/index.ts';
import { type Log, type RecordOptions, record } from '../../src/observe/index.ts';
import type { Random } from './random.ts';

/** Records a coroutine in virtual time, without real time unless asked for. */
export async function recorded(main: () => Coroutine<unknown>, options: RecordOptions = {}, runs = 1): Promise<Log> {
  const loop = new EventLoop({ driver: new VirtualDriver() });
  onTestFinished(() => loop.close());
  loop.setExceptionHandler(() => {});
  const recorder = record(loop, { wall: false, ...options });
  for (let run = 0; run < runs; run++) await loop.runUntilComplete(main()).catch(() => {});
  return recorder.stop();
}

function* swallow(awaitable: Coroutine<unknown>): Coroutine<void> {
  try {
    yield* awaitable;
  } catch {}
}

/** Programs without a random part, by what is in them. */
export const PROGRAMS = {
  *spinner(): Coroutine<void> {
    const spin = createTask(
      (function* spin(): Coroutine<void> {
        for (;;) yield* sleep(100);
      })(),
      { name: 'spin' },
    );
    yield* sleep(1000);
    spin.cancel();
    yield* wait([spin]);
  },
  *semaphore(): Coroutine<void> {
    const semaphore = new Semaphore(2);
    function* fetch(): Coroutine<void> {
      yield* sleep(10);
    }
    function* worker(): Coroutine<void> {
      yield* asyncWith(semaphore, function* () {
        yield* fetch();
      });
    }
    yield* gather(Array.from({ length: 6 }, worker));
  },
  *'locks, conditions, events and queues'(): Coroutine<void> {
    const [lock, condition, event, queue] = [new Lock(), new Condition(), new Event(), new Queue<number>(1)];
    function* consumer(): Coroutine<void> {
      for (let i = 0; i < 3; i++) yield* queue.get();
      event.set();
    }
    function* notified(): Coroutine<void> {
      yield* asyncWith(condition, () => condition.wait());
    }
    const all = [createTask(consumer()), createTask(notified())];
    yield* asyncWith(lock, function* () {
      for (let i = 0; i < 3; i++) yield* queue.put(i);
    });
    yield* asyncWith(condition, function* () {
      condition.notify();
    });
    yield* event.wait();
    yield* gather(all);
  },
  *'cancellations, timeouts and shields'(): Coroutine<void> {
    const inner = createTask(sleep(50));
    yield* swallow(asyncWith(timeout(10), () => shield(inner)));
    const stubborn = createTask(swallow(sleep(1000)));
    yield* sleep(0);
    stubborn.cancel();
    yield* stubborn;
    const never = createTask(sleep(5));
    never.cancel();
    yield* wait([never, inner]);
  },
  *errors(): Coroutine<void> {
    function* fails(): Coroutine<void> {
      yield* sleep(1);
      throw new RangeError('a reason\nof two lines');
    }
    yield* gather([fails(), fails(), sleep(2)], { returnExceptions: true });
    getRunningLoop().callSoon(() => {
      throw new Error('in a callback');
    });
    yield* sleep(0);
    yield* fails();
  },
  *'eager tasks within eager tasks'(): Coroutine<void> {
    function* leaf(): Coroutine<void> {
      yield* sleep(0);
    }
    function* branch(depth: number): Coroutine<void> {
      const task = createTask<unknown>(depth === 0 ? leaf() : branch(depth - 1), { eagerStart: true });
      yield* sleep(3);
      yield* task;
    }
    yield* branch(4);
  },
  *'nothing to wait for'(): Coroutine<void> {
    for (let i = 0; i < 50; i++) yield* sleep(0);
  },
  *'promises of the host'(): Coroutine<void> {
    yield* fromPromise(() => new Promise<void>((resolve) => setImmediate(resolve)));
    yield* gather([1, 2, 3].map((i) => fromPromise(() => Promise.resolve(i))));
  },
  *'names of every kind'(): Coroutine<void> {
    for (const name of ['', '"quoted"', 'new\nline', '\ud800', '</script>', '进度']) createTask(sleep(1), { name });
    yield* sleep(2);
  },
  *'what a task does not await'(): Coroutine<void> {
    yield undefined as never;
  },
} satisfies Readonly<Record<string, () => Coroutine<unknown>>>;

/** A program that is restarted with tasks that live on. */
export function* livesOn(): Coroutine<void> {
  createTask(
    (function* ticker(): Coroutine<void> {
      for (let i = 0; i < 5; i++) yield* sleep(10);
    })(),
    { name: 'ticker' },
  );
  yield* sleep(15);
}

/** A program that does at random what programs do. */
export function randomProgram(random: Random): () => Coroutine<unknown> {
  const semaphore = new Semaphore(1 + random.int(3));
  const [lock, event] = [new Lock(), new Event()];
  const queue = random.chance(0.5) ? new Queue<number>(random.int(3)) : new PriorityQueue<number>();
  const tasks: Task<unknown>[] = [];
  function* act(depth: number): Coroutine<unknown> {
    for (let left = random.int(6); left > 0; left--) {
      switch (random.int(12)) {
        case 0:
        case 1:
          yield* sleep(random.int(20));
          break;
        case 2:
          yield* sleep(0);
          break;
        case 3:
          yield* asyncWith(semaphore, () => sleep(random.int(5)));
          break;
        case 4:
          yield* asyncWith(lock, () => sleep(random.int(5)));
          break;
        case 5:
          if (depth < 4) tasks.push(createTask(act(depth + 1), { eagerStart: random.chance(0.3) }));
          break;
        case 6:
          tasks[random.int(tasks.length)]?.cancel();
          break;
        case 7:
          if (depth < 4) yield* gather([act(depth + 1), act(depth + 1)], { returnExceptions: random.chance(0.7) });
          break;
        case 8:
          yield* swallow(
            asyncWith(timeout(random.int(10)), function* () {
              if (random.chance(0.5)) yield* queue.get();
              else yield* event.wait();
            }),
          );
          break;
        case 9:
          if (!queue.full()) queue.putNowait(random.int(9));
          event.set();
          break;
        case 10:
          getRunningLoop().callSoon(() => event.clear());
          break;
        case 11:
          if (random.chance(0.2)) throw new Error('at random');
          if (random.chance(0.1)) yield undefined as never;
      }
    }
    return undefined;
  }
  return function* main() {
    yield* wait(Array.from({ length: 1 + random.int(4) }, () => createTask(act(0))));
  };
}
