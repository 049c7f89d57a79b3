// The terminal we draw on: what we change of it is put back on every way out.
import { fstatSync, writeSync } from 'node:fs';

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
/** Back to the beginning of the line, and nothing left on it. */
export const WIPE_LINE = '\r\x1b[K';

/** How wide charts and pages are where nobody says how wide they may be. */
export const COLUMNS = 100;

/** A terminal behind stderr. The cursor is hidden while something moves, and shown again by `restore()`, at exit or in a crash. */
export class Terminal {
  readonly stream: NodeJS.WriteStream & { readonly fd: number };
  #hidden = false;

  constructor(stream: NodeJS.WriteStream & { readonly fd: number }) {
    this.stream = stream;
  }

  /** Columns to draw on. A terminal that does not know says 0; then there is no drawing at all. */
  get width(): number {
    return this.stream.columns;
  }

  hideCursor(): void {
    if (this.#hidden) return;
    this.#hidden = true;
    process.once('exit', this.#atExit);
    for (const [signal, listener] of this.#jobControl) process.on(signal, listener);
    this.stream.write(HIDE_CURSOR);
  }

  wipeLine(): void {
    this.stream.write(WIPE_LINE);
  }

  write(text: string): void {
    this.stream.write(text);
  }

  /** Shows the cursor again. */
  restore(): void {
    if (!this.#hidden) return;
    this.#hidden = false;
    process.off('exit', this.#atExit);
    for (const [signal, listener] of this.#jobControl) process.off(signal, listener);
    this.stream.write(SHOW_CURSOR);
  }

  /** Ctrl-Z gives the terminal back to the shell, `fg` takes it again. */
  readonly #jobControl: readonly (readonly [NodeJS.Signals, () => void])[] =
    process.platform === 'win32'
      ? []
      : [
          [
            'SIGTSTP',
            () => {
              this.stream.write(SHOW_CURSOR);
              process.kill(process.pid, 'SIGSTOP');
            },
          ],
          ['SIGCONT', () => this.stream.write(HIDE_CURSOR)],
        ];

  /** In a crash the stream may not be written any more; the descriptor can. */
  readonly #atExit = (): void => {
    try {
      writeSync(this.stream.fd, SHOW_CURSOR);
    } catch {
      // The terminal is gone: nothing to restore.
    }
  };
}

/** The columns of a stream: the terminal's own, or else what `$COLUMNS` says; undefined where neither knows. */
export function columnsOf(stream: NodeJS.WriteStream, { COLUMNS: told = '' }: NodeJS.ProcessEnv = process.env): number | undefined {
  return stream.columns || (/^[1-9]\d{0,3}$/.test(told) ? Number(told) : undefined);
}

/** Whether somebody looks at a stream on whose last line more can be done than writing: a terminal, neither dumb nor a CI's. */
export function isWatched(stream: NodeJS.WriteStream, { TERM, CI }: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && TERM !== 'dumb' && (CI === undefined || CI === '' || CI === 'false');
}

/** Whether pictures may move on a stream: a terminal of known width that somebody looks at, and that results do not reach through a pipe. */
export function canAnimate(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  return isWatched(stream, env) && stream.columns > 0 && !isPipe(1);
}

function isPipe(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFIFO();
  } catch {
    return false; // Closed.
  }
}
