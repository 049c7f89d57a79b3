import { expect, test } from 'vitest';
import {
  asyncWith,
  Context,
  ContextVar,
  type Coroutine,
  createTask,
  currentTask,
  Event,
  EventLoop,
  fromPromise,
  type Handle,
  KeyboardInterrupt,
  Lock,
  type LoopObserver,
  Queue,
  Semaphore,
  sleep,
  type Task,
  VirtualDriver,
  wait,
} from '../../src/loop/index.ts';
import { ValueError } from '../support/cpython.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

/** Every hook writes a line. */
function recorder(log: string[]): Required<LoopObserver> {
  const name = (task: object | null): string => (task === null ? 'nothing' : ((task as Task<unknown>).getName?.() ?? task.constructor.name));
  return {
    run: (phase, error) => log.push(`run ${phase}${error === undefined ? '' : ` ${error}`}`),
    poll: (phase, deadline) => log.push(`poll ${phase}${deadline === undefined ? '' : ` ${deadline}`}`),
    iteration: (count, ready) => log.push(`iteration ${count} of ${ready}`),
    handleScheduled: (handle, cause) => log.push(`scheduled ${(handle as Handle).callback?.name || 'anonymous'} by ${name(cause)}`),
    primitive: (act, primitive) => log.push(`${act} ${primitive.constructor.name}`),
    handle: (phase) => log.push(`handle ${phase}`),
    timer: (phase, timer) => log.push(`timer ${phase} ${(timer as { when(): number }).when()}`),
    taskCreated: (task) => log.push(`created ${name(task)}`),
    step: (phase, task) => log.push(`step ${phase} ${name(task)}`),
    taskSuspended: (task, awaited) => log.push(`${name(task)} suspended on ${name(awaited)}`),
    taskWoken: (task, cause) => log.push(`${name(task)} woken by ${name(cause)}`),
    taskCancelRequested: (task) => log.push(`cancel ${name(task)}`),
    taskDone: (task) => log.push(`done ${name(task)}`),
  };
}

test('the hooks tell the whole life of a task, in order', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  loop.setObserver(recorder(log));
  await loop.runUntilComplete(
    (function* (): Coroutine<void> {
      yield* sleep(0);
      yield* sleep(5);
    })(),
  );
  expect(log).toEqual([
    'created Task-1',
    'run start',
    'iteration 1 of 1',
    'step start Task-1',
    'Task-1 suspended on nothing',
    'step end Task-1',
    'iteration 2 of 1',
    'step start Task-1',
    'timer set 5',
    'Task-1 suspended on Future',
    'step end Task-1',
    'poll start 5',
    'poll end',
    'timer due 5',
    'iteration 3 of 1',
    'handle start',
    'Task-1 woken by Future',
    'handle end',
    'iteration 4 of 1',
    'step start Task-1',
    'scheduled stopLoop by Task-1',
    'done Task-1',
    'step end Task-1',
    'iteration 5 of 1',
    'handle start',
    'handle end',
    'run end',
  ]);
});

test('a cancellation, and the timer it takes along, are told', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  await loop.runUntilComplete(
    (function* (): Coroutine<void> {
      const task = createTask(sleep(5), { name: 'victim' });
      yield* sleep(0);
      loop.setObserver({ ...recorder(log), iteration: () => {}, handle: () => {}, step: () => {} });
      task.cancel();
      yield* wait([task]);
      loop.setObserver(undefined);
    })(),
  );
  expect(log).toEqual([
    'cancel victim',
    'victim woken by Future',
    'Task-1 suspended on Future',
    'timer cancelled 5',
    'scheduled onCompletion by victim',
    'done victim',
    'Task-1 woken by Future',
  ]);
});

test('what tasks do with locks, semaphores, events and queues is told where it happens', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  const [lock, semaphore, event, queue] = [new Lock(), new Semaphore(1), new Event(), new Queue<number>()];
  function* second(): Coroutine<void> {
    yield* asyncWith(lock, function* () {
      log.push('second has the lock');
    });
    event.set();
    yield* queue.put(1);
  }
  loop.setObserver({ primitive: (act, primitive) => void log.push(`${act} ${primitive.constructor.name}`) });
  await loop.runUntilComplete(
    (function* (): Coroutine<void> {
      yield* lock.acquire();
      yield* semaphore.acquire();
      createTask(second());
      yield* sleep(1);
      lock.release();
      semaphore.release();
      yield* event.wait();
      yield* queue.get();
    })(),
  );
  expect(log).toEqual([
    'acquire Lock',
    'acquire Semaphore',
    'wait Lock',
    'release Lock',
    'release Semaphore',
    'wait Event',
    'leave Lock',
    'acquire Lock',
    'second has the lock',
    'release Lock',
    'put Queue',
    'leave Event',
    'get Queue',
  ]);
});

