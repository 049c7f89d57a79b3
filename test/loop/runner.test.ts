import { describe, expect, test, vi } from 'vitest';
import {
  allTasks,
  Context,
  ContextVar,
  type Coroutine,
  createTask,
  getRunningLoop,
  KeyboardInterrupt,
  Runner,
  run,
  sleep,
  VirtualDriver,
} from '../../src/loop/index.ts';
import { fails, ValueError } from '../support/cpython.ts';
import { runProgram } from '../support/run-program.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

const virtual = () => ({ driver: new VirtualDriver() });

describe('run and Runner', () => {
  test('run gives the result of the main coroutine, or its very error', async () => {
    const error = new ValueError('no');
    expect(await run(sleep(5, 'result'), virtual())).toBe('result');
    await expect(run(fails(error), virtual())).rejects.toBe(error);
  });

  test('run cancels the tasks that the main coroutine leaves behind, and closes the loop', async () => {
    const log: string[] = [];
    const loop = await run(
      (function* () {
        createTask(
          (function* (): Coroutine<void> {
            try {
              yield* sleep(1000);
            } finally {
              log.push('cleaned up');
            }
          })(),
        );
        yield* sleep(1);
        return { loop: (allTasks()[0] as { getLoop(): { isClosed(): boolean } }).getLoop() };
      })(),
      virtual(),
    );
    expect(log).toEqual(['cleaned up']);
    expect(loop.loop.isClosed()).toBe(true);
  });

  test('a Runner runs one program after the other on the same loop; closing twice is fine, and then nothing runs', async () => {
    const runner = new Runner(virtual());
    expect(await runner.run(sleep(5, 1))).toBe(1);
    expect(await runner.run(sleep(5, 2))).toBe(2);
    expect(runner.loop.time()).toBe(10);
    await runner.close();
    await runner.close();
    await expect(runner.run(sleep(1))).rejects.toThrow('Event loop is closed');
  });

  test('the runs of a Runner share a context, a copy of the one it was made in, unless they are given one', async () => {
    const variable = new ContextVar('variable', { defaultValue: 'default' });
    function* swap(value: string): Coroutine<string> {
      const before = variable.get();
      variable.set(value);
      return before;
    }
    const runner = new Runner(virtual());
    const own = new Context();
    expect(await runner.run(swap('first'))).toBe('default');
    expect(await runner.run(swap('second'))).toBe('first');
    expect(await runner.run(swap('own'), { context: own })).toBe('default');
    expect(await runner.run(swap('third'))).toBe('second');
    expect(own.get(variable)).toBe('own');
    expect(variable.get()).toBe('default');
    await runner.close();
  });

  test('a Runner runs on the loop that loopFactory makes, and debug switches its debug mode on', async () => {
    const loop = virtualLoop();
    const runner = new Runner({ loopFactory: () => loop });
    expect(runner.loop).toBe(loop);
    await runner.close();
    expect(loop.isClosed()).toBe(true);
    function* debugging(): Coroutine<boolean> {
      return getRunningLoop().getDebug();
    }
    expect(await run(debugging(), { ...virtual(), debug: true })).toBe(true);
    expect(await run(debugging(), virtual())).toBe(false);
  });

  test('await using closes the Runner', async () => {
    const runner = new Runner(virtual());
    await runner.run(sleep(1));
    await runner[Symbol.asyncDispose]();
    expect(runner.loop.isClosed()).toBe(true);
  });

  test('a task that does not stop when cancelled is named to the exception handler', async () => {
    const runner = new Runner({ ...virtual(), grace: 50 });
    const reports: string[] = [];
    runner.loop.setExceptionHandler((_loop, { message }) => void reports.push(message));
    await runner.run(
      (function* (): Coroutine<void> {
        createTask(
          (function* (): Coroutine<void> {
            for (;;) {
              try {
                yield* sleep(1000);
              } catch {}
            }
          })(),
          { name: 'stubborn' },
        );
        yield* sleep(1);
      })(),
    );
    await runner.close();
    expect(reports).toEqual(["Task 'stubborn' did not stop when cancelled, and was left"]);
  });

  test('a signal leaves the run with KeyboardInterrupt after every task was cancelled and had its clean-up; the listener is gone then', async () => {
    const before = process.listenerCount('SIGUSR2');
    const log: string[] = [];
    function* worker(name: string): Coroutine<void> {
      try {
        yield* sleep(1e9);
      } finally {
        yield* sleep(10);
        log.push(`${name} cleaned up`);
      }
    }
    const runner = new Runner({ ...virtual(), signals: ['SIGUSR2'] });
    const main = (function* (): Coroutine<void> {
      createTask(worker('child'));
      const letGo = runner.loop.hold();
      setImmediate(() => {
        process.emit('SIGUSR2', 'SIGUSR2');
        letGo();
      });
      yield* worker('main');
    })();
    const error = await runner.run(main).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KeyboardInterrupt);
    expect((error as KeyboardInterrupt).signal).toBe('SIGUSR2');
    expect(log.sort()).toEqual(['child cleaned up', 'main cleaned up']);
    expect(runner.loop.isClosed()).toBe(true);
    expect(process.listenerCount('SIGUSR2')).toBe(before);
  });

  test('a second signal leaves the draining at once', async () => {
    let now = 1000;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    try {
      const runner = new Runner({ ...virtual(), signals: ['SIGUSR2'], grace: 1e9 });
      runner.loop.setExceptionHandler(() => {});
      let cancels = 0;
      const main = (function* (): Coroutine<void> {
        runner.loop.hold();
        setImmediate(() => process.emit('SIGUSR2', 'SIGUSR2'));
        for (;;) {
          try {
            yield* sleep(1e6);
          } catch {
            cancels += 1;
            setTimeout(() => {
              now += 200;
              process.emit('SIGUSR2', 'SIGUSR2');
            }, 1);
          }
        }
      })();
      await expect(runner.run(main)).rejects.toBeInstanceOf(KeyboardInterrupt);
      expect(cancels).toBe(1);
    } finally {
      clock.mockRestore();
    }
  });

  test('one keystroke that arrives twice, as npm passes it on, counts once: the draining goes on', async () => {
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => 1000);
    try {
      const runner = new Runner({ ...virtual(), signals: ['SIGUSR2'] });
      let cleanedUp = false;
      const main = (function* (): Coroutine<void> {
        const letGo = runner.loop.hold();
        setImmediate(() => {
          process.emit('SIGUSR2', 'SIGUSR2');
          letGo();
        });
        try {
          yield* sleep(1e6);
        } finally {
          process.emit('SIGUSR2', 'SIGUSR2');
          yield* sleep(10);
          cleanedUp = true;
        }
      })();
      await expect(runner.run(main)).rejects.toBeInstanceOf(KeyboardInterrupt);
      expect(cleanedUp).toBe(true);
    } finally {
      clock.mockRestore();
    }
  });

  test('a signal between two runs leaves the program', async () => {
    const runner = new Runner({ ...virtual(), signals: ['SIGUSR2'] });
    const body = async (): Promise<never> => {
      await runner.loop.runUntilComplete(sleep(1));
      setImmediate(() => process.emit('SIGUSR2', 'SIGUSR2'));
      return new Promise<never>(() => {});
    };
    await expect(runner.guard(body)).rejects.toBeInstanceOf(KeyboardInterrupt);
    expect(runner.loop.isClosed()).toBe(true);
  });

  test('a program that listens to SIGINT itself is left to do so', async () => {
    const listen = (): void => {};
    process.on('SIGINT', listen);
    try {
      const runner = new Runner(virtual());
      let listeners = 0;
      await runner.run(
        (function* (): Coroutine<void> {
          listeners = process.listenerCount('SIGINT');
        })(),
      );
      await runner.close();
      expect(listeners).toBe(process.listenerCount('SIGINT'));
    } finally {
      process.off('SIGINT', listen);
    }
  });
});

