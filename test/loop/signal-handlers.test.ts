import { afterEach, expect, test } from 'vitest';
import { ContextVar, type Coroutine, EventLoop, LoopError, sleep, VirtualDriver } from '../../src/loop/index.ts';
import { runProgram } from '../support/run-program.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

const listeners = (): number => process.listenerCount('SIGUSR2');
afterEach(() => expect(listeners()).toBe(0));

test('a signal calls the handler in the loop, with its arguments, each time', async () => {
  const loop = virtualLoop();
  const calls: string[] = [];
  loop.addSignalHandler('SIGUSR2', (text, number) => calls.push(`${text} ${number}`), 'got', 2);
  function* main(): Coroutine<void> {
    process.emit('SIGUSR2');
    process.emit('SIGUSR2');
    expect(calls).toEqual([]);
    yield* sleep(0);
    expect(calls).toEqual(['got 2', 'got 2']);
  }
  await loop.runUntilComplete(main());
  expect(loop.removeSignalHandler('SIGUSR2')).toBe(true);
  expect(loop.removeSignalHandler('SIGUSR2')).toBe(false);
});

test('a second handler takes the place of the first, and closing the loop takes all back', () => {
  const loop = virtualLoop();
  loop.addSignalHandler('SIGUSR2', () => {});
  loop.addSignalHandler('SIGUSR2', () => {});
  expect(listeners()).toBe(1);
  loop.close();
  expect(listeners()).toBe(0);
  expect(() => loop.addSignalHandler('SIGUSR2', () => {})).toThrow(LoopError);
});

test('the handler runs in the context in which it was set', async () => {
  const loop = virtualLoop();
  const variable = new ContextVar<string>('variable');
  const seen: string[] = [];
  const token = variable.set('then');
  loop.addSignalHandler('SIGUSR2', () => seen.push(variable.get()));
  variable.reset(token);
  process.emit('SIGUSR2');
  await loop.runUntilComplete(sleep(0));
  expect(seen).toEqual(['then']);
  loop.close();
});

test('what can be no handler is refused with the reason', () => {
  const loop = new EventLoop({ driver: new VirtualDriver() });
  expect(() => loop.addSignalHandler('SIGNONE', () => {})).toThrow('addSignalHandler: expected a signal of this system, got SIGNONE');
  expect(() => loop.addSignalHandler('SIGKILL', () => {})).toThrow('addSignalHandler: SIGKILL cannot be caught');
  expect(() => loop.addSignalHandler('SIGUSR2', function* () {})).toThrow('coroutines cannot be used');
  expect(() => loop.addSignalHandler('SIGUSR2', 5 as never)).toThrow('expected a function, got 5');
  loop.close();
});

test('a loop that waits for nothing but a signal waits, in real time and in virtual time', async () => {
  for (const driver of ['NodeDriver', 'VirtualDriver']) {
    const program = `
      import { ${driver}, Event, Runner } from 'asyncdemo';
      const runner = new Runner({ driver: new ${driver}(), signals: [] });
      const stop = new Event();
      runner.loop.addSignalHandler('SIGTERM', () => stop.set());
      console.log('ready');
      await runner.run(stop.wait());
      console.log('stopped');
      await runner.close();`;
    expect(await runProgram(program, { signals: ['SIGTERM'] })).toEqual({ stdout: 'ready\nstopped\n', stderr: '', code: 0, signal: null });
  }
});

test('a handler of the loop takes a signal over from the runner', async () => {
  const program = `
    import { getRunningLoop, run, sleep } from 'asyncdemo';
    await run((function* () {
      let count = 0;
      getRunningLoop().addSignalHandler('SIGINT', () => { count += 1; });
      console.log('ready');
      while (count === 0) yield* sleep(5);
      console.log('went on');
    })());`;
  expect(await runProgram(program, { signals: ['SIGINT'] })).toEqual({ stdout: 'ready\nwent on\n', stderr: '', code: 0, signal: null });
});

test('a handler that is set does not keep a program alive whose run is over', async () => {
  const program = `
    import { EventLoop, sleep } from 'asyncdemo';
    const loop = new EventLoop();
    loop.addSignalHandler('SIGUSR2', () => {});
    await loop.runUntilComplete(sleep(1));
    console.log('over');`;
  expect(await runProgram(program)).toMatchObject({ stdout: 'over\n', code: 0 });
});

test('a handler that is set while the loop has nothing to do keeps its run from ending as a deadlock, and one taken back no longer', async () => {
  const program = `
    import { EventLoop } from 'asyncdemo';
    const loop = new EventLoop();
    setTimeout(() => {
      loop.addSignalHandler('SIGUSR2', () => {
        console.log('heard');
        setTimeout(() => loop.removeSignalHandler('SIGUSR2'), 1);
      });
      console.log('ready');
    }, 1);
    await loop.runForever().catch((error) => console.log(error.name));`;
  expect(await runProgram(program, { signals: ['SIGUSR2'] })).toMatchObject({ stdout: 'ready\nheard\nDeadlockError\n', code: 0 });
});
