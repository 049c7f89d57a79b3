// The critical path as a list: where the time went, altogether and piece by piece.
import { type Part, type Spent, sumOf } from '../observe/critical-path.ts';
import { inTime } from '../observe/in-words.ts';
import { byId, type Child, h } from './element.ts';
import { eventLink } from './panels.ts';
import type { View } from './view.ts';

const SPENT: Readonly<Record<Spent, string>> = {
  running: 'running',
  ready: 'waiting in the ready queue',
  timer: 'waiting for a timer',
  host: 'waiting for the host',
  cancelled: 'waiting, until it was cancelled from outside',
};

/** So many pieces are listed at first, and ten times as many whenever one asks for more: a hundred thousand rows keep a browser busy for a minute. */
const MOST = 20;
const MORE = 10;

export class PathPanel {
  readonly #view: View;
  #most = MOST;
  #rows: { readonly part: Part; readonly row: HTMLElement }[] = [];
  #current: HTMLElement | undefined;

  constructor(view: View) {
    this.#view = view;
    this.#show();
  }

  /** Marks the piece that the moment lies in. */
  update(): void {
    const { n } = this.#view.player;
    const row = this.#rows.find(({ part }) => part.from.n <= n && n < part.to.n)?.row;
    if (row === this.#current) return;
    this.#current?.removeAttribute('aria-current');
    row?.setAttribute('aria-current', 'true');
    this.#current = row;
  }

  #show(): void {
    const { story, path, parts, stretches } = this.#view;
    const [first, last] = [path[0], path.at(-1)];
    if (first === undefined || last === undefined) {
      byId('path').replaceChildren(h('p', { class: 'soft' }, 'Nothing in this log has a cause.'));
      return;
    }
    const whole = story.moment(last) - story.moment(first);
    const sum = sumOf(parts);
    const spent = (Object.keys(SPENT) as Spent[]).filter((kind) => sum[kind] > 0);
    const shares = h(
      'div',
      { class: 'shares', 'aria-hidden': 'true' },
      ...spent.map((kind) => sized(h('span', { class: `spent-${kind}` }), sum[kind] / whole)),
    );
    const list = spent.map((kind) =>
      h('li', {}, h('span', { class: `swatch spent-${kind}`, 'aria-hidden': 'true' }), `${SPENT[kind]}: ${inTime(sum[kind])}, ${percent(sum[kind] / whole)}`),
    );
    const lasting = stretches.filter(({ ms }) => ms > 0);
    const longest = lasting.reduce((most, { ms }) => Math.max(most, ms), 0);
    const shown = [...lasting]
      .sort((a, b) => b.ms - a.ms)
      .slice(0, this.#most)
      .sort((a, b) => a.from.n - b.from.n);
    this.#rows = shown.map((part) => ({ part, row: this.#row(part, longest) }));
    byId('path').replaceChildren(
      h(
        'p',
        {},
        `The end of ${'task' in last ? story.titleOf(last.task) : 'the run'} has waited for this, ${inTime(whole)} in all. Where one of these gets shorter, the run may.`,
      ),
      ...(whole > 0 ? [shares, h('ul', { class: 'shares-list' }, ...list)] : [h('p', { class: 'soft' }, 'It took no time.')]),
      ...(lasting.length > 0 ? [this.#table()] : []),
      ...(shown.length < lasting.length ? [h('p', {}, `The ${shown.length} longest of ${lasting.length}. `, this.#more(lasting.length))] : []),
    );
    this.#current = undefined;
  }

  #table(): HTMLElement {
    const head = ['Since', 'What', 'How long'].map((text, i) => h('th', { scope: 'col', class: ['since', '', 'number'][i] }, text));
    return h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...head, h('th', { class: 'bar' }))),
      h(
        'tbody',
        {},
        this.#rows.map(({ row }) => row),
      ),
    );
  }

  #row({ from, spent, task, ms }: Part, longest: number): HTMLElement {
    const { story } = this.#view;
    const text = `${task === undefined ? 'the loop' : story.titleOf(task)}: ${SPENT[spent]}`;
    const cells: [string, Child][] = [
      ['since', inTime(story.moment(from))],
      ['', eventLink(this.#view, from.n, text)],
      ['number', inTime(ms)],
      ['bar', sized(h('span', { class: `spent-${spent}` }), ms / longest)],
    ];
    return h('tr', {}, ...cells.map(([kind, child]) => h('td', { class: kind || undefined }, child)));
  }

  #more(all: number): HTMLElement {
    const most = this.#most * MORE;
    const show = (): void => {
      this.#most = most;
      this.#show();
      byId('path').querySelector('button')?.focus();
      this.update();
    };
    return h('button', { type: 'button', onclick: show }, most < all ? `Show ${most}` : 'Show all');
  }
}

function percent(share: number): string {
  return share > 0 && share < 0.01 ? 'below 1 %' : `${Math.round(share * 100)} %`;
}

/** As wide as its share of what it stands in. */
function sized(element: HTMLElement, share: number): HTMLElement {
  element.style.width = `${share * 100}%`;
  return element;
}
