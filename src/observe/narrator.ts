// Tells what a loop does, line by line, while it does it: what --debug prints.
import { type EventLoop, type LoopObserver, Task } from '../loop/index.ts';
import { notCounted } from '../loop/slow-watch.ts';
import { shownText } from './shown-text.ts';

/** An observer that writes one line for each thing that happens, with the loop's time in seconds from now. */
export function narrate(loop: EventLoop, print: (line: string) => void): LoopObserver {
  const start = loop.time();
  // What it takes to look at a task, tens of ms at first, is not the fault of the step that is told of.
  const tell = (text: () => string): void => notCounted(() => print(`[${((loop.time() - start) / 1000).toFixed(3).padStart(8)}] ${shownText(text())}`));
  const nameOf = (task: object): string => (task instanceof Task ? task.getName() : 'a future');
  return {
    iteration: (count, ready) => tell(() => `iteration ${count}: ${ready} ready`),
    taskCreated: (task) => tell(() => `${nameOf(task)} created: ${task}`),
    taskSuspended: (task, awaited) => tell(() => `${nameOf(task)} suspends: ${awaited === null ? 'gives way' : `awaits ${nameOf(awaited)}`}`),
    taskWoken: (task, cause) => tell(() => `${nameOf(task)} woken by ${nameOf(cause)}`),
    taskCancelRequested: (task) => tell(() => `${nameOf(task)} asked to cancel`),
    taskDone: (task) => tell(() => `${nameOf(task)} done: ${task}`),
  };
}
