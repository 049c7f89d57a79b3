// A run for reports to show, in virtual time: so many pages, two at a time (or as many as said), put into a queue that two
// tasks empty under a lock; one task fails, and two are cancelled. Prints the log.
import { EventLoop, gather, Lock, Queue, Semaphore, sleep, VirtualDriver } from '../../../dist/loop/index.js';
import { formatLog, record } from '../../../dist/observe/index.js';

const [pages, permits] = [Number(process.argv[2] ?? 6), Number(process.argv[3] ?? 2)];
const limit = new Semaphore(permits);
const disk = new Lock();
const fetched = new Queue(3);

function* fetchPage(page) {
  yield* limit.acquire();
  try {
    yield* sleep(100 + 70 * (page % 4));
    yield* fetched.put(page);
  } finally {
    limit.release();
  }
}

function* save() {
  for (;;) {
    yield* fetched.get();
    yield* disk.acquire();
    try {
      yield* sleep(40);
    } finally {
      disk.release();
    }
    fetched.taskDone();
  }
}

function* audit() {
  yield* disk.acquire();
  yield* sleep(120);
  disk.release();
  yield* sleep(50);
  throw new Error('</script><img src=x onerror=alert(1)>');
}

function* main(loop) {
  const savers = [loop.createTask(save(), { name: 'saver' }), loop.createTask(save(), { name: '</script><img src=x onerror="document.title=1">\u2028' })];
  const audited = loop.createTask(audit(), { name: 'audit' });
  yield* gather(Array.from({ length: pages }, (_, page) => fetchPage(page)));
  yield* fetched.join();
  for (const saver of savers) saver.cancel();
  yield* gather([audited, ...savers], { returnExceptions: true });
}

const loop = new EventLoop({ driver: new VirtualDriver() });
const recorder = record(loop, { stacks: true, capacity: Number.POSITIVE_INFINITY, wall: false, title: `${pages} pages, ${permits} at a time` });
await loop.runUntilComplete(main(loop));
process.stdout.write(formatLog(recorder.stop()));
loop.close();
