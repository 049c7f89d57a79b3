// Tells what a loop does, line by line, while it does it: what --debug prints.
import { type EventLoop, type LoopObserver, Task } from '../loop/index.ts';
import { whereabouts } from '../loop/whereabouts.ts';

/** An observer that writes one line for each thing that happens, with the loop's time in seconds from now. */
export function narrate(loop: EventLoop, print: (line: string) => void): LoopObserver {
  whereabouts((function* () {})()); // The first look takes long, and would be taken for a slow step.
  const start = loop.time();
  const tell = (text: string): void => print(`[${((loop.time() - start) / 1000).toFixed(3).padStart(8)}] ${text}`);
  const nameOf = (task: object): string => (task instanceof Task ? task.getName() : 'a future');
  return {
    iteration: (count, ready) => tell(`iteration ${count}: ${ready} ready`),
    taskCreated: (task) => tell(`${nameOf(task)} created: ${task}`),
    taskSuspended: (task, awaited) => tell(`${nameOf(task)} suspends: ${awaited === null ? 'gives way' : `awaits ${nameOf(awaited)}`}`),
    taskWoken: (task, cause) => tell(`${nameOf(task)} woken by ${nameOf(cause)}`),
    taskCancelRequested: (task) => tell(`${nameOf(task)} asked to cancel`),
    taskDone: (task) => tell(`${nameOf(task)} done: ${task}`),
  };
}
