// A thread that knocks at a door: what it is told to pass, and how to end.
import { workerData } from 'node:worker_threads';

const { port, calls, ending } = workerData;
for (const args of calls) port.postMessage(args);
if (ending === 'exit') process.exit(0);
if (ending === 'throw') throw new Error('the thread failed');
if (ending === 'stay') setInterval(() => {}, 1000);
