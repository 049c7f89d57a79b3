// Start-up: what commands take from start to end, beyond Node itself.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { startServer } from '../server.mjs';

let server;

/** A command of ours that must print `expected(dist)`. */
const command =
  (args, expected) =>
  async ({ dist }) => {
    const bin = resolve(dist, '../bin/asyncdemo.js');
    if (!existsSync(bin)) return undefined;
    return ended(() => [bin, ...args()], expected(dist));
  };

function ended(args, expected) {
  return {
    async amount() {
      const start = performance.now();
      const { status, stdout, stderr } = spawnSync(process.execPath, args(), { encoding: 'utf8' });
      const took = performance.now() - start;
      assert.equal(status, 0, `${args().join(' ')}: expected exit 0, got ${status}: ${stderr}`);
      assert.ok(stdout.includes(expected), `${args().join(' ')}: expected ${expected}, got ${stdout}`);
      return took;
    },
  };
}

const versionOf = (dist) => JSON.parse(readFileSync(resolve(dist, '../package.json'), 'utf8')).version;

const NODE = 'node -e 0';

export default {
  name: 'start-up',
  what: () => 'a command from start to end',
  size: 1,
  smoke: 1,
  alone: true,
  grows: false,
  contestants: {
    '--version': command(() => ['--version'], versionOf),
    'async-with': command(
      () => ['async-with'],
      () => 'exiting context',
    ),
    'fetch of one URL': async (env) => {
      server ??= await startServer();
      return command(
        () => ['fetch', server.url],
        () => '200',
      )(env);
    },
    [NODE]: () => ended(() => ['-e', '0'], ''),
  },
  marks: [
    { of: '--version', beyond: NODE, atMost: 25 },
    { of: 'async-with', beyond: NODE, atMost: 30 },
    { of: 'fetch of one URL', beyond: NODE, atMost: 120 },
  ],
};
