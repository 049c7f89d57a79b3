// When each event of a log is drawn on an axis that needs room for all of them. In virtual time a step takes no time, and in
// real time many a one takes less than the clock can tell: both would be without width, and in no order.
import type { Story } from './story.ts';

/** Ticks in a microsecond. An eighth is told exactly in binary and in decimal, so that no reader's rounding lets a slice end past its parent. */
export const TICKS = 8;

/** In ticks: 17 years. What comes later is drawn one tick behind the other. */
const LONGEST = 2 ** 52;

/** Up to here, in ticks, readers that turn microseconds into nanoseconds lose nothing: 104 days. */
const EXACT = Number.MAX_SAFE_INTEGER / 125;

/**
 * The time of each event, oldest first, in ticks from the first on; at last, the end of them all. No two are the same, and none comes before the one in
 * front of it. Events of one moment share the time up to the next (behind the last, as much as the whole), evenly: in virtual time
 * no more than half of it, and a five-hundredth of the whole for each. Where there is not even a tick for each, what follows is drawn later than it was, until
 * a time in which nothing happens makes up for it. What lasts for months is drawn in coarser ticks.
 */
export function drawnTimes(story: Story): Float64Array {
  const { events, virtual } = story.log;
  const moment = (i: number): number =>
    Math.min(LONGEST, Math.max(0, Math.round((story.moment(events[i] as (typeof events)[number]) - story.from) * 1000) * TICKS));
  const times = new Float64Array(events.length + 1);
  const whole = events.reduce((latest, _event, i) => Math.max(latest, moment(i)), 0);
  const widest = virtual ? Math.max(TICKS, Math.floor(whole / 500)) : 1;
  const unit = unitFor(2 * whole + TICKS * events.length);
  let drawn = -unit;
  for (let first = 0, behind = 0; first < events.length; first = behind) {
    const start = moment(first);
    for (behind = first + 1; behind < events.length && moment(behind) <= start; ) behind += 1;
    const room = (behind === events.length ? Math.max(whole, 2 * TICKS * events.length) : moment(behind) - start) / (2 * (behind - first));
    const width = Math.max(unit, inUnits(Math.min(widest, room), unit));
    for (let i = first; i < behind; i++) {
      drawn = Math.max(drawn + (i === first ? unit : width), inUnits(start, unit));
      times[i] = drawn;
    }
  }
  times[events.length] = drawn + unit;
  return times;
}

/** A power of two, of which all times up to the longest are told exactly. */
function unitFor(longest: number): number {
  let unit = 1;
  while (longest / unit > EXACT) unit *= 2;
  return unit;
}

function inUnits(ticks: number, unit: number): number {
  return Math.floor(ticks / unit) * unit;
}
