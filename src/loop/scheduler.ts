// Callbacks, timers and the run loop: what is ready, what waits for a time, one iteration after the other, and when to
// hand back to Node. Knows nothing of futures and tasks; a task is to it one more thing that can run.
import type { Driver } from './driver.ts';
import { KeyboardInterrupt, LoopError, leavesTheRun } from './errors.ts';
import type { ExceptionContext } from './exception-context.ts';
import { beginTurn, endTurn } from './ground.ts';
import { type Callback, Handle, type HandleOwner, TimerHandle } from './handle.ts';
import { Holds } from './holds.ts';
import { type GuardedObserver, runWatched } from './observer.ts';
import { ReadyQueue, type Runnable } from './ready-queue.ts';
import { TimerHeap } from './timer-heap.ts';
import { TURN_BUDGET, TurnClock } from './turn-clock.ts';

let running: Scheduler | null = null;

/** The scheduler whose step is being executed right now, if any. */
export function runningScheduler(): Scheduler | null {
  return running;
}

/**
 * - `stopped`: no run is going on; what is scheduled waits.
 * - `running`: a run is going on, in a turn or with the next turn arranged.
 * - `parked`: a run is going on, nothing is ready: whoever schedules must wake it.
 * - `closed`: for good; scheduling is an error.
 */
type State = 'stopped' | 'running' | 'parked' | 'closed';

/** The part of the event loop below futures. Invariant: `#batch` handles of the current iteration are still at the head of `#ready`. */
export abstract class Scheduler implements HandleOwner {
  /** @internal Whoever watches this loop; null keeps every hook at the price of one check. */
  observer: GuardedObserver | null = null;
  /** @internal For proofs that try every order: reorders what an iteration is about to run, at the price of one check an iteration. */
  arrange: ((batch: Runnable[]) => void) | null = null;
  /** @internal Whether futures, tasks and handles remember where they were made. */
  debugging = false;
  readonly #driver: Driver;
  readonly #turnClock: TurnClock;
  readonly #ready = new ReadyQueue();
  readonly #timers = new TimerHeap();
  readonly #atClose = new Set<() => void>();
  #state: State = 'stopped';
  #stopping = false;
  #listening = false;
  /** Whether the host has its say, with the next turn arranged. */
  #polling = false;
  #batch = 0;
  #iterations = 0;
  readonly #holds = new Holds(() => this.#state === 'parked' && this.#attend());
  #interruption: Error | undefined;
  #settle: { resolve: () => void; reject: (error: unknown) => void } | undefined;

  constructor(driver: Driver, turnBudget: number = TURN_BUDGET) {
    this.#driver = driver;
    this.#turnClock = new TurnClock(turnBudget);
  }

  /** Reports an error nobody else can receive. */
  abstract callExceptionHandler(context: ExceptionContext): void;

  /** The error a run ends with when nothing can wake it any more. */
  protected abstract deadlock(): Error;

  /** The loop's clock, in ms; only differences mean something. Stands for `loop.time()`. */
  time(): number {
    return this.#driver.now();
  }

  /** Whether a run is going on. Stands for `loop.is_running()`. */
  isRunning(): boolean {
    return this.#settle !== undefined;
  }

  /** Whether the loop was closed. Stands for `loop.is_closed()`. */
  isClosed(): boolean {
    return this.#state === 'closed';
  }

  /**
   * Runs `callback(...args)` in the next iteration, after everything scheduled before it. Stands for `loop.call_soon`.
   * @throws LoopError when the loop is closed.
   */
  callSoon<Args extends unknown[]>(callback: (...args: Args) => void, ...args: Args): Handle {
    const handle = new Handle(this, callback as Callback, args);
    this.enqueueHandle(handle);
    return handle;
  }

  /**
   * The same for code that does not run within the loop: any callback of Node's, at any time. Other threads reach the loop
   * through a port, see `openPort` of `asyncdemo/node`. Stands for `loop.call_soon_threadsafe`.
   * @throws LoopError when the loop is closed.
   */
  callSoonThreadsafe<Args extends unknown[]>(callback: (...args: Args) => void, ...args: Args): Handle {
    return this.callSoon(callback, ...args);
  }

  /**
   * Runs `callback(...args)` after `delay` ms. Stands for `loop.call_later`.
   * @throws TypeError when the delay is not a number; LoopError when the loop is closed.
   */
  callLater<Args extends unknown[]>(delay: number, callback: (...args: Args) => void, ...args: Args): TimerHandle {
    if (typeof delay !== 'number' || Number.isNaN(delay)) throw new TypeError(`callLater: expected a delay in milliseconds, got ${String(delay)}`);
    return this.#setTimer(this.time() + delay, callback as Callback, args);
  }

