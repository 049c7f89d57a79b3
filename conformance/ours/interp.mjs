// Runs one program (README.md has the language) on this library's loop in virtual time; returns its trace. The mirror of cpython/interp.py.
import { Awaitables } from './awaitables.mjs';
import { Calls } from './calls.mjs';
import { lib, makeError, methods, unretrieved } from './library.mjs';
import { Statements } from './statements.mjs';

const { EventLoop, VirtualDriver, gather, Lock, Semaphore, BoundedSemaphore, Event, Condition, Barrier, Queue, LifoQueue, PriorityQueue, ContextVar, allTasks, currentTask, Task } = lib;
const QUEUES = { fifo: Queue, lifo: LifoQueue, prio: PriorityQueue };

/** Reports of deadlocks name the line of every task, which takes longer than most programs. */
class HastyLoop extends EventLoop {
  deadlock() { return new lib.DeadlockError([]); }
}

class Program extends Awaitables(Calls(Statements(Object))) {
  constructor(p, { observe, turnBudget, probes } = {}) {
    super();
    this.p = p;
    const loop = new (probes ? EventLoop : HastyLoop)({ driver: new VirtualDriver(), ...(turnBudget === undefined ? {} : { turnBudget }) });
    this.loop = loop;
    this.iterations = 0;
    this.probes = probes;
    if (observe) loop.setObserver({ iteration: (n) => { this.iterations = n; } });
    this.lines = [];
    this.dead = this.skip = false;
    this.bodies = this.objs = this.errors = this.acc = 0;
    for (const map of ['slots', 'handles', 'tos', 'names', 'cbs', 'groups', 'ctxs', 'tokens', 'ags', 'nums']) this[map] = new Map();
    this.futs = Array.from({ length: p.futs }, () => loop.createFuture());
    this.futs.forEach((f, i) => this.names.set(f, `F${i}`));
    this.locks = Array.from({ length: p.locks }, () => new Lock());
    this.sems = p.sems.map((n) => (typeof n === 'number' ? new Semaphore(n) : new BoundedSemaphore(n[1])));
    this.events = Array.from({ length: p.events ?? 0 }, () => new Event());
    this.conds = (p.conds ?? []).map((n) => (n === null ? new Condition() : new Condition(this.locks[n])));
    this.barriers = (p.barriers ?? []).map((n) => new Barrier(n));
    this.queues = (p.queues ?? []).map(([kind, size]) => new QUEUES[kind](size));
    this.vars = (p.vars ?? []).map((d, i) => new ContextVar(`v${i}`, d === null ? {} : { defaultValue: d }));
    unretrieved.clear();
    loop.setExceptionHandler((_loop, context) => this.onError(context));
  }

  // tracing
  t(fr, msg) {
    if (this.dead) return;
    const { loop } = this;
    const task = currentTask(loop);
    let who = task !== null ? `${task.getName()}:${task.cancelling()}` : '-';
    if (this.vars.length > 0) who += `{${this.vars.map((v) => this.fmt(v.get(null))).join(',')}}`;
    this.lines.push(`${this.iterations} ${loop.time()} ${who} ${fr} ${msg}`);
    if (this.lines.length > 3000) this.dead = this.skip = true;
  }

  onError(context) {
    if (this.dead || context.message.includes('never retrieved')) return;
    this.t('handler', `error ${this.err(context.exception)}`);
    this.errors += 1;
    const raising = this.p.handler;
    if (raising && raising[0] === this.errors) throw makeError(raising[1], 'handler');
  }

  err(e) {
    if (e === undefined) return 'NoneType';
    if (!(e instanceof Error)) return `not an error: ${e}`;
    const name = e.name;
    if (name === 'RangeError' && /call stack/.test(e.message)) this.skip = true;
    if (name === 'Boom' || name === 'Bang' || name === 'CancelledError') return `${name}(${e.message})`;
    if (name === 'ExceptionGroup') return `ExceptionGroup[${e.errors.map((inner) => this.err(inner)).join(',')}]`;
    if (name === 'TypeError' || name === 'ReferenceError') this.suspect = e.stack;
    return name;
  }

