// The checker is itself checked: each of its rules finds a trace that breaks just this one.
import { describe, expect, test } from 'vitest';
import { checkChromeTrace } from '../support/check-chrome-trace.ts';

type Loose = Record<string, unknown>;

const metadata = (name: string, pid: number, tid: number, args: Loose): Loose => ({ ph: 'M', name, pid, tid, args });

/** A process with two threads, an arrow from the one to the other, and a curve. */
function good(): Loose[] {
  return [
    metadata('process_name', 1, 1, { name: 'loop' }),
    metadata('process_sort_index', 1, 1, { sort_index: 1 }),
    metadata('thread_name', 1, 1, { name: 'one' }),
    metadata('thread_sort_index', 1, 1, { sort_index: 0 }),
    metadata('thread_name', 1, 2, { name: 'two' }),
    metadata('thread_sort_index', 1, 2, { sort_index: 1 }),
    { ph: 'X', name: 'outer', cat: 'task', pid: 1, tid: 1, ts: 0, dur: 10, args: {} },
    { ph: 'X', name: 'inner', cat: 'task', pid: 1, tid: 1, ts: 2, dur: 8, args: {} },
    { ph: 's', name: 'wake', cat: 'wake', id: 1, pid: 1, tid: 1, ts: 4 },
    { ph: 'C', name: 'ready', pid: 1, tid: 1, ts: 5, args: { handles: 1 } },
    { ph: 'X', name: 'run', cat: 'task', pid: 1, tid: 2, ts: 6.125, dur: 1, args: {} },
    { ph: 'f', bp: 'e', name: 'wake', cat: 'wake', id: 1, pid: 1, tid: 2, ts: 6.125 },
    { ph: 'C', name: 'ready', pid: 1, tid: 1, ts: 6.125, args: { handles: 0 } },
  ];
}
const [OUTER, INNER, START, CURVE, RUN, END, REST] = [6, 7, 8, 9, 10, 11, 12];
const textOf = (traceEvents: unknown): string => JSON.stringify({ traceEvents });

/** The trace with one event changed; a fact that is undefined is taken away. */
const changed = (index: number, facts: Loose): Loose[] => good().map((event, i) => (i === index ? { ...event, ...facts } : event));
const without = (index: number): Loose[] => good().filter((_, i) => i !== index);
/** The trace with events put behind those that were there. */
const withMore = (...events: Loose[]): Loose[] => [...good(), ...events];

test('a trace that is in order has nothing wrong', () => {
  expect(checkChromeTrace(textOf(good()))).toEqual([]);
});

