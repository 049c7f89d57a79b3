// The log of a program in virtual time, without real time: the same each run.
import { type Coroutine, EventLoop, VirtualDriver } from '../../src/loop/index.ts';
import type { Log } from '../../src/observe/log.ts';
import { type RecordOptions, record } from '../../src/observe/recorder.ts';

/** Runs a program to its end, whatever that is, on a loop of its own. */
export async function recorded(main: (loop: EventLoop) => Coroutine<unknown>, options: RecordOptions = {}): Promise<Log> {
  const loop = new EventLoop({ driver: new VirtualDriver() });
  loop.setExceptionHandler(() => {});
  const recorder = record(loop, { wall: false, ...options });
  await loop.runUntilComplete(main(loop)).catch(() => {});
  const log = recorder.stop();
  loop.close();
  return log;
}
