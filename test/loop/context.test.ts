import { expect, expectTypeOf, test } from 'vitest';
import {
  Context,
  ContextVar,
  type Coroutine,
  copyContext,
  createTask,
  currentTask,
  EventLoop,
  eagerTaskFactory,
  fromPromise,
  gather,
  getRunningLoop,
  LoopError,
  run,
  sleep,
  type Task,
  Token,
  VirtualDriver,
  wait,
} from '../../src/loop/index.ts';
import { nameOf, outcomeOf, sameAsCPython } from '../support/cpython.ts';
import { inVirtualTime, virtualLoop } from '../support/virtual-loop.ts';

const NAMES: Readonly<Record<string, string>> = { ReferenceError: 'LookupError', RangeError: 'ValueError', LoopError: 'RuntimeError' };

function heldBy(variable: ContextVar<string>): string {
  return variable.get('nothing');
}

test('a task starts with a copy of the context it is created in, and what it sets is its own', () =>
  sameAsCPython('a task has its own copy of the context', function* (log) {
    const variable = new ContextVar<string>('variable');
    function* child(name: string): Coroutine<void> {
      log(`${name} starts with ${heldBy(variable)}`);
      variable.set(name);
      yield* sleep(1);
      log(`${name} still has ${heldBy(variable)}`);
    }
    const first = createTask(child('first'));
    variable.set('parent');
    const second = createTask(child('second'));
    yield* first;
    yield* second;
    log(`parent has ${heldBy(variable)}`);
    yield* child('called');
    log(`parent has ${heldBy(variable)}`);
    log(`${first.getContext().get(variable)} ${second.getContext().get(variable)}`);
  }));

test('a callback runs in a copy of the context it was scheduled in, or in the one it is given', () =>
  sameAsCPython('a callback sees the context of whoever scheduled it', function* (log, loop) {
    const variable = new ContextVar('variable', { defaultValue: 'default' });
    const future = loop.createFuture<void>();
    const callback = (name: string): void => {
      log(`${name} sees ${variable.get()}`);
      variable.set(`set by ${name}`);
      loop.callSoon(() => log(`after ${name} ${variable.get()}`));
    };
    variable.set('one');
    loop.callSoon(callback, 'soon');
    loop.callLater(1, callback, 'later');
    future.addDoneCallback(() => callback('done'));
    variable.set('two');
    const own = new Context();
    future.addDoneCallback(() => callback('in a context'), { context: own });
    future.addDoneCallback(() => callback('in it again'), { context: own });
    future.setResult();
    yield* sleep(3);
    log(`we see ${variable.get()}, the context has ${own.get(variable)}`);
  }));

test('tasks that are given the same context share it', () =>
  sameAsCPython('tasks may share a context', function* (log) {
    const variable = new ContextVar('variable', { defaultValue: 0 });
    const shared = copyContext();
    function* child(name: string): Coroutine<void> {
      for (let round = 0; round < 2; round++) {
        variable.set(variable.get() + 1);
        log(`${name} ${variable.get()}`);
        yield* sleep(0);
      }
    }
    yield* gather([createTask(child('a'), { context: shared }), createTask(child('b'), { context: shared }), child('c')]);
    log(`${shared.get(variable)} ${variable.get()}`);
  }));

test('values come from the context, then the fallback, then the default; a token goes back once, in its own context', () =>
  sameAsCPython('tokens and contexts', async (log) => {
    const attempt = (what: string, call: () => unknown): void => {
      try {
        log(`${what} ${call()}`);
      } catch (error) {
        log(`${what} ${NAMES[(error as Error).name]}`);
      }
    };
    const plain = new ContextVar<number>('plain');
    const other = new ContextVar('other', { defaultValue: 5 });
    attempt('no value', () => plain.get());
    attempt('default', () => other.get());
    attempt('fallback before default', () => other.get(6));
    const first = plain.set(1);
    log(first.oldValue === Token.MISSING);
    const second = plain.set(2);
    log(second.oldValue);
    attempt('of another variable', () => other.reset(second));
    plain.reset(second);
    log(plain.get());
    attempt('twice', () => plain.reset(second));
    const context = copyContext();
    attempt('in another context', () => context.run(() => plain.reset(first)));
    plain.reset(first);
    attempt('no value', () => plain.get());
    log(`${context.size} ${context.get(plain)} ${context.has(other)} ${context.get(other, null)} ${context.get(other, 7)}`);
    const copy = context.copy();
    context.run(() => plain.set(3));
    log(`${context.get(plain)} ${copy.get(plain)}`);
    attempt('entered twice', () => context.run(() => context.run(log, 'never')));
    attempt('after it', () => context.run(() => plain.get()));
  }));

