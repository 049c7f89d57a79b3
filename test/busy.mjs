// The tests as on a busy machine: one process of theirs, their children among them, is stopped for a while, again and again. A test
// that takes a quick machine for granted fails here some day, instead of in CI. Nothing is decided by a seed: which moment a stop
// hits is the machine's own affair.
//
//   node test/busy.mjs [--longest MS] [--gap MS] [-- arguments of vitest]
import { execFileSync, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { longest: { type: 'string', default: '150' }, gap: { type: 'string', default: '50' } },
  allowPositionals: true,
});

/** Ms. */
function time(option) {
  const ms = Number(values[option]);
  if (ms > 0) return ms;
  console.error(`--${option}: expected milliseconds above 0, got ${values[option]}`);
  process.exit(2);
}

/** All that descend from a process. */
function descendants(root) {
  const children = new Map();
  for (const line of execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [];
  for (let next = children.get(root) ?? []; next.length > 0; next = next.flatMap((pid) => children.get(pid) ?? [])) found.push(...next);
  return found;
}

/** False where it has ended meanwhile. */
function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

const [longest, gap] = [time('longest'), time('gap')];
process.on('SIGINT', () => {}); // It ends the tests, and so this, but nobody is left behind stopped.
const tests = spawn('npx', ['vitest', 'run', ...positionals], { stdio: 'inherit' });
let stops = 0;
while (tests.exitCode === null && tests.signalCode === null) {
  const all = descendants(tests.pid);
  const pid = all[Math.floor(Math.random() * all.length)];
  if (pid !== undefined && signal(pid, 'SIGSTOP')) {
    stops += 1;
    await sleep(Math.random() * longest);
    signal(pid, 'SIGCONT');
  }
  await sleep(Math.random() * gap);
}
console.log(`${stops} stops of up to ${longest} ms`);
process.exitCode = tests.exitCode ?? 1;
