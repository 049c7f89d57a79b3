// What a log says in words, as the numbers that it is kept as; and back.
import type { Awaits, LogEvent, Outcome } from './log.ts';

/** Every event there is; its place is its code. */
export const EVENTS: readonly LogEvent['event'][] = [
  'run',
  'stop',
  'poll',
  'polled',
  'iteration',
  'scheduled',
  'handle',
  'returned',
  'timer',
  'due',
  'timer-cancelled',
  'created',
  'named',
  'step',
  'suspended',
  'woken',
  'cancel',
  'done',
  'wait',
  'leave',
  'acquire',
  'release',
  'put',
  'get',
];

/** The words a log may say. */
export const AWAITS: readonly Awaits[] = ['turn', 'timer', 'task', 'primitive', 'host', 'future'];
export const OUTCOMES: readonly Outcome[] = ['returned', 'raised', 'cancelled'];

function codesOf<Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, code) => [name, code])) as Record<Name, number>;
}

/** The numbers that stand for words in a column. */
export const EVENT: Readonly<Record<LogEvent['event'], number>> = codesOf<LogEvent['event']>(EVENTS);
export const AWAIT: Readonly<Record<Awaits, number>> = codesOf(AWAITS);
export const OUTCOME: Readonly<Record<Outcome, number>> = codesOf(OUTCOMES);

/** A number that is not there: no permits to count, no deadline. */
export const NONE = -1e300;

/** In ms; 285,000 years. */
const LONGEST = Number.MAX_SAFE_INTEGER;

/** What an event tells beside when and why. */
export function factsOf(event: LogEvent['event'], subject: number, other: number, value: number, text: string): object {
  switch (event) {
    case 'run':
    case 'polled':
      return {};
    case 'stop':
      return text === '' ? {} : { error: text };
    case 'poll':
      return value === NONE ? {} : { until: round(value) };
    case 'iteration':
      return { count: subject, ready: value };
    case 'scheduled':
    case 'handle':
      return { handle: subject, name: text };
    case 'returned':
    case 'due':
    case 'timer-cancelled':
      return { handle: subject };
    case 'timer':
      return { handle: subject, name: text, when: round(value) };
    case 'created':
      return { task: subject, name: text, ...(other === 1 && { there: true }) };
    case 'named':
      return { task: subject, name: text };
    case 'step':
    case 'woken':
    case 'cancel':
      return { task: subject };
    case 'suspended': {
      const stack = Math.floor(value / AWAITS.length);
      return {
        task: subject,
        awaits: AWAITS[value % AWAITS.length],
        ...(other > 0 && { on: other }),
        ...(text && { kind: text }),
        ...(stack > 0 && { stack }),
      };
    }
    case 'done':
      return { task: subject, outcome: OUTCOMES[value], ...(text && { error: text }) };
    case 'wait':
    case 'leave':
    case 'acquire':
    case 'release':
      return { primitive: subject, kind: text, ...(value !== NONE && { free: value }) };
    case 'put':
    case 'get':
      return { primitive: subject, kind: text, size: value };
  }
}

/** A suspension's two facts in one number: what is awaited, by {@link AWAIT}, and where, 0 if that is not known. */
export function suspensionValue(awaits: number, stack: number): number {
  return awaits + AWAITS.length * stack;
}

/** To whole microseconds, of which the clock tells no parts that mean anything. `Infinity`, which JSON has not, becomes the longest time that can be counted. */
export function round(ms: number): number {
  if (Math.abs(ms) > LONGEST) return Math.sign(ms) * LONGEST;
  return Math.round(ms * 1000) / 1000 + 0; // Never -0, which JSON has not either.
}
