// Examples that take a Ctrl-C badly, each in its own way, among the command line's: what finds no fault with them proves nothing.
import { examples } from '../../../dist/demos/catalog.js';
import { CancelledError, EventLoop, KeyboardInterrupt, sleep, VirtualDriver } from '../../../dist/loop/index.js';

function* cleansUp(cleanUp = () => {}) {
  try {
    for (let naps = 0; naps < 10; naps++) yield* sleep(100);
  } finally {
    cleanUp();
  }
}

/** For longer than the grace period. */
function* refuses() {
  for (let naps = 0; naps < 30; naps++) {
    try {
      yield* sleep(600);
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
    }
  }
}

const bad = {
  'bad-abandoned': async ({ loop }) => {
    function* main() {
      cleansUp().next();
      yield* sleep(1000);
    }
    await loop.runUntilComplete(main());
  },
  'bad-closing': async ({ loop }) => {
    try {
      await loop.runUntilComplete(cleansUp());
    } finally {
      loop.close();
    }
  },
  'bad-refusing': ({ loop }) => loop.runUntilComplete(refuses()),
  'bad-going-on': async ({ loop }) => {
    await loop.runUntilComplete(cleansUp()).catch(() => {});
    await loop.runUntilComplete(cleansUp());
  },
  'bad-hanging': async ({ loop }) => {
    await loop.runUntilComplete(sleep(100)).catch((error) => {
      if (!(error instanceof KeyboardInterrupt)) throw error;
    });
    if (!loop.isClosed()) await loop.runUntilComplete(sleep(100)).catch(() => new Promise((resolve) => setTimeout(resolve, 60_000)));
  },
  'bad-swallowing': ({ loop }) => {
    process.removeAllListeners('SIGINT').on('SIGINT', () => {});
    return loop.runUntilComplete(sleep(1000));
  },
  'bad-deaf': ({ loop }) => {
    process.removeAllListeners('SIGINT');
    return loop.runUntilComplete(sleep(1000));
  },
  'bad-blocking': ({ loop }) => loop.runUntilComplete(cleansUp(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1100))),
  'bad-timer': async ({ loop }) => {
    setTimeout(() => {}, 60_000);
    await loop.runUntilComplete(sleep(1000));
  },
  'bad-listener': async ({ loop }) => {
    process.stdin.on('keypress', () => {});
    await loop.runUntilComplete(sleep(1000));
  },
  'bad-loop': async ({ loop }) => {
    new EventLoop({ driver: new VirtualDriver() }).setExceptionHandler(() => {});
    await loop.runUntilComplete(sleep(1000));
  },
  'bad-cursor': async ({ loop }) => {
    process.stderr.write('\x1b[?25l');
    await loop.runUntilComplete(sleep(1000));
  },
  'bad-trace': ({ loop }) => loop.runUntilComplete(cleansUp(() => process.stderr.write(new Error('told at length').stack))),
  'bad-error': ({ loop }) =>
    loop.runUntilComplete(
      cleansUp(() => {
        throw new Error('while cleaning up');
      }),
    ),
  'bad-rejection': ({ loop }) => loop.runUntilComplete(cleansUp(() => void Promise.reject(new Error('let go')))),
};

for (const [name, run] of Object.entries(bad)) {
  examples.push({ name, section: '', summary: '', http: false, options: [], tries: [], load: async () => ({ run }) });
}
