// The embedded server kept up until Ctrl-C, for trying the HTTP commands from another terminal.
import type { Run } from '../demos/demo.ts';
import { startServer } from '../http/index.ts';
import { UsageError } from './exits.ts';

export interface Options {
  /** 0: any that is free. */
  readonly port: number;
}

export const run: Run<Options> = async ({ loop, screen }, { port }) => {
  const server = await startServer({ loop, port }).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'EADDRINUSE' ? 'it is in use' : error.code === 'EACCES' ? 'permission denied' : error.message;
    throw new UsageError(`--port: expected a port that is free, got ${port}: ${reason}`);
  });
  // Requests may come at any time: even a clock that jumps must wait for them.
  const letGo = loop.hold();
  try {
    screen.line(`serving on ${server.url} (Ctrl-C ends it)`, { event: 'serving', url: server.url });
    await loop.runForever();
  } finally {
    letGo();
    await server.close();
  }
};
