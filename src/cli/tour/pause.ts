// The pauses of the walk: a line that says what to press, and a key. The terminal is in raw mode for as long as a pause lasts and
// no longer, so that one key is enough; and is left as it was, however the pause ends.
import type { SignalName } from '../../loop/index.ts';
import { cut } from '../../observe/text-width.ts';
import { isWatched, WIPE_LINE } from '../terminal.ts';

/** What was decided. */
export type Answer = 'on' | 'quit' | SignalName;

const SIGNALS: readonly SignalName[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const CTRL_C = '\x03';
const CTRL_D = '\x04';
const CTRL_Z = '\x1a';

/** Whether there is somebody to wait for: a terminal to read from, and one to write to. */
export function canPause(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  return stdin.isTTY === true && isWatched(stdout, env);
}

/** Waits for a key as often as it is asked to. */
export class Pauses {
  readonly #stdin: NodeJS.ReadStream;
  readonly #stdout: NodeJS.WriteStream;
  /** Pressed ahead of time. */
  #typed = '';
  /** There is nobody any more: stdin has ended. */
  #over = false;

  constructor(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    stdin.on('error', () => {}); // A terminal that is gone cannot be set back either.
  }

  /** Shows the prompt until a key decides, and wipes it again. */
  async ask(prompt: string, paint: (text: string) => string): Promise<Answer> {
    const early = this.#decide();
    if (early !== undefined || this.#over) return early ?? 'on';
    const [stdin, stdout] = [this.#stdin, this.#stdout];
    const begin = (): void => {
      stdin.setRawMode(true);
      stdout.write(WIPE_LINE + paint(cut(prompt, Math.max(1, (stdout.columns || 80) - 1))));
    };
    const end = (): void => {
      stdin.setRawMode(false);
      stdout.write(WIPE_LINE);
    };
    const off: (() => void)[] = [];
    const answer = await new Promise<Answer>((resolve) => {
      const on = (emitter: NodeJS.EventEmitter, event: string, listener: (data: Buffer) => void): void => {
        emitter.on(event, listener);
        off.push(() => emitter.off(event, listener));
      };
      const leave = (): void => {
        this.#over = true;
        resolve('on');
      };
      on(stdin, 'data', (data) => {
        this.#typed += data;
        if (this.#typed.includes(CTRL_Z) && process.platform !== 'win32') {
          this.#typed = '';
          end();
          process.kill(0, 'SIGTSTP'); // All that a shell takes for this job: npx may be our parent.
        }
        const decided = this.#decide();
        if (decided !== undefined) resolve(decided);
        else if (this.#over) resolve('on');
      });
      on(stdin, 'end', leave);
      on(stdin, 'error', leave);
      if (process.platform !== 'win32') on(process, 'SIGCONT', begin);
      for (const signal of SIGNALS) on(process, signal, () => resolve(signal));
      begin();
      stdin.resume();
    });
    for (const remove of off) remove();
    stdin.pause();
    end();
    return answer;
  }

  /** By the first key that decides; keys that mean nothing are forgotten. */
  #decide(): Answer | undefined {
    while (this.#typed !== '') {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: arrows and the like begin with one
      const [key] = /^(?:\x1b(?:\[[\d;]*[ -/]*[@-~]|O.|.)?|[\s\S])/u.exec(this.#typed) as RegExpExecArray;
      this.#typed = this.#typed.slice(key.length);
      if (key === '\r' || key === '\n' || key === ' ') return 'on';
      if (key === 'q' || key === 'Q') return 'quit';
      if (key === CTRL_C) return 'SIGINT';
      if (key === CTRL_D) this.#over = true;
    }
    return undefined;
  }
}
