import { getEventListeners } from 'node:events';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, expectTypeOf, test } from 'vitest';
import { type Coroutine, createTask, fromPromise, gather, sleep, wait, waitFor } from '../../src/loop/index.ts';
import { type ExecOptions, exec, type Finished, ProcessError } from '../../src/node/index.ts';
import { outcomeOf } from '../support/cpython.ts';
import { nothingLeftBehind } from '../support/left-behind.ts';
import { forSeeds } from '../support/random.ts';
import { inVirtualTime, type TestLoop } from '../support/virtual-loop.ts';

const js = (source: string, options?: ExecOptions & { encoding?: BufferEncoding }): Coroutine<Finished<string>> =>
  exec(process.execPath, ['-e', source], options);

const leavesNothing = (rule: string, main: (loop: TestLoop) => Coroutine<unknown>): void => {
  test(rule, () => nothingLeftBehind(() => inVirtualTime(main)));
};

leavesNothing('it returns how the program ended and all it wrote', function* () {
  expect(yield* exec('sh', ['-c', 'echo out; echo err >&2; exit 3'])).toEqual({ exitCode: 3, signal: null, stdout: 'out\n', stderr: 'err\n' });
  expect(yield* exec('sh', ['-c', 'kill -KILL $$'])).toEqual({ exitCode: null, signal: 'SIGKILL', stdout: '', stderr: '' });
  expect(yield* exec('true')).toEqual({ exitCode: 0, signal: null, stdout: '', stderr: '' });
});

leavesNothing('its input is written, and is empty unless given', function* () {
  expect((yield* exec('cat', [], { input: 'grüße\n' })).stdout).toBe('grüße\n');
  expect((yield* exec('cat', [], { input: Buffer.from('ü') })).stdout).toBe('ü');
  expect((yield* exec('cat', [], { input: '' })).stdout).toBe('');
  expect((yield* exec('cat')).stdout).toBe('');
});

leavesNothing('folder and environment are those asked for', function* () {
  const folder = realpathSync(tmpdir());
  const { stdout } = yield* exec('/bin/sh', ['-c', 'echo "$PWD $NAME $HOME"'], { cwd: folder, env: { NAME: 'value' } });
  expect(stdout).toBe(`${folder} value \n`);
});

leavesNothing('megabytes go in and come out at once, on both streams', function* () {
  const megabytes = 'ü'.repeat(4_000_000);
  const both = 'process.stdin.on("data", (chunk) => void [process.stdout.write(chunk), process.stderr.write(chunk)])';
  const { stdout, stderr } = yield* js(both, { input: megabytes });
  expect([stdout === megabytes, stderr === megabytes]).toEqual([true, true]);
});

leavesNothing('the encoding is the one asked for', function* () {
  expect((yield* exec('printf', ['\\344'], { encoding: 'latin1' })).stdout).toBe('ä');
  expect((yield* exec('printf', ['\\344'], { encoding: 'buffer' })).stdout).toEqual(Buffer.from([0xe4]));
  expect((yield* exec('printf', ['\\344'], { encoding: 'hex' })).stdout).toBe('e4');
});

leavesNothing('a program that does not read its input to the end is no error', function* () {
  const { exitCode } = yield* js('process.stdin.destroy(); process.exitCode = 4', { input: 'x'.repeat(4_000_000) });
  expect(exitCode).toBe(4);
});

leavesNothing('more output than maxBuffer ends the program, and is a RangeError', function* () {
  for (const name of ['stdout', 'stderr']) {
    const task = createTask(js(`setInterval(() => process.${name}.write('x'.repeat(1000)), 1)`, { maxBuffer: 5000 }));
    yield* wait([task]);
    expect(outcomeOf(task)).toBe(`raised RangeError communicate: expected at most 5000 bytes on ${name}, got more; raise { maxBuffer }`);
  }
  expect((yield* exec('printf', ['12345'], { maxBuffer: 5 })).stdout).toBe('12345');
  const wrong = createTask(exec('true', [], { maxBuffer: -1 }));
  yield* wait([wrong]);
  expect(outcomeOf(wrong)).toBe('raised RangeError communicate: expected maxBuffer in bytes from 0 up, got -1');
});

leavesNothing('with check, a failure is a ProcessError that has everything', function* () {
  const failing = createTask(exec('sh', ['-c', 'echo out; echo first >&2; echo why >&2; exit 3'], { check: true }));
  yield* wait([failing]);
  const error = failing.exception() as ProcessError;
  expect(error).toBeInstanceOf(ProcessError);
  expect(error).toMatchObject({ message: "exec: expected 'sh' to end with exit code 0, got 3: why", exitCode: 3, signal: null, stdout: 'out\n' });
  expect([error.stderr, error.command.slice(0, 2)]).toEqual(['first\nwhy\n', ['sh', '-c']]);
  const killed = createTask(exec('sh', ['-c', 'kill -TERM $$'], { check: true }));
  yield* wait([killed]);
  expect(outcomeOf(killed)).toBe("raised ProcessError exec: expected 'sh' to end with exit code 0, got SIGTERM");
  expect((yield* exec('true', [], { check: true })).exitCode).toBe(0);
});

