// What is known of an error that nobody else can receive, and its text. Knows nothing of who is told.
import { type Frame, formatPlace } from './await-stack.ts';
import type { Handle } from './handle.ts';
import { formatError, inspect } from './inspect.ts';

/** What the exception handler is told: what happened, and whom it happened to. Stands for its `context`, a dictionary there. */
export interface ExceptionContext {
  readonly message: string;
  readonly exception?: unknown;
  readonly handle?: Handle;
  readonly future?: object;
  readonly task?: object;
  /** The asynchronous iterator that could not be closed. */
  readonly asyncIterator?: object;
  /** Where the handle, future or task was made, oldest frame first, where the loop's debug mode was on. */
  readonly sourceTraceback?: readonly Frame[];
}

/** The whole of it as lines: what happened, to whom, where that was made, and the error with its stack. */
export function formatExceptionContext({ message, exception, sourceTraceback, ...subjects }: ExceptionContext): string {
  const lines = [message, ...Object.entries(subjects).map(([role, subject]) => `${role}: ${inspect(subject)}`)];
  if (sourceTraceback !== undefined) lines.push('created at (most recent call last):', ...sourceTraceback.map(formatFrame));
  if (exception !== undefined) lines.push(exception instanceof Error ? (exception.stack ?? formatError(exception)) : inspect(exception));
  return lines.join('\n');
}

function formatFrame({ name, file, line }: Frame): string {
  return `    at ${name} (${formatPlace(file, line)})`;
}
