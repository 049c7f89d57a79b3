// The door of asyncdemo/observe: everything public, and nothing else.
export type { Awaits, Log, LogEvent, Outcome, StackLine } from './log.ts';
export { LOG_VERSION } from './log.ts';
export { Recorder, type RecordOptions, record } from './recorder.ts';
export { type Holder, type TaskNode, type TaskTree, type TaskTreeOptions, type TaskWait, taskTree, type Wait } from './task-tree.ts';
export { formatTree, type TreeFormat } from './tree-text.ts';
export { WaitWatch, type WaitWatchOptions, watchWaits } from './wait-watch.ts';
