// The task that is looked at: what it does, who created, woke and cancelled it, and the lines of the program it stands on.
import { actorOf } from '../observe/actors.ts';
import { doingInWords, inTime } from '../observe/in-words.ts';
import type { EventOf, Span } from '../observe/lanes.ts';
import type { LogEvent, StackLine } from '../observe/log.ts';
import { byId, type Child, h, refill } from './element.ts';
import { eventLink, taskLink } from './panels.ts';
import { SourceText } from './source-text.ts';
import type { View } from './view.ts';

export class TaskPanel {
  readonly #view: View;
  readonly #source: SourceText;
  /** Which of the lines is shown, counted from the innermost: one clicked on, for as long as the chain stays the same. */
  #frame = 0;
  #stack: readonly StackLine[] = [];

  constructor(view: View) {
    this.#view = view;
    this.#source = new SourceText(byId('source'), view.sources);
  }

  show(): void {
    const view = this.#view;
    const { story, player, task } = view;
    const lane = task === undefined ? undefined : story.lanes.get(task);
    if (task === undefined || lane === undefined) {
      refill(byId('task'), h('p', { class: 'soft' }, 'There is no task.'));
      return;
    }
    const span = story.spanAt(task, player.n);
    const { suspension, when } = this.#standsOn(task, span);
    const stack = story.stackOf(suspension);
    if (stack !== this.#stack) this.#frame = 0;
    this.#stack = stack;
    const created = lane.created > 0 && story.event(lane.created);
    const woken = lane.spans.findLast(({ first }) => first <= player.n && story.event(first)?.event === 'woken');
    const cancel = lane.cancels.findLast(({ n }) => n <= player.n);
    byId('task-title').textContent = view.chosen === undefined ? 'The task that runs, or ran last' : 'The chosen task';
    refill(
      byId('task'),
      h('p', { class: 'title name' }, story.titleOf(task)),
      h(
        'dl',
        {},
        ...row('now', doingInWords(story, task, player.n), span?.state === 'waiting' && ` since ${inTime(span.from)}`),
        ...(created
          ? row(
              'created',
              eventLink(view, created.n, `at ${inTime(story.moment(created))}`),
              ...(lane.creator === undefined ? [] : [' by ', taskLink(view, lane.creator)]),
            )
          : []),
        ...this.#relation('woken', woken?.first),
        ...this.#relation('asked to cancel', cancel?.n),
      ),
      stack.length > 0 && this.#frames(stack, when),
    );
    this.#source.show(stack.at(-1 - this.#frame), stack, this.#missing(stack));
  }

  /** What woke or cancelled it: the event, and whose step that was. */
  #relation(word: string, n: number | undefined): Child[] {
    const { story } = this.#view;
    const event = n === undefined ? undefined : story.event(n);
    if (event === undefined) return [];
    return row(word, eventLink(this.#view, event.n, `at ${inTime(story.moment(event))}`), ' ', ...this.#by(event));
  }

  #by(event: LogEvent): Child[] {
    const who = actorOf(this.#view.story, event);
    switch (who.by) {
      case 'task':
        return ['by ', taskLink(this.#view, who.task)];
      case 'callback':
        return [`by the callback ${who.name}()`];
      case 'outside':
        return ['from outside of the loop'];
      case 'unknown':
        return ['by something that is not in the log any more'];
    }
  }

  /** The suspension whose lines are shown: that of now, else the last, else, for a task in its first step, the next. */
  #standsOn(task: number, span: Span | undefined): { suspension: EventOf<'suspended'> | undefined; when: string } {
    const { story, player } = this.#view;
    if (span?.suspension !== undefined) return { suspension: span.suspension, when: 'awaits at' };
    const spans = story.lanes.get(task)?.spans ?? [];
    const last = spans.findLast(({ first, suspension }) => first <= player.n && suspension !== undefined)?.suspension;
    if (last !== undefined)
      return { suspension: last, when: span === undefined ? 'awaited last at' : span.state === 'running' ? 'goes on from' : 'goes on at' };
    return { suspension: spans.find(({ suspension }) => suspension !== undefined)?.suspension, when: 'will first await at' };
  }

  #frames(stack: readonly StackLine[], when: string): HTMLElement {
    const links = [...stack].reverse().map(({ name, file, line }, frame) =>
      h(
        'button',
        {
          type: 'button',
          class: 'link name',
          'aria-pressed': String(frame === this.#frame),
          onclick: () => {
            this.#frame = frame;
            this.show();
          },
        },
        `${name}() ${file.split('/').at(-1)}:${line}`,
      ),
    );
    return h(
      'p',
      { class: 'frames' },
      h('span', { class: 'soft' }, `${when} `),
      ...links.flatMap((link, i): Child[] => [i > 0 && h('span', { class: 'soft' }, ' in '), link]),
    );
  }

  #missing(stack: readonly StackLine[]): string {
    if (this.#view.story.log.stacks.size === 0) return 'The run was recorded without the lines it awaits at.';
    return stack.length === 0 ? 'No line of the program is known for this task.' : 'The source of this file is not in the report.';
  }
}

function row(word: string, ...said: Child[]): Child[] {
  return [h('dt', {}, word), h('dd', {}, ...said)];
}
