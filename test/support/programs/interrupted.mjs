// Runs one command line of asyncdemo again and again in this process, by its own main(), and interrupts it at another
// moment each time; then looks at what is left. The plan comes as JSON in the first argument, the report goes as JSON to
// descriptor 3. Replaced are the streams, the death (noted, not done) and, where time is real, its speed. Needs --expose-gc.
import { writeSync } from 'node:fs';
import { get } from 'node:http';
import { clearLine, cursorTo, moveCursor } from 'node:readline';
import { Writable } from 'node:stream';
import { main } from '../../../dist/cli/main.js';
import { inspect, NodeDriver } from '../../../dist/loop/index.js';
import { whereabouts } from '../../../dist/loop/whereabouts.js';
import { watchAnew, watched } from './watched.mjs';

/**
 * The plan:
 * - words: the command line.
 * - terminal: whether it believes to be on a terminal.
 * - firsts: at how many moments the first signal comes, spread evenly; at each once where there are no more.
 * - pairs: for how many of these a second signal follows at moments of the drain, and `seconds`: at how many.
 * - rounds: at how many rounds of Node's own loop the first signal comes: before, between and after the runs, too.
 * - bad: whether there are the bad examples as well.
 * - patience: how long, in ms, what is left over may take to go.
 */
const { words, terminal = false, firsts = 0, pairs = 0, seconds = 0, rounds = 0, bad = false, patience = 500 } = JSON.parse(process.argv[2]);
if (bad) await import('./bad-examples.mjs');

/** The longest an end may take, in ms from the first signal. */
const SLOWEST_END = 1000;
/** Ms after which a run is given up, and this process with it: whatever it left would be in the way of the next. */
const HOPELESS = 3000;
/** Ms of real time that a signal must keep from the one before, so as not to be taken for the same keystroke. */
const NEXT_KEYSTROKE = 1000;
/** Where time is real, it goes by this much faster. */
const HASTE = 10;

/** A stream that keeps what is written, and can pass for a terminal. */
class Paper extends Writable {
  text = '';
  fd = 2;
  isTTY = terminal;
  columns = terminal ? 100 : undefined;
  heard = () => {};

  _write(chunk, _encoding, done) {
    this.text += chunk;
    this.heard();
    done();
  }

  clearLine(...args) {
    return clearLine(this, ...args);
  }

  cursorTo(...args) {
    return cursorTo(this, ...args);
  }

  moveCursor(...args) {
    return moveCursor(this, ...args);
  }
}

const deaths = [];
process.kill = (pid, signal) => deaths.push(pid === process.pid ? signal : `${signal} to ${pid}`) > 0;
const rejections = [];
process.on('unhandledRejection', (reason) => rejections.push(reason));

// Two signals within 100 ms are one keystroke, by a clock that does not know of virtual time: it is put forward.
let ahead = 0;
const realNow = performance.now.bind(performance);
Object.defineProperty(performance, 'now', { value: () => realNow() + ahead });

const { now, wakeLater } = NodeDriver.prototype;
NodeDriver.prototype.now = () => now() * HASTE;
NodeDriver.prototype.wakeLater = function ({ deadline, held }, ...callbacks) {
  const soon = deadline === undefined ? undefined : this.now() + (deadline - this.now()) / HASTE;
  wakeLater.call(this, { deadline: soon, held }, ...callbacks);
};

function listeners() {
  const of = (name, emitter) => emitter.eventNames().map((event) => `${name} ${String(event)} ${emitter.listenerCount(event)}`);
  return [...of('process', process), ...of('stdin', process.stdin)].sort();
}

function handles() {
  return process.getActiveResourcesInfo().sort();
}

const round = () => new Promise((resolve) => setImmediate(resolve));

/** What the process holds when nothing runs; sockets that were closed take a few rounds of Node's loop to go. */
async function settled(wanted) {
  const until = realNow() + patience;
  do await round();
  while (String(handles()) !== String(wanted) && realNow() < until);
  return handles();
}