test('one who is cancelled in line is told to leave it, and takes nothing', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  loop.setObserver({ primitive: (act, primitive) => void log.push(`${act} ${primitive.constructor.name}`) });
  await loop.runUntilComplete(
    (function* (): Coroutine<void> {
      const lock = new Lock();
      yield* lock.acquire();
      const waiting = createTask(lock.acquire());
      yield* sleep(0);
      waiting.cancel();
      yield* wait([waiting]);
    })(),
  );
  expect(log).toEqual(['acquire Lock', 'wait Lock', 'leave Lock']);
});

test('a run that is left with an error is told with it, and so is the wait before a deadlock', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  loop.setObserver({ run: (phase, error) => void log.push(`run ${phase} ${(error as Error)?.name}`), poll: (phase) => void log.push(`poll ${phase}`) });
  await expect(loop.runUntilComplete(loop.createFuture())).rejects.toThrow('deadlock');
  expect(log).toEqual(['run start undefined', 'poll start', 'run end DeadlockError']);
});

test('a turn whose time is up, with something ready, lets the host have its say, which is told as a wait for no time', async () => {
  const loop = new EventLoop({ driver: new VirtualDriver(), turnBudget: 0 });
  const log: string[] = [];
  loop.setObserver({ poll: (phase, deadline) => void log.push(`poll ${phase} ${deadline}`), step: (phase) => void log.push(`step ${phase}`) });
  loop.createTask(sleep(0));
  await loop.runUntilComplete(sleep(0));
  loop.close();
  expect(log.slice(0, 6)).toEqual(['step start', 'step end', 'poll start 0', 'poll end undefined', 'step start', 'step end']);
});

test('a wait that the host ends is told as over', async () => {
  const loop = new EventLoop({ turnBudget: Number.POSITIVE_INFINITY }); // On a busy machine a turn's time may be up: that is another wait.
  const log: string[] = [];
  loop.setObserver({ poll: (phase, deadline) => void log.push(`poll ${phase} ${deadline}`) });
  await loop.runUntilComplete(fromPromise(() => new Promise<void>((resolve) => setImmediate(resolve))));
  loop.close();
  expect(log).toEqual(['poll start undefined', 'poll end undefined']);
});

test('an observer that throws is removed and reported, and the run goes on', async () => {
  const loop = virtualLoop();
  let calls = 0;
  loop.setObserver({
    step() {
      calls += 1;
      throw new ValueError('from a hook');
    },
  });
  expect(await loop.runUntilComplete(sleep(1, 'goes on'))).toBe('goes on');
  expect(calls).toBe(1);
  expect(loop.reports.map(({ message, exception }) => `${message}: ${exception}`)).toEqual([
    "Observer removed: its hook 'step' threw: ValueError: from a hook",
  ]);
});

test('the end of a handle that failed is told too', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  loop.callSoon(() => {
    throw new ValueError();
  });
  loop.setObserver({ handle: (phase) => log.push(phase) });
  loop.stop();
  await loop.runForever();
  expect(log).toEqual(['start', 'end']);
});

/** Runs a callback and a few steps under an observer: all of them run, and nothing is reported. */
async function watched(observer: LoopObserver): Promise<void> {
  const loop = virtualLoop();
  loop.setObserver(observer);
  let called = false;
  function* main(): Coroutine<void> {
    loop.callSoon(() => {
      called = true;
    });
    yield* sleep(0);
    yield* sleep(1);
  }
  await loop.runUntilComplete(main());
  expect([called, loop.reports]).toEqual([true, []]);
}

test('an observer may ask a handle for its context before it runs', () => watched({ handle: (_phase, handle) => void (handle as Handle).getContext() }));
test('an observer may ask a task for its context after its step', () =>
  watched({ step: (phase, task) => phase === 'end' && void (task as Task<unknown>).getContext() }));
