import { expect, test } from 'vitest';
import { type Coroutine, suspended } from '../../src/loop/coroutine.ts';
import { type BodyListener, type Emit, GeneratorBody } from '../../src/loop/generator-body.ts';

const nobody: BodyListener = { asked: () => true, ended: () => {} };

test('an emitted value travels in an object of the body’s own, and is taken out of it', () => {
  const body = new GeneratorBody<string, number>(function* (emit) {
    const sent = yield* emit('first');
    yield* emit(`sent ${sent}`);
  }, nobody);
  body.state = 'stepping';
  const result = body.coroutine.next();
  expect([body.hasEmitted(result), body.hasEmitted(suspended), body.takeEmitted(), body.takeEmitted()]).toEqual([true, false, 'first', undefined]);
  expect(body.coroutine.next(5)).toBe(result);
  expect(body.takeEmitted()).toBe('sent 5');
  expect(body.coroutine.next()).toEqual({ done: true, value: undefined });
});

test('what the body awaits is no emitted value, nor is one of another body', () => {
  let emitOfOuter: Emit<number> | undefined;
  const outer = new GeneratorBody<number, undefined>(function* (emit) {
    emitOfOuter = emit;
    yield* emit(0);
  }, nobody);
  const inner = new GeneratorBody<number, undefined>(function* (): Coroutine<void> {
    throw new Error('never run');
  }, nobody);
  outer.state = 'stepping';
  const result = outer.coroutine.next();
  expect([outer.hasEmitted(result), inner.hasEmitted(result)]).toEqual([true, false]);
  expect(emitOfOuter).toBeTypeOf('function');
});

test('a body that is not being executed takes no value', () => {
  let stolen: Emit<number> | undefined;
  const body = new GeneratorBody<number, undefined>(function* (emit) {
    stolen = emit;
    yield* emit(1);
  }, nobody);
  body.state = 'stepping';
  body.coroutine.next();
  body.state = 'resting';
  expect(() => (stolen as Emit<number>)(2).next()).toThrow('emit: expected to be awaited by its own asynchronous generator, got another task');
});

test('an emission that is thrown into, or ended, is done', () => {
  const emissions: Coroutine<undefined>[] = [];
  const body = new GeneratorBody<number, undefined>(function* (emit) {
    emissions.push(emit(1), emit(2));
  }, nobody);
  body.coroutine.next();
  const [first, second] = emissions as [Coroutine<undefined>, Coroutine<undefined>];
  expect(() => first.throw(new RangeError('no'))).toThrow('no');
  expect(first.next('late')).toEqual({ done: true, value: undefined });
  expect(second.return(undefined)).toEqual({ done: true, value: undefined });
  expect(second.next('late')).toEqual({ done: true, value: undefined });
});

test('the listener is told of a question until it takes note, and of the end', () => {
  const told: string[] = [];
  let takesNote = false;
  const body = new GeneratorBody<number, undefined>(function* () {}, {
    asked: () => {
      told.push('asked');
      return takesNote;
    },
    ended: () => void told.push('ended'),
  });
  body.ask();
  takesNote = true;
  body.ask();
  body.ask();
  body.end();
  expect([...told, body.state, body.running]).toEqual(['asked', 'asked', 'ended', 'ended', false]);
});
