// Whether a piece of a program leaves Node as it found it: nothing open, nothing running, nobody listening.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';

/** Node may take some turns to close what was let go, but not longer than this, in ms. */
const LIMIT = 3000;

function resources(): string {
  // Those of the test runner's own come and go.
  const own = ['Immediate', 'Timeout', 'FSReqCallback', 'FSReqPromise', 'TickObject'];
  const names = process.getActiveResourcesInfo().filter((name) => !own.includes(name));
  return [...names, `exit listeners: ${process.listenerCount('exit')}`].sort().join(', ');
}

const atFirst = resources();

/** Runs `body`, and expects what keeps Node busy to be the same after it as when the test file was begun. */
export async function nothingLeftBehind(body: () => Promise<unknown>): Promise<void> {
  await body();
  for (let waited = 0; resources() !== atFirst && waited < LIMIT; waited += 10) await delay(10);
  expect(resources()).toBe(atFirst);
}

/** Whether a process of this number runs. One that has ended and waits for an idle system to reap it does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Whether it ends within a moment. */
export async function goesAway(pid: number): Promise<boolean> {
  for (let waited = 0; isAlive(pid) && waited < LIMIT; waited += 10) await delay(10);
  return !isAlive(pid);
}