leavesNothing('a program that is not there is one clear error', function* () {
  const task = createTask(exec('no-such-program'));
  yield* wait([task]);
  expect(outcomeOf(task)).toBe("raised Error subprocess: cannot start 'no-such-program': no such file; give a path, or a name that is found in PATH (ENOENT)");
});

leavesNothing('a cancellation goes on once the program is reaped, with what it has started', function* () {
  const task = createTask(exec('sh', ['-c', 'sleep 60 & wait'], { stdout: 'ignore' }));
  const numbers = createTask(exec('sh', ['-c', 'sleep 60 & sleep 60']));
  yield* fromPromise(() => delay(50));
  task.cancel('enough');
  numbers.cancel();
  yield* wait([task, numbers]);
  expect([outcomeOf(task), outcomeOf(numbers)]).toEqual(['cancelled', 'cancelled']);
});

leavesNothing('a timeout ends a program that ignores SIGTERM, after its grace', function* () {
  const folder = mkdtempSync(`${tmpdir()}/stubborn-`);
  const stubborn = "process.on('SIGTERM', () => {}); fs.writeFileSync('ready', ''); setInterval(() => {}, 1000)";
  const started = performance.now();
  const task = createTask(exec(process.execPath, ['-e', stubborn], { cwd: folder, forceKillAfter: 300 }));
  while (!existsSync(`${folder}/ready`) && !task.done()) yield* fromPromise(() => delay(10));
  rmSync(folder, { recursive: true });
  const asked = performance.now();
  const limited = createTask(waitFor(task, 0));
  yield* wait([limited]);
  expect([outcomeOf(limited), outcomeOf(task)]).toEqual(['raised TimeoutError timed out', 'cancelled']);
  expect(performance.now() - asked).toBeGreaterThan(290);
  expect(performance.now() - started).toBeLessThan(15_000);
});

leavesNothing('a task that is cancelled before its first step starts nothing', function* () {
  const task = createTask(exec('sleep', ['60']));
  task.cancel();
  yield* wait([task]);
  expect(outcomeOf(task)).toBe('cancelled');
});

leavesNothing('an AbortSignal ends it too, and its reason is thrown; no listener stays on the signal', function* () {
  const controller = new AbortController();
  const task = createTask(exec('sleep', ['60'], { signal: controller.signal }));
  yield* fromPromise(() => delay(20));
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
  controller.abort(new RangeError('enough'));
  yield* wait([task]);
  expect(outcomeOf(task)).toBe('raised RangeError enough');
  const late = createTask(exec('no-such-program', [], { signal: controller.signal }));
  yield* wait([late]);
  expect(outcomeOf(late)).toBe('raised RangeError enough');
  const unused = new AbortController();
  yield* gather(Array.from({ length: 5 }, () => exec('true', [], { signal: unused.signal })));
  expect(getEventListeners(unused.signal, 'abort')).toHaveLength(0);
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
});

test('at whatever moment it is cancelled, once or twice, nothing is left', () =>
  forSeeds(25, (random) =>
    nothingLeftBehind(() =>
      inVirtualTime(function* (): Coroutine<void> {
        const tasks = Array.from({ length: 3 }, () => {
          const script = random.chance(0.5) ? 'sleep 60 & sleep 60' : "trap '' TERM; cat; sleep 60";
          return createTask(exec('sh', ['-c', script], { input: 'x'.repeat(random.int(200_000)), forceKillAfter: random.int(30) }));
        });
        for (const task of tasks) {
          if (random.chance(0.8)) yield* fromPromise(() => delay(random.int(12)));
          task.cancel();
          if (random.chance(0.5)) yield* fromPromise(() => delay(random.int(3)));
          if (random.chance(0.5)) task.cancel();
        }
        yield* wait(tasks);
        expect(tasks.map(outcomeOf)).toEqual(['cancelled', 'cancelled', 'cancelled']);
      }),
    ),
  ));

leavesNothing('virtual time stands still while a program runs', function* (loop) {
  loop.callLater(5, () => {});
  yield* exec('sleep', ['0.02']);
  expect(loop.time()).toBe(0);
  yield* sleep(10);
  expect(loop.time()).toBe(10);
});

test('the output has the type that the encoding says', () => {
  const compiled = (_body: (...args: never[]) => unknown): void => {};
  compiled(function* (): Coroutine<void> {
    expectTypeOf(yield* exec('ls')).toEqualTypeOf<Finished<string>>();
    expectTypeOf(yield* exec('ls', ['-l'], { encoding: 'latin1', check: true })).toEqualTypeOf<Finished<string>>();
    expectTypeOf(yield* exec('ls', [], { encoding: 'buffer' })).toEqualTypeOf<Finished<Buffer>>();
    expectTypeOf((yield* exec('ls')).exitCode).toEqualTypeOf<number | null>();
    // @ts-expect-error a forgotten star
    yield exec('ls');
    // @ts-expect-error no such encoding
    exec('ls', [], { encoding: 'klingon' });
    // @ts-expect-error not a line of shell: a program and its arguments
    exec('ls', '-l');
  });
});
