// What the embedded server answers, by path. The well-behaved pages; hostile.ts has the others.
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { EventLoop } from '../loop/index.ts';
import { events } from './events.ts';
import { hostilePage } from './hostile.ts';
import type { Answering, Page } from './page.ts';

const INDEX = `asyncdemo's embedded server

/get?a=1            the request as JSON, like httpbin
/events             a list of events, like GitHub's
/status/:code       an empty answer with that status; ?retry-after=2 adds the header
/delay/:seconds     like /get, after 0 to 60 seconds
/flaky/:n?key=k     503 for the first n requests with that key, then 200
/hostile/endless    a body without end            /hostile/not-json   broken JSON
/hostile/reset      reset in mid-body             /hostile/no-args    JSON without args
/hostile/silent     never answers                 /hostile/truncated  shorter than announced
/hostile/redirects  redirects in a circle         /hostile/bad-gzip   not gzip, but says so
`;

const LONGEST_DELAY = 60;

/** The pages of one server; it remembers how often the flaky ones were asked. */
export class Pages {
  readonly #loop: EventLoop;
  readonly #asked = new Map<string, number>();

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  find(request: IncomingMessage): Page {
    const url = urlOf(request);
    const [name = '', argument = '', ...rest] = url.pathname.slice(1).split('/');
    if (rest.length > 0) return { delay: 0, answer: notFound };
    if (name === 'delay') return delayPage(argument);
    return { delay: 0, answer: this.#answer(name, argument, url) };
  }

  #answer(name: string, argument: string, url: URL): Answering {
    if (name === 'status') return statusPage(argument, url);
    if (name === 'flaky') return this.#flakyPage(argument, url);
    if (name === 'hostile') return hostilePage(argument, this.#loop) ?? notFound;
    if (argument !== '') return notFound;
    if (name === '') return (_request, response) => void response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(INDEX);
    if (name === 'get') return echo;
    if (name === 'events') return (_request, response) => sendJson(response, 200, events);
    return notFound;
  }

  #flakyPage(argument: string, url: URL): Answering {
    const failures = argument === '' ? 2 : wholeNumber(argument);
    if (failures === undefined) return badRequest(`expected a number of failures, got ${argument}`);
    const key = `${failures}:${url.searchParams.get('key') ?? ''}`;
    const asked = (this.#asked.get(key) ?? 0) + 1;
    this.#asked.set(key, asked);
    return (_request, response) => sendJson(response, asked > failures ? 200 : 503, { asked, failures });
  }
}

function delayPage(argument: string): Page {
  const seconds = Number(argument);
  if (argument === '' || !(seconds >= 0 && seconds <= LONGEST_DELAY)) {
    return { delay: 0, answer: badRequest(`expected a delay of 0 to ${LONGEST_DELAY} seconds, got ${argument}`) };
  }
  return { delay: seconds * 1000, answer: echo };
}

function statusPage(argument: string, url: URL): Answering {
  const status = wholeNumber(argument);
  if (status === undefined || status < 200 || status > 599) return badRequest(`expected a status of 200 to 599, got ${argument}`);
  return (_request, response) => {
    const retryAfter = url.searchParams.get('retry-after');
    if (retryAfter !== null) response.setHeader('retry-after', retryAfter);
    if ([301, 302, 303, 307, 308].includes(status)) response.setHeader('location', '/get');
    if (status !== 204 && status !== 304) response.setHeader('content-length', 0);
    response.writeHead(status).end();
  };
}

/** httpbin's `/get`: the request as the server saw it. */
function echo(request: IncomingMessage, response: ServerResponse): void {
  const url = urlOf(request);
  const args: Record<string, string | string[]> = {};
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name);
    args[name] = values.length === 1 ? (values[0] as string) : values;
  }
  const headers: Record<string, string> = {};
  for (const name of Object.keys(request.headers).sort()) headers[titleCase(name)] = String(request.headers[name]);
  sendJson(response, 200, { args, headers, origin: request.socket.remoteAddress ?? '', url: url.href });
}

/** Sends a value as JSON, its length announced, in one piece. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = `${JSON.stringify(value, null, 2)}\n`;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
}

function notFound(request: IncomingMessage, response: ServerResponse): void {
  sendJson(response, 404, { error: STATUS_CODES[404], path: request.url, see: '/' });
}

function badRequest(error: string): Answering {
  return (_request, response) => sendJson(response, 400, { error });
}

function urlOf(request: IncomingMessage): URL {
  try {
    return new URL(`http://${request.headers.host ?? 'localhost'}${request.url}`);
  } catch {
    return new URL('http://localhost/not/a/path'); // Target and Host header are whatever the client sent.
  }
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function titleCase(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}
