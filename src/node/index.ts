// The second door: what ties the loop to Node's events, streams, processes and threads. `asyncdemo` itself needs none of it.
export { callSoonThreadsafe, type Door, openPort } from './door.ts';
export { type ExecOptions, exec, ProcessError } from './exec.ts';
export { type Executor, type ExecutorRunOptions, runInExecutor, setDefaultExecutor, shutdownDefaultExecutor } from './executor.ts';
export { type LineSource, type Lines, type LinesOptions, lines } from './lines.ts';
export { once } from './once.ts';
export type { CommunicateOptions, Exit, Finished, Process } from './process.ts';
export { type Stdio, type SubprocessOptions, subprocess } from './subprocess.ts';
export { type ToThreadOptions, toThread } from './to-thread.ts';
