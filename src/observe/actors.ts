// Whose step or callback it was: who did what an event tells of. How that is said is not decided here.

import type { LogEvent } from './log.ts';
import type { Story } from './story.ts';

/** `outside`: the program around the loop, a signal, Node's I/O. `unknown`: it began in what was dropped, and nothing left tells whose it was. */
export type Actor =
  | { readonly by: 'task'; readonly task: number }
  | { readonly by: 'callback'; readonly name: string }
  | { readonly by: 'outside' | 'unknown' };

/** In whose step or callback an event happened, or that it was in none. */
export function actorOf(story: Story, event: LogEvent): Actor {
  const task = story.taskOf(event);
  if (task !== undefined) return { by: 'task', task };
  const within = story.causeOf(event);
  if (within?.event === 'handle') return { by: 'callback', name: within.name };
  return { by: event.cause === undefined ? 'outside' : 'unknown' };
}