describe('in a process of its own', () => {
  test('SIGINT cancels all tasks, lets them clean up, and run() throws KeyboardInterrupt', async () => {
    const { stdout, stderr, code } = await runProgram(
      `
      import { createTask, run, sleep } from 'asyncdemo';
      function* worker(name) {
        try { yield* sleep(60_000); } finally { yield* sleep(5); console.log(name, 'cleaned up'); }
      }
      function* main() {
        createTask(worker('child'));
        yield* sleep(0); // Cancelled before its first step, the child would have nothing to clean up.
        console.log('ready');
        yield* worker('main');
      }
      await run(main()).catch((error) => console.log(error.name, error.message));
      console.log('listeners', process.listenerCount('SIGINT'));`,
      { signals: ['SIGINT'] },
    );
    expect(stderr).toBe('');
    expect(stdout.split('\n').slice(0, -1).sort()).toEqual([
      'KeyboardInterrupt interrupted by SIGINT',
      'child cleaned up',
      'listeners 0',
      'main cleaned up',
      'ready',
    ]);
    expect(code).toBe(0);
  });

  test('a KeyboardInterrupt nobody catches fails the process', async () => {
    const { stderr, code } = await runProgram(
      `
      import { run, sleep } from 'asyncdemo';
      setTimeout(() => console.log('ready'), 1);
      await run(sleep(60_000));`,
      { signals: ['SIGINT'] },
    );
    expect(stderr).toContain('KeyboardInterrupt: interrupted by SIGINT');
    expect(code).toBe(1);
  });

  test('a second Ctrl-C leaves a task that swallows the cancellation, and names it', async () => {
    const { stdout, stderr } = await runProgram(
      `
      import { run, sleep } from 'asyncdemo';
      function* stubborn() {
        console.log('ready');
        for (;;) {
          try { yield* sleep(60_000); } catch { setTimeout(() => console.log('ready'), 150); }
        }
      }
      await run(stubborn(), { grace: 60_000 }).catch((error) => console.log(error.name));`,
      { signals: ['SIGINT', 'SIGINT'] },
    );
    expect(stdout).toBe('ready\nready\nKeyboardInterrupt\n');
    expect(stderr).toContain("Task 'Task-1' did not stop when cancelled, and was left");
  });

  test('a task that never suspends for long is interrupted by SIGINT at the next handle boundary', async () => {
    const { stdout } = await runProgram(
      `
      import { run, sleep } from 'asyncdemo';
      function* busy() {
        console.log('ready');
        try { for (;;) yield* sleep(0); } finally { console.log('left'); }
      }
      await run(busy()).catch((error) => console.log(error.name));`,
      { signals: ['SIGINT'] },
    );
    expect(stdout).toBe('ready\nleft\nKeyboardInterrupt\n');
  });
});

