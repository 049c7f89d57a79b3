// The real command line in a real pseudo-terminal, as a user has it before the eyes: what it writes is drawn by a terminal
// emulator, and the keys go to it as bytes.
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { bin, cleanEnvironment } from './command-line.ts';

/** No command outlives this, in ms. */
const OUTER_LIMIT = 40_000;

export const CTRL_C = '\x03';

export interface TerminalOptions {
  /** 0: a terminal that does not know its width. 80 unless given. */
  readonly columns?: number;
  /** 24 unless given. */
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Shell words put behind the command: `>/some/file`. */
  readonly redirect?: string;
  /** Shell words put in front of it. */
  readonly before?: string;
}

/** How a terminal's command ended: death by signal reads `{ exitCode: 0, signal: 2 }`. */
export interface TerminalEnd {
  readonly exitCode: number;
  readonly signal: number;
}

const running = new Set<IPty>();
process.on('exit', () => {
  for (const pty of running) pty.kill('SIGKILL');
});

/** A terminal in which `asyncdemo` runs. */
export class PseudoTerminal {
  /** Every byte that came, as text. */
  raw = '';
  /** Settles when the command has ended and what it wrote is drawn. */
  readonly ended: Promise<TerminalEnd>;
  readonly #pty: IPty;
  readonly #screen: xterm.Terminal;
  readonly #watchers = new Set<() => void>();
  #over = false;

  constructor(words: readonly string[], { columns = 80, rows = 24, env = {}, redirect = '', before = '' }: TerminalOptions = {}) {
    const size = { cols: columns || 80, rows };
    this.#screen = new xterm.Terminal({ ...size, scrollback: 1000, allowProposedApi: true });
    // A pseudo-terminal cannot be made without a width; it can lose it.
    const forget = columns === 0 ? 'stty cols 0; ' : '';
    // A pipeline cannot take the shell's place.
    const command = `${forget}${before}${redirect.startsWith('|') ? '' : 'exec '}"$@" ${redirect}`;
    this.#pty = spawn('sh', ['-c', command, 'sh', process.execPath, bin, ...words], {
      ...size,
      name: env.TERM ?? 'xterm-256color',
      env: cleanEnvironment(env),
    });
    running.add(this.#pty);
    const watchdog = setTimeout(() => this.#pty.kill('SIGKILL'), OUTER_LIMIT);
    this.#pty.onData((data) => {
      this.raw += data;
      this.#screen.write(data, () => this.#look());
    });
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        clearTimeout(watchdog);
        running.delete(this.#pty);
        this.#screen.write('', () => {
          this.#over = true;
          this.#look();
          resolve({ exitCode, signal: signal ?? 0 });
        });
      });
    });
  }

  /** The lines on the screen and above it, without the blanks at their end and the empty ones at the bottom. */
  get lines(): string[] {
    const buffer = this.#screen.buffer.active;
    const lines = Array.from({ length: buffer.length }, (_, index) => buffer.getLine(index)?.translateToString(true) ?? '');
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  /** The text on the screen and above it; what the terminal had to wrap is one line again. */
  get text(): string {
    const buffer = this.#screen.buffer.active;
    let text = '';
    for (let index = 0; index < buffer.length; index++) {
      const line = buffer.getLine(index);
      if (index > 0 && line?.isWrapped !== true) text += '\n';
      text += line?.translateToString(true) ?? '';
    }
    return text.trimEnd();
  }

  /** Whether the terminal had to wrap a line that matches. */
  wrapped(pattern: RegExp): boolean {
    const buffer = this.#screen.buffer.active;
    for (let index = 1; index < buffer.length; index++) {
      if (buffer.getLine(index)?.isWrapped !== true) continue;
      const whole = `${buffer.getLine(index - 1)?.translateToString(true)}${buffer.getLine(index)?.translateToString(true)}`;
      if (pattern.test(whole)) return true;
    }
    return false;
  }

  /** Whether the cursor is shown, by the last word said on it. */
  get cursorShown(): boolean {
    return this.raw.lastIndexOf('\x1b[?25l') <= this.raw.lastIndexOf('\x1b[?25h');
  }

  /** Whether the cursor was ever hidden: the sign of something that moves. */
  get cursorWasHidden(): boolean {
    return this.raw.includes('\x1b[?25l');
  }

  /** Whether the command ever touched the terminal's wrapping of long lines. */
  get wrapModeTouched(): boolean {
    return this.raw.includes('\x1b[?7') || !this.#screen.modes.wraparoundMode;
  }

  /** Whether the terminal was asked to hold back what is drawn, and not to show it since. */
  get drawingHeldBack(): boolean {
    return this.raw.lastIndexOf('\x1b[?2026h') > this.raw.lastIndexOf('\x1b[?2026l');
  }

  /** Where the next character would stand, from 0. */
  get column(): number {
    return this.#screen.buffer.active.cursorX;
  }

  /** Waits until the screen, or the bytes behind it, are as wanted. Fails if the command ends before. */
  async until(what: string, wanted: (terminal: this) => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (wanted(this)) resolve();
        else if (this.#over) reject(new Error(`ended before: ${what}; bytes: ${JSON.stringify(this.raw)}`));
        else return;
        this.#watchers.delete(look);
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** Waits for a text on the screen. */
  untilShown(text: string): Promise<void> {
    return this.until(`'${text}' on the screen`, () => this.text.includes(text));
  }

  /** Presses keys. */
  press(keys: string): void {
    this.#pty.write(keys);
  }

  kill(signal: NodeJS.Signals): void {
    this.#pty.kill(signal);
  }

  /** Closes the window: the terminal is gone. */
  hangUp(): void {
    (this.#pty as IPty & { destroy(): void }).destroy();
  }

  resize(columns: number, rows = 24): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  #look(): void {
    for (const look of [...this.#watchers]) look();
  }
}
