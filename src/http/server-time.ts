// How a server in the same process waits for the loop's time. Its client holds the loop until the answer comes, and that
// hold must not freeze the very time the server waits for: so the server lends it back meanwhile.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EventLoop } from '../loop/index.ts';

/**
 * Calls `answer` after `delay` ms of the loop's time, at once for 0; never, when the client goes away before. The loan
 * ends before the answer begins: from then on it is the client's hold that keeps time still.
 */
export function afterDelay(loop: EventLoop, request: IncomingMessage, response: ServerResponse, delay: number, answer: () => void): void {
  if (!(delay > 0)) return answer();
  const giveBack = loop.lend();
  const timer = loop.callLater(delay, () => {
    stopWatching();
    giveBack();
    answer();
  });
  const stopWatching = whenGone(request, response, () => {
    timer.cancel();
    giveBack();
  });
}

/** Never answers, and leaves the loop's time to pass until the client goes away: its timeout must be able to come. */
export function neverAnswer(loop: EventLoop, request: IncomingMessage, response: ServerResponse): void {
  whenGone(request, response, loop.lend());
}

/** Calls `gone` once when the client has hung up. Returns what stops watching. */
function whenGone(request: IncomingMessage, response: ServerResponse, gone: () => void): () => void {
  const { socket } = request;
  const stopWatching = (): void => {
    socket.off('end', onGone);
    response.off('close', onGone);
  };
  const onGone = (): void => {
    stopWatching();
    gone();
  };
  // The end of the stream is the first sign; `close` comes some rounds of Node's loop later, or alone after a reset.
  socket.once('end', onGone);
  response.once('close', onGone);
  return stopWatching;
}