const slowToEnd = `import { createTask, KeyboardInterrupt, Runner, run, sleep } from 'asyncdemo';
function* careful() {
  try { yield* sleep(60_000); } finally { console.log('ready'); yield* sleep(300); console.log('cleaned up'); }
}
function* main() { createTask(careful()); yield* sleep(1); return 'result'; }
`;

test('the first signal while the loop is drained at its end lets the draining go on, and is told', async () => {
  const { stdout, stderr } = await runProgram(`${slowToEnd} console.log(await run(main()).catch((error) => error.name));`, { signals: ['SIGINT'] });
  expect(stderr).toBe('');
  expect(stdout).toBe('ready\ncleaned up\nKeyboardInterrupt\n');
});

test('another signal right after the first is no part of its keystroke', async () => {
  const { stdout } = await runProgram(
    `import { run, sleep } from 'asyncdemo';
    function* stubborn() { for (;;) { try { yield* sleep(60_000); } catch { console.log('ready'); } } }
    setTimeout(() => console.log('ready'), 20);
    const start = performance.now();
    const name = await run(stubborn(), { signals: ['SIGINT', 'SIGTERM'] }).catch((error) => error.signal);
    console.log(name, performance.now() - start < 4000 ? 'at once' : 'after the grace period');`,
    { signals: ['SIGINT', 'SIGTERM'] },
  );
  expect(stdout.trim().split('\n').at(-1)).toBe('SIGINT at once');
});
