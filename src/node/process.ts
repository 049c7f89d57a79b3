// A child process that was started: its streams, its end, and how it is brought about.
import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { CancelledError, type Coroutine, type EventLoop, fromPromise, LoopError } from '../loop/index.ts';
import { collect } from './collect.ts';
import { guard } from './live-children.ts';

/** How a process ended: by an exit code, or by a signal. */
export interface Exit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How a process ended, and all it wrote. */
export interface Finished<Output> extends Exit {
  readonly stdout: Output;
  readonly stderr: Output;
}

export interface CommunicateOptions {
  /** Written to its stdin, which is closed then. */
  input?: string | Uint8Array;
  /** How its output becomes text; `'buffer'` leaves it as it is. `'utf8'` unless given. */
  encoding?: BufferEncoding | 'buffer';
  /** How many bytes it may write, to each of stdout and stderr. Without limit unless given. */
  maxBuffer?: number;
  /** Gives up when aborted: the wait throws the signal's reason. */
  signal?: AbortSignal;
}

interface ProcessOptions {
  readonly loop: EventLoop;
  readonly group: boolean;
  readonly killSignal: NodeJS.Signals;
  readonly forceKillAfter: number;
}

/**
 * A running child, as {@link subprocess} gives it to its body. Stands for `asyncio.subprocess.Process`.
 *
 * running -> exited, when it is reaped -> closed, when its pipes are at their end too: what it has started may keep them open.
 */
export class Process {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #options: ProcessOptions;
  readonly #exited: Promise<Exit>;
  readonly #closed: Promise<Exit>;
  #state: 'running' | 'exited' | 'closed' = 'running';
  /** Whether somebody of its group may be left. Once it is empty, its number may become another's. */
  #groupLives: boolean;
  readonly #forget: () => void;
  #forceKill: NodeJS.Timeout | undefined;