/** Asks a server for a few answers that take a while. Resolves when they are in, or never will be. */
async function visit(url) {
  const ask = (path) => new Promise((resolve) => get(url + path, { agent: false }, (answer) => answer.resume().once('close', resolve)).once('error', resolve));
  await Promise.all(['/delay/0.2', '/delay/0.1', '/get', '/delay/0.3'].map(ask));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told things by control characters
const plainText = (text) => text.replace(/\x1b\[[?\d;]*[a-zA-Z]/g, '');
/** Failed requests are results; a task that is left is named, after a second signal alone. */
const isTold = (complaint, second) => complaint.includes('http://127.0.0.1') || (second !== undefined && /^Task .* and was left$/.test(complaint));

let idle;
const report = { words, terminal, iterations: 0, moments: 0, rounds: 0, runs: 0, missed: 0, slowest: 0, longestDrain: 0, ms: 0, faults: [] };

/**
 * One run. `first` is the moment of the first signal, `second` how many moments later the second one comes; or `inRound`,
 * the round of Node's loop.
 */
async function interrupted({ first, second, inRound }) {
  const told = JSON.stringify({ first, second, inRound });
  const faults = [];
  watchAnew((tell) => {
    const paper = new Paper();
    Object.defineProperty(process, 'stderr', { value: paper, configurable: true });
    tell();
    if (paper.text !== '') report.faults.push(`${told}: told when the run was over: ${paper.text}`);
  });
  deaths.length = rejections.length = 0;
  const [stdout, stderr] = [new Paper(), new Paper()];
  Object.defineProperty(process, 'stdout', { value: stdout, configurable: true });
  Object.defineProperty(process, 'stderr', { value: stderr, configurable: true });
  process.argv = [process.execPath, 'asyncdemo', ...words];
  const cursorHidden = () => stderr.text.lastIndexOf('\x1b[?25l') > stderr.text.lastIndexOf('\x1b[?25h');

  let signalledAt;
  let unheard = false;
  let drained = 0;
  let watchdog;
  let giveUp;
  const hopeless = new Promise((resolve) => {
    giveUp = resolve;
  });
  let tasksBefore;
  const signal = () => {
    signalledAt ??= realNow();
    tasksBefore ??= watched.tasks.length;
    watchdog ??= setTimeout(giveUp, HOPELESS, 'hopeless').unref();
    if (process.emit('SIGINT', 'SIGINT', 2)) return;
    // It would have died here and now. Fine while nothing has begun.
    unheard = true;
    if (watched.loops.some((loop) => loop.isRunning())) faults.push('nobody listens, and a loop runs');
    if (cursorHidden()) faults.push('nobody listens, and the cursor is hidden');
  };
  watched.atMoment = (moment) => {
    if (moment === first) return signal();
    if (first === undefined || moment < first) return;
    drained += 1;
    if (drained !== second) return;
    ahead += NEXT_KEYSTROKE;
    signal();
  };
  stdout.heard = () => {
    const url = words[0] === 'serve' ? /serving on (http:\S+) .*\n/.exec(stdout.text)?.[1] : undefined;
    if (url === undefined) return;
    stdout.heard = () => {};
    // A server ends by a signal alone.
    visit(url).then(() => signalledAt ?? signal());
  };
  let roundsSeen = 0;
  let over = false;
  const countRounds = () => {
    if (over) return;
    roundsSeen += 1;
    if (roundsSeen === inRound) signal();
    setImmediate(countRounds);
  };
  if (inRound !== undefined) setImmediate(countRounds);

  const end = await Promise.race([main(), hopeless]);
  const ms = signalledAt === undefined ? 0 : realNow() - signalledAt;
  over = true;
  clearTimeout(watchdog);
  process.exitCode = undefined;
  const { iterations, moments } = watched;
  const result = { iterations, moments, rounds: roundsSeen, drained, ms, reached: signalledAt !== undefined && drained >= (second ?? 0), faults };
  if (end === 'hopeless') {
    faults.push(`has not ended ${HOPELESS} ms after the signal`);
    return { ...result, hopeless: true };
  }
  if (signalledAt === undefined || unheard) return result;

  if (String(deaths) !== 'SIGINT') faults.push(`ended by ${deaths.length === 0 ? 'no signal' : deaths}`);
  if (ms > SLOWEST_END) faults.push(`took ${Math.round(ms)} ms to end`);
  // Who goes on as if nothing had happened may end in time, too.
  for (const task of watched.tasks.slice(tasksBefore)) faults.push(`a task was started after the signal: ${inspect(task)}`);
  for (const loop of watched.loops) if (!loop.isClosed()) faults.push('a loop is not closed');
  // A second signal leaves tasks, and names them; their coroutines have ended all the same.
  const named = (task) => second !== undefined && stderr.text.includes(`Task '${task.getName()}' did not stop when cancelled, and was left\n`);
  for (const task of watched.tasks) if (!task.done() && !named(task) && words[0] !== 'smoke') faults.push(`a task is not done: ${inspect(task)}`);
  for (const coroutine of watched.standing) {
    const { name, standsAt } = whereabouts(coroutine) ?? {};
    faults.push(`a coroutine was abandoned: ${name}() at ${standsAt}`);
  }
  const errors = stderr.text.split(/[\r\n]/).filter((line) => plainText(line).trim() !== '');
  for (const line of errors) {
    if (/^\s+at /.test(line)) faults.push(`a stack trace: ${line}`);
    const complaint = /^asyncdemo[\w -]*: (.*)/.exec(plainText(line))?.[1];
    if (!(complaint === undefined ? terminal || line.includes('%|') : isTold(complaint, second))) faults.push(`on stderr: ${line}`);
  }
  if (cursorHidden()) faults.push('the cursor is hidden');
  for (const reason of rejections) faults.push(`unhandled rejection: ${reason}`);
  const left = await settled(idle.handles);
  if (String(left) !== String(idle.handles)) faults.push(`handles left: ${left}; before: ${idle.handles}`);
  if (String(listeners()) !== String(idle.listeners)) faults.push(`listeners left: ${listeners()}; before: ${idle.listeners}`);
  return result;
}

/** At most so many whole numbers from 1 to `total`, spread evenly, the first and the last among them. */
function spread(total, most) {
  if (total <= most) return Array.from({ length: total }, (_, index) => index + 1);
  return [...new Set(Array.from({ length: most }, (_, index) => 1 + Math.round((index * (total - 1)) / Math.max(1, most - 1))))];
}

async function note(moment) {
  const result = await interrupted(moment);
  report.runs += 1;
  if (!result.reached) report.missed += 1;
  report.slowest = Math.max(report.slowest, Math.round(result.ms));
  report.longestDrain = Math.max(report.longestDrain, result.drained);
  for (const fault of result.faults) report.faults.push(`${JSON.stringify(moment)}: ${fault}`);
  if (result.hopeless) finish();
  return result;
}

function finish() {
  report.ms = Math.round(realNow());
  writeSync(3, JSON.stringify(report));
  process.exit(0);
}

idle = { handles: handles(), listeners: listeners() };
// Undisturbed, twice: the first loads the code.
await interrupted({});
idle = { handles: await settled(idle.handles), listeners: listeners() };
const undisturbed = await interrupted({});
report.iterations = undisturbed.iterations;
report.moments = undisturbed.moments;
const moments = spread(undisturbed.moments, firsts);
const paired = new Set(spread(moments.length, pairs).map((index) => moments[index - 1]));
for (const first of moments) {
  const { drained } = await note({ first });
  if (paired.has(first)) for (const second of spread(drained, seconds)) await note({ first, second });
}
if (rounds > 0) {
  report.rounds = (await interrupted({ inRound: Number.POSITIVE_INFINITY })).rounds;
  for (const inRound of spread(report.rounds, rounds)) await note({ inRound });
}
// What nobody asked for is missed when it is collected.
watchAnew();
for (let times = 0; times < 3; times++) {
  gc();
  await round();
}
finish();
