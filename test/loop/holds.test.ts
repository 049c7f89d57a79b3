import { expect, test } from 'vitest';
import { Holds } from '../../src/loop/holds.ts';

test('something is held until as much was let go as was taken, each once', () => {
  let changes = 0;
  const holds = new Holds(() => {
    changes += 1;
  });
  const first = holds.add(1);
  const second = holds.add(1);
  first();
  first();
  expect(holds.any).toBe(true);
  second();
  expect(holds.any).toBe(false);
  expect(changes).toBe(4);
});

test('what is lent does not count as held until it is given back', () => {
  const holds = new Holds(() => {});
  const letGo = holds.add(1);
  const giveBack = holds.add(-1);
  expect(holds.any).toBe(false);
  giveBack();
  expect(holds.any).toBe(true);
  letGo();
  expect(holds.any).toBe(false);
});
