// The tree of pending tasks on stderr, while a command runs: every so often with --ps, at once on SIGUSR2, and when the
// loop is stuck. By a timer and a listener of Node's own, neither of which keeps the process, or the loop, waiting.
import { DeadlockError, type EventLoop } from '../loop/index.ts';
import { LONGEST_TIMEOUT } from '../loop/node-driver.ts';
import { taskTree } from '../observe/task-tree.ts';
import type { TaskTree } from '../observe/tree-data.ts';
import { watchWaits } from '../observe/wait-watch.ts';
import { HOME } from './home.ts';
import { wantsColour } from './style.ts';
import { columnsOf } from './terminal.ts';

/** How the tree is told of. */
export interface LiveTasksOptions {
  /** How often, in ms of real time; undefined for never. */
  readonly every: number | undefined;
  /** False with `--no-color`. */
  readonly color: boolean;
  /** Takes a text of several lines. */
  print(text: string): void;
}

/** What tells of the tasks of one loop, until it is closed. */
export class LiveTasks {
  readonly #loop: EventLoop;
  readonly #options: LiveTasksOptions;
  readonly #timer: NodeJS.Timeout | undefined;
  /** The tasks as they were when the loop was stuck: by the time that is told of they are cancelled. */
  readonly #stuck = new WeakMap<DeadlockError, TaskTree>();

  constructor(loop: EventLoop, options: LiveTasksOptions) {
    this.#loop = loop;
    this.#options = options;
    // Always, so that the first one who asks is told since when everybody waits.
    watchWaits(loop, {
      deadlocked: (message) => options.print(`deadlock: ${message}`),
      stuck: (error) => this.#stuck.set(error, taskTree(loop)),
    });
    if (process.platform !== 'win32') process.on('SIGUSR2', this.#print);
    if (options.every !== undefined) this.#timer = setInterval(this.#print, Math.min(options.every, LONGEST_TIMEOUT)).unref();
  }

  /** Prints the tasks that were stuck, if that is what `error` tells of. */
  async explain(error: unknown): Promise<void> {
    const tree = error instanceof DeadlockError ? this.#stuck.get(error) : undefined;
    if (tree !== undefined) await this.#show(tree);
  }

  close(): void {
    clearInterval(this.#timer);
    process.off('SIGUSR2', this.#print);
  }

  readonly #print = (): void => void this.#show(taskTree(this.#loop));

  /** As text, what makes that being loaded when it is first wanted: it takes as long as all the rest of a start. */
  async #show(tree: TaskTree): Promise<void> {
    const { formatTree } = await import('../observe/tree-text.ts');
    const { stderr } = process;
    // Where no screen ends a line it is a program that reads them, and wants each whole.
    const width = columnsOf(stderr) ?? Number.POSITIVE_INFINITY;
    this.#options.print(formatTree(tree, { width, color: wantsColour(stderr, this.#options.color), root: HOME }));
  }
}
