import { expect, test, vi } from 'vitest';
import { type Coroutine, EventLoop, fromPromise, NodeDriver, run, sleep } from '../../src/loop/index.ts';
import { runProgram } from '../support/run-program.ts';

test('a wait longer than setTimeout can take is chunked, and not turned into 1 ms', () => {
  const set = vi.spyOn(globalThis, 'setTimeout').mockImplementation(() => ({}) as NodeJS.Timeout);
  const clear = vi.spyOn(globalThis, 'clearTimeout').mockImplementation(() => {});
  try {
    const driver = new NodeDriver();
    driver.wakeLater(
      { deadline: driver.now() + 2 ** 40, held: false },
      () => {},
      () => {},
    );
    expect(set.mock.calls[0]?.[1]).toBe(2 ** 31 - 1);
    driver.forget();
    driver.wakeLater(
      { deadline: Number.POSITIVE_INFINITY, held: false },
      () => {},
      () => {},
    );
    expect(set.mock.calls[1]?.[1]).toBe(2 ** 31 - 1);
    driver.forget();
  } finally {
    set.mockRestore();
    clear.mockRestore();
  }
});

test('a fractional delay is rounded up, and a timer never runs before its deadline even when the host is early', async () => {
  const set = vi.spyOn(globalThis, 'setTimeout');
  const loop = new EventLoop();
  try {
    const early: number[] = [];
    for (let i = 0; i < 30; i++) {
      const deadline = loop.time() + i * 0.37;
      loop.callAt(deadline, () => {
        if (loop.time() < deadline) early.push(i);
      });
    }
    await loop.runUntilComplete(sleep(15.5));
    expect(early).toEqual([]);
    for (const [, delay] of set.mock.calls) expect(Number.isInteger(delay)).toBe(true);
  } finally {
    set.mockRestore();
    loop.close();
  }
});

test('a host that calls too early is asked again', async () => {
  class EarlyDriver extends NodeDriver {
    wakes = 0;
    #now = 0;
    override now(): number {
      return this.#now;
    }
    override wakeLater(_idle: object, turn: () => void): void {
      this.wakes += 1;
      this.#now += 4;
      this.wakeNow(turn);
    }
  }
  const driver = new EarlyDriver();
  const loop = new EventLoop({ driver });
  await loop.runUntilComplete(sleep(10));
  expect([driver.wakes, driver.now()]).toEqual([3, 12]);
  loop.close();
});

test('forget leaves nothing behind that could keep the process alive or call back', async () => {
  const driver = new NodeDriver();
  const calls: string[] = [];
  driver.wakeNow(() => calls.push('now'));
  driver.wakeLater(
    { deadline: driver.now() + 1, held: false },
    () => calls.push('later'),
    () => calls.push('stuck'),
  );
  driver.forget();
  driver.wakeLater(
    { deadline: undefined, held: false },
    () => calls.push('later'),
    () => calls.push('stuck'),
  );
  expect(process.listenerCount('beforeExit')).toBeGreaterThan(0);
  driver.forget();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(calls).toEqual([]);
});

test('the process exits when all is done, though a timer of an hour was cancelled and a loop left unclosed', async () => {
  const { stdout, code } = await runProgram(`
    import { createTask, EventLoop, sleep } from 'asyncdemo';
    const loop = new EventLoop();
    loop.createTask(sleep(3_600_000));
    console.log(await loop.runUntilComplete(sleep(1, 'done')), process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'Immediate').length);`);
  expect(stdout).toBe('done 0\n');
  expect(code).toBe(0);
});

test('under 100,000 switching tasks a signal, a timer of the host and a socket are served', async () => {
  const { stdout, stderr } = await runProgram(
    `
    import { createServer, connect } from 'node:net';
    import { EventLoop, sleep } from 'asyncdemo';
    const loop = new EventLoop();
    let ended = false;
    function* switches() { while (!ended) yield* sleep(0); }
    for (let i = 0; i < 100_000; i++) loop.createTask(switches());
    const served = new Set();
    const serve = (name) => {
      served.add(name);
      if (served.size === 3) { ended = true; loop.stop(); }
    };
    process.on('SIGUSR2', () => serve('signal'));
    setTimeout(() => serve('timer'), 1);
    const server = createServer((socket) => { socket.end(); serve('socket'); server.close(); });
    server.listen(0, '127.0.0.1', () => connect(server.address().port, '127.0.0.1').resume());
    console.log('ready');
    await loop.runForever();
    console.log([...served].sort().join());`,
    { signals: ['SIGUSR2'] },
  );
  expect(stderr).toBe('');
  expect(stdout).toBe('ready\nsignal,socket,timer\n');
});

test('a loop that is woken and parks again leaves a timeout that is early enough as it is, and sets one that is not', () => {
  const set = vi.spyOn(globalThis, 'setTimeout');
  const driver = new NodeDriver();
  const park = (deadline: number): void => driver.wakeLater({ deadline, held: true }, nothing, nothing);
  try {
    park(60_000);
    driver.wakeSoon(nothing);
    park(60_000);
    park(70_000);
    expect(set).toHaveBeenCalledTimes(1);
    park(50_000);
    expect(set).toHaveBeenCalledTimes(2);
  } finally {
    driver.forget();
    set.mockRestore();
  }
});

test('promises that settle at once, one after the other, do not keep Node from its own affairs', async () => {
  let served = 0;
  const interval = setInterval(() => {
    served += 1;
  }, 1);
  await run(
    (function* (): Coroutine<void> {
      while (served < 5) yield* fromPromise(() => Promise.resolve());
    })(),
  );
  clearInterval(interval);
  expect(served).toBeGreaterThanOrEqual(5); // On a busy machine the interval may come once more before the run is over.
});

test('nor do many loops at once: turns in microtasks end for all of them together', () => {
  const drivers = Array.from({ length: 8 }, () => new NodeDriver());
  const now = vi.spyOn(performance, 'now');
  try {
    now.mockReturnValue(1000);
    drivers[0]?.wakeSoon(nothing);
    now.mockReturnValue(1005);
    const immediate = vi.spyOn(globalThis, 'setImmediate');
    for (const driver of drivers.slice(1)) driver.wakeSoon(nothing);
    expect(immediate).toHaveBeenCalledTimes(7);
    immediate.mockRestore();
  } finally {
    for (const driver of drivers) driver.forget();
    now.mockRestore();
  }
});

test('a turn that was to come soon does not come once the run is over', async () => {
  const driver = new NodeDriver();
  const turn = vi.fn();
  driver.wakeSoon(turn);
  driver.forget();
  await undefined;
  await undefined;
  expect(turn).not.toHaveBeenCalled();
});

function nothing(): void {}