describe('each rule finds what breaks it', () => {
  test.each<[string, Loose[], RegExp]>([
    ['an unknown phase', changed(CURVE, { ph: 'Z' }), /expected a phase of/],
    ['half of a character in a name', changed(RUN, { name: 'a\ud83d' }), /expected whole characters/],
    ['half of a character in what is told', changed(RUN, { args: { where: ['\udfff'] } }), /expected whole characters/],
    ['no name', changed(CURVE, { name: '' }), /expected a name/],
    ['a tid of 0', changed(OUTER, { tid: 0 }), /expected pid and tid to be whole/],
    ['a tid as text', changed(OUTER, { tid: '1' }), /expected pid and tid to be whole/],
    ['a pid of more than 31 bits', changed(OUTER, { pid: 2 ** 31 }), /expected pid and tid to be whole/],
    ['a tid in two processes', withMore(metadata('process_name', 3, 2, { name: 'other' })), /expected a tid of its own/],
    ['a thread with the number of a process', withMore(metadata('process_name', 2, 3, { name: 'other' })), /whose main thread it would be/],
    ['no ts', changed(OUTER, { ts: undefined }), /expected ts to be in microseconds/],
    ['a ts below 0', changed(OUTER, { ts: -1 }), /expected ts to be in microseconds/],
    ['a part of a nanosecond', changed(END, { ts: 6.1253 }), /expected ts to be in microseconds/],
    ['a nanosecond that a number of this size does not tell', changed(OUTER, { dur: 2 ** 49 + 0.125 }), /expected dur to be in microseconds/],
    ['an earlier ts', changed(CURVE, { ts: 3 }), /expected a ts of 4 or later/],
    ['no dur', changed(RUN, { dur: undefined }), /expected dur to be in microseconds/],
    ['a dur of 0', changed(RUN, { dur: 0 }), /expected dur to be in microseconds/],
    ['a slice without category', changed(RUN, { cat: undefined }), /expected a category/],
    ['a slice that ends past its parent', changed(INNER, { dur: 8.125 }), /expected it to end with outer at 10 or before, got 10.125/],
    ['metadata with a time', changed(0, { ts: 0 }), /expected metadata without a time/],
    ['metadata of an unknown kind', changed(0, { name: 'process_colour' }), /expected a known kind of metadata/],
    ['a name that is empty', changed(0, { args: { name: '' } }), /expected metadata with its value/],
    ['an order that is no number', changed(3, { args: { sort_index: 'first' } }), /expected metadata with its value/],
    ['a name said twice', withMore(metadata('thread_name', 1, 1, { name: 'uno' })), /expected it to be said once/],
    ['a process without a name', without(0), /expected process 1 to have a name/],
    ['a thread without a name', without(4), /expected thread 2 to have a thread_name/],
    ['a thread without a place', without(5), /expected thread 2 to have a thread_sort_index/],
    ['a first event that is not at 0', changed(OUTER, { ts: 1, dur: 9 }), /expected the first at 0/],
    ['a curve that is left', changed(REST, { args: { handles: 1 } }), /expected a curve to end at 0/],
    ['a curve without a value', changed(CURVE, { args: {} }), /expected numbers to draw a curve/],
    ['a curve through a text', changed(CURVE, { args: { handles: '1' } }), /expected numbers to draw a curve/],
    ['an arrow without id', changed(START, { id: undefined }), /expected an arrow with a whole number for its id/],
    ['an id as text', changed(START, { id: '1' }), /expected an arrow with a whole number for its id/],
    ['an arrow that never ends', without(END), /expected an end of arrow 1/],
    ['an arrow that never began', without(START), /expected an arrow that has begun/],
    ['an arrow that ends twice', withMore(good()[END] as Loose), /expected an arrow to end once/],
    ['an id used again', withMore({ ...good()[START], tid: 2, ts: 7 }), /expected an id that no arrow had before/],
    ['an arrow of two names', changed(END, { name: 'cancel' }), /expected an arrow of one name and category/],
    ['an arrow of two categories', changed(END, { cat: 'cancel' }), /expected an arrow of one name and category/],
    ['an end that is bound to the next slice', changed(END, { bp: undefined }), /bp: e/],
    ['a beginning where no slice is', changed(START, { tid: 2 }), /expected a slice that the arrow is bound to/],
    ['a beginning with its slice', changed(START, { ts: 2 }), /expected an arrow to begin within a slice/],
    ['an end where no slice is any more', changed(END, { ts: 7.125 }), /expected a slice that the arrow is bound to/],
    ['an end before its slice is told', [...good().slice(0, RUN), good()[END] as Loose, good()[RUN] as Loose], /expected a slice that the arrow is bound to/],
    ['an arrow backwards', changed(END, { tid: 1 }), /expected an arrow to lead to a slice that begins later/],
  ])('%s', (_what, events, complaint) => {
    expect(checkChromeTrace(textOf(events)).join('\n')).toMatch(complaint);
  });

  test.each([
    ['a list', JSON.stringify(good()), /begins with \{"/],
    ['a file that is cut off', textOf(good()).slice(0, -3), /expected JSON/],
    ['an object without events', '{"otherData":{}}', /expected traceEvents to be a list/],
  ])('%s', (_what, text, complaint) => {
    expect(checkChromeTrace(text).join('\n')).toMatch(complaint);
  });
});
