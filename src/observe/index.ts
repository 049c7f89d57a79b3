// The door of asyncdemo/observe: everything public, and nothing else.
export type { Awaits, Log, LogEvent, Outcome, StackLine } from './log.ts';
export { LOG_VERSION } from './log.ts';
export { Recorder, type RecordOptions, record } from './recorder.ts';
