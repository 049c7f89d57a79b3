// A terminal: results stay on stdout, and below them one line on stderr moves: a spinner (ora), a progress bar
// (cli-progress) or a passing remark. Both libraries only draw here; the loop's own tasks drive them, timers and all.
import type { Options, SingleBar } from 'cli-progress';
import type { Bar, Facts, Spinner } from '../../demos/demo.ts';
import { shownText } from '../../observe/shown-text.ts';
import type { Terminal } from '../terminal.ts';
import { formatProgress, type Progress } from '../tqdm.ts';
import type { CommandScreen, Print } from './screen.ts';

/** Draws the moving line anew, and wipes it. */
interface Moving {
  draw(): void;
  wipe(): void;
}

export class AnimatedScreen implements CommandScreen {
  readonly animated = true;
  failures = 0;
  readonly #terminal: Terminal;
  readonly #out: Print;
  readonly #err: Print;
  readonly #colour: boolean;
  #moving: Moving | undefined;

  constructor(terminal: Terminal, out: Print, err: Print, colour: boolean) {
    this.#terminal = terminal;
    this.#out = out;
    this.#err = err;
    this.#colour = colour;
    terminal.stream.on('resize', this.#redraw);
  }

  line(text: string | undefined, _facts: Facts): void {
    if (text !== undefined) this.#above(() => this.#out(shownText(text)));
  }

  failure(text: string, _facts: Facts): void {
    this.failures += 1;
    this.complaint(shownText(text));
  }

  complaint(text: string): void {
    this.#above(() => this.#err(text));
  }

  status(text: string): void {
    this.#show(undefined);
    if (text === '') return;
    this.#show({
      draw: () => this.#terminal.write(text.slice(0, this.#terminal.width - 1)),
      wipe: () => this.#terminal.wipeLine(),
    });
  }

  async spinner(): Promise<Spinner> {
    const { default: ora } = await import('ora');
    const { stream } = this.#terminal;
    // Never started: ora would then own a timer, patch the streams and take Ctrl-C from the terminal.
    const spinner = ora({ stream, isEnabled: true, discardStdin: false, hideCursor: false, color: this.#colour ? 'cyan' : false });
    // Resized to no columns at all, ora would count lines for ever.
    const whereThereIsRoom = (paint: () => void) => (): void => {
      if (this.#terminal.width > 0) paint();
    };
    const moving: Moving = { draw: whereThereIsRoom(() => spinner.render()), wipe: whereThereIsRoom(() => spinner.clear()) };
    return {
      draw: (frame, message) => {
        // One frame at a time: which one it is, the example's task decides by the loop's time.
        spinner.spinner = { interval: 1, frames: [frame] };
        spinner.text = message.slice(0, Math.max(0, this.#terminal.width - frame.length - 2));
        if (this.#moving === moving) moving.draw();
        else this.#show(moving);
      },
      clear: () => {
        if (this.#moving === moving) this.#show(undefined);
      },
    };
  }

  async bar(total: number): Promise<Bar> {
    const { default: progress } = await import('cli-progress');
    let state: Progress = { done: 0, total, elapsed: 0 };
    const options: Options & { terminal: object } = {
      format: () => formatProgress(state, this.#terminal.width - 1),
      terminal: this.#surface(),
      // Drawn when the example says so: its own refresh timer is put off for ever.
      fps: 1e-6,
      synchronousUpdate: false,
      forceRedraw: true,
      gracefulExit: false,
      linewrap: true,
    };
    const bar = new progress.SingleBar(options) as SingleBar & { render(): void; timer: NodeJS.Timeout | null };
    const draw = (): void => {
      bar.render();
      bar.timer?.unref();
    };
    const moving: Moving = { draw, wipe: () => this.#terminal.wipeLine() };
    this.#show(undefined);
    this.#terminal.hideCursor();
    bar.start(total, 0); // Draws it.
    bar.timer?.unref();
    this.#moving = moving;
    return {
      update: (done, elapsed) => {
        state = { done, total, elapsed };
        bar.update(done);
        if (this.#moving === moving) draw();
      },
      finish: () => {
        if (this.#moving !== moving) return;
        this.#moving = undefined;
        bar.stop();
        this.#terminal.restore();
      },
    };
  }

  close(): void {
    this.#show(undefined);
    this.#terminal.stream.off('resize', this.#redraw);
  }

  /** Prints in the place of the moving line, which moves on below. */
  #above(print: () => void): void {
    this.#moving?.wipe();
    print();
    this.#moving?.draw();
  }

  #show(moving: Moving | undefined): void {
    this.#moving?.wipe();
    this.#moving = moving;
    if (moving === undefined) return this.#terminal.restore();
    this.#terminal.hideCursor();
    moving.draw();
  }

  readonly #redraw = (): void => {
    this.#moving?.wipe();
    this.#moving?.draw();
  };

  /** What cli-progress draws on. Its own terminal saves and restores the cursor's place, which lines printed above the bar would spoil. */
  #surface(): object {
    const nothing = (): void => {};
    return {
      cursorSave: nothing,
      cursorRestore: nothing,
      cursor: nothing,
      lineWrapping: nothing,
      cursorTo: () => this.#terminal.write('\r'),
      clearRight: () => this.#terminal.write('\x1b[K'),
      clearLine: () => this.#terminal.wipeLine(),
      write: (text: string) => this.#terminal.write(text),
      newline: () => this.#terminal.write('\n'),
      isTTY: () => true,
      getWidth: () => this.#terminal.width,
    };
  }
}
