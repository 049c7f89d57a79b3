import { expect, test } from 'vitest';
import { type Coroutine, suspend, suspended, takeAwaited } from '../../src/loop/coroutine.ts';
import { GeneratorBody } from '../../src/loop/generator-body.ts';
import { Drive } from '../../src/loop/generator-drive.ts';
import { asyncGenerator, createTask, GeneratorExit, LoopError, sleep } from '../../src/loop/index.ts';
import { inVirtualTime } from '../support/virtual-loop.ts';

/** Awaits nothing in particular, as a future does while it is pending. */
class Pending implements Coroutine<unknown> {
  #suspended = false;
  next(sent?: unknown): ReturnType<Coroutine<unknown>['next']> {
    if (this.#suspended) return { done: true, value: sent };
    this.#suspended = true;
    return suspend(this);
  }
  throw(error: unknown): IteratorReturnResult<unknown> {
    throw error;
  }
  return(value: unknown): IteratorReturnResult<unknown> {
    return { done: true, value };
  }
  [Symbol.iterator](): this {
    return this;
  }
}

const ANEXT = { by: 'asend', value: undefined } as const;

function bodyOf(coroutine: (log: string[], emit: (value: number) => Coroutine<undefined>) => Coroutine<void>): [GeneratorBody<number, undefined>, string[]] {
  const log: string[] = [];
  const body = new GeneratorBody<number, undefined>((emit) => coroutine(log, emit), { asked: () => true, ended: () => void log.push('ended') });
  return [body, log];
}

test('a suspension passes through untouched, and what is sent back arrives where it came from', () => {
  const [body] = bodyOf(function* (log, emit) {
    log.push(String(yield* new Pending()));
    yield* emit(1);
  });
  const drive = new Drive<number, undefined, number>(body, ANEXT, undefined);
  expect(drive.next()).toBe(suspended);
  expect(takeAwaited()).toBeInstanceOf(Pending);
  expect(body.state).toBe('awaiting');
  expect(drive.next('woken')).toEqual({ done: true, value: 1 });
  expect(body.state).toBe('resting');
});

test('return() tells a body that is being driven by GeneratorExit, and lets its cleanup await', () => {
  const [body, log] = bodyOf(function* (log) {
    try {
      yield* new Pending();
    } catch (error) {
      log.push((error as Error).name);
      throw error;
    } finally {
      yield* new Pending();
      log.push('left');
    }
  });
  const drive = new Drive<number, undefined, number>(body, ANEXT, undefined);
  drive.next();
  expect(drive.return(0)).toBe(suspended);
  expect(() => drive.next()).toThrow(GeneratorExit);
  expect(log).toEqual(['GeneratorExit', 'left', 'ended']);
});

test('return() before the first step, or of a body that ends at once, is an end; an error of the body comes out', () => {
  const [body, log] = bodyOf(function* (log, emit) {
    try {
      yield* new Pending();
    } finally {
      log.push('left');
    }
    yield* emit(1);
  });
  const unstarted = new Drive<number, undefined, number>(body, ANEXT, undefined);
  expect(unstarted.return(5)).toEqual({ done: true, value: 5 });
  expect(() => unstarted.next()).toThrow(LoopError);
  expect(body.state).toBe('fresh');
  const driving = new Drive<number, undefined, number>(body, ANEXT, undefined);
  driving.next();
  expect(driving.return(6)).toEqual({ done: true, value: 6 });
  expect(log).toEqual(['left', 'ended']);
  const [failing] = bodyOf(function* () {
    try {
      yield* new Pending();
    } catch {
      throw new RangeError('no');
    }
  });
  const drive = new Drive<number, undefined, number>(failing, ANEXT, undefined);
  drive.next();
  expect(() => drive.return(7)).toThrow('no');
});

test('throw() before the first step goes into the body; while somebody else drives it, it is refused', () => {
  const [body] = bodyOf(function* (_log, emit) {
    try {
      yield* emit(1);
    } catch {
      yield* new Pending();
      yield* emit(2);
    }
  });
  new Drive<number, undefined, number>(body, ANEXT, undefined).next();
  const drive = new Drive<number, undefined, number>(body, ANEXT, undefined);
  expect(drive.throw(new RangeError('no'))).toBe(suspended);
  expect(() => new Drive<number, undefined, number>(body, ANEXT, undefined).throw(new RangeError('no'))).toThrow('already running');
  expect(drive.next()).toEqual({ done: true, value: 2 });
  expect(() => drive.throw(new RangeError('no'))).toThrow('cannot reuse already awaited anext()/asend()');
});

test('a native generator around it that is ended from outside ends the body', () =>
  inVirtualTime(function* (): Coroutine<void> {
    const log: string[] = [];
    const generator = asyncGenerator<number>(function* (emit) {
      try {
        yield* sleep(100);
        yield* emit(1);
      } finally {
        log.push('left');
      }
    });
    const outer = (function* (): Coroutine<void> {
      yield* generator.anext();
    })();
    outer.next();
    outer.return();
    expect(log).toEqual(['left']);
    const task = createTask(generator.aclose());
    yield* task;
  }));
