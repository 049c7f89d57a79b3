// What happened in a run, as data: the one log that every picture, report and assertion is made of.
// Written by recorder.ts, kept in files by log-writer.ts.

/** What every event tells. */
interface Told {
  /** Its number: they count up from 1, without gaps. */
  readonly n: number;
  /** When, in ms of the loop's time since the recording began: when the iteration began, or whatever was read since. */
  readonly at: number;
  /** When, in ms of real time since then. Left out of runs in virtual time, whose logs are the same each time. */
  readonly wall?: number;
  /**
   * The number of the event that made this one happen. Of a step: what made the task ready. Of a callback: who scheduled
   * it, or its timer coming due. Of the end of a step or callback: its beginning. Of anything else: the step or callback it
   * happened in. Left out where that came from outside: the program around the loop, a signal, Node's I/O.
   */
  readonly cause?: number;
}

/** What a suspended task waits for: `turn`, its next one at once; `task`, one or several; `host`, I/O and the like; `future`, one that is none of the others. */
export type Awaits = 'turn' | 'timer' | 'task' | 'primitive' | 'host' | 'future';

/** How a task ended. */
export type Outcome = 'returned' | 'raised' | 'cancelled';

/** Tasks, callbacks (timers are some) and primitives are each numbered from 1, in the order they were seen. */
export type LogEvent = Told &
  (
    | { readonly event: 'run' }
    /** A run is over; with the error that left it. */
    | { readonly event: 'stop'; readonly error?: string }
    /** The host has its say; where nothing is ready the loop waits for it, or until a time. */
    | { readonly event: 'poll'; readonly until?: number }
    | { readonly event: 'polled' }
    | { readonly event: 'iteration'; readonly count: number; readonly ready: number }
    /** A callback was put into the ready queue. */
    | { readonly event: 'scheduled'; readonly handle: number; readonly name: string }
    /** A callback begins. */
    | { readonly event: 'handle'; readonly handle: number; readonly name: string }
    | { readonly event: 'returned'; readonly handle: number }
    | { readonly event: 'timer'; readonly handle: number; readonly name: string; readonly when: number }
    | { readonly event: 'due' | 'timer-cancelled'; readonly handle: number }
    /** A task; `there`: it was before the recording began. */
    | { readonly event: 'created'; readonly task: number; readonly name: string; readonly there?: true }
    /** It is called otherwise than when it was created. */
    | { readonly event: 'named'; readonly task: number; readonly name: string }
    /** A task's coroutine is resumed. */
    | { readonly event: 'step'; readonly task: number }
    /** The step is over: `on` is the number of the timer, task or primitive it awaits, `kind` the class of the future. */
    | {
        readonly event: 'suspended';
        readonly task: number;
        readonly awaits: Awaits;
        readonly on?: number;
        readonly kind?: string;
        /** Where it awaits, in {@link Log.stacks}; where stacks were asked for. */
        readonly stack?: number;
      }
    /** What a task awaited is done: the task is ready. */
    | { readonly event: 'woken'; readonly task: number }
    /** A task was asked to cancel. */
    | { readonly event: 'cancel'; readonly task: number }
    /** The step is over, and the task with it. */
    | { readonly event: 'done'; readonly task: number; readonly outcome: Outcome; readonly error?: string }
    /** Of a primitive; `free`: what can be taken at this moment of a lock (0 or 1) or semaphore. */
    | { readonly event: 'wait' | 'leave' | 'acquire' | 'release'; readonly primitive: number; readonly kind: string; readonly free?: number }
    | { readonly event: 'put' | 'get'; readonly primitive: number; readonly kind: string; readonly size: number }
  );

/** One line of the program on a chain of awaits. */
export interface StackLine {
  /** The coroutine function. */
  readonly name: string;
  /** As it is to be shown: below the folder that was given as root, or absolute. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What was recorded of a run. */
export interface Log {
  /** Of which form it is. */
  readonly version: typeof LOG_VERSION;
  /** Whether the run was in virtual time: no real time is told then. */
  readonly virtual: boolean;
  /** What was run, in the words of whoever ran it. */
  readonly title: string;
  /** Oldest first. */
  readonly events: readonly LogEvent[];
  /** How many events before the first were dropped, as a ring does. */
  readonly dropped: number;
  /** The names of tasks that were created in what was dropped, and are told of later. */
  readonly earlier: ReadonlyMap<number, string>;
  /** Chains of awaits, outermost line first; by the number that `suspended` gives. */
  readonly stacks: ReadonlyMap<number, readonly StackLine[]>;
}

/** What is known of a log before there is anything in it. */
export type LogHead = Pick<Log, 'version' | 'virtual' | 'title'>;

/** Counts up when a reader of the older form would misread the newer. */
export const LOG_VERSION = 1;
