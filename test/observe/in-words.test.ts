// Every sentence, word for word: what happened, what a task does, and how long that takes.
import { describe, expect, test } from 'vitest';
import { EVENTS } from '../../src/observe/codes.ts';
import { doingInWords, inTime, inWords, waitsInLine, wakingInWords } from '../../src/observe/in-words.ts';
import { type EventOf, type LogEvent, type Span, Story } from '../../src/observe/index.ts';
import { logOf, type Told } from '../support/told-log.ts';

const STACKS = new Map([[1, [{ name: 'main', file: 'main.ts', line: 1, column: 1 }]]]);

/** A run in which everything happens, with what is said of each event. Comments count them: causes are numbers of events. */
const RUN: readonly (readonly [Told, string])[] = [
  [{ event: 'created', task: 1, name: 'Task-1', there: true }, 'Task-1 main() was there before the recording'], // 1
  [{ event: 'created', task: 2, name: 'Task-2' }, 'Code outside of the loop created Task-2'], // 2
  [{ event: 'run' }, 'The loop begins to run'], // 3
  [{ event: 'iteration', count: 1, ready: 2 }, 'Iteration 1 begins with 2 ready'], // 4
  [{ event: 'step', task: 1, cause: 1 }, 'Task-1 main() runs'], // 5
  [{ event: 'created', task: 3, name: 'Task-3', cause: 5 }, 'Task-1 main() created worker'], // 6
  [{ event: 'named', task: 3, name: 'worker', cause: 5 }, 'Task 3 is called worker'], // 7
  [{ event: 'scheduled', handle: 1, name: 'tick', cause: 5 }, 'Task-1 main() put the callback tick() into the ready queue'], // 8
  [{ event: 'acquire', primitive: 1, kind: 'Lock', free: 0, cause: 5 }, 'Task-1 main() took Lock 1'], // 9
  [{ event: 'acquire', primitive: 2, kind: 'Semaphore', free: 1, cause: 5 }, 'Task-1 main() took a permit of Semaphore 2'], // 10
  [{ event: 'acquire', primitive: 3, kind: 'BoundedSemaphore', free: 0, cause: 5 }, 'Task-1 main() took a permit of BoundedSemaphore 3'], // 11
  [{ event: 'put', primitive: 4, kind: 'Queue', size: 3, cause: 5 }, 'Task-1 main() put an item into Queue 4, which has 3 now'], // 12
  [{ event: 'get', primitive: 4, kind: 'Queue', size: 2, cause: 5 }, 'Task-1 main() took an item out of Queue 4, which has 2 now'], // 13
  [{ event: 'timer', handle: 2, name: 'wake', when: 1500, cause: 5 }, 'Task-1 main() set a timer for 1.5 s'], // 14
  [{ event: 'timer', handle: 3, name: 'late', when: 20, cause: 5 }, 'Task-1 main() set a timer for 20 ms'], // 15
  [{ event: 'suspended', task: 1, awaits: 'timer', on: 2, stack: 1, cause: 5 }, 'Task-1 main() began to wait for a timer'], // 16
  [{ event: 'step', task: 2, cause: 2 }, 'Task-2 runs'], // 17
  [{ event: 'wait', primitive: 1, kind: 'Lock', free: 0, cause: 17 }, 'Task-2 stands in line at Lock 1'], // 18
  [{ event: 'suspended', task: 2, awaits: 'primitive', on: 1, cause: 17 }, 'Task-2 began to wait for Lock 1'], // 19
  [{ event: 'step', task: 3, cause: 6 }, 'worker runs'], // 20
  [{ event: 'suspended', task: 3, awaits: 'turn', cause: 20 }, 'worker gave way'], // 21
  [{ event: 'handle', handle: 1, name: 'tick', cause: 8 }, 'The callback tick() runs'], // 22
  [{ event: 'timer-cancelled', handle: 3, cause: 22 }, 'The callback tick() took a timer back'], // 23
  [{ event: 'returned', handle: 1, cause: 22 }, 'The callback is over'], // 24
  [{ event: 'handle', handle: 4, name: '(cancelled)' }, 'A callback that was taken back is passed over'], // 25
  [{ event: 'returned', handle: 4, cause: 25 }, 'The callback is over'], // 26
  [{ event: 'poll', until: 0 }, 'The loop lets its host have its say'], // 27
  [{ event: 'polled' }, 'The loop goes on'], // 28
  [{ event: 'step', task: 3, cause: 21 }, 'worker runs'], // 29
  [{ event: 'done', task: 3, outcome: 'returned', cause: 29 }, 'worker returned'], // 30
  [{ event: 'poll', until: 1500 }, 'Nothing is ready: the loop waits until 1.5 s'], // 31
  [{ event: 'polled', at: 1500 }, 'The loop goes on'], // 32
  [{ event: 'due', handle: 2, cause: 14 }, 'The timer came due'], // 33
  [{ event: 'handle', handle: 2, name: 'wake', cause: 33 }, 'The callback wake() runs'], // 34
  [{ event: 'woken', task: 1, cause: 34 }, 'Task-1 main() is ready: its time is up'], // 35
  [{ event: 'returned', handle: 2, cause: 34 }, 'The callback is over'], // 36
  [{ event: 'step', task: 1, cause: 35 }, 'Task-1 main() runs'], // 37
  [{ event: 'release', primitive: 2, kind: 'Semaphore', free: 2, cause: 37 }, 'Task-1 main() gave a permit of Semaphore 2 back'], // 38
  [{ event: 'release', primitive: 1, kind: 'Lock', free: 1, cause: 37 }, 'Task-1 main() gave Lock 1 back'], // 39
  [{ event: 'woken', task: 2, cause: 37 }, 'Task-2 is ready: its turn at Lock 1 has come'], // 40
  [{ event: 'cancel', task: 2, cause: 37 }, 'Task-1 main() asked Task-2 to cancel'], // 41
  [{ event: 'done', task: 1, outcome: 'raised', error: 'TypeError: no', cause: 37 }, 'Task-1 main() raised TypeError: no'], // 42
  [{ event: 'step', task: 2, cause: 40 }, 'Task-2 runs'], // 43
  [{ event: 'leave', primitive: 1, kind: 'Lock', free: 1, cause: 43 }, 'Task-2 left the line at Lock 1'], // 44
  [{ event: 'done', task: 2, outcome: 'cancelled', cause: 43 }, 'Task-2 was cancelled'], // 45
  [{ event: 'poll' }, 'Nothing is ready: the loop waits for its host'], // 46
  [{ event: 'cancel', task: 2 }, 'Code outside of the loop asked Task-2 to cancel'], // 47
  [{ event: 'stop', error: 'KeyboardInterrupt' }, 'The loop stops: KeyboardInterrupt'], // 48
  [{ event: 'run' }, 'The loop begins to run'], // 49
  [{ event: 'stop' }, 'The loop stops'], // 50
];

