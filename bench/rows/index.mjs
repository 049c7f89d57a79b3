// All rows, in the order of the table. A row is:
// - `name`, and `what(size)` it does;
// - `size` it is measured at, in operations, and `smoke` to see only whether its results are right;
// - `contestants`, ours first: see `seat` in ../rounds.mjs for what they prepare; `python` is the file in ../python that
//   does the same on asyncio;
// - `expected(size)`, the right result of those that are timed;
// - `unit` of the amounts, 'ms' unless given; `each`: they are for one operation;
// - `marks`, see `judge` in ../marks.mjs;
// - `grows`: how it is measured by --growth, false for not at all; `bytesEach`: about what one operation keeps meanwhile.
import pingPong from './ping-pong.mjs';
import spawn from './spawn.mjs';
import switching from './switch.mjs';

export const ROWS = [switching, pingPong, spawn].flat();
