import { inspect } from 'node:util';
import { expect, expectTypeOf, test } from 'vitest';
import { type ErrorPredicate, ExceptionGroup } from '../../src/loop/index.ts';
import { nameOf, sameAsCPython, ValueError } from '../support/cpython.ts';

class LookupError extends Error {
  override readonly name = 'LookupError';
}

class OSError extends Error {}

function tree(error: unknown): string {
  return error instanceof ExceptionGroup ? `${error.message} [${error.errors.map(tree).join(', ')}]` : nameOf(error);
}

const show = (error: unknown): string => (error === undefined ? 'nothing' : tree(error));

test('split and subgroup keep the nesting, and ask of a group before its members, as CPython', () =>
  sameAsCPython('exception groups split', async (log) => {
    const group = new ExceptionGroup('outer', [
      new ValueError('a'),
      new ExceptionGroup('inner', [new TypeError('b'), new ValueError('c'), new ExceptionGroup('deep', [new TypeError('d')])]),
      new LookupError(),
    ]);
    log(group.message);
    for (const kinds of [[ValueError], [TypeError], [LookupError, TypeError], [OSError], [Error]]) {
      const isMeant: ErrorPredicate = (error) => kinds.some((kind) => error instanceof kind);
      const [meant, others] = group.split(isMeant);
      log(show(meant));
      log(show(others));
      log(show(group.subgroup(isMeant)));
      log(`${meant === group} ${others === group}`);
    }
    const isInner: ErrorPredicate = (error) => error instanceof ExceptionGroup && error.title === 'inner';
    log(show(group.subgroup(isInner)));
    log(show(group.split(isInner)[1]));
  }));

test('a group is an AggregateError with its own name, and says how many errors it has', () => {
  const errors = [new ValueError('a'), 'text', undefined];
  const group = new ExceptionGroup('several', errors);
  expect(group).toBeInstanceOf(AggregateError);
  expect(String(group)).toBe('ExceptionGroup: several (3 sub-exceptions)');
  expect(group.title).toBe('several');
  expect(group.errors).toEqual(errors);
  expect(group.errors).not.toBe(errors);
  expect(new ExceptionGroup('one', new Set([1])).message).toBe('one (1 sub-exception)');
  expect(inspect(group)).toContain('ValueError: a');
  expect('cause' in group).toBe(false);
});

test('a group of nothing is refused', () => {
  expect(() => new ExceptionGroup('empty', [])).toThrow(new RangeError('ExceptionGroup: expected at least one error, got none'));
});

test('a part of a group happened where the group did, for the same cause', () => {
  const cause = new ValueError('cause');
  const group = new ExceptionGroup('two', [new TypeError('a'), new ValueError('b')], { cause });
  const part = group.subgroup((error) => error instanceof TypeError);
  expect(part?.cause).toBe(cause);
  expect(part?.stack?.split('\n')[0]).toBe('ExceptionGroup: two (1 sub-exception)');
  expect(part?.stack?.split('\n').slice(1)).toEqual(group.stack?.split('\n').slice(1));
});

test('a plain AggregateError among the errors is one error: only groups are nested', () => {
  const plain = new AggregateError([new TypeError('a')], 'plain');
  const group = new ExceptionGroup('outer', [plain]);
  expect(group.subgroup((error) => error instanceof TypeError)).toBeUndefined();
  expect(group.subgroup((error) => error === plain)?.errors).toEqual([plain]);
});

test('types: a predicate of unknown, and either part may be missing', () => {
  const group = new ExceptionGroup('one', [1]);
  expectTypeOf(group.split(() => true)).toEqualTypeOf<[ExceptionGroup | undefined, ExceptionGroup | undefined]>();
  expectTypeOf(group.subgroup(() => true)).toEqualTypeOf<ExceptionGroup | undefined>();
  expectTypeOf(group).toExtend<AggregateError>();
  // @ts-expect-error a predicate, not a class
  const wrong = (): unknown => group.split(TypeError);
  expect(wrong).toBeTypeOf('function');
});
