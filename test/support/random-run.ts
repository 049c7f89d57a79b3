// Runs of random programs, recorded: tasks that sleep, take turns, take permits and locks, hand things on through a queue, await
// and cancel each other, and fail.
import { asyncWith, CancelledError, type Coroutine, EventLoop, Lock, Queue, Semaphore, sleep, type Task, VirtualDriver } from '../../src/loop/index.ts';
import { type Log, type Recorder, record } from '../../src/observe/index.ts';
import type { Random } from './random.ts';

/** `late`: the recording begins in the middle of the run. */
export async function randomLog(random: Random, late = false): Promise<Log> {
  const [semaphore, lock, queue] = [new Semaphore(1 + random.int(2)), new Lock(), new Queue<number>(2)];
  const tasks: Task<void>[] = [];

  function* act(depth: number): Coroutine<void> {
    switch (random.int(9)) {
      case 0:
        return yield* sleep(random.int(4) * 10);
      case 1:
        return yield* sleep(0);
      case 2:
        return yield* asyncWith(semaphore, () => sleep(random.int(3) * 5));
      case 3:
        return yield* asyncWith(lock, () => sleep(random.int(3) * 5));
      case 4:
        return queue.full() ? undefined : yield* queue.put(depth);
      case 5:
        return queue.empty() ? undefined : void (yield* queue.get());
      case 6:
        tasks[random.int(tasks.length)]?.cancel();
        return;
      case 7:
        if (depth < 2) tasks.push(loop.createTask(life(depth + 1), { eagerStart: random.chance(0.3) }));
        return;
      default:
        if (random.chance(0.2)) throw new Error('no');
        loop.callSoon(() => {}).cancel();
        if (random.chance(0.3)) loop.callLater(random.int(20), () => {}).cancel();
        return void loop.callLater(random.int(20), () => {});
    }
  }
  function* life(depth: number): Coroutine<void> {
    for (let acts = random.int(6); acts > 0; acts--) yield* act(depth);
  }
  function* main(): Coroutine<void> {
    for (let i = 0; i < 5; i++) tasks.push(loop.createTask(life(0)));
    for (let i = 0; i < tasks.length; i++) {
      try {
        yield* tasks[i] as Task<void>;
      } catch (error) {
        if (!(error instanceof CancelledError) && (error as Error).message !== 'no') throw error;
      }
    }
  }

  const loop = new EventLoop({ driver: new VirtualDriver() });
  const begin = (): Recorder => record(loop, { wall: false, capacity: Number.POSITIVE_INFINITY });
  let recorder = begin();
  if (late) {
    recorder.stop();
    loop.callLater(random.int(30), () => {
      recorder = begin();
    });
  }
  try {
    await loop.runUntilComplete(main());
    return recorder.stop();
  } finally {
    loop.close();
  }
}
