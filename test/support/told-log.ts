// Logs made by hand: for what is said of an event, without a program that brings it about.
import type { Log, LogEvent } from '../../src/observe/index.ts';

type Loose<Event> = Event extends LogEvent ? Omit<Event, 'n' | 'at'> & { readonly at?: number } : never;

/** An event that need not say when it was, nor its number: it is the next one. */
export type Told = Loose<LogEvent>;

/** A log of these events, in virtual time, each at the time of the one before unless it says so. */
export function logOf(told: readonly Told[], more: Partial<Omit<Log, 'events'>> = {}): Log {
  const dropped = more.dropped ?? 0;
  let at = 0;
  const events = told.map((event, i) => {
    at = event.at ?? at;
    return { ...event, n: dropped + i + 1, at } as LogEvent;
  });
  return { version: 1, virtual: true, title: '', earlier: new Map(), stacks: new Map(), ...more, dropped, events };
}
