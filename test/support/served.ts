// Servers for the command line to fetch from: the command's own, in another process, and one that is asked but never answers.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Program, start } from './command-line.ts';

/** `asyncdemo serve` in a process of its own. */
export interface Served {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts `asyncdemo serve` and waits until it listens. */
export async function serve(): Promise<Served> {
  const program: Program = start(['serve']);
  await program.until(/serving on http:\S+ /);
  const url = /serving on (http:\S+) /.exec(program.stdout)?.[1] as string;
  return {
    url,
    port: Number(new URL(url).port),
    async close() {
      program.kill('SIGTERM');
      await program.ended;
    },
  };
}

/** A server that takes requests and never answers; it knows when it is asked, and when whoever asked hangs up. */
export interface SilentServer {
  readonly url: string;
  /** Settles when a request for that path is in. */
  asked(path: string): Promise<void>;
  /** Settles when a connection that asked for that path is closed by the other side. */
  hungUp(path: string): Promise<void>;
  close(): Promise<void>;
}

export async function startSilentServer(): Promise<SilentServer> {
  const seen = new Set<string>();
  const watchers = new Set<() => void>();
  const note = (what: string): void => {
    seen.add(what);
    for (const look of [...watchers]) look();
  };
  const server = createServer((request, response) => {
    note(`asked ${request.url}`);
    response.once('close', () => note(`hung up ${request.url}`));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const until = (what: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!seen.has(what)) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
    });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: (path) => until(`asked ${path}`),
    hungUp: (path) => until(`hung up ${path}`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
