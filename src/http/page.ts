// What a page of the embedded server is: an answer, and how long to wait before it.
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Writes one answer. */
export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** How a request will be answered: after `delay` ms of the loop's time, by `answer`. */
export interface Page {
  readonly delay: number;
  readonly answer: Answering;
}
