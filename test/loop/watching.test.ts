import { expect, test } from 'vitest';
import { type LoopObserver, sleep } from '../../src/loop/index.ts';
import { Watching } from '../../src/loop/watching.ts';
import { virtualLoop } from '../support/virtual-loop.ts';

/** Notes the hooks that it is told of. */
function noting(log: string[], name: string): LoopObserver {
  return { run: (phase) => void log.push(`${name}: run ${phase}`), poll: (_phase, deadline) => void log.push(`${name}: until ${deadline}`) };
}

test('everybody who watches is told, in the order in which they came', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  loop.addObserver(noting(log, 'first'));
  loop.addObserver(noting(log, 'second'));
  await loop.runUntilComplete(sleep(5));
  expect(log).toEqual([
    'first: run start',
    'second: run start',
    'first: until 5',
    'second: until 5',
    'first: until undefined',
    'second: until undefined',
    'first: run end',
    'second: run end',
  ]);
});

test('who was added is told nothing any more once that is taken back, which may be done twice', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  const remove = loop.addObserver(noting(log, 'gone'));
  loop.addObserver({ run: (phase) => void log.push(`stays: run ${phase}`) });
  remove();
  remove();
  await loop.runUntilComplete(sleep(0));
  expect(log).toEqual(['stays: run start', 'stays: run end']);
});

test('who was added twice is told twice, and each time is taken back by itself, or set beside', async () => {
  const loop = virtualLoop();
  let runs = 0;
  const observer: LoopObserver = {
    run() {
      runs += 1;
    },
  };
  const removes = [loop.addObserver(observer), loop.addObserver(observer)];
  loop.setObserver(observer);
  const counts: number[] = [];
  for (const remove of [...removes, () => loop.setObserver(undefined), () => {}]) {
    runs = 0;
    await loop.runUntilComplete(sleep(0));
    counts.push(runs);
    remove();
  }
  expect(counts).toEqual([6, 4, 2, 0]);
});

test('setting an observer takes the place of the one set before, and of nobody else', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  loop.setObserver(noting(log, 'set first'));
  loop.addObserver({ run: (phase) => void log.push(`added: run ${phase}`) });
  loop.setObserver({ run: (phase) => void log.push(`set then: run ${phase}`) });
  await loop.runUntilComplete(sleep(0));
  loop.setObserver(undefined);
  await loop.runUntilComplete(sleep(0));
  expect(log).toEqual(['added: run start', 'set then: run start', 'added: run end', 'set then: run end', 'added: run start', 'added: run end']);
});

test('of several, one that throws is taken away alone, and reported once', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  let calls = 0;
  loop.addObserver({
    step() {
      calls += 1;
      throw new Error('from a hook');
    },
  });
  loop.addObserver({ step: (phase) => void log.push(phase) });
  expect(await loop.runUntilComplete(sleep(1, 'goes on'))).toBe('goes on');
  expect(calls).toBe(1);
  expect(log).toEqual(['start', 'end', 'start', 'end']);
  expect(loop.reports.map(({ message }) => message)).toEqual(["Observer removed: its hook 'step' threw"]);
});

test('debug mode watches beside the program, and leaves its observer when it is turned off', async () => {
  const loop = virtualLoop();
  const log: string[] = [];
  loop.setObserver({ run: (phase) => void log.push(phase) });
  loop.setDebug(true);
  await loop.runUntilComplete(sleep(0));
  loop.setDebug(false);
  await loop.runUntilComplete(sleep(0));
  expect(log).toEqual(['start', 'end', 'start', 'end']);
});

test('with nobody left a loop calls nobody', () => {
  const told: unknown[] = [];
  const watching = new Watching(
    (observer) => void told.push(observer),
    () => {},
  );
  const remove = watching.add({});
  remove();
  remove();
  expect(told).toEqual([expect.anything(), null]);
});
