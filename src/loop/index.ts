// The library's door: everything public, and nothing else.
export { AsCompleted, asCompleted } from './as-completed.ts';
export { type AnyIterable, asyncFor, BREAK, type CoroutineIterable, type CoroutineIterator, Cursor } from './async-for.ts';
export { asyncGenerator, CoroutineGenerator } from './async-generator.ts';
export { type AsyncContextManager, aclosing, asyncWith } from './async-with.ts';
export type { Frame } from './await-stack.ts';
export { Barrier } from './barrier.ts';
export { Condition } from './condition.ts';
export { Context, ContextVar, copyContext, Token } from './context.ts';
export { type Awaitable, type Coroutine, isCoroutine, isCoroutineFunction, type Suspension } from './coroutine.ts';
export { SuppressedError } from './disposal.ts';
export { type DrainOptions, drain } from './drain.ts';
export type { Driver, Idle } from './driver.ts';
export {
  BrokenBarrierError,
  CancelledError,
  DeadlockError,
  GeneratorExit,
  InvalidStateError,
  KeyboardInterrupt,
  LoopError,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  type SignalName,
  StopAsyncIteration,
  type StuckTask,
  TimeoutError,
} from './errors.ts';
export { Event } from './event.ts';
export { EventLoop, type EventLoopOptions, type ExceptionHandler, getRunningLoop } from './event-loop.ts';
export type { ExceptionContext } from './exception-context.ts';
export { type ErrorPredicate, ExceptionGroup } from './exception-group.ts';
export { fromPromise } from './from-promise.ts';
export { Future, isFuture } from './future.ts';
export { GatheringFuture, gather, type Results } from './gather.ts';
export type { Emit } from './generator-body.ts';
export { type Callback, Handle, TimerHandle } from './handle.ts';
export { inspect } from './inspect.ts';
export { LifoQueue } from './lifo-queue.ts';
export { Lock } from './lock.ts';
export { NodeDriver } from './node-driver.ts';
export type { LoopObserver } from './observer.ts';
export { type Compare, PriorityQueue } from './priority-queue.ts';
export { Queue } from './queue.ts';
export { recurse } from './recurse.ts';
export { Runner, type RunnerOptions, run } from './runner.ts';
export type { Scheduler } from './scheduler.ts';
export { BoundedSemaphore, Semaphore } from './semaphore.ts';
export { shield } from './shield.ts';
export type { Signal } from './signal-handlers.ts';
export { sleep } from './sleep.ts';
export { Task, type TaskHost, type TaskOptions } from './task.ts';
export { TaskGroup } from './task-group.ts';
export { allTasks, createEagerTaskFactory, createTask, currentTask, eagerTaskFactory, ensureFuture, type TaskFactory } from './tasks.ts';
export { Timeout, timeout, timeoutAt, waitFor } from './timeout.ts';
export { toAsyncIterable } from './to-async-iterable.ts';
export { VirtualDriver } from './virtual-driver.ts';
export { type ReturnWhen, wait } from './wait.ts';
