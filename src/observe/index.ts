// The door of asyncdemo/observe: everything public, and nothing else.
export type { Awaits, Log, LogEvent, Outcome, StackLine } from './log.ts';
export { LOG_VERSION } from './log.ts';
export { formatLog, LogError, parseLog, type ReadLog, readLog } from './log-file.ts';
export { Recorder, type RecordOptions, record } from './recorder.ts';
export { type ReportOptions, report } from './report.ts';
export { type Call, type EventOf, type Iteration, type Lane, type Poll, type PrimitiveStory, type Span, type State, Story } from './story.ts';
