// A loop in virtual time for a test, and what it would have written to stderr.
import { onTestFinished } from 'vitest';
import { type Coroutine, EventLoop, type ExceptionContext, VirtualDriver } from '../../src/loop/index.ts';

export interface TestLoop extends EventLoop {
  /** What reached the exception handler, oldest first. */
  readonly reports: ExceptionContext[];
}

/** A loop in virtual time, closed when the test ends. */
export function virtualLoop(): TestLoop {
  const reports: ExceptionContext[] = [];
  const loop = Object.assign(new EventLoop({ driver: new VirtualDriver() }), { reports });
  loop.setExceptionHandler((_loop, context) => void reports.push(context));
  onTestFinished(() => loop.close());
  return loop;
}

/** Runs a coroutine function on a loop in virtual time. */
export function inVirtualTime<T>(main: (loop: TestLoop) => Coroutine<T>): Promise<T> {
  const loop = virtualLoop();
  return loop.runUntilComplete(main(loop));
}
