// Loaded before the command line (node --import): in the iteration MOMENT names, the process tells so on descriptor 3 and
// stands still until it is answered, STOPS times; what was sent to it meanwhile it finds when it goes on.
import { readSync, writeSync } from 'node:fs';
import { watched } from './watched.mjs';

if (process.env.BAD) await import('./bad-examples.mjs');

const moment = Number(process.env.MOMENT);
watched.atMoment = (_moment, iterationBegins) => {
  if (!iterationBegins || watched.iterations !== moment) return;
  for (let stops = Number(process.env.STOPS); stops > 0; stops--) {
    writeSync(3, '?');
    readSync(3, Buffer.alloc(1));
  }
};
