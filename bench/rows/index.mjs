// All rows, in the order of the table. A row is:
// - `name`, and `what(size)` it does;
// - `size` it is measured at, in operations, and `smoke` to see only whether its results are right;
// - `contestants`, ours first: see `seat` in ../rounds.mjs for what they prepare; `python` is the file in ../python that
//   does the same on asyncio, and is given the size, or what `describe(size)` makes of it;
// - `expected(size)`, the right result of those that are timed;
// - `unit` of the amounts, 'ms' unless given; `each`: they are for one operation;
// - `marks`, see `judge` in ../marks.mjs;
// - `grows`: how it is measured by --growth, false for not at all; `bytesEach`: about what one operation keeps meanwhile;
// - `warmUps`, where it needs others than usual; `alone`: needs more than a loop, and is not run to warm others up.
import asyncFor from './async-for.mjs';
import cancel from './cancel.mjs';
import deep from './deep.mjs';
import fetch from './fetch.mjs';
import fromPromise from './from-promise.mjs';
import hooks from './hooks.mjs';
import interrupt from './interrupt.mjs';
import memory from './memory.mjs';
import pingPong from './ping-pong.mjs';
import queue from './queue.mjs';
import responsiveness from './responsiveness.mjs';
import semaphore from './semaphore.mjs';
import spawn from './spawn.mjs';
import startUp from './start-up.mjs';
import switching from './switch.mjs';
import timers from './timers.mjs';

export const ROWS = [
  switching,
  pingPong,
  spawn,
  deep,
  cancel,
  timers,
  semaphore,
  queue,
  asyncFor,
  fromPromise,
  memory,
  responsiveness,
  hooks,
  fetch,
  interrupt,
  startUp,
].flat();
