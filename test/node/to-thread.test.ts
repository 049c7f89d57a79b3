import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, expectTypeOf, test } from 'vitest';
import { type Coroutine, createTask, fromPromise, gather, run, sleep, wait, waitFor } from '../../src/loop/index.ts';
import { type Executor, exec, shutdownDefaultExecutor, toThread } from '../../src/node/index.ts';
import { outcomeOf } from '../support/cpython.ts';
import { nothingLeftBehind } from '../support/left-behind.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

const work = new URL('../support/programs/work.mjs', import.meta.url);

test('a module’s function runs in another thread, by default its default export', () =>
  nothingLeftBehind(() =>
    inVirtualTime(function* (): Coroutine<void> {
      expect(yield* toThread(work, 21)).toBe(42);
      expect(yield* toThread(fileURLToPath(work), 4)).toBe(8);
      expect(yield* toThread(work.href, undefined, { name: 'where' })).toMatchObject({ isMainThread: false });
    }),
  ));

test('several run at once, while the loop goes on', () =>
  nothingLeftBehind(() =>
    run(
      (function* (): Coroutine<void> {
        let ticks = 0;
        const ticking = createTask(
          (function* (): Coroutine<void> {
            for (;;) {
              yield* sleep(5);
              ticks += 1;
            }
          })(),
        );
        expect(yield* gather(Array.from({ length: 4 }, () => toThread<string>(work, 60, { name: 'wait' })))).toEqual(['waited', 'waited', 'waited', 'waited']);
        expect(ticks).toBeGreaterThan(3);
        ticking.cancel();
      })(),
    ),
  ));

test('an error of the function is thrown, and a function or module that is not there is one', () =>
  nothingLeftBehind(() =>
    inVirtualTime(function* (): Coroutine<void> {
      const failing = createTask(toThread(work, 'no', { name: 'fails' }));
      const missing = createTask(toThread(work, 1, { name: 'nothing' }));
      const nowhere = createTask(toThread('/no/such/module.mjs'));
      yield* wait([failing, missing, nowhere]);
      expect(outcomeOf(failing)).toBe('raised RangeError no');
      expect(outcomeOf(missing)).toMatch(/^raised Error No handler function exported from /);
      expect(outcomeOf(nowhere)).toMatch(/^raised Error Cannot find module/);
      expect(() => toThread('./work.js').next()).toThrow("expected a module's URL or absolute path, got './work.js'");
    }),
  ));

test('a cancellation ends the thread that is busy, and virtual time, which stood still, goes on', () =>
  nothingLeftBehind(() =>
    inVirtualTime(function* (loop): Coroutine<void> {
      const shared = new Int32Array(new SharedArrayBuffer(8));
      loop.callLater(5, () => {});
      const task = createTask(toThread(work, shared, { name: 'forever' }));
      while (Atomics.load(shared, 0) === 0) yield* fromPromise(() => delay(5));
      expect(loop.time()).toBe(0);
      task.cancel();
      yield* wait([task]);
      expect(outcomeOf(task)).toBe('cancelled');
      yield* sleep(10);
      expect(loop.time()).toBe(10);
      // It is not only forgotten: its counter stands still.
      yield* fromPromise(() => delay(200));
      const count = Atomics.load(shared, 1);
      yield* fromPromise(() => delay(20));
      expect(Atomics.load(shared, 1)).toBe(count);
      expect(yield* toThread(work, 3)).toBe(6);
    }),
  ));

test('a loop that closes takes its pool with it, busy or not', () =>
  nothingLeftBehind(async () => {
    const limited = run(waitFor(toThread(work, undefined, { name: 'forever' }), 300));
    await expect(limited).rejects.toThrow('timed out');
    expect(await run(toThread<number>(work, 3))).toBe(6);
  }));

test('after a shutdown the default pool takes nothing', () =>
  nothingLeftBehind(() =>
    inVirtualTime(function* (loop): Coroutine<void> {
      const task = createTask(toThread(work, 30, { name: 'wait' }));
      yield* sleep(0);
      yield* shutdownDefaultExecutor(loop);
      expect(outcomeOf(task)).toBe('returned waited');
      const late = createTask(toThread(work, 1));
      yield* wait([late]);
      expect(outcomeOf(late)).toBe('raised LoopError Executor shutdown has been called');
    }),
  ));

test('without piscina one line says what to install', async () => {
  // The built library, where no package can be found.
  const folder = mkdtempSync(join(tmpdir(), 'asyncdemo-bare-'));
  try {
    for (const part of ['loop', 'node']) cpSync(fileURLToPath(new URL(`../../dist/${part}`, import.meta.url)), join(folder, part), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(
      join(folder, 'program.js'),
      "import { run } from './loop/index.js'; import { toThread } from './node/index.js'; await run(toThread('/x.js')).catch((error) => console.log(error.message));",
    );
    const { stdout, stderr } = await run(exec(process.execPath, [join(folder, 'program.js')]));
    expect([stdout, stderr]).toEqual(['toThread: the default pool of threads is made by piscina, which is not installed: npm install piscina\n', '']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the result has the type that is named', () => {
  const compiled = (_body: (...args: never[]) => unknown): void => {};
  compiled(function* (executor: Executor): Coroutine<void> {
    expectTypeOf(yield* toThread(work)).toEqualTypeOf<unknown>();
    expectTypeOf(yield* toThread<number>(work, 5, { name: 'f', executor })).toEqualTypeOf<number>();
    // @ts-expect-error a function cannot cross to another thread
    toThread((n: number) => n);
    // @ts-expect-error a forgotten star
    yield toThread(work);
  });
});
