// The door of asyncdemo/observe: everything public, and nothing else.
export { chromeTrace } from './chrome-trace.ts';
export { expectTrace, type TraceExpectation } from './expect-trace.ts';
export type { Call, EventOf, Iteration, Lane, Poll, PrimitiveStory, Span, State } from './lanes.ts';
export type { Awaits, Log, LogEvent, LogHead, Outcome, StackLine } from './log.ts';
export { LOG_VERSION } from './log.ts';
export { LogError, parseLog, type ReadLog, readLog } from './log-reader.ts';
export { formatLog, LogFile } from './log-writer.ts';
export { Recorder, type RecordOptions, record } from './recorder.ts';
export { type ReportOptions, report } from './report.ts';
export { Story } from './story.ts';
export { type TaskTreeOptions, taskTree } from './task-tree.ts';
export { type TimelineOptions, timeline } from './timeline.ts';
export type { TimelineWords } from './timeline-words.ts';
export type { Holder, TaskNode, TaskTree, TaskWait, Wait } from './tree-data.ts';
export { formatTree, type TreeFormat } from './tree-text.ts';
export { WaitWatch, type WaitWatchOptions, watchWaits } from './wait-watch.ts';
