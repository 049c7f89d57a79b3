// Real children: what they do takes real time, and however their block is left, nothing of them is left.
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, expectTypeOf, test } from 'vitest';
import { asyncFor, asyncWith, CancelledError, type Coroutine, createTask, EventLoop, fromPromise, sleep, wait } from '../../src/loop/index.ts';
import { lines, once, type Process, type SubprocessOptions, subprocess } from '../../src/node/index.ts';
import { outcomeOf, ValueError } from '../support/cpython.ts';
import { goesAway, isAlive, nothingLeftBehind } from '../support/left-behind.ts';
import { inVirtualTime, type TestLoop } from '../support/virtual-loop.ts';

/** A program in JavaScript. */
const node = (source: string, options?: SubprocessOptions) => subprocess(process.execPath, ['-e', source], options);

/** Ends by nothing but SIGKILL, and says so once it is ready. */
const STUBBORN = "process.on('SIGTERM', () => console.log('refused')); setInterval(() => {}, 1000); console.log('ready')";

/** A shell that has a child of its own, of which it tells the number. */
const PARENT = 'sleep 60 & echo $!; wait';

const real = (milliseconds: number): Coroutine<void> => fromPromise(() => delay(milliseconds));

const leavesNothing = (rule: string, main: (loop: TestLoop) => Coroutine<unknown>): void => {
  test(rule, () => nothingLeftBehind(() => inVirtualTime(main)));
};

leavesNothing('the body has the child’s streams, and its end', function* () {
  const seen: string[] = [];
  const exit = yield* asyncWith(subprocess('cat'), function* (child) {
    expect(child.exitCode).toBe(null);
    child.stdin.end('one\ntwo\n');
    yield* asyncFor(lines(child.stdout), function* (line) {
      seen.push(line);
    });
    const exit = yield* child.wait();
    expect([child.exitCode, child.signal]).toEqual([0, null]);
    return exit;
  });
  expect([seen, exit]).toEqual([['one', 'two'], { exitCode: 0, signal: null }]);
});

leavesNothing('a child that still runs when its block ends is asked to end, and reaped', function* () {
  const child = yield* asyncWith(subprocess('sleep', ['60']), function* (child) {
    expect(isAlive(child.pid)).toBe(true);
    return child;
  });
  expect([isAlive(child.pid), child.signal, child.kill(), child.sendSignal('SIGTERM')]).toEqual([false, 'SIGTERM', false, false]);
});

leavesNothing('an error of the body goes on once the child is reaped', function* () {
  let child: Process | undefined;
  const task = createTask(
    asyncWith(subprocess('sleep', ['60']), function* (started) {
      child = started;
      throw new ValueError('body');
    }),
  );
  yield* wait([task]);
  expect([outcomeOf(task), child?.signal]).toEqual(['raised ValueError body', 'SIGTERM']);
});

leavesNothing('a child that ignores SIGTERM gets SIGKILL after its grace', function* () {
  const child = yield* asyncWith(node(STUBBORN, { forceKillAfter: 50 }), function* (child) {
    expect(yield* lines(child.stdout).anext()).toBe('ready');
    return child;
  });
  expect(child.signal).toBe('SIGKILL');
});

leavesNothing('a second cancellation while the child takes its time kills it at once, and is the one that goes on', function* () {
  let child: Process | undefined;
  const started = performance.now();
  const task = createTask(
    asyncWith(node(STUBBORN, { forceKillAfter: 60_000 }), function* (entered) {
      child = entered;
      const reader = lines(entered.stdout);
      yield* reader.anext();
      task.cancel('first');
      yield* reader.anext();
    }),
  );
  while (task.cancelling() === 0) yield* real(5);
  yield* real(50);
  expect([task.done(), isAlive(child?.pid as number)]).toEqual([false, true]);
  task.cancel('second');
  yield* wait([task]);
  expect(child?.signal).toBe('SIGKILL');
  expect(() => task.result()).toThrow(new CancelledError('second'));
  expect(performance.now() - started).toBeLessThan(30_000);
});

leavesNothing('what the child has started ends with it', function* () {
  let grandchild = 0;
  yield* asyncWith(subprocess('sh', ['-c', PARENT]), function* (child) {
    grandchild = Number(yield* lines(child.stdout).anext());
    expect(isAlive(grandchild)).toBe(true);
  });
  expect(yield* fromPromise(() => goesAway(grandchild))).toBe(true);
});

leavesNothing('what the child has left behind, and what ignores SIGTERM among it, is killed at the end of the block', function* () {
  let orphan = 0;
  yield* asyncWith(subprocess('sh', ['-c', "(trap '' TERM; sleep 60) & echo $!"]), function* (child) {
    orphan = Number(yield* lines(child.stdout).anext());
    expect((yield* child.wait()).exitCode).toBe(0);
    expect(isAlive(orphan)).toBe(true);
  });
  expect(yield* fromPromise(() => goesAway(orphan))).toBe(true);
});

leavesNothing('without a group the child alone is ended, and pipes that others hold open do not keep the block', function* () {
  let grandchild = 0;
  yield* asyncWith(subprocess('sh', ['-c', PARENT], { group: false }), function* (child) {
    grandchild = Number(yield* lines(child.stdout).anext());
  });
  expect(isAlive(grandchild)).toBe(true);
  process.kill(grandchild, 'SIGKILL');
  yield* fromPromise(() => goesAway(grandchild));
});

