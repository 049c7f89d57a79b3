// What stands in the lists beside the picture: the ready queue, the timers, and the locks, semaphores and queues.
import { inTime } from '../observe/in-words.ts';
import type { InQueue, Moment, Party, Use } from '../observe/moment.ts';
import { byId, type Child, h, refill } from './element.ts';
import type { View } from './view.ts';

/** So many of each are shown; the rest is counted. */
const MOST = 30;
/** The same of names in a row. */
const MOST_IN_ROW = 8;

export function showLists(view: View): void {
  const { moment } = view;
  showReady(view, moment);
  showTimers(view, moment);
  showUses(view, moment);
}

/** A task's name, to be chosen with. */
export function taskLink(view: View, task: Party): HTMLElement {
  if (task === undefined) return h('span', { class: 'soft' }, 'somebody who is not in the log any more');
  if (task === 0) return h('span', { class: 'soft' }, 'outside of any task');
  return h('button', { type: 'button', class: 'link name', onclick: () => view.choose(task) }, view.story.titleOf(task));
}

/** An event, to go to. */
export function eventLink(view: View, n: number, text: string): HTMLElement {
  return h('button', { type: 'button', class: 'link name', onclick: () => view.player.go(n) }, text);
}

function showReady(view: View, { ready, batch }: Moment): void {
  byId('ready-title').textContent = ready.length === 0 ? 'Ready queue' : `Ready queue: ${ready.length}`;
  if (ready.length === 0) {
    refill(byId('ready'), h('p', { class: 'soft' }, 'Nothing is ready.'));
    return;
  }
  const entries: Child[] = [];
  ready.slice(0, MOST).forEach((entry, place) => {
    if (place === batch && batch > 0) entries.push(h('li', { class: 'next' }, 'in the next iteration'));
    entries.push(h('li', {}, nameOf(view, entry)));
  });
  if (ready.length > MOST) entries.push(h('li', { class: 'next' }, `and ${ready.length - MOST} more`));
  refill(byId('ready'), h('ol', { class: 'queue' }, entries));
}

function nameOf(view: View, { kind, id, since }: InQueue): Child {
  if (kind === 'task') return taskLink(view, id);
  const put = view.story.event(since);
  const set = put?.event === 'due' ? view.story.causeOf(put) : put;
  const name = set !== undefined && 'name' in set ? set.name : 'callback';
  return eventLink(view, since, put?.event === 'due' ? `${name}(), of a timer` : `${name}()`);
}

function showTimers(view: View, moment: Moment): void {
  const timers = moment.timersByDeadline();
  byId('timers-title').textContent = timers.length === 0 ? 'Timers' : `Timers: ${timers.length}, by deadline`;
  if (timers.length === 0) {
    refill(byId('timers'), h('p', { class: 'soft' }, 'No timer is set.'));
    return;
  }
  const now = view.event === undefined ? 0 : view.story.moment(view.event);
  const entries = timers.slice(0, MOST).map((timer) => {
    const task = view.story.taskOf(timer);
    const whose = task === undefined ? eventLink(view, timer.n, `${timer.name}()`) : taskLink(view, task);
    const when = view.story.timeOf(timer.when, timer);
    return h('li', {}, whose, h('span', { class: 'soft', title: `in ${inTime(when - now)}` }, `at ${inTime(when)}`));
  });
  if (timers.length > MOST) entries.push(h('li', { class: 'next' }, `and ${timers.length - MOST} more`));
  refill(byId('timers'), h('ol', { class: 'queue' }, entries));
}

function showUses(view: View, { uses }: Moment): void {
  if (uses.size === 0) {
    refill(byId('uses'), h('p', { class: 'soft' }, view.story.primitives.size === 0 ? 'The run uses none.' : 'None was used yet.'));
    return;
  }
  // Those somebody stands in line for come first: they are what one asks about.
  const sorted = [...uses.values()].sort((a, b) => Number(b.waiters.length > 0) - Number(a.waiters.length > 0));
  const shown = sorted.slice(0, MOST).map((use) => showUse(view, use));
  refill(byId('uses'), shown, sorted.length > MOST && h('p', { class: 'use soft' }, `and ${sorted.length - MOST} more`));
}

function showUse(view: View, use: Use): HTMLElement {
  const { story, player } = view;
  // Who was woken gets it, and leaves the line when it goes on.
  const chosen = use.waiters.filter((task) => task !== undefined && story.spanAt(task, player.n)?.state !== 'waiting');
  const waiting = use.waiters.filter((task) => !chosen.includes(task));
  return h(
    'div',
    { class: 'use' },
    h('h3', {}, story.describePrimitive(use.primitive), h('span', { class: 'soft' }, levelOf(use, chosen.length))),
    use.holders.length > 0 &&
      h('p', {}, h('span', { class: 'soft' }, use.holders.length > MOST_IN_ROW ? `held by ${use.holders.length}: ` : 'held by '), ...inRow(view, use.holders)),
    chosen.length > 0 && h('p', {}, h('span', { class: 'soft' }, 'next is '), ...inRow(view, chosen)),
    waiting.length > 0 &&
      h('p', {}, h('span', { class: 'soft' }, `in line${waiting.length > MOST_IN_ROW ? `, ${waiting.length}` : ''}: `), ...inRow(view, waiting)),
  );
}

/** What there is to be had of it. A permit that was given back is another's as soon as somebody is woken for it. */
function levelOf({ kind, size, free }: Use, chosen: number): string {
  if (size !== undefined) return `${size} in it`;
  if (free === undefined) return '';
  if (kind === 'Lock') return free > 0 ? 'free' : 'held';
  return `${Math.max(free - chosen, 0)} free`;
}

/** A few names in a row. */
function inRow(view: View, tasks: readonly Party[]): Child[] {
  const shown = tasks.slice(0, MOST_IN_ROW).flatMap((task, place): Child[] => [place > 0 && ', ', taskLink(view, task)]);
  return tasks.length > MOST_IN_ROW ? [...shown, ` and ${tasks.length - MOST_IN_ROW} more`] : shown;
}