test('an observer may set a variable, which is not that of what it watches', () => {
  const variable = new ContextVar('variable', { defaultValue: 0 });
  return watched({ handle: () => void variable.set(1), step: (phase) => phase === 'end' && variable.set(1) });
});
test('when the end of a step is told, no task is current and its stack is that of its await', async () => {
  const seen: unknown[] = [];
  await watched({
    step: (phase, task) =>
      phase === 'end' &&
      seen.push(
        currentTask()?.getName() ?? null,
        (task as Task<unknown>).getStack().map((frame) => frame.name),
      ),
  });
  expect(seen[0]).toBe(null);
  expect(seen[1]).toEqual(['main', 'sleep']);
});

test('a task that cannot enter its context is reported while no task is current', async () => {
  const loop = virtualLoop();
  const context = new Context();
  const seen: unknown[] = [];
  loop.setExceptionHandler((_loop, report) => void seen.push(report.message, currentTask(loop)?.getName() ?? null));
  loop.createTask(sleep(0), { context });
  const done = loop.createTask(sleep(1));
  await context.run(() => loop.runUntilComplete(done));
  expect(seen).toEqual(['Task-1 shares its context with what is running', null]);
});

test('of a task that cannot enter its context no step is told, for it takes none', async () => {
  const loop = virtualLoop();
  const context = new Context();
  const steps: string[] = [];
  loop.setObserver({ step: (phase, task) => void steps.push(`${phase} ${(task as Task<unknown>).getName()}`) });
  loop.createTask(sleep(0), { context, name: 'refused' });
  const done = loop.createTask(sleep(0), { name: 'other' });
  await context.run(() => loop.runUntilComplete(done));
  expect(steps).toEqual(['start other', 'end other', 'start other', 'end other']);
});

test('between the steps of a turn a hook is where the run was begun, and sets its variables there', async () => {
  const variable = new ContextVar('variable', { defaultValue: 'default' });
  const [loop, context] = [virtualLoop(), new Context()];
  const seen: string[] = [];
  loop.setObserver({
    iteration: () => {
      seen.push(variable.get());
      variable.set('by the hook');
    },
  });
  await context.run(() => {
    variable.set('outer');
    const run = loop.runUntilComplete(sleep(0));
    expect(variable.get()).toBe('by the hook');
    return run;
  });
  expect(seen[0]).toBe('outer');
  expect(variable.get()).toBe('default');
});

test.each(['step', 'handle', 'taskWoken', 'taskSuspended'] as const)(
  'what leaves the run by the report of a hook that threw, %s, costs no task its step',
  async (hook) => {
    const loop = virtualLoop();
    loop.setExceptionHandler(() => {
      throw new KeyboardInterrupt();
    });
    let ended = false;
    const worker = loop.createTask(
      (function* (): Coroutine<void> {
        yield* sleep(1);
        ended = true;
      })(),
    );
    loop.setObserver({
      [hook]: () => {
        throw new Error('hook');
      },
    });
    await expect(loop.runUntilComplete(sleep(5))).rejects.toThrow(KeyboardInterrupt);
    await loop.runUntilComplete(worker);
    expect(ended).toBe(true);
  },
);

test('what a hook does when the loop begins to wait is not lost: it may end the run, or what it waits for', async () => {
  const loop = virtualLoop();
  loop.addObserver({ poll: (phase) => phase === 'start' && loop.stop() });
  await loop.runForever();
  const other = virtualLoop();
  const future = other.createFuture<number>();
  other.addObserver({ poll: (phase) => phase === 'start' && !future.done() && future.setResult(3) });
  expect(await other.runUntilComplete(future)).toBe(3);
});

test('what leaves a run by the report of its end leaves that one, and not the next', async () => {
  const loop = virtualLoop();
  loop.setExceptionHandler((_loop, { exception }) => {
    throw exception;
  });
  loop.addObserver({
    run: (phase) => {
      if (phase === 'end') throw new KeyboardInterrupt();
    },
  });
  await expect(loop.runUntilComplete(sleep(1))).rejects.toThrow(KeyboardInterrupt);
  expect(await loop.runUntilComplete(sleep(1, 'fine'))).toBe('fine');
});
