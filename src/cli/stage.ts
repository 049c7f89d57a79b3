// One run of an example: a loop, a screen, random numbers and, when asked for, the embedded server; and the end of it
// all, however it comes.
import type { Run, Stage } from '../demos/demo.ts';
import type { EmbeddedServer } from '../http/index.ts';
import { DeadlockError, EventLoop, type ExceptionContext, KeyboardInterrupt, Runner, type SignalName, VirtualDriver } from '../loop/index.ts';
import { findMapsBy } from '../loop/whereabouts.ts';
import { narrate } from '../observe/narrator.ts';
import { ClosedPipe, type Exit, UsageError } from './exits.ts';
import { LiveTasks } from './live-tasks.ts';
import { err, whenOutputBreaks } from './output.ts';
import { randomOf, seededRandom } from './random.ts';
import type { CommandScreen } from './screens/screen.ts';
import { sourceMapOf } from './source-lines.ts';

const SIGNALS: readonly SignalName[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The embedded server takes up to this long, in ms, to answer an example: so that results come in another order than they were asked for. */
const SLOWEST_ANSWER = 400;

/**
 * In virtual time a turn that ends for want of real time would let Node in at another point each run, and its log would differ. It
 * may take so many ms: more than any example needs, and still a Ctrl-C is heard.
 */
const LONGEST_VIRTUAL_TURN = 500;

/** How an example is run. */
export interface PerformOptions {
  readonly virtualTime: boolean;
  readonly seed: number;
  /** Tell what the loop does, and the error that ends the run with its stack. */
  readonly debug: boolean;
  /** How often the tree of tasks is printed, in ms; never unless given. */
  readonly ps?: number | undefined;
  /** Whether it may be coloured; true unless given. */
  readonly color?: boolean;
  /** Given the loop, so that the screen can tell its time. */
  screen(loop: EventLoop): CommandScreen;
  /** Begins to record the run. */
  record?(loop: EventLoop): Promise<Recording>;
}

/** A run that is being recorded. */
export interface Recording {
  /** The run is over, and everything printed: ends it, and shows what was asked for. */
  finish(): Promise<void>;
}

/** Runs an example and cleans up after it: every task cancelled, the loop drained and closed, the server down, the terminal restored. */
export async function perform<Options>(load: () => Promise<{ run: Run<Options> }>, options: Options, how: PerformOptions): Promise<Exit> {
  findMapsBy(sourceMapOf);
  const loopFactory = (): EventLoop =>
    new EventLoop({ ...(how.virtualTime && { driver: new VirtualDriver(), turnBudget: LONGEST_VIRTUAL_TURN }), ...(how.debug && { debug: true }) });
  const runner = new Runner({ loopFactory, signals: SIGNALS });
  const { loop } = runner;
  const screen = how.screen(loop);
  const describe = (error: unknown): string => describeError(error, how.debug);
  let troubles = 0;
  let signalled: SignalName | undefined;
  loop.setExceptionHandler((_loop, context) => {
    // After a signal whoever would have asked for an outcome is gone; and when it is missed, the garbage collector decides.
    if (signalled !== undefined && !how.debug && context.message.endsWith('was never retrieved')) return;
    troubles += 1;
    screen.complaint(describeContext(context, describe));
  });
  if (how.debug) loop.setObserver(narrate(loop, err));
  const tasks = new LiveTasks(loop, { every: how.ps, color: how.color ?? true, print: (text) => screen.complaint(text) });
  whenOutputBreaks((reason) => loop.interrupt(reason));

  let server: Promise<EmbeddedServer> | undefined;
  const stage: Stage = {
    loop,
    screen,
    random: seededRandom(how.seed),
    server: () => {
      server ??= import('../http/index.ts').then(({ startServer }) =>
        startServer({ loop, delay: (target) => Math.ceil(randomOf(target, how.seed) * SLOWEST_ANSWER) }),
      );
      return server;
    },
  };

  // Noted for the whole time: when the run is over a signal has nothing left to stop, and must neither kill us before the
  // terminal is restored nor be lost.
  const note: NodeJS.SignalsListener = (signal) => {
    signalled ??= signal as SignalName;
  };
  for (const signal of SIGNALS) process.on(signal, note);
  let exit: Exit;
  let recording: Recording | undefined;
  try {
    try {
      recording = await how.record?.(loop);
      await runner.guard(async () => (await load()).run(stage, options));
    } finally {
      await runner.close();
    }
    exit = screen.failures + troubles > 0 ? 1 : 0;
  } catch (error) {
    exit = exitOf(error);
    if (typeof exit === 'number' && exit > 0) screen.complaint(describe(error));
    await tasks.explain(error);
  }
  whenOutputBreaks(undefined);
  await (await server?.catch(() => undefined))?.close();
  screen.close();
  try {
    await recording?.finish();
  } catch (error) {
    screen.complaint(describe(error));
    exit = exit === 0 ? 1 : exit;
  }
  // What the system has taken in already is told in the next round of Node's loop. The first of these may end this one.
  for (let rounds = 0; rounds < 2; rounds++) await new Promise((resolve) => setImmediate(resolve));
  for (const signal of SIGNALS) process.off(signal, note);
  tasks.close();
  return signalled ?? exit;
}

function exitOf(error: unknown): Exit {
  if (error instanceof KeyboardInterrupt) return error.signal;
  if (error instanceof ClosedPipe) return 0;
  if (error instanceof UsageError) return 2;
  return error instanceof DeadlockError ? 3 : 1;
}

function describeContext({ message, exception }: ExceptionContext, describe: (error: unknown) => string): string {
  return exception === undefined ? message : `${message}: ${describe(exception)}`;
}

/** One line; with --debug the stack. */
function describeError(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (debug && !(error instanceof UsageError)) return error.stack ?? String(error);
  return error.name === 'Error' || error instanceof UsageError || error instanceof DeadlockError ? error.message : `${error.name}: ${error.message}`;
}