  /** @internal */
  constructor(child: ChildProcess, pid: number, options: ProcessOptions) {
    this.pid = pid;
    this.#child = child;
    this.#options = options;
    this.#groupLives = options.group;
    const letGo = guard(this);
    const forgetClose = options.loop.onClose(() => this.#abandon());
    this.#forget = () => {
      letGo();
      forgetClose();
    };
    // Broken pipes and refused signals have a way of their own to whoever asked; here they must only not be fatal.
    for (const source of [child, child.stdin, child.stdout, child.stderr]) source?.on('error', () => {});
    this.#exited = new Promise((resolve) => {
      child.on('exit', (exitCode, signal) => {
        this.#state = 'exited';
        clearTimeout(this.#forceKill);
        if (this.#groupLives) this.#groupLives = send(-pid, 0);
        resolve({ exitCode, signal });
      });
    });
    this.#closed = new Promise((resolve) => {
      child.on('close', (exitCode, signal) => {
        this.#state = 'closed';
        resolve({ exitCode, signal });
      });
    });
  }

  /** Its input. An error of it, such as EPIPE, is not thrown by itself: `stdin.errored`, or the callback of `write`, has it. */
  get stdin(): Writable {
    return piped(this.#child.stdin, 'stdin');
  }

  /** Its output. */
  get stdout(): Readable {
    return piped(this.#child.stdout, 'stdout');
  }

  /** Its other output. */
  get stderr(): Readable {
    return piped(this.#child.stderr, 'stderr');
  }

  /** The code it ended with; `null` while it runs, and where a signal ended it. */
  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  /** The signal that ended it, if one did. */
  get signal(): NodeJS.Signals | null {
    return this.#child.signalCode;
  }

  /** Waits until it has ended. With pipes that nobody reads that may be never: use {@link communicate}. Stands for `wait()`. */
  wait(): Coroutine<Exit> {
    return fromPromise(() => this.#exited);
  }

  /**
   * Writes `input`, reads all it writes, and waits for its end. An input that it does not read to the end is no error.
   * Stands for `communicate()`.
   * @throws RangeError when it writes more than `maxBuffer`; the reason of `signal`; LoopError for an input where stdin is no pipe.
   */
  communicate(options: CommunicateOptions & { encoding: 'buffer' }): Coroutine<Finished<Buffer>>;
  communicate(options?: CommunicateOptions & { encoding?: BufferEncoding }): Coroutine<Finished<string>>;
  *communicate(options: CommunicateOptions = {}): Coroutine<Finished<string | Buffer>> {
    const { input, encoding = 'utf8', maxBuffer = Number.POSITIVE_INFINITY, signal } = options;
    if (!(maxBuffer >= 0)) throw new RangeError(`communicate: expected maxBuffer in bytes from 0 up, got ${String(maxBuffer)}`);
    const leave = new AbortController();
    const gaveUp = new Promise<never>((_resolve, reject) => {
      leave.signal.addEventListener('abort', () => reject(leave.signal.reason), { once: true });
    });
    gaveUp.catch(() => {}); // Whoever waits may be gone.
    const abort = (): void => leave.abort(signal?.reason);
    const tooMuch = (name: string): void =>
      leave.abort(new RangeError(`communicate: expected at most ${maxBuffer} bytes on ${name}, got more; raise { maxBuffer }`));
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort);
    const stdout = collect(this.#child.stdout, maxBuffer, () => tooMuch('stdout'));
    const stderr = collect(this.#child.stderr, maxBuffer, () => tooMuch('stderr'));
    try {
      if (input === undefined) this.#child.stdin?.end();
      else this.stdin.end(input);
      const exit = yield* fromPromise(() => Promise.race([this.#closed, gaveUp]));
      const text = (bytes: Buffer): string | Buffer => (encoding === 'buffer' ? bytes : bytes.toString(encoding));
      return { ...exit, stdout: text(stdout.bytes()), stderr: text(stderr.bytes()) };
    } finally {
      signal?.removeEventListener('abort', abort);
      stdout.stop();
      stderr.stop();
    }
  }

  /** Sends a signal to the child alone. False when it has ended. Stands for `send_signal()`. */
  sendSignal(signal: NodeJS.Signals): boolean {
    return this.#state === 'running' && this.#child.kill(signal);
  }

  /** Asks it and its group to end, with SIGTERM. False when nobody is left. Stands for `terminate()`. */
  terminate(): boolean {
    return this.#signal('SIGTERM');
  }

  /** Ends it and its group, with SIGKILL. False when nobody is left. Stands for `kill()`. */
  kill(): boolean {
    return this.#signal('SIGKILL');
  }

  /** @internal Brings about its end and waits for it, come what may: a cancellation meanwhile makes it quick, and is thrown in the end. */
  *end(): Coroutine<void> {
    const { killSignal, forceKillAfter } = this.#options;
    let cancelled: CancelledError | undefined;
    const reaping = this.#exited.then(() => {
      // It is gone; whoever it has left behind had as long to end.
      this.kill();
      for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) stream?.destroy();
      return this.#closed;
    });
    if (this.#state === 'running') this.#signal(killSignal);
    // Real time: a child knows no other.
    if (this.#state === 'running' && forceKillAfter <= LONGEST_TIMEOUT) this.#forceKill = setTimeout(() => this.kill(), forceKillAfter);
    for (let over = false; !over; ) {
      try {
        yield* fromPromise(() => reaping);
        over = true;
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
        cancelled = error;
        this.kill();
      }
    }
    this.#forget();
    if (cancelled !== undefined) throw cancelled;
  }

  /** Nobody is left who could wait. */
  #abandon(): void {
    this.kill();
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) stream?.destroy();
    this.#exited.then(this.#forget);
  }

  #signal(signal: NodeJS.Signals): boolean {
    if (this.#groupLives) return send(-this.pid, signal);
    return this.sendSignal(signal);
  }
}

/** More than Node's timers take means for ever. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Whether the signal reached anybody. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function piped<Stream>(stream: Stream | null, name: string): Stream {
  if (stream === null) throw new LoopError(`Process: expected ${name} to be a pipe, but it is not; start it with { ${name}: 'pipe' }`);
  return stream;
}
