// An error nobody receives on its way to whoever is told of it: where its subject was made, and the context it is about.
import { contextOf, type InContext, isEntered } from './context.ts';
import { creationOf } from './creation.ts';
import type { ExceptionContext } from './exception-context.ts';
import { Handle } from './handle.ts';
import { Task } from './task.ts';

/** The same with where the subject was made, as far as that was remembered. */
export function withCreation(context: ExceptionContext): ExceptionContext {
  const made = context.task ?? context.future ?? context.handle;
  const sourceTraceback = context.sourceTraceback ?? (made && creationOf(made));
  return sourceTraceback === undefined ? context : { ...context, sourceTraceback };
}

/** Calls a handler in the context of what the report is about. */
export function callInItsContext<Loop>(handler: (loop: Loop, context: ExceptionContext) => void, loop: Loop, context: ExceptionContext): void {
  const subject = subjectOf(context);
  const own = subject && contextOf(subject);
  if (own === undefined || isEntered(own)) handler(loop, context);
  else own.run(handler, loop, context);
}

/** What the report is about, if that runs in a context. */
function subjectOf({ task, future, handle }: ExceptionContext): InContext | undefined {
  const subject = task ?? future ?? handle;
  return subject instanceof Task || subject instanceof Handle ? subject : undefined;
}
