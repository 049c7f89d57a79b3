// One request on the wire and what comes back: undici's parser calls it, a coroutine of the loop waits for it. There is
// no promise, stream or AbortController in between: with them, by fetch, a request costs twice as much.
import type { Dispatcher } from 'undici';
import { dependsOn, HOST } from '../loop/depends.ts';
import { type Coroutine, type EventLoop, Future, TimeoutError } from '../loop/index.ts';
import type { Address } from './address.ts';
import { Body, type Source } from './body.ts';
import type { Received, Sent } from './header-fields.ts';

/** What is sent. */
export interface Outgoing extends Address {
  readonly method: string;
  readonly headers: Sent;
}

const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

const NO_BYTES = new Uint8Array(0);

/** Made once: undici would make an error with a stack for every request that is let go. */
const LET_GO = new Error('request was let go');

/**
 * sent -> answered -> received -> read, or failed, or let-go, from any of these but the last, and never back. `answered`:
 * the headers are in; `received`: so is the body, compressed perhaps, and its connection is undici's again.
 */
type State = 'sent' | 'answered' | 'received' | 'read' | 'failed' | 'let-go';

/** A request that is handed to undici, and its answer. */
export class Exchange implements Dispatcher.DispatchHandler, Source {
  readonly request: Outgoing;
  /** The URL that was asked for, before any redirect. */
  readonly asked: string;
  status = 0;
  statusText = '';
  fields: Received = {};
  /** The loop's time, in ms, when the headers were in. */
  arrived = 0;
  readonly #loop: EventLoop;
  readonly #body: Body = new Body(this);
  #state: State = 'sent';
  #failure: unknown;
  #controller: Dispatcher.DispatchController | undefined;
  /** What the one coroutine that waits here waits for. */
  #news: Future<void> | undefined;

  constructor(loop: EventLoop, request: Outgoing, asked: string) {
    this.#loop = loop;
    this.request = request;
    this.asked = asked;
  }

  /** The URL that is asked here. */
  get url(): string {
    return this.request.url;
  }

  /**
   * Sends the request, and waits for status and headers.
   * @throws whatever undici found wrong; TimeoutError at `deadline`, in ms of the loop's time.
   */
  *answer(agent: Dispatcher, deadline: number): Coroutine<this> {
    const { origin, path, method, headers } = this.request;
    // undici's type does not say so, but it leaves the list as it is.
    agent.dispatch({ origin, path, method, headers: headers as string[] }, this);
    if (this.#state === 'sent') yield* this.#wait(deadline);
    this.#throwFailure();
    return this;
  }

  /**
   * The whole body, decompressed. To be called once.
   * @throws what broke it off; HttpError `too-large`; TimeoutError at `deadline`, even where the body came before.
   */
  *body(maxBytes: number, deadline: number): Coroutine<Uint8Array> {
    if (this.#loop.time() >= deadline) throw new TimeoutError('timed out');
    this.#throwFailure();
    if (this.status === 205) this.letGo(); // It should have no body; some have.
    if (this.request.method === 'HEAD' || WITHOUT_BODY.has(this.status)) return NO_BYTES;
    this.#body.read(maxBytes);
    if (this.#state === 'answered' || this.#state === 'received') yield* this.#wait(deadline);
    this.#throwFailure();
    return this.#body.bytes();
  }

  /** Nobody wants the body; if it is short, its connection can be used again. */
  discard(): void {
    this.#body.discard();
  }

  /** Gives up: what has not come yet is not wanted, and its connection is closed. */
  letGo(): void {
    if (this.#isOver) return;
    this.#state = 'let-go';
    this.#body.drop();
    this.#controller?.abort(LET_GO);
  }

  /** @internal Ends in an error, for whoever waits here or will. */
  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#state = 'failed';
    this.#failure = error;
    this.#body.drop();
    this.#controller?.abort(LET_GO);
    this.#tell();
  }

  /** @internal */
  pause(): void {
    this.#controller?.pause();
  }

  /** @internal */
  resume(): void {
    if (this.#state === 'answered') this.#controller?.resume();
  }

  /** @internal */
  bodyIsWhole(): void {
    if (this.#state !== 'received') return;
    this.#state = 'read';
    this.#tell();
  }

  /** @internal The request is about to be written. It waited for a connection, and may not be wanted any more. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#state !== 'sent') controller.abort(LET_GO);
  }

  /** @internal */
  onResponseStart(_controller: Dispatcher.DispatchController, status: number, fields: Received, statusText = ''): void {
    if (status < 200) return; // Early hints: the answer is still to come.
    this.#state = 'answered';
    this.status = status;
    this.statusText = statusText;
    this.fields = fields;
    this.arrived = this.#loop.time();
    this.#tell();
  }

  /** @internal */
  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#state === 'answered') this.#body.take(chunk);
  }

  /** @internal */
  onResponseEnd(): void {
    if (this.#state !== 'answered') return;
    this.#state = 'received';
    this.#body.end();
  }

  /** @internal */
  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  /** Waits for news, in virtual time with the clock held still. Whoever leaves in any other way lets go of the request. */
  *#wait(deadline: number): Coroutine<void> {
    const news = new Future<void>({ loop: this.#loop });
    dependsOn(news, HOST);
    const letTimePass = this.#loop.hold();
    const timer = deadline === Number.POSITIVE_INFINITY ? undefined : this.#loop.callAt(deadline, this.#expire);
    this.#news = news;
    let came = false;
    try {
      yield* news;
      came = true;
    } finally {
      this.#news = undefined;
      letTimePass();
      timer?.cancel();
      if (!came) this.letGo();
    }
  }

  readonly #expire = (): void => this.fail(new TimeoutError('timed out'));

  #tell(): void {
    // A loop closed meanwhile takes nothing in any more, as in asyncio.
    if (this.#news !== undefined && !this.#news.done() && !this.#loop.isClosed()) this.#news.setResult();
  }

  get #isOver(): boolean {
    return this.#state === 'read' || this.#state === 'failed' || this.#state === 'let-go';
  }

  #throwFailure(): void {
    if (this.#state === 'failed') throw this.#failure;
  }
}
