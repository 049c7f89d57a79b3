// A program on the library with a task that swallows every cancellation, and one that needs a while to clean up.
// Arguments: the grace period in ms (0: nobody refuses), how long cleaning up takes, and a signal that comes again as
// soon as cleaning up has begun.
import { CancelledError, createTask, KeyboardInterrupt, run, sleep } from '../../../dist/loop/index.js';

const [grace, cleaning] = process.argv.slice(2, 4).map(Number);
const again = process.argv[4];

function* refuse() {
  for (;;) {
    try {
      yield* sleep(60_000);
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
      console.log('refused to stop');
    }
  }
}

function* cleanUp() {
  try {
    yield* sleep(60_000);
  } finally {
    if (again !== undefined) process.kill(process.pid, again);
    yield* sleep(cleaning);
    console.log('cleaned up');
  }
}

function* main() {
  if (grace > 0) createTask(refuse(), { name: 'mule' });
  createTask(cleanUp());
  yield* sleep(0);
  console.log('started');
  yield* sleep(60_000);
}

try {
  await run(main(), { ...(grace > 0 ? { grace } : {}), signals: ['SIGINT', 'SIGTERM', 'SIGHUP'] });
} catch (error) {
  if (!(error instanceof KeyboardInterrupt)) throw error;
  console.log(`ended by ${error.signal}`);
  process.kill(process.pid, error.signal);
}
