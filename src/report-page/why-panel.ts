// Why something happened just then: from cause to cause, nearest first, each a place to go to.
import { inTime, inWords } from '../observe/in-words.ts';
import type { LogEvent } from '../observe/log.ts';
import { byId, h, refill } from './element.ts';
import { eventLink } from './panels.ts';
import type { Step, View } from './view.ts';

/** So many causes are listed. */
const MOST = 60;

export function showWhy(view: View): void {
  const { story, explained } = view;
  const title = byId('why-title');
  if (explained === undefined) {
    title.textContent = 'Why did it run?';
    refill(byId('why'), h('p', { class: 'soft' }, 'It has not run yet.'));
    return;
  }
  const verb = explained.event === 'step' || explained.event === 'handle' ? 'run' : 'happen';
  const goesOn = explained === view.event || view.moment.open.includes(explained as Step);
  title.textContent = `Why did it ${verb} ${goesOn ? 'now' : `at ${inTime(story.moment(explained))}`}?`;
  const chain = [explained, ...story.why(explained.n)];
  const end = chain.at(-1) as LogEvent;
  const items = chain.slice(0, MOST).map((event, i) => {
    const next = chain[i + 1];
    const later = next === undefined ? 0 : story.moment(event) - story.moment(next);
    const when = `at ${inTime(story.moment(event))}${later > 0 ? `, ${inTime(later)} after` : ''}`;
    return h('li', {}, eventLink(view, event.n, inWords(story, event)), h('span', { class: 'soft' }, when));
  });
  if (chain.length > MOST) items.push(h('li', {}, h('span', { class: 'soft' }, `and ${chain.length - MOST} causes before`)));
  refill(byId('why'), h('ol', { class: 'chain' }, ...items), h('p', { class: 'soft' }, beginning(end, view)));
}

/** What the last cause that is known comes from. */
function beginning(end: LogEvent, { story }: View): string {
  if (end.cause !== undefined) return 'What came before is not in the log any more.';
  if (['run', 'stop', 'poll', 'polled', 'iteration'].includes(end.event)) return 'The loop does this by itself.';
  return end.n <= (story.log.events.find(({ event }) => event === 'run')?.n ?? 0)
    ? 'That was before the loop began to run.'
    : 'That came from outside of the loop: from Node, or code that no step has called.';
}
