// An example that waits for a future nobody will ever fill in, performed as the command line performs examples.

import { PlainScreen } from '../../../dist/cli/screens/plain.js';
import { perform } from '../../../dist/cli/stage.js';

const [driver] = process.argv.slice(2);

function* waitInVain(future) {
  return yield* future;
}

async function run({ loop, screen }) {
  screen.line('waiting', { event: 'waiting' });
  await loop.runUntilComplete(waitInVain(loop.createFuture()));
}

process.exitCode = await perform(
  async () => ({ run }),
  {},
  { virtualTime: driver === 'virtual', seed: 0, debug: false, screen: () => new PlainScreen(console.log, console.error) },
);