  fmt(v) {
    if (v === undefined || v === null) return '-';
    if (typeof v === 'number' || typeof v === 'string' || typeof v === 'boolean') return String(v);
    if (v instanceof Error) return this.err(v);
    if (Array.isArray(v)) return `[${v.map((x) => this.fmt(x)).join(',')}]`;
    if (v.done instanceof Set) return `{${[...v.done].map((f) => this.name(f)).join(',')}|${[...v.pending].map((f) => this.name(f)).join(',')}}`;
    return this.name(v);
  }

  name(f) {
    return f instanceof Task ? f.getName() : (this.names.get(f) ?? '?');
  }

  named(f) {
    if (!(f instanceof Task) && !this.names.has(f)) this.names.set(f, `X${++this.objs}`);
    return f;
  }

  state(f) {
    let s;
    if (!f.done()) s = 'pending';
    else {
      try { s = `result ${this.fmt(f.result())}`; } catch (e) { s = `raises ${this.err(e)}`; }
      s += f.cancelled() ? ' cancelled' : '';
    }
    if (f instanceof Task) s += ` ${f.cancelling()}`;
    return s;
  }

  // outside of the loop
  async main() {
    const { loop } = this;
    for (const step of [...this.p.main, ['final']]) {
      try {
        switch (step[0]) {
          case 'sync':
            this.syncs(step[1], 'main');
            break;
          case 'run':
            this.t('main', `run ${this.fmt(await loop.runUntilComplete(this.ax(step[1], 'main')))}`);
            break;
          case 'forever':
            await loop.runForever();
            this.t('main', 'forever');
            break;
          case 'close':
            this.sync(step, 'main');
            break;
          case 'drain': {
            const ts = allTasks(loop);
            for (const task of ts) task.cancel();
            this.t('main', `drain ${this.fmt(await loop.runUntilComplete(gather(ts, { returnExceptions: true, loop })))}`);
            break;
          }
          case 'shutag':
            await loop.runUntilComplete(loop.shutdownAsyncIterators());
            this.t('main', 'shutag');
            break;
          case 'final':
            this.final();
            break;
        }
      } catch (e) {
        this.t('main', `${step[0]} ! ${this.err(e)}`);
      }
    }
    this.dead = true;
    if (this.probes) await this.askNatively();
    loop.close();
    this.forgetVariables();
    return this.lines;
  }

  final() {
    this.t('main', `unretrieved ${[...unretrieved.values()].map((f) => this.name(f)).filter((n) => n !== '?').sort().join(' ')}`);
    for (const i of [...this.slots.keys()].sort((a, b) => a - b)) this.t('main', `slot ${i} ${this.name(this.slots.get(i))} ${this.state(this.slots.get(i))}`);
    for (const f of this.futs) this.t('main', `fut ${this.name(f)} ${this.state(f)}`);
    this.sync(['all'], 'main');
    this.sync(['locked'], 'main');
  }

  /** Native code that awaits a future which is done gets what `result()` gives. */
  async askNatively() {
    for (const f of [...this.futs, ...this.slots.values()]) {
      if (!f.done()) continue;
      const told = await f.then((v) => `result ${this.fmt(v)}`, (e) => `raises ${this.err(e)}`);
      if (!this.state(f).startsWith(told)) this.lines.push(`${this.name(f)}: natively it ${told}`);
    }
  }

  /** The context of the program itself lives on: without this it would grow with each run. */
  forgetVariables() {
    for (const v of this.vars) {
      const token = v.set(0);
      token.oldValue = lib.Token?.MISSING ?? token.constructor.MISSING;
      v.reset(token);
    }
  }
}

Program.prototype.words = { calls: methods('do_', Program.prototype), statements: methods('op_', Program.prototype), awaitables: methods('ax_', Program.prototype) };

/** With `observe`: iterations are counted. With `probes`: tasks are looked at, and errors have stacks. */
export async function run(p, options) {
  Error.stackTraceLimit = options.probes ? 10 : 0;
  const program = new Program(p, options);
  const lines = await program.main();
  return { lines, skip: program.skip, suspect: program.suspect };
}
