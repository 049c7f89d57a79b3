// The script of a report: reads the run that stands in the page, and shows a moment of it. Everything that moves goes through
// `changed`, which lets the page follow once a frame.
import { inTime, inWords, wakingInWords } from '../observe/in-words.ts';
import type { LogEvent } from '../observe/log.ts';
import { unpackReport } from '../observe/report-data.ts';
import { byId, h, refill } from './element.ts';
import { Lanes } from './lanes.ts';
import { showLegend } from './legend.ts';
import { showLists } from './panels.ts';
import { PathPanel } from './path-panel.ts';
import { pointAt } from './pointing.ts';
import { TaskPanel } from './task-panel.ts';
import { Transport } from './transport.ts';
import { View } from './view.ts';
import { showWhy } from './why-panel.ts';

let due = false;
/** Shows what has changed with the next frame, however often it changes until then. */
function changed(): void {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    show();
  });
}

const view = new View(unpackReport(byId('run').textContent ?? ''), changed);
const lanes = new Lanes(view);
const transport = new Transport(view, lanes);
const task = new TaskPanel(view);
const path = new PathPanel(view);
/** The task that was chosen when the page was shown last. */
let chosen: number | undefined;
let address: ReturnType<typeof setTimeout> | undefined;
pointAt(lanes, view);
showLegend();
summarize();
view.player.go(Number(/^#event-(\d+)$/.exec(location.hash)?.[1] ?? 0));
show();

function show(): void {
  const { player, event, story } = view;
  const now = byId('now');
  now.setAttribute('aria-live', player.playing ? 'off' : 'polite');
  refill(now, event === undefined ? 'The log is empty.' : `${inWords(story, event)}.`, h('span', { class: 'soft' }, event && because(event)));
  transport.update();
  showLists(view);
  task.show();
  showWhy(view);
  path.update();
  if (chosen === view.chosen) lanes.follow();
  else lanes.draw();
  chosen = view.chosen;
  // The address names the moment, so that it can be sent to somebody; browsers do not like that done a hundred times a second.
  clearTimeout(address);
  address = setTimeout(() => history.replaceState(null, '', `#event-${player.n}`), 300);
}

/** Of something that runs: what it was ready for. */
function because(event: LogEvent): string | false {
  const cause = view.story.causeOf(event);
  if (cause === undefined || (event.event !== 'step' && event.event !== 'handle')) return false;
  const reason = cause.event === 'woken' ? wakingInWords(view.story, cause) : undefined;
  // A name in front stays as the program gave it.
  return ` ${reason === undefined ? inWords(view.story, cause) : `${reason[0]?.toUpperCase()}${reason.slice(1)}`}.`;
}

/** What kind of run it was, in one line. */
function summarize(): void {
  const { story, steps } = view;
  const { log } = story;
  const count = (n: number, word: string): string => `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`;
  const parts = [count(story.lanes.size, 'task'), `${count(steps, 'step')} and callbacks`, count(story.iterations.length, 'iteration')];
  const time = `${inTime(story.to - story.from)} of ${log.virtual ? 'virtual' : 'real'} time`;
  const cut = log.dropped > 0 ? ` The first ${log.dropped.toLocaleString('en')} events were dropped.` : '';
  byId('summary').textContent = `${parts.join(', ')} in ${time}.${cut}`;
}

window.addEventListener('hashchange', () => view.player.go(Number(/^#event-(\d+)$/.exec(location.hash)?.[1] ?? view.player.n)));
const repaint = (): void => {
  showLegend();
  lanes.repaint();
};
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
window.addEventListener('beforeprint', repaint);
window.addEventListener('afterprint', repaint);
