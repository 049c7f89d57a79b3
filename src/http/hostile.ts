// Pages that misbehave as real servers do, to prove that the client takes no harm.
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { EventLoop } from '../loop/index.ts';
import type { Answering } from './page.ts';
import { neverAnswer } from './server-time.ts';

const CHUNK = Buffer.alloc(64 * 1024, 'endless ');

const PAGES: Readonly<Record<string, Answering>> = {
  // As fast as the client reads, and no faster: a pipe stops at a full socket.
  endless: (_request, response) => {
    const source = new Readable({
      read() {
        this.push(CHUNK);
      },
    });
    response.writeHead(200, { 'content-type': 'text/plain' }).once('close', () => source.destroy());
    source.pipe(response);
  },
  reset: (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
    response.write('{"args":', () => setImmediate(() => response.socket?.resetAndDestroy()));
  },
  'not-json': (_request, response) => send(response, 'application/json', '<html><body>not what you asked for</body></html>\n'),
  'no-args': (_request, response) => send(response, 'application/json', '{ "surprise": true }\n'),
  truncated: (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
    response.write('{"args": {}}', () => response.socket?.end());
  },
  redirects: (request, response) => {
    const step = Number(/\d+$/.exec(request.url ?? '')?.[0] ?? 0) + 1;
    response.writeHead(302, { location: `/hostile/redirects?step=${step}`, 'content-length': 0 }).end();
  },
  'bad-gzip': (_request, response) => {
    response.setHeader('content-encoding', 'gzip');
    send(response, 'application/json', 'this was never gzip');
  },
};

/** The hostile page of that name; `undefined` where there is none. */
export function hostilePage(name: string, loop: EventLoop): Answering | undefined {
  if (name === 'silent') return (request, response) => neverAnswer(loop, request, response);
  return Object.hasOwn(PAGES, name) ? PAGES[name] : undefined;
}

function send(response: ServerResponse, contentType: string, body: string): void {
  response.writeHead(200, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(body);
}
