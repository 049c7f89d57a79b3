// Ctrl-C in the middle of fetching: how long until the first task is told, and until the command has cleaned up and ended.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '../server.mjs';

const PROGRAM = fileURLToPath(new URL('../interrupted.mjs', import.meta.url));
const CONCURRENCY = 1000;
/** Answers that must have come before it is interrupted: by then the load is there. */
const UNDER_LOAD = 2000;

let server;

/** A child that prints a line for each answer: interrupted under load, then `until(child)`; in ms. */
const interrupted = (argumentsFor, until) => async (env) => {
  server ??= await startServer();
  const folder = mkdtempSync(join(tmpdir(), 'asyncdemo-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return {
    async amount(size) {
      const list = join(folder, 'urls.txt');
      writeFileSync(list, Array.from({ length: size }, (_, i) => `${server.url}/${i}`).join('\n'));
      const child = spawn(process.execPath, argumentsFor(env, list), { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = once(child, 'close'); // With all of its output.
      await new Promise((underLoad, failed) => {
        let lines = 0;
        child.stdout.on('data', (chunk) => {
          for (const byte of chunk) if (byte === 10) lines += 1;
          if (lines >= Math.min(UNDER_LOAD, size / 10)) underLoad();
        });
        ended.then(() => failed(new Error('interrupt: expected to interrupt it under load, it had ended by then: give it more URLs')));
      });
      const start = performance.now();
      const known = until(child, ended);
      child.kill('SIGINT');
      const took = (await known) - start;
      const [code, signal] = await ended;
      assert.ok(signal === 'SIGINT' || code === 130, `interrupt: expected an end by SIGINT, got ${signal ?? code}`);
      return took;
    },
  };
};

const theEnd = async (_child, ended) => {
  await ended;
  return performance.now();
};

/** When the first task had its CancelledError, which the program says itself: this process has its own queue of events. */
const theError = async (child, ended) => {
  let text = '';
  child.stdout.on('data', (chunk) => {
    text = (text + chunk).slice(-200);
  });
  await ended;
  const at = /cancelled at ([\d.]+)/.exec(text)?.[1];
  assert.ok(at, `interrupt: expected 'cancelled at' and a time at the end of the output, got ${text}`);
  return Number(at) - performance.timeOrigin;
};

export default {
  name: 'interrupt',
  what: (size) => `a SIGINT while ${size.toLocaleString('en')} URLs are fetched, ${CONCURRENCY.toLocaleString('en')} at a time`,
  size: 20_000,
  smoke: 2000,
  alone: true,
  warmUps: 1,
  grows: false,
  contestants: {
    'the program knows': interrupted(({ dist }, list) => [PROGRAM, dist, list, String(CONCURRENCY)], theError),
    'the command has ended': interrupted(
      ({ dist }, list) => [resolve(dist, '../bin/asyncdemo.js'), 'fetch', '--input', list, '-c', String(CONCURRENCY), '--json'],
      theEnd,
    ),
  },
  marks: [{ of: 'the program knows', atMost: 50 }],
};
