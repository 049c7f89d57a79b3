import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { EventLoop, Lock, Queue, TaskGroup, Timeout } from '../../src/loop/index.ts';
import { shownByToString } from '../../src/loop/shown-by-to-string.ts';

test('what is logged or inspected is the text of toString(), that of a subclass included', () => {
  class Shown {
    toString(): string {
      return `<${this.constructor.name}>`;
    }
  }
  class Derived extends Shown {}
  shownByToString(Shown);
  expect(inspect([new Shown(), new Derived()])).toBe('[ <Shown>, <Derived> ]');
});

test('futures, handles, primitives, groups and limits are shown as asyncio shows them', () => {
  const loop = new EventLoop();
  const shown = [loop.createFuture(), loop.callSoon(() => {}), new Lock(), new Queue(2), new TaskGroup(), new Timeout(5)].map((object) => inspect(object));
  expect(shown).toEqual(['<Future pending>', '<Handle <anonymous>()>', '<Lock [unlocked]>', '<Queue maxsize=2>', '<TaskGroup>', '<Timeout [created]>']);
  loop.close();
});
