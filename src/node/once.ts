// The border to events: waiting for one event of an emitter of Node's, or of an event target.
import type { EventEmitter } from 'node:events';
import { describeWrong } from '../loop/describe-wrong.ts';
import { type Coroutine, Future } from '../loop/index.ts';

/** The events of an emitter that declares them, by name. */
type Events<T> = Record<keyof T, unknown[]>;

/**
 * Waits for the next `event` of an emitter and returns its arguments; of an event target, the event alone. It listens
 * from the moment it is awaited, so an event of an earlier moment is missed. The loop is held meanwhile, so that virtual
 * time stands still. However the wait ends, no listener is left behind.
 *
 * An emitter that declares its events gives typed arguments; for others they can be named: `once<[Buffer]>(socket, 'data')`.
 *
 * @throws what an emitter's `'error'` event carries, unless that is the event waited for; CancelledError when cancelled;
 * TypeError for what emits no events.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:net';
 * import { type Coroutine, run } from 'asyncdemo';
 * import { once } from 'asyncdemo/node';
 *
 * function* main(): Coroutine<void> {
 *   const server = createServer();
 *   server.listen(0);
 *   yield* once(server, 'listening');
 *   console.log('listens'); // listens
 *   server.close();
 *   yield* once(server, 'close');
 * }
 * await run(main());
 * ```
 */
export function once<T extends Events<T>, Name extends keyof T & (string | symbol)>(emitter: EventEmitter<T>, event: Name): Coroutine<T[Name]>;
// biome-ignore lint/suspicious/noExplicitAny: an emitter that declares nothing; Node's own `once` gives the same
export function once<Args extends unknown[] = any[]>(emitter: EventEmitter, event: string | symbol): Coroutine<Args>;
export function once<E extends Event = Event>(target: EventTarget, event: string): Coroutine<[E]>;
export function* once(source: EventEmitter | EventTarget, event: string | symbol): Coroutine<unknown[]> {
  const arrived = new Future<unknown[]>();
  const { loop } = arrived;
  const onEvent = (...args: unknown[]): void => settle(() => arrived.setResult(args));
  const onError = (error: unknown): void => settle(() => arrived.setException(error));
  const stopListening = listen(source, event, onEvent, onError);
  const letGo = loop.hold();
  const leave = (): void => {
    stopListening();
    letGo();
  };
  // The first event ends the listening at once, not when the coroutine runs again: the next ones are somebody else's.
  const settle = (outcome: () => void): void => {
    leave();
    if (!arrived.done()) outcome();
  };
  // A loop closed while a coroutine waits never resumes it.
  const forget = loop.onClose(leave);
  try {
    return yield* arrived;
  } finally {
    forget();
    leave();
  }
}

/** Puts the listeners on; returns what takes them off. */
function listen(
  source: EventEmitter | EventTarget,
  event: string | symbol,
  onEvent: (...args: unknown[]) => void,
  onError: (error: unknown) => void,
): () => void {
  if (typeof (source as Partial<EventEmitter>)?.on === 'function' && typeof (source as Partial<EventEmitter>).off === 'function') {
    const emitter = source as EventEmitter;
    emitter.on(event, onEvent);
    if (event !== 'error') emitter.on('error', onError);
    return () => {
      emitter.off(event, onEvent);
      emitter.off('error', onError);
    };
  }
  if (typeof (source as Partial<EventTarget>)?.addEventListener === 'function') {
    const target = source as EventTarget;
    target.addEventListener(event as string, onEvent);
    return () => target.removeEventListener(event as string, onEvent);
  }
  throw new TypeError(`once: expected an EventEmitter or an EventTarget, got ${describeWrong(source)}`);
}
