// A loop in virtual time for a test, and what it would have written to stderr.
import { onTestFinished } from 'vitest';
import { type Coroutine, EventLoop, type ExceptionContext, VirtualDriver } from '../../src/loop/index.ts';

export interface TestLoop extends EventLoop {
  /** What reached the exception handler, oldest first. */
  readonly reports: ExceptionContext[];
}

/** In ms of real time: a turn that gave way for want of it, on a busy machine, would be another log. */
const LONGEST_TURN = 10_000;

/** A loop in virtual time, closed when the test ends. */
export function virtualLoop(): TestLoop {
  const reports: ExceptionContext[] = [];
  const loop = Object.assign(new EventLoop({ driver: new VirtualDriver(), turnBudget: LONGEST_TURN }), { reports });
  loop.setExceptionHandler((_loop, context) => void reports.push(context));
  onTestFinished(() => loop.close());
  return loop;
}

/** Runs a coroutine function on a loop in virtual time. */
export function inVirtualTime<T>(main: (loop: TestLoop) => Coroutine<T>): Promise<T> {
  const loop = virtualLoop();
  return loop.runUntilComplete(main(loop));
}