const story = new Story(
  logOf(
    RUN.map(([event]) => event),
    { stacks: STACKS },
  ),
);

describe('what happened', () => {
  test.each(RUN.map(([{ event }, sentence], i) => [i + 1, event, sentence] as const))('event %d, %s: %s', (n, _event, sentence) => {
    expect(inWords(story, story.event(n) as LogEvent)).toBe(sentence);
  });

  test('is said of every event there is', () => {
    expect(new Set(RUN.map(([{ event }]) => event))).toEqual(new Set(EVENTS));
  });

  test('by what is not in the log any more is said to be that', () => {
    const log = logOf([{ event: 'created', task: 1, name: 'Task-1', cause: 9 }], { dropped: 10 });
    expect(inWords(new Story(log), log.events[0] as LogEvent)).toBe('Something that is not in the log any more created Task-1');
  });

  test('with an error that nobody has told is said to be an error', () => {
    const log = logOf([{ event: 'done', task: 1, outcome: 'raised' }]);
    expect(inWords(new Story(log), log.events[0] as LogEvent)).toBe('task 1 raised an error');
  });

  test('at a time is told in real time where that is the axis', () => {
    const log = logOf(
      [
        { event: 'poll', at: 100, wall: 40, until: 130 },
        { event: 'polled', at: 130, wall: 75 },
        { event: 'timer', handle: 1, name: 'wake', at: 130, wall: 80, when: 150 },
        { event: 'poll', at: 150, wall: 90, until: 170 },
      ],
      { virtual: false },
    );
    const told = new Story(log);
    expect(inWords(told, log.events[3] as LogEvent)).toBe('Nothing is ready: the loop waits until 70 ms');
    expect(inWords(told, log.events[2] as LogEvent)).toBe('Code outside of the loop set a timer for 60 ms');
  });
});

