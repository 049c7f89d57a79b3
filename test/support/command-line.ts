// The real command line as a child process, seen as a script or a pipe sees it: streams, exit code, signal.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The script users run. It needs `npm run build`. */
export const bin: string = fileURLToPath(new URL('../../bin/asyncdemo.js', import.meta.url));

/** No child outlives this, in ms: a test must fail, not hang. */
const OUTER_LIMIT = 40_000;

/** How a process ended, and all it has written. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  /** Added to an environment that says nothing of terminals, colours, CI or proxies. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to stdin, which is then closed. Closed at once unless given. */
  readonly input?: string;
  /** Leaves stdin open, as a terminal's is. */
  readonly keepInputOpen?: boolean;
  readonly cwd?: string;
}

/** An environment that says nothing of where the tests run. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = '', HOME = '/' } = process.env;
  return { PATH, HOME, LANG: 'C.UTF-8', ...extra };
}

const running = new Set<ChildProcessWithoutNullStreams>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A process that was started. */
export class Program {
  /** What it has written so far. */
  stdout = '';
  stderr = '';
  /** Settles when it has ended and its streams are read to their end. */
  readonly ended: Promise<End>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #watchers = new Set<() => void>();
  #over = false;

  constructor(file: string, args: readonly string[], { env = {}, input = '', keepInputOpen = false, cwd }: StartOptions = {}) {
    const child = spawn(file, [...args], { env: cleanEnvironment(env), cwd, stdio: 'pipe', timeout: OUTER_LIMIT, killSignal: 'SIGKILL' });
    this.#child = child;
    running.add(child);
    child.stdin.on('error', () => {}); // It may end without reading.
    if (keepInputOpen) child.stdin.write(input);
    else child.stdin.end(input);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#look();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.#look();
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        running.delete(child);
        this.#over = true;
        this.#look();
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** Waits for a text on a stream. Fails if the process ends without it. */
  async until(text: string | RegExp, stream: 'stdout' | 'stderr' = 'stdout'): Promise<void> {
    const there = (): boolean => (typeof text === 'string' ? this[stream].includes(text) : text.test(this[stream]));
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (there()) resolve();
        else if (this.#over) reject(new Error(`ended without ${text} on ${stream}; stdout: ${this.stdout}; stderr: ${this.stderr}`));
        else return;
        this.#watchers.delete(look);
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** Sends a signal; nothing happens if the process has ended. */
  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  #look(): void {
    for (const look of [...this.#watchers]) look();
  }
}

/** Starts `asyncdemo` with these words. */
export function start(words: readonly string[], options?: StartOptions): Program {
  return new Program(process.execPath, [bin, ...words], options);
}

/** Runs `asyncdemo` with these words to its end. */
export function runToEnd(words: readonly string[], options?: StartOptions): Promise<End> {
  return start(words, options).ended;
}

/** Starts a program of `test/support/programs` on the built library. */
export function startProgram(name: string, ...args: string[]): Program {
  return new Program(process.execPath, ['--enable-source-maps', fileURLToPath(new URL(`programs/${name}`, import.meta.url)), ...args]);
}

/** Runs a line of shell, in which `asyncdemo` is the command. Its own remarks belong on stderr. */
export function runShell(line: string, options?: StartOptions): Promise<End> {
  const asyncdemo = `asyncdemo() { "$NODE" "$BIN" "$@"; }`;
  return new Program('sh', ['-c', `${asyncdemo}\n${line}`], { ...options, env: { NODE: process.execPath, BIN: bin, ...options?.env } }).ended;
}

/** Does the same for each of a list, a few at a time: the machine may have two cores. */
export async function forEachOf<T, R>(items: readonly T[], act: (item: T) => Promise<R>, atOnce = 4): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await act(item);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

/** The lines of a text that ends with a newline, or is empty. */
export function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
