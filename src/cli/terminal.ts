// The terminal we draw on: what we change of it is put back on every way out.
import { writeSync } from 'node:fs';

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const WIPE_LINE = '\r\x1b[K';

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
    this.stream.write(SHOW_CURSOR);
  }

  /** In a crash the stream may not be written any more; the descriptor can. */
  readonly #atExit = (): void => {
    try {
      writeSync(this.stream.fd, SHOW_CURSOR);
    } catch {
      // The terminal is gone: nothing to restore.
    }
  };
}

/** Whether pictures may move on a stream: a terminal of known width, neither dumb nor a CI's. */
export function canAnimate(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && stream.columns > 0 && env.TERM !== 'dumb' && (env.CI === undefined || env.CI === '' || env.CI === 'false');
}
