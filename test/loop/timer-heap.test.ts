import { expect, test } from 'vitest';
import { type HandleOwner, TimerHandle } from '../../src/loop/handle.ts';
import { TimerHeap } from '../../src/loop/timer-heap.ts';
import { forSeeds } from '../support/random.ts';

/** A heap and a factory of timers that report their cancellation to it. */
function heapWithTimers(): { heap: TimerHeap; set(when: number): TimerHandle; order(timer: TimerHandle): number } {
  const heap = new TimerHeap();
  const owner: HandleOwner = { debugging: false, handleFailed: () => {}, timerCancelled: (timer) => heap.noteCancelled(timer) };
  const orders = new Map<TimerHandle, number>();
  return {
    heap,
    set(when) {
      const timer = new TimerHandle(owner, when, () => {}, []);
      orders.set(timer, orders.size);
      heap.push(timer);
      return timer;
    },
    order: (timer) => orders.get(timer) as number,
  };
}

test('timers come out by deadline, equal ones in the order set, cancelled ones perhaps but marked: as from a sorted array', () =>
  forSeeds(60, (random) => {
    const { heap, set, order } = heapWithTimers();
    let model: TimerHandle[] = [];
    for (let step = 0; step < 1500; step++) {
      if (random.chance(0.55)) model.push(set(random.int(50)));
      if (model.length > 0 && random.chance(0.3)) model[random.int(model.length)]?.cancel();
      if (random.chance(0.25)) {
        const sorted = model.filter((timer) => !timer.cancelled()).sort((a, b) => a.when() - b.when() || order(a) - order(b));
        expect(heap.earliest()).toBe(sorted[0]?.when());
        const now = random.int(20);
        const due: number[] = [];
        for (let timer = heap.popDue(now); timer !== undefined; timer = heap.popDue(now)) {
          expect(timer.scheduled).toBe(false);
          if (!timer.cancelled()) due.push(order(timer));
        }
        expect(due).toEqual(sorted.filter((timer) => timer.when() <= now).map(order));
        model = sorted.filter((timer) => timer.when() > now);
      }
    }
    expect([...heap].map(order).sort()).toEqual(
      model
        .filter((timer) => !timer.cancelled())
        .map(order)
        .sort(),
    );
  }));

test('more than half of over 100 timers cancelled: they are purged in bulk', () => {
  const { heap, set } = heapWithTimers();
  const timers = Array.from({ length: 1_000 }, (_, i) => set(i));
  for (const timer of timers.slice(400)) timer.cancel();
  expect(heap.length).toBe(1_000);
  expect(heap.earliest()).toBe(0);
  expect(heap.length).toBe(400);
  expect(timers[999]?.scheduled).toBe(false);
});

test('half of them, or up to 100 of them, are not worth a purge', () => {
  const half = heapWithTimers();
  const timers = Array.from({ length: 200 }, (_, i) => half.set(i));
  for (const timer of timers.slice(100)) timer.cancel();
  half.heap.earliest();
  expect(half.heap.length).toBe(200);
  const few = heapWithTimers();
  for (const timer of Array.from({ length: 100 }, (_, i) => few.set(i)).slice(1)) timer.cancel();
  few.heap.earliest();
  expect(few.heap.length).toBe(100);
});

test('cancelled timers in front are dropped when the earliest is asked for', () => {
  const { heap, set } = heapWithTimers();
  const timers = [1, 2, 3].map(set);
  timers[0]?.cancel();
  timers[1]?.cancel();
  expect(heap.earliest()).toBe(3);
  expect(heap.length).toBe(1);
});

test('cancelling twice, or after it came out, does not upset the count of cancelled ones', () => {
  const { heap, set } = heapWithTimers();
  const timers = Array.from({ length: 201 }, (_, i) => set(i));
  for (const timer of timers.slice(151)) {
    timer.cancel();
    timer.cancel();
  }
  for (let i = 0; i < 50; i++) heap.popDue(200)?.cancel();
  heap.earliest();
  expect(heap.length).toBe(151); // 50 cancelled of 151: no purge
});

test('clear lets go of every timer', () => {
  const { heap, set } = heapWithTimers();
  const timers = [1, 2].map(set);
  heap.clear();
  expect([heap.length, heap.earliest(), timers[0]?.scheduled]).toEqual([0, undefined, false]);
});