leavesNothing('a child leads a group of its own unless told otherwise', function* () {
  const groupOf = (pid: number): number => Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[2]);
  if (process.platform !== 'linux') return;
  yield* asyncWith(subprocess('sleep', ['60']), function* (child) {
    expect(groupOf(child.pid)).toBe(child.pid);
  });
  yield* asyncWith(subprocess('sleep', ['60'], { group: false }), function* (child) {
    expect(groupOf(child.pid)).toBe(groupOf(process.pid));
  });
});

leavesNothing('a child that closes its input early breaks the pipe, which is not fatal and can be asked for', function* () {
  yield* asyncWith(subprocess('sh', ['-c', 'exec <&-; echo closed; exec sleep 60']), function* (child) {
    yield* lines(child.stdout).anext();
    child.stdin.write(Buffer.alloc(1_000_000));
    const [error] = yield* once<[NodeJS.ErrnoException]>(child.stdin, 'error');
    expect(error.code).toMatch(/^(EPIPE|ECONNRESET)$/);
    expect(child.stdin.errored).toBe(error);
  });
});

leavesNothing('signals: one to the child alone, SIGTERM and SIGKILL to its group', function* () {
  for (const [act, signal] of [
    [(child: Process) => child.sendSignal('SIGHUP'), 'SIGHUP'],
    [(child: Process) => child.terminate(), 'SIGTERM'],
    [(child: Process) => child.kill(), 'SIGKILL'],
  ] as const) {
    yield* asyncWith(subprocess('sleep', ['60']), function* (child) {
      expect(act(child)).toBe(true);
      expect(yield* child.wait()).toEqual({ exitCode: null, signal });
      expect(act(child)).toBe(false);
    });
  }
});

leavesNothing('waiting for a child holds virtual time, and a cancelled wait leaves the child alone', function* (loop) {
  yield* asyncWith(subprocess('sleep', ['60']), function* (child) {
    loop.callLater(5, () => {});
    const task = createTask(child.wait());
    yield* real(20);
    expect(loop.time()).toBe(0);
    task.cancel();
    yield* wait([task]);
    expect(isAlive(child.pid)).toBe(true);
    yield* sleep(10);
    expect(loop.time()).toBe(10);
  });
});

leavesNothing('a stream that is no pipe is an error to ask for', function* () {
  yield* asyncWith(subprocess('true', [], { stdin: 'ignore', stdout: 'ignore', stderr: 'inherit' }), function* (child) {
    for (const name of ['stdin', 'stdout', 'stderr'] as const) {
      expect(() => child[name]).toThrow(`Process: expected ${name} to be a pipe, but it is not; start it with { ${name}: 'pipe' }`);
    }
    yield* child.wait();
  });
});

leavesNothing('what cannot be started is one error that says why, and nothing is left of it', function* () {
  const startOf = function* (file: string, options?: SubprocessOptions): Coroutine<unknown> {
    try {
      yield* asyncWith(subprocess(file, [], options), () => sleep(0));
    } catch (error) {
      return [(error as Error).message, (error as NodeJS.ErrnoException).code];
    }
    return 'started';
  };
  expect(yield* startOf('no-such-program')).toEqual([
    "subprocess: cannot start 'no-such-program': no such file; give a path, or a name that is found in PATH (ENOENT)",
    'ENOENT',
  ]);
  expect(yield* startOf('cat', { cwd: '/no/such/folder' })).toEqual([
    "subprocess: cannot start 'cat': its folder '/no/such/folder' does not exist (ENOENT)",
    'ENOENT',
  ]);
  expect(yield* startOf(tmpdir())).toEqual([`subprocess: cannot start '${tmpdir()}': it may not be executed (EACCES)`, 'EACCES']);
  expect(() => subprocess('cat', [], { forceKillAfter: -1 })).toThrow('subprocess: expected forceKillAfter in milliseconds from 0 up, got -1');
});

test('a loop that is closed kills its children, who cannot be waited for any more', () =>
  nothingLeftBehind(async () => {
    const loop = new EventLoop();
    let child: Process | undefined;
    loop.createTask(
      asyncWith(node(STUBBORN), function* (entered) {
        child = entered;
        yield* lines(entered.stdout).anext();
        loop.stop();
        yield* entered.wait();
      }),
    );
    await loop.runForever();
    expect(isAlive(child?.pid as number)).toBe(true);
    loop.close();
    expect(await goesAway(child?.pid as number)).toBe(true);
  }));

test('many children at once leave nothing either', () =>
  nothingLeftBehind(() =>
    inVirtualTime(function* (): Coroutine<void> {
      const tasks = Array.from({ length: 12 }, (_, index) => createTask(asyncWith(subprocess('sleep', [index % 2 ? '0' : '60']), (child) => child.wait())));
      yield* real(100);
      for (const task of tasks) task.cancel();
      yield* wait(tasks);
      expect(tasks.map((task) => task.done())).not.toContain(false);
    }),
  ));

test('the body is typed', () => {
  const compiled = (_body: (...args: never[]) => unknown): void => {};
  compiled(function* (): Coroutine<void> {
    const code = yield* asyncWith(subprocess('cat'), function* (child) {
      expectTypeOf(child).toEqualTypeOf<Process>();
      return (yield* child.wait()).exitCode;
    });
    expectTypeOf(code).toEqualTypeOf<number | null>();
    // @ts-expect-error a signal that does not exist
    subprocess('cat', [], { killSignal: 'SIGNOTHING' });
    // @ts-expect-error arguments come in a list
    subprocess('cat', 'file');
    // @ts-expect-error a forgotten star
    yield asyncWith(subprocess('cat'), () => sleep(0));
  });
});
