// The slider, the buttons and the keys: how a person gets from one moment to another.
import { inTime } from '../observe/in-words.ts';
import { byId } from './element.ts';
import type { Lanes } from './lanes.ts';
import type { Unit } from './player.ts';
import type { View } from './view.ts';

export class Transport {
  readonly #view: View;
  readonly #lanes: Lanes;
  readonly #slider = byId<HTMLInputElement>('slider');
  readonly #help = byId<HTMLDetailsElement>('help');

  constructor(view: View, lanes: Lanes) {
    this.#view = view;
    this.#lanes = lanes;
    const { player } = view;
    this.#slider.addEventListener('input', () => player.goToStop(Number(this.#slider.value)));
    byId('first').addEventListener('click', () => player.toStart());
    byId('back').addEventListener('click', () => player.move(-1));
    byId('play').addEventListener('click', () => this.#playOrPause());
    byId('forward').addEventListener('click', () => player.move(1));
    byId('last').addEventListener('click', () => player.toEnd());
    const [unit, speed, axis, path] = [
      byId<HTMLSelectElement>('unit'),
      byId<HTMLSelectElement>('speed'),
      byId<HTMLSelectElement>('axis'),
      byId<HTMLInputElement>('path-on'),
    ];
    unit.addEventListener('change', () => player.set({ unit: unit.value as Unit }));
    speed.addEventListener('change', () => player.set({ speed: Number(speed.value) }));
    axis.addEventListener('change', () => lanes.along(axis.value === 'order' ? 'order' : 'time'));
    path.addEventListener('change', () => {
      lanes.showPath = path.checked;
    });
    byId('zoom-in').addEventListener('click', () => lanes.zoom(2));
    byId('zoom-out').addEventListener('click', () => lanes.zoom(0.5));
    byId('zoom-fit').addEventListener('click', () => lanes.fit());
    document.addEventListener('keydown', (event) => {
      if (this.#press(event)) event.preventDefault();
    });
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) player.set({ speed: 1 });
    // What the browser has kept of an earlier visit is not what is shown.
    [unit.value, speed.value, axis.value, path.checked] = [player.unit, String(player.speed), 'time', true];
  }

  /** Shows where we are. */
  update(): void {
    const { player, moment, event, story } = this.#view;
    this.#slider.max = String(Math.max(player.stops - 1, 0));
    this.#slider.value = String(player.stop);
    const time = event === undefined ? '' : inTime(story.moment(event));
    const where = `iteration ${moment.iteration?.count ?? 0}, event ${player.n}`;
    const output = byId('where');
    output.replaceChildren(Object.assign(document.createElement('b'), { textContent: time }), ` · ${where}`);
    this.#slider.setAttribute('aria-valuetext', `${time}, ${where}`);
    const play = byId('play');
    play.setAttribute('aria-pressed', String(player.playing));
    play.setAttribute('aria-label', player.playing ? 'Pause' : 'Play');
    disable('first', player.atStart);
    disable('back', player.atStart);
    disable('forward', player.atEnd);
    disable('last', player.atEnd);
  }

  #playOrPause(): void {
    const { player } = this.#view;
    if (player.playing) player.pause();
    else player.play();
  }

  /** Whether the key was one of ours. */
  #press({ key, shiftKey, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
    if (ctrlKey || metaKey || altKey) return false;
    const on = target instanceof HTMLElement ? target : document.body;
    if (on instanceof HTMLSelectElement) return false;
    const { player } = this.#view;
    const inPicture = this.#lanes.box.contains(on);
    switch (key) {
      case 'ArrowLeft':
        player.move(-1, shiftKey ? 'event' : player.unit);
        return true;
      case 'ArrowRight':
        player.move(1, shiftKey ? 'event' : player.unit);
        return true;
      case 'PageUp':
      case 'PageDown':
        if (!inPicture && on.closest('#transport') === null) return false; // Elsewhere it scrolls.
        player.move(key === 'PageUp' ? -1 : 1, 'iteration');
        return true;
      case 'Home':
        player.toStart();
        return true;
      case 'End':
        player.toEnd();
        return true;
      case ' ':
        if (on.closest('button, summary, input[type="checkbox"]') !== null) return false;
        this.#playOrPause();
        return true;
      case '+':
      case '=':
      case '-':
      case '0':
        if (!inPicture) return false; // A letter typed elsewhere, by voice perhaps, moves nothing.
        if (key === '0') this.#lanes.fit();
        else this.#lanes.zoom(key === '-' ? 0.5 : 2);
        return true;
      case 'Escape':
        if (this.#help.open) this.#help.open = false;
        else this.#view.choose(undefined);
        return true;
      case 'ArrowUp':
      case 'ArrowDown':
        if (!inPicture) return false;
        this.#lanes.choose(key === 'ArrowUp' ? -1 : 1);
        return true;
      case 'Enter':
        if (on !== this.#lanes.box) return false;
        byId('why-title').focus();
        return true;
      default:
        return false;
    }
  }
}

/** A button that was just pressed keeps the keyboard: one that is disabled would lose it. */
function disable(id: string, disabled: boolean): void {
  const button = byId<HTMLButtonElement>(id);
  if (button === document.activeElement) button.setAttribute('aria-disabled', String(disabled));
  else {
    button.removeAttribute('aria-disabled');
    button.disabled = disabled;
  }
}