test('the exception handler runs in the context of the callback that failed', () =>
  sameAsCPython('the exception handler runs in the context of what failed', async (log, loop) => {
    const variable = new ContextVar('variable', { defaultValue: 'default' });
    loop.setExceptionHandler((_loop, { exception }) => log(`${nameOf(exception).replace('RangeError', 'ValueError')} ${variable.get()}`));
    const fails = (value: string): never => {
      variable.set(value);
      throw new RangeError(value);
    };
    variable.set('outside');
    loop.callSoon(fails, 'a');
    loop.callLater(1, fails, 'b');
    loop.callLater(2, () => loop.stop());
    await loop.runForever();
    log(variable.get());
  }));

test('a callback that fails without having set anything is reported in the context it was scheduled in, which is free again', () =>
  inVirtualTime(function* (loop) {
    const variable = new ContextVar('variable', { defaultValue: 'default' });
    const seen: string[] = [];
    loop.setExceptionHandler((_loop, { exception }) => void seen.push(`${nameOf(exception)} ${variable.get()}`));
    const fails = (): never => {
      throw new RangeError();
    };
    const early = loop.callSoon(fails);
    variable.set('mine');
    const late = loop.callSoon(fails);
    yield* sleep(0);
    expect(seen).toEqual(['RangeError default', 'RangeError mine']);
    expect([early, late].map((handle) => handle.getContext().run(() => variable.get()))).toEqual(['default', 'mine']);
  }));

test('an eager task has its own context from its first step on', () =>
  sameAsCPython('the context of an eager task', function* (log, loop) {
    const variable = new ContextVar('variable', { defaultValue: 0 });
    loop.setTaskFactory(eagerTaskFactory);
    function* child(): Coroutine<void> {
      variable.set(variable.get() + 1);
      log(`child ${variable.get()}`);
      yield* sleep(1);
      log(`child ${variable.get()}`);
    }
    variable.set(10);
    const task = loop.createTask(child());
    log(`parent ${variable.get()}`);
    variable.set(20);
    yield* task;
    log(`parent ${variable.get()} task ${task.getContext().get(variable)}`);
  }));

test('a task that would have to enter a context that is entered already is refused at once', () =>
  inVirtualTime(function* () {
    const context = (currentTask() as NonNullable<ReturnType<typeof currentTask>>).getContext();
    expect(() => createTask(sleep(1), { context, eagerStart: true })).toThrow(LoopError);
    expect(createTask(sleep(1), { context }).done()).toBe(false);
    yield* sleep(2);
  }));

test('with `using`, or by hand, a token sets the value back', () => {
  const variable = new ContextVar<number>('variable');
  const token = variable.set(1);
  expect(variable.get()).toBe(1);
  token[Symbol.dispose]();
  expect(variable.get(0)).toBe(0);
});

test('a context lists its variables with their values', () => {
  const [a, b] = [new ContextVar<number>('a'), new ContextVar<string>('b')];
  const context = new Context();
  context.run(() => {
    a.set(1);
    b.set('two');
    a.set(3);
  });
  expect([...context]).toEqual([
    [a, 3],
    [b, 'two'],
  ]);
});

test('native work is started in the context of the task that waits for it', () =>
  inVirtualTime(function* () {
    const variable = new ContextVar('variable', { defaultValue: 'default' });
    variable.set('mine');
    expect(yield* fromPromise(async () => variable.get())).toBe('mine');
  }));

test('a run leaves the context of its caller as it was', async () => {
  const variable = new ContextVar('variable', { defaultValue: 'default' });
  function* main(): Coroutine<string> {
    expect(variable.get()).toBe('outside');
    variable.set('inside');
    yield* sleep(0);
    getRunningLoop().callSoon(() => variable.set('in a callback'));
    yield* sleep(0);
    return variable.get();
  }
  const outer = variable.set('outside');
  expect(await run(main())).toBe('inside');
  expect(variable.get()).toBe('outside');
  variable.reset(outer);
});

test('the caller of a run goes on in its own context when the first turn is over', async () => {
  const variable = new ContextVar('variable', { defaultValue: 'default' });
  const [loop, context] = [virtualLoop(), new Context()];
  const run = context.run(() => {
    variable.set('before');
    const promise = loop.runUntilComplete(sleep(1));
    expect(variable.get()).toBe('before');
    variable.set('after');
    return promise;
  });
  expect([context.get(variable), variable.get()]).toEqual(['after', 'default']);
  await run;
});

