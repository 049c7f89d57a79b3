// The names beside the lanes, with what each task does at the moment: buttons, only for the rows that are in sight.
import { doingInWords, waitsInLine } from '../observe/in-words.ts';
import { byId, h, visible } from './element.ts';
import type { Row } from './lane-rows.ts';
import type { View } from './view.ts';

/** A row in sight, and where. */
export interface PlacedRow {
  readonly row: Row;
  readonly top: number;
  readonly height: number;
}

interface Label {
  readonly row: Row;
  readonly button: HTMLButtonElement;
  readonly state: HTMLElement;
}

export class Labels {
  readonly #view: View;
  readonly #toggle: (key: string) => void;
  readonly #box = byId('labels');
  #labels: Label[] = [];

  /** `toggle` opens a group of tasks, or closes it. */
  constructor(view: View, toggle: (key: string) => void) {
    this.#view = view;
    this.#toggle = toggle;
  }

  get width(): number {
    return this.#box.offsetWidth;
  }

  /** Puts the names of these rows in their places. Whoever is on one of them stays there, or else on `box`. */
  place(rows: Iterable<PlacedRow>, box: HTMLElement): void {
    const active = document.activeElement;
    const held = this.#labels.find(({ button }) => button === active)?.row;
    const labels = [...rows].map(({ row, top, height }) => {
      const label = this.#labels.find((each) => each.row === row) ?? this.#make(row);
      Object.assign(label.button.style, { top: `${top}px`, height: `${height}px` });
      return label;
    });
    for (const label of this.#labels) if (!labels.includes(label)) label.button.remove();
    for (const { button } of labels) if (button.parentNode === null) this.#box.append(button);
    this.#labels = labels;
    if (held === undefined || document.activeElement === active) return;
    const again = labels.find(({ row }) => row === held || (row.kind === 'group' && held.kind === 'group' && row.key === held.key));
    (again?.button ?? box).focus({ preventScroll: true });
  }

  /** Says what each does at the moment. */
  update(): void {
    const { story, player, chosen, moment } = this.#view;
    for (const { row, button, state } of this.#labels) {
      if (row.kind === 'group') {
        const alive = row.lanes.filter(({ task }) => story.spanAt(task, player.n) !== undefined).length;
        say(state, `${alive} of ${row.lanes.length}`);
      } else if (row.kind === 'loop') {
        if (moment.poll !== undefined) say(state, 'waits');
        else if (moment.open.at(-1)?.event === 'handle') say(state, 'runs', 'running');
        else say(state, moment.running ? '' : 'stopped');
      } else {
        const { task, end } = row.lane;
        const span = story.spanAt(task, player.n);
        button.setAttribute('aria-pressed', String(task === chosen));
        button.title = visible(`${story.titleOf(task)} ${doingInWords(story, task, player.n)}`);
        if (span === undefined && end !== undefined && end.n <= player.n) say(state, ENDS[end.outcome], end.outcome === 'raised' ? 'failed' : '');
        else if (span === undefined) say(state, '');
        else if (span.state === 'waiting') say(state, waitsInLine(span) ? 'in line' : 'waits', waitsInLine(span) ? 'line' : '');
        else say(state, span.state === 'running' ? 'runs' : 'ready', span.state);
      }
    }
  }

  #make(row: Row): Label {
    const state = h('span', { class: 'state' });
    const label = (name: string, attributes: Parameters<typeof h>[1]): Label => {
      return { row, state, button: h('button', { type: 'button', ...attributes }, h('span', { class: 'name' }, name), state) };
    };
    if (row.kind === 'loop') {
      const title = 'What the loop itself does: iterations, callbacks, waiting for its host';
      return label('the loop', { title, onclick: () => this.#view.choose(undefined) });
    }
    if (row.kind === 'group') {
      const title = `${row.open ? '▾' : '▸'} ${row.lanes.length} × ${row.title}`;
      const counted = `${title}: how many of them are ready, in line, and waiting, from top to bottom; above, when one ran`;
      return label(title, { title: counted, 'aria-expanded': String(row.open), onclick: () => this.#toggle(row.key) });
    }
    const { task } = row.lane;
    const choose = (): void => this.#view.choose(this.#view.chosen === task ? undefined : task);
    return label(this.#view.story.titleOf(task), { class: row.within && 'within', onclick: choose });
  }
}

const ENDS = { returned: 'returned', raised: 'failed', cancelled: 'cancelled' } as const;

function say(element: HTMLElement, text: string, look = ''): void {
  if (element.textContent !== text) element.textContent = text;
  element.className = `state ${look}`;
}
