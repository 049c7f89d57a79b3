// The way into a loop from other threads: a port that can be given away, and what comes through it is called on the loop.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describeWrong } from '../loop/describe-wrong.ts';
import { type EventLoop, getRunningLoop, LoopError } from '../loop/index.ts';

/** A way into a loop, as {@link openPort} opens it. */
export interface Door {
  /** The end to give to another thread, among the `transferList` of a message or of a new Worker. */
  readonly port: MessagePort;
  /** Lets nothing in any more, and lets the loop go. Closing twice is fine. */
  close(): void;
}

/**
 * Opens a way into a loop for other threads: whoever has the port can have `callback` called on it, by
 * {@link callSoonThreadsafe}. What comes is called in that order, with `callSoon`, and what it throws goes to the loop's
 * exception handler. While the door is open the loop is held: it can still be woken. It closes by itself when the thread
 * that has the port ends, and when the loop closes.
 *
 * @param options.loop the running one unless given.
 * @throws TypeError for what is no function; LoopError on a closed loop, or outside of a run unless a loop is given.
 *
 * @example
 * ```ts
 * import { isMainThread, Worker, workerData } from 'node:worker_threads';
 * import { getRunningLoop, run } from 'asyncdemo';
 * import { callSoonThreadsafe, openPort } from 'asyncdemo/node';
 *
 * function* main() {
 *   const answer = getRunningLoop().createFuture();
 *   const door = openPort((text) => answer.setResult(text));
 *   new Worker(new URL(import.meta.url), { workerData: door.port, transferList: [door.port] });
 *   console.log(yield* answer); // from the thread
 *   door.close();
 * }
 * if (isMainThread) await run(main());
 * else callSoonThreadsafe(workerData, 'from the thread');
 * ```
 */
export function openPort<Args extends unknown[]>(callback: (...args: Args) => void, options: { loop?: EventLoop } = {}): Door {
  if (typeof callback !== 'function') throw new TypeError(`openPort: expected a function to call, got ${describeWrong(callback)}`);
  const loop = options.loop ?? getRunningLoop();
  if (loop.isClosed()) throw new LoopError('Event loop is closed');
  const { port1: inside, port2: port } = new MessageChannel();
  const letGo = loop.hold();
  let open = true;
  const close = (): void => {
    open = false;
    forget();
    letGo();
    inside.close();
  };
  const forget = loop.onClose(close);
  inside.on('message', (args: Args) => {
    // One that was on its way when the door was closed comes too late.
    if (open) loop.callSoon(callback, ...args);
  });
  inside.on('messageerror', (exception) => loop.callExceptionHandler({ message: 'A message from another thread could not be read', exception }));
  inside.on('close', close);
  return { port, close };
}

/**
 * In another thread: has the callback of {@link openPort} called with these values on its loop. They must be clonable.
 * Stands for `loop.call_soon_threadsafe`. A door that is closed drops them.
 * @throws what `port.postMessage` throws for values that cannot be cloned.
 *
 * @example
 * ```ts
 * import { getRunningLoop, run } from 'asyncdemo';
 * import { callSoonThreadsafe, openPort } from 'asyncdemo/node';
 *
 * function* main() {
 *   const sum = getRunningLoop().createFuture<number>();
 *   const door = openPort((a: number, b: number) => sum.setResult(a + b));
 *   callSoonThreadsafe(door.port, 1, 2); // The thread of the loop may use it as well.
 *   console.log(yield* sum); // 3
 *   door.close();
 * }
 * await run(main());
 * ```
 */
export function callSoonThreadsafe(port: MessagePort, ...args: unknown[]): void {
  port.postMessage(args);
}
