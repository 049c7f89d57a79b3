// A program run to its end, as one await: the short form of a subprocess and its communicate().
import { asyncWith, type Coroutine } from '../loop/index.ts';
import type { CommunicateOptions, Finished } from './process.ts';
import { type SubprocessOptions, subprocess } from './subprocess.ts';

export interface ExecOptions extends SubprocessOptions, CommunicateOptions {
  /** Whether an exit code other than 0, or a signal, is an error. False unless given. */
  check?: boolean;
}

/** A program that was to succeed did not. Stands for `subprocess.CalledProcessError`. */
export class ProcessError extends Error implements Finished<string | Buffer> {
  override readonly name = 'ProcessError';
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string | Buffer;
  readonly stderr: string | Buffer;

  constructor(command: readonly string[], { exitCode, signal, stdout, stderr }: Finished<string | Buffer>) {
    const lastLine = stderr.toString().trimEnd().split('\n').at(-1);
    super(`exec: expected '${command[0]}' to end with exit code 0, got ${exitCode ?? signal}${lastLine ? `: ${lastLine}` : ''}`);
    this.command = command;
    this.exitCode = exitCode;
    this.signal = signal;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

/**
 * Runs a program without a shell, waits for its end, and returns how it ended and all it wrote. Stands for
 * `asyncio.create_subprocess_exec` with `communicate()`. Without `input` its stdin is empty. The loop is held meanwhile.
 *
 * A cancellation ends it as {@link subprocess} says, and goes on once it is reaped: nothing is left running.
 *
 * @throws ProcessError where `check` is set and it failed; what `subprocess` throws when it cannot be started; RangeError
 * when it writes more than `maxBuffer`; the reason of `signal`, when that is aborted and it has ended.
 *
 * @example
 * ```ts
 * import { type Coroutine, run, TimeoutError, waitFor } from 'asyncdemo';
 * import { exec } from 'asyncdemo/node';
 *
 * function* main(): Coroutine<void> {
 *   const { exitCode, stdout } = yield* exec('tr', ['a-z', 'A-Z'], { input: 'quiet' });
 *   console.log(exitCode, stdout); // 0 QUIET
 *   try {
 *     yield* waitFor(exec('sleep', ['60']), 50);
 *   } catch (error) {
 *     console.log(error instanceof TimeoutError); // true
 *   }
 * }
 * await run(main());
 * ```
 */
export function exec(file: string, args: readonly string[] | undefined, options: ExecOptions & { encoding: 'buffer' }): Coroutine<Finished<Buffer>>;
export function exec(file: string, args?: readonly string[], options?: ExecOptions & { encoding?: BufferEncoding }): Coroutine<Finished<string>>;
export function* exec(file: string, args: readonly string[] = [], options: ExecOptions = {}): Coroutine<Finished<string | Buffer>> {
  options.signal?.throwIfAborted();
  const stdin = options.stdin ?? (options.input === undefined ? 'ignore' : 'pipe');
  const finished = yield* asyncWith(subprocess(file, args, { ...options, stdin }), (child) =>
    child.communicate(options as CommunicateOptions & { encoding: 'buffer' }),
  );
  if (options.check && finished.exitCode !== 0) throw new ProcessError([file, ...args], finished);
  return finished;
}
