// A child process around a block: started on the way in, killed and reaped on the way out, with all it has started.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type AsyncContextManager, type Coroutine, fromPromise, getRunningLoop } from '../loop/index.ts';
import { Process } from './process.ts';

/** Where one of a child's three streams goes: to this process, to where this process's own goes, or nowhere. */
export type Stdio = 'pipe' | 'inherit' | 'ignore';

export interface SubprocessOptions {
  /** The folder it works in; that of this process unless given. */
  cwd?: string | URL;
  /** Its whole environment; that of this process unless given. */
  env?: Readonly<Record<string, string | undefined>>;
  /** `'pipe'` unless given. */
  stdin?: Stdio;
  /** `'pipe'` unless given. A pipe that nobody reads fills up, and the child waits. */
  stdout?: Stdio;
  /** `'pipe'` unless given. */
  stderr?: Stdio;
  /**
   * Whether it leads a process group, which ends with it. True unless given. In a group of its own it has no terminal: a
   * child that asks its user for something wants false. Windows has no such groups.
   */
  group?: boolean;
  /** What it is asked to end with. `'SIGTERM'` unless given. */
  killSignal?: NodeJS.Signals;
  /** How long, in ms of real time, it may take to end before it gets SIGKILL. 4000 unless given, a second less than `run` waits for its tasks. */
  forceKillAfter?: number;
}

const FORCE_KILL_AFTER = 4000;

/**
 * Runs a program without a shell while the body of an `asyncWith` runs, which is given the {@link Process}. Stands for
 * `asyncio.create_subprocess_exec`.
 *
 * When the body is left, by its end, an error or a cancellation, a child that still runs gets `killSignal`, after
 * `forceKillAfter` SIGKILL, and the block ends once it is reaped. What is left of its process group gets SIGKILL then. A
 * cancellation during this wait sends SIGKILL at once. A loop that is closed, or a process that exits, kills its children.
 *
 * @throws (on the way in) an Error with Node's `code` when the program cannot be started; RangeError for a grace that is no time.
 *
 * @example
 * ```ts
 * import { asyncFor, asyncWith, type Coroutine, run } from 'asyncdemo';
 * import { lines, subprocess } from 'asyncdemo/node';
 *
 * function* main(): Coroutine<void> {
 *   yield* asyncWith(subprocess('sort'), function* (child) {
 *     child.stdin.end('pear\napple\n');
 *     yield* asyncFor(lines(child.stdout), function* (line) {
 *       console.log(line);
 *     });
 *     console.log((yield* child.wait()).exitCode);
 *   });
 * }
 * await run(main());
 * // apple
 * // pear
 * // 0
 * ```
 */
export function subprocess(file: string, args: readonly string[] = [], options: SubprocessOptions = {}): AsyncContextManager<Process, void> {
  const { forceKillAfter = FORCE_KILL_AFTER, killSignal = 'SIGTERM' } = options;
  if (!(forceKillAfter >= 0)) throw new RangeError(`subprocess: expected forceKillAfter in milliseconds from 0 up, got ${String(forceKillAfter)}`);
  let entered: Process | undefined;
  return {
    *aenter(): Coroutine<Process> {
      const loop = getRunningLoop();
      const group = (options.group ?? true) && process.platform !== 'win32';
      const child = spawn(file, [...args], {
        detached: group,
        stdio: [options.stdin ?? 'pipe', options.stdout ?? 'pipe', options.stderr ?? 'pipe'],
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        ...(options.env === undefined ? {} : { env: options.env }),
      });
      if (child.pid === undefined) return yield* cannotStart(child, file, options);
      entered = new Process(child, child.pid, { loop, group, killSignal, forceKillAfter });
      return entered;
    },
    *aexit(): Coroutine<void> {
      yield* (entered as Process).end();
    },
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file; give a path, or a name that is found in PATH',
  EACCES: 'it may not be executed',
  E2BIG: 'its arguments and environment are too long',
};

/** Node says why a moment later, and then closes the pipes by itself. */
function* cannotStart(child: ChildProcess, file: string, { cwd }: SubprocessOptions): Coroutine<never> {
  const why = new Promise<NodeJS.ErrnoException>((resolve) => child.on('error', resolve));
  const cause = yield* fromPromise(() => why);
  const reason = cwd !== undefined && !existsSync(cwd) ? `its folder '${cwd}' does not exist` : (REASONS[cause.code ?? ''] ?? cause.message);
  throw Object.assign(new Error(`subprocess: cannot start '${file}': ${reason} (${cause.code})`, { cause }), { code: cause.code });
}