describe('what a task was woken for', () => {
  const PRIMITIVE = { awaits: 'primitive', on: 1 } as const;
  const used = (kind: string): Told => ({ event: 'wait', primitive: 1, kind });
  test.each([
    [{ awaits: 'timer', on: 1 }, [], 'its time is up'],
    [{ awaits: 'task', on: 2 }, [], 'the task it awaited, Task-2, is over'],
    [{ awaits: 'task', kind: 'GatheringFuture' }, [], 'all it gathers is done'],
    [{ awaits: 'task' }, [], 'those it awaited are done'],
    [PRIMITIVE, [used('Event')], 'Event 1 was set'],
    [PRIMITIVE, [used('Barrier')], 'Barrier 1 let all of them go on'],
    [PRIMITIVE, [used('Queue')], 'its turn at Queue 1 has come'],
    [{ awaits: 'host' }, [], 'the host has answered'],
    [{ awaits: 'future' }, [], 'the future it awaited is done'],
    [{ awaits: 'turn' }, [], undefined],
    [{ awaits: 'timer', on: 1 }, [{ event: 'cancel', task: 1 }], 'it was asked to cancel'],
  ] as const)('where it awaits %j', (suspension, between, reason) => {
    const log = logOf([
      { event: 'created', task: 1, name: 'Task-1' },
      { event: 'created', task: 2, name: 'Task-2' },
      { event: 'cancel', task: 1 }, // Of a wait before.
      { event: 'step', task: 1, cause: 1 },
      { event: 'suspended', task: 1, cause: 4, ...suspension },
      ...between,
      { event: 'handle', handle: 1, name: 'tick' },
      { event: 'woken', task: 1, cause: 6 + between.length },
    ]);
    const woken = log.events.at(-1) as EventOf<'woken'>;
    expect(wakingInWords(new Story(log), woken)).toBe(reason);
    expect(inWords(new Story(log), woken)).toBe(reason === undefined ? 'Task-1 is ready' : `Task-1 is ready: ${reason}`);
  });

  test('a future that is settled from outside was the host’s', () => {
    const log = logOf([
      { event: 'suspended', task: 1, awaits: 'future', kind: 'Future' },
      { event: 'woken', task: 1 },
    ]);
    expect(inWords(new Story(log), log.events[1] as LogEvent)).toBe('task 1 is ready: the host has answered');
  });
});

describe('what a task does', () => {
  test.each([
    [1, 1, 'is ready'],
    [1, 5, 'runs'],
    [1, 16, 'waits for a timer'],
    [2, 19, 'waits for Lock 1'],
    [1, 42, 'raised TypeError: no'],
    [2, 45, 'was cancelled'],
    [3, 30, 'returned'],
    [3, 50, 'returned'],
  ])('task %d after event %d %s', (task, n, doing) => {
    expect(doingInWords(story, task, n)).toBe(doing);
  });

  test('before it was created is nothing yet, however it will end', () => {
    expect([1, 2, 3].map((task) => doingInWords(story, task, 1))).toEqual(['is ready', 'is not there yet', 'is not there yet']);
    expect(doingInWords(story, 3, 5)).toBe('is not there yet');
    expect(doingInWords(story, 3, 6)).toBe('is ready');
  });

  test('since before the log begins is to wait, for nobody knows what', () => {
    const log = logOf([{ event: 'run' }, { event: 'woken', task: 1 }], { dropped: 10 });
    expect(doingInWords(new Story(log), 1, 11)).toBe('waits');
  });

  test('is to stand in line where somebody else decides when it goes on', () => {
    const inLine = (task: number, n: number): boolean => waitsInLine(story.spanAt(task, n) as Span);
    expect([inLine(2, 19), inLine(1, 16), inLine(2, 40)]).toEqual([true, false, false]);
  });
});

test.each([
  [0, '0 ms'],
  [0.0004, '0 µs'],
  [0.0352, '35 µs'],
  [0.9994, '999 µs'],
  [0.9995, '1 ms'],
  [0.9997, '1 ms'],
  [1, '1 ms'],
  [120.46, '120.5 ms'],
  [999.94, '999.9 ms'],
  [999.95, '1 s'],
  [999.97, '1 s'],
  [1000, '1 s'],
  [1752, '1.752 s'],
  [90_000, '90 s'],
  [-0.9997, '-1 ms'],
  [-999.97, '-1 s'],
])('%d ms are told as %s: never a thousand of a unit, where there is a next one', (ms, text) => {
  expect(inTime(ms)).toBe(text);
});
