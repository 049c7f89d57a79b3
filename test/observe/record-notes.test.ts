import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { HandleNotes, PrimitiveNumbers, type TaskNote, TaskNotes } from '../../src/observe/record-notes.ts';
import { forSeeds } from '../support/random.ts';

test('a task keeps its note until it has ended, in whatever order tasks run', async () => {
  await forSeeds(50, async (random) => {
    const notes = new TaskNotes();
    const expected = new Map<object, number>();
    let count = 0;
    for (let i = 0; i < 500; i++) {
      const alive = [...expected.keys()];
      // Three of four times round and round, as most tasks run; or whoever it may be.
      const task = alive.length === 0 ? undefined : alive[random.chance(0.75) ? i % alive.length : random.int(alive.length)];
      if (task === undefined || random.chance(0.1)) {
        const created = {};
        expected.set(created, ++count);
        expect(notes.add(created, `task-${count}`).id).toBe(count);
        continue;
      }
      const note = notes.next(task);
      expect([note?.id, note?.name, notes.get(task)]).toEqual([expected.get(task), `task-${expected.get(task)}`, note]);
      if (note === undefined || !random.chance(0.08)) continue;
      expected.delete(task);
      notes.end(task, note);
      expect([notes.get(task), notes.next(task)]).toEqual([undefined, undefined]);
    }
  });
});

test('of tasks that have ended nothing is kept, though each was followed by the next; nor of any, once all is over', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const notes = new TaskNotes();
  const kept: WeakRef<object>[] = [];
  const step = (): TaskNote => {
    const task = {};
    const note = notes.add(task, 'short');
    notes.next(task);
    kept.push(new WeakRef(task), new WeakRef(note));
    return note;
  };
  const endsAtOnce = (): void => {
    const note = step();
    notes.end(note.task as object, note);
  };
  const livesOn = step();
  for (let i = 0; i < 10; i++) endsAtOnce();
  const alive = async (): Promise<number> => {
    for (let round = 0; round < 5; round++) {
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
    }
    return kept.filter((one) => one.deref() !== undefined).length;
  };
  // The one that lives on with its note, and the last that followed.
  expect(await alive()).toBeLessThanOrEqual(4);
  for (let i = 0; i < 10; i++) step();
  notes.clear();
  expect(livesOn.task).toBe(undefined);
  expect(await alive()).toBeLessThanOrEqual(4);
});

test('a callback that is scheduled once more has another number', () => {
  const handles = new HandleNotes();
  const [first, second] = [{}, {}];
  expect([handles.add(first).id, handles.of(second).id, handles.of(first).id, handles.add(first).id, handles.of(first).id]).toEqual([1, 2, 1, 3, 3]);
  handles.end(first);
  expect(handles.of(first)).toEqual({ id: 4, cause: 0 });
});

test('primitives are numbered as they are first used', () => {
  const numbers = new PrimitiveNumbers();
  const [lock, queue] = [{}, {}];
  expect([queue, lock, queue, lock].map((primitive) => numbers.of(primitive))).toEqual([1, 2, 1, 2]);
});
