// The server that the rows fetch from, in a process of its own, as any server is. Says its address on stdout; ends with stdin.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

/** How many bytes each answer has. */
export const BYTES = 1000;

/** Starts it; `close()` ends it. */
export async function startServer() {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [address] = await once(child.stdout, 'data');
  return { url: String(address).trim(), close: () => child.stdin.end() };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const body = Buffer.alloc(BYTES, 'x');
  // A connection that is kept too short a time is a race between the client's next request and its end.
  const server = createServer({ keepAliveTimeout: 60_000 }, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': BYTES });
    response.end(body);
  });
  server.listen(0, '127.0.0.1', 4096, () => console.log(`http://127.0.0.1:${server.address().port}`));
  process.stdin.resume().once('end', () => process.exit());
}
