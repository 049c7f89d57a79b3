// One of each thing that programs make by the thousand, kept for good. When a full collection finds no task alive, say, the
// engine forgets the hidden class of tasks, and throws away all the code it has optimised for them: the same program then
// takes three times as long until that has been made again. Programs that are idle between bursts would meet this.
import { Context } from './context.ts';
import { type Coroutine, GiveWay } from './coroutine.ts';
import { Future } from './future.ts';
import { GatheringFuture } from './gather.ts';
import { GuardedObserver } from './observer.ts';
import { recurse } from './recurse.ts';
import { Sleep } from './sleep.ts';
import type { TaskHost } from './task.ts';

let kept: readonly object[] | undefined;

/** Keeps them, once; on a loop of their own that never runs. */
export function keepShapes(makeLoop: () => TaskHost): void {
  if (kept !== undefined) return;
  kept = [];
  // In a context of their own: what whoever makes the first loop has set is not to be kept with them.
  kept = new Context().run(() => shapesOn(makeLoop()));
}

function shapesOn(loop: TaskHost): readonly object[] {
  const future = new Future({ loop });
  future.addDoneCallback(nothing);
  const settled = new Future({ loop });
  settled.setResult(undefined);
  const more = [
    new GuardedObserver({}, nothing),
    new Context(),
    new GatheringFuture([], true, { loop }),
    new Sleep(1, undefined),
    new GiveWay(undefined),
    recurse(ends()),
  ];
  return [loop.createTask(ends()), loop.callSoon(nothing), loop.callLater(1, nothing), future, settled, ...more];
}

function nothing(): void {}

function* ends(): Coroutine<void> {}