test('a context that is given to a task or a callback is entered as long as that runs, each time, and free otherwise', () =>
  inVirtualTime(function* (loop) {
    const seen: string[] = [];
    const note = (who: string, context: Context): void => {
      try {
        context.run(() => seen.push(`${who}: free`));
      } catch (error) {
        seen.push(`${who}: ${(error as Error).message}`);
      }
    };
    const [ofTask, ofCallback] = [new Context(), new Context()];
    function* child(): Coroutine<void> {
      note('first step', ofTask);
      yield* sleep(0);
      note('second step', ofTask);
    }
    const task = createTask(child(), { context: ofTask });
    loop.callSoon(note, 'between steps', ofTask);
    yield* wait([task]);
    note('after the task', ofTask);
    const future = loop.createFuture<void>();
    future.addDoneCallback(() => note('callback', ofCallback), { context: ofCallback });
    future.setResult();
    note('before the callback', ofCallback);
    yield* sleep(0);
    note('after the callback', ofCallback);
    const entered = 'cannot enter context: it is entered already';
    expect(seen).toEqual([
      `first step: ${entered}`,
      'between steps: free',
      `second step: ${entered}`,
      'after the task: free',
      'before the callback: free',
      `callback: ${entered}`,
      'after the callback: free',
    ]);
  }));

test('a handle and a task hand out their context, also while it is entered', () =>
  inVirtualTime(function* (loop) {
    const variable = new ContextVar<number>('variable');
    const task = currentTask() as NonNullable<ReturnType<typeof currentTask>>;
    const context = task.getContext();
    variable.set(1);
    expect(context.get(variable)).toBe(1);
    expect(task.getContext()).toBe(context);
    expect(() => context.run(() => {})).toThrow('cannot enter context');
    const handle = loop.callSoon(() => variable.set(2));
    yield* sleep(0);
    expect(handle.getContext().get(variable)).toBe(2);
    expect(variable.get()).toBe(1);
    const child = createTask(sleep(1));
    yield* wait([child]);
    expect(child.getContext().get(variable)).toBe(1);
    expect(outcomeOf(child)).toBe('returned null');
  }));

test('a context is entered as long as its task has a step under way, be it that another is entered within', () =>
  inVirtualTime(function* () {
    const task = currentTask() as NonNullable<ReturnType<typeof currentTask>>;
    new Context().run(() => {
      const own = task.getContext();
      expect(() => own.run(() => {})).toThrow('cannot enter context');
    });
    yield* sleep(0);
    task
      .getContext()
      .copy()
      .run(() => {});
  }));

test('a task that has started another eagerly can be looked at by it', () =>
  inVirtualTime(function* outermost() {
    const task = currentTask() as NonNullable<ReturnType<typeof currentTask>>;
    const seen: string[][] = [];
    const names = (one: typeof task): string[] => one.getStack().map((frame) => frame.name);
    function* eager(): Coroutine<void> {
      seen.push(names(task), names(currentTask() as typeof task), [String(task)]);
    }
    createTask(eager(), { eagerStart: true });
    expect(seen[0]).toContain('outermost');
    expect(seen[0]).not.toContain('eager');
    expect(seen[1]).toContain('eager');
    expect(seen[1]).not.toContain('outermost');
    expect(seen[2]?.[0]).toContain('pending');
    yield* sleep(0);
  }));

test('a variable has the type of its values', () => {
  const compiled = (number: ContextVar<number>): void => {
    expectTypeOf(number.get()).toEqualTypeOf<number>();
    expectTypeOf(number.get(undefined)).toEqualTypeOf<number | undefined>();
    expectTypeOf(number.set(1)).toEqualTypeOf<Token<number>>();
    expectTypeOf(copyContext().get(number)).toEqualTypeOf<number | undefined>();
    expectTypeOf(copyContext().run((text: string) => text.length, 'text')).toEqualTypeOf<number>();
    // @ts-expect-error a number is wanted
    number.set('text');
    // @ts-expect-error a text is wanted
    copyContext().run((text: string) => text.length, 5);
  };
  expect(compiled).toBeTypeOf('function');
});

test('between two steps no task is current, also where the turn is handed back in the middle of a batch', async () => {
  const seen = new Set<unknown>();
  class Curious extends VirtualDriver {
    override wakeNow(turn: () => void): void {
      seen.add(currentTask());
      super.wakeNow(turn);
    }
  }
  const loop = new EventLoop({ driver: new Curious(), turnBudget: 0 });
  function* steps(): Coroutine<void> {
    for (let i = 0; i < 5; i++) yield* sleep(0);
  }
  await loop.runUntilComplete(gather([steps(), steps()], { loop }));
  loop.close();
  expect([...seen]).toEqual([null]);
});

test('what is reported of the running task reaches the exception handler, in the context the task has', () =>
  inVirtualTime(function* (loop): Coroutine<void> {
    const variable = new ContextVar('variable', { defaultValue: 'default' });
    const seen: string[] = [];
    loop.setExceptionHandler(() => void seen.push(variable.get()));
    loop.callExceptionHandler({ message: 'first', task: currentTask() as Task<unknown> });
    variable.set('mine');
    loop.callExceptionHandler({ message: 'second', task: currentTask() as Task<unknown> });
    expect(seen).toEqual(['default', 'mine']);
  }));