  /**
   * Runs `callback(...args)` when {@link time} reaches `when` ms. Timers for the same time run in the order they were set.
   * Stands for `loop.call_at`.
   * @throws TypeError when `when` is not a number; LoopError when the loop is closed.
   */
  callAt<Args extends unknown[]>(when: number, callback: (...args: Args) => void, ...args: Args): TimerHandle {
    if (typeof when !== 'number' || Number.isNaN(when)) throw new TypeError(`callAt: expected a time in milliseconds, got ${String(when)}`);
    return this.#setTimer(when, callback as Callback, args);
  }

  #setTimer(when: number, callback: Callback, args: readonly unknown[]): TimerHandle {
    const timer = new TimerHandle(this, when, callback, args);
    if (this.#state === 'parked' || this.#state === 'closed') this.#attend();
    this.#timers.push(timer);
    this.observer?.timer('set', timer);
    return timer;
  }

  /** @internal Puts a runnable into the ready queue: the one way anything comes to run. */
  enqueue(runnable: Runnable): void {
    if (this.#state === 'parked' || this.#state === 'closed') this.#attend();
    this.#ready.push(runnable);
  }

  /** @internal The same for a callback that nothing else tells of. */
  enqueueHandle(handle: Handle): void {
    this.enqueue(handle);
    this.observer?.handleScheduled(handle, null);
  }

  /**
   * Tells the loop that work of the host is in flight, until the returned function is called: virtual time stands still
   * meanwhile. `fromPromise` does this for you.
   */
  hold(): () => void {
    return this.#holds.add(1);
  }

  /**
   * The reverse of {@link hold}: one piece of the work in flight is itself waiting for this loop's time (a server in the
   * same process that answers after a while), until the returned function is called.
   */
  lend(): () => void {
    return this.#holds.add(-1);
  }

  /**
   * Leaves the run with `error` at the next handle boundary; the rest of the batch stays ready for the next run. With no
   * run going on, the next one is left before its first handle. What Ctrl-C does.
   */
  interrupt(error: Error = new KeyboardInterrupt()): void {
    this.#interruption = error;
    if (this.#state === 'parked') this.#attend();
  }

  /** Takes back an {@link interrupt} that was not delivered yet; returns its error. */
  takeInterruption(): Error | undefined {
    const error = this.#interruption;
    this.#interruption = undefined;
    return error;
  }

  /** Ends the run after the current iteration. Before a run: that run will have exactly one iteration. Stands for `loop.stop()`. */
  stop(): void {
    this.#stopping = true;
    if (this.#state === 'parked') this.#attend();
  }

  /**
   * Runs until `stop()` is called. Stands for `loop.run_forever()`.
   * @throws (as a rejection) LoopError when this loop runs already, or is closed, or another one's step is being executed;
   * DeadlockError when nothing can ever wake it; KeyboardInterrupt when interrupted.
   */
  async runForever(): Promise<void> {
    if (this.#state === 'closed') throw new LoopError('Event loop is closed');
    if (this.#settle !== undefined) throw new LoopError('This event loop is already running');
    if (running !== null) throw new LoopError('Cannot run the event loop while another loop is running');
    await new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.observer?.run('start');
      this.#turn();
    });
  }

  /**
   * Drops everything that is scheduled and refuses anything new. Closing twice is fine. Stands for `loop.close()`.
   * @throws LoopError while the loop runs.
   */
  close(): void {
    if (this.isRunning()) throw new LoopError('Cannot close a running event loop');
    this.#state = 'closed';
    this.#ready.clear();
    this.#timers.clear();
    this.#driver.forget();
    for (const callback of this.#atClose) callback();
    this.#atClose.clear();
  }

  /** Whether something outside that is no hold may wake it from now on: signals. */
  protected listen(listening: boolean): void {
    this.#listening = listening;
    if (this.#state === 'parked') this.#attend();
  }

  /** @internal Calls `callback` when the loop is closed, for what nobody could end then; returns what takes that back. */
  onClose(callback: () => void): () => void {
    this.#atClose.add(callback);
    return () => void this.#atClose.delete(callback);
  }

  /** @internal A task's context is entered already, by whoever runs the loop: this step is lost. */
  contextTaken(task: Runnable, name: string): void {
    this.#report({ message: `${name} shares its context with what is running`, task });
  }

  /** @internal */
  handleFailed(exception: unknown, handle: Handle): void {
    if (leavesTheRun(exception)) throw exception;
    this.#report({ message: `Exception in callback ${handle.callback?.name || '<anonymous>'}()`, exception, handle });
  }

  /** Of what has just run: it is over, and has left its context, which the report enters. */
  #report(context: ExceptionContext): void {
    this.#ready.putAway();
    this.callExceptionHandler(context);
  }

  /** @internal */
  timerCancelled(timer: TimerHandle): void {
    this.#timers.noteCancelled(timer);
    // One that came due has been told of; cancelling it then is only tidying up.
    if (timer.scheduled) this.observer?.timer('cancelled', timer);
  }

  /** A turn: as many iterations as fit, then back to Node. The only place a run is left from. */
  readonly #turn = (): void => {
    const outer = running;
    const below = beginTurn(this.#ready);
    running = this;
    this.#state = 'running';
    if (this.#polling) this.#endPoll();
    try {
      if (this.#iterate()) this.#leave();
      else if (this.#batch + this.#ready.length > 0) this.#giveWay();
      else this.#park();
    } catch (error) {
      this.#ready.putAway();
      this.#leave(error);
    } finally {
      running = outer;
      endTurn(below);
    }
  };

  /** The loop itself. True: stopped. False: nothing is ready, or the turn's time is used up, perhaps in the middle of a batch. */
  #iterate(): boolean {
    this.#turnClock.start();
    for (;;) {
      if (this.#batch === 0) this.#beginIteration();
      while (this.#batch > 0 && this.#interruption === undefined && !this.#turnClock.isUp()) {
        this.#batch -= 1;
        this.#runNext();
      }
      this.#ready.putAway();
      if (this.#interruption !== undefined) throw this.takeInterruption();
      if (this.#batch > 0) return false;
      if (this.#stopping) return true;
      if (this.#ready.length === 0 && !this.#timerIsDue()) return false;
    }
  }

  /** Moves the timers that are due behind what is ready, and fixes the batch: what is added from now on waits for the next one. */
  #beginIteration(): void {
    if (this.#timers.length > 0 && this.#timers.earliest() !== undefined) {
      const now = this.time();
      for (let timer = this.#timers.popDue(now); timer !== undefined; timer = this.#timers.popDue(now)) {
        this.#ready.push(timer);
        this.observer?.timer('due', timer);
      }
    }
    if (this.arrange !== null) this.#ready.arrange(this.arrange);
    this.#batch = this.#ready.length;
    if (this.#batch > 0) this.#iterations += 1;
    if (this.#batch > 0) this.observer?.iteration(this.#iterations, this.#batch);
  }

  #runNext(): void {
    const runnable = this.#ready.take();
    if (this.observer === null) runnable.run();
    else runWatched(runnable, this.#ready, this);
  }

  #timerIsDue(): boolean {
    if (this.#timers.length === 0) return false;
    const deadline = this.#timers.earliest();
    return deadline !== undefined && deadline <= this.time();
  }

  /** The turn's time is up, and something is ready: the host has its say. */
  #giveWay(): void {
    this.#beginPoll(this.time());
    this.#driver.wakeNow(this.#turn);
  }

  #park(): void {
    this.#state = 'parked';
    const idle = { deadline: this.#timers.earliest(), held: this.#holds.any, listening: this.#listening };
    this.#beginPoll(idle.deadline);
    if (this.#state !== 'parked') return; // Whoever was told of it has something to do.
    this.#driver.wakeLater(idle, this.#turn, () => this.#leave(this.deadlock()));
  }

  #beginPoll(deadline: number | undefined): void {
    this.#polling = true;
    this.observer?.poll('start', deadline);
  }

  #endPoll(): void {
    this.#polling = false;
    this.observer?.poll('end');
  }

  /** Something was scheduled, or should be, while the loop was parked or closed. */
  #attend(): void {
    if (this.#state === 'closed') throw new LoopError('Event loop is closed');
    this.#state = 'running';
    if (this.#polling) this.#endPoll();
    if (this.#driver.wakeSoon === undefined) this.#driver.wakeNow(this.#turn);
    else this.#driver.wakeSoon(this.#turn);
  }

  #leave(error?: unknown): void {
    const settle = this.#settle;
    this.#settle = undefined;
    this.#state = 'stopped';
    this.#stopping = false;
    this.#polling = false;
    this.#batch = 0;
    this.#driver.forget();
    this.observer?.run('end', error);
    const reason = error ?? this.takeInterruption(); // A hook's, whose report leaves the run that is just over.
    if (reason === undefined) settle?.resolve();
    else settle?.reject(reason);
  }
}
