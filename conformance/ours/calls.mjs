// What a program can do without waiting, in coroutines and callbacks and outside of the loop. The mirror of cpython/calls.py.
import { lib, makeError } from './library.mjs';

const { sleep, createTask, getRunningLoop, ensureFuture, allTasks, Task, Context, copyContext, TaskGroup, eagerTaskFactory, LoopError, QueueEmpty, QueueFull, QueueShutDown } = lib;

const ASKING = ['anext', 'asend', 'athrow', 'aclose'];

export const Calls = (Base) => class extends Base {
  /** True when it was one of these. */
  sync(op, fr) {
    const method = this.words.calls.get(op[0]);
    if (method === undefined) return false;
    method.call(this, op, fr);
    return true;
  }

  syncs(ops, fr) {
    for (const op of ops) this.sync(op, fr);
  }

  /** Calls, and traces what it gave, or which of the errors expected of it came. */
  attempt(fr, what, call, ...errors) {
    let v;
    try {
      v = call();
    } catch (e) {
      if (!errors.some((kind) => e instanceof kind)) throw e;
      return this.t(fr, `${what} ! ${this.err(e)}`);
    }
    this.t(fr, v === undefined ? what : `${what} ${this.fmt(v)}`);
  }

  do_mark(op, fr) { this.t(fr, `mark ${op[1]}`); }
  do_raise(op, fr) {
    this.t(fr, `raise ${op[1]}`);
    throw makeError(op[1], op[2]);
  }

  // tasks and futures
  do_spawn(op, fr) {
    const coro = this.asCoro(op[2], fr);
    const task = this.loop.isRunning() ? createTask(coro) : this.loop.createTask(coro);
    this.slots.set(op[1], task);
    this.t(fr, `spawn ${op[1]} ${task.getName()}`);
  }
  do_spawnin(op, fr) {
    const [, slot, x, c, eagerStart, name] = op;
    let context = c === null ? undefined : this.ctxs.get(c);
    const coro = this.asCoro(x, fr);
    if (context !== undefined && (eagerStart || this.makesEager) && this.isEntered(context)) context = undefined;
    const options = { ...(name === null ? {} : { name }), ...(context === undefined ? {} : { context }) };
    const task = eagerStart ? new Task(coro, { ...options, loop: this.loop, eagerStart }) : this.loop.createTask(coro, options);
    this.slots.set(slot, task);
    this.t(fr, `spawnin ${slot} ${task.getName()} ${task.done()}`);
  }
  isEntered(context) {
    try { context.run(() => {}); } catch { return true; }
    return false;
  }
  makesEager = false;
  do_mk(op, fr) {
    const f = this.named(ensureFuture(this.ax(op[2], fr), this.where));
    this.slots.set(op[1], f);
    this.t(fr, `mk ${op[1]} ${this.name(f)} ${f.done()}`.toLowerCase());
  }
  do_cancel(op, fr) {
    const f = this.ref(op[1]);
    if (f !== undefined) this.t(fr, `cancel ${this.name(f)} ${f.cancel(op[2] ?? undefined)}`);
  }
  do_uncancel(op, fr) {
    const f = this.ref(op[1]);
    if (f instanceof Task) this.t(fr, `uncancel ${this.name(f)} ${f.uncancel()}`);
  }
  do_set(op, fr) {
    const f = this.ref(op[1]);
    if (f !== undefined) this.attempt(fr, `set ${this.name(f)}`, () => f.setResult(op[2]), Error);
  }
  do_setexc(op, fr) {
    const f = this.ref(op[1]);
    if (f !== undefined) this.attempt(fr, `setexc ${this.name(f)}`, () => f.setException(makeError(op[2], op[3])), Error);
  }
  do_addcb(op, fr) {
    const f = this.ref(op[1]);
    if (f === undefined) return;
    f.addDoneCallback(this.cb(op[2]));
    this.t(fr, `addcb ${this.name(f)} ${op[2]}`);
  }
  do_cbin(op, fr) {
    const f = this.ref(op[1]);
    const context = this.ctxs.get(op[3]);
    if (f === undefined || context === undefined) return;
    f.addDoneCallback(this.cb(op[2]), { context });
    this.t(fr, `cbin ${this.name(f)} ${op[2]}`);
  }
  do_rmcb(op, fr) {
    const f = this.ref(op[1]);
    if (f !== undefined) this.t(fr, `rmcb ${this.name(f)} ${f.removeDoneCallback(this.cb(op[2]))}`);
  }
  do_inspect(op, fr) {
    const f = this.ref(op[1]);
    if (f !== undefined) this.t(fr, `inspect ${this.name(f)} ${this.state(f)}`);
  }
  do_exception(op, fr) {
    const f = this.ref(op[1]);
    if (f === undefined) return;
    let s;
    try { s = this.fmt(f.exception()); } catch (e) { s = `! ${this.err(e)}`; }
    this.t(fr, `exception ${this.name(f)} ${s}`);
  }
  do_probe(op) {
    const f = this.ref(op[1]);
    if (f instanceof Task && this.probes) { f.getStack(); f.getCoro(); f.getLoop(); f.setName(f.getName()); f.loop.getTaskFactory(); f.loop.getExceptionHandler(); f.loop.getDebug(); }
    if (this.probes) for (const thing of this.things()) String(thing);
  }
  /** Everything there is to look at. */
  *things() {
    yield* [...this.locks, ...this.sems, ...this.events, ...this.conds, ...this.barriers, ...this.queues, ...this.vars, ...this.futs];
    for (const map of [this.slots, this.handles, this.tos, this.groups, this.ags, this.tokens]) yield* map.values();
  }
  do_all(_op, fr) {
    const { loop } = this;
    this.t(fr, `all ${loop.isRunning()} ${loop.isClosed()} ${allTasks(loop).map((t) => t.getName()).join(' ')}`);
  }
  do_cancelall(op, fr) {
    for (const task of allTasks(this.loop)) task.cancel(op[1] ?? undefined);
    this.t(fr, 'cancelall');
  }
  do_factory(op, fr) {
    this.makesEager = op[1] === 'eager';
    this.loop.setTaskFactory({ none: undefined, eager: eagerTaskFactory, own: this.factory }[op[1]]);
    this.t(fr, `factory ${op[1]}`);
  }
  factory = (loop, coroutine, options) => {
    const task = new Task(coroutine, { ...options, loop });
    this.t('factory', task.getName());
    return task;
  };

  // handles and the loop
  do_soon(op, fr) {
    this.handles.set(op[1], this.loop.callSoon(this.call, op[2], `h${op[1]}`));
    this.t(fr, `soon ${op[1]}`);
  }
  do_soonts(op, fr) {
    this.handles.set(op[1], this.loop.callSoonThreadsafe(this.call, op[2], `h${op[1]}`));
    this.t(fr, `soonts ${op[1]}`);
  }
  do_later(op, fr) {
    const h = this.loop.callLater(op[2], this.call, op[3], `h${op[1]}`);
    this.handles.set(op[1], h);
    this.t(fr, `later ${op[1]} ${h.when()}`);
  }
  do_at(op, fr) {
    const h = this.loop.callAt(op[2], this.call, op[3], `h${op[1]}`);
    this.handles.set(op[1], h);
    this.t(fr, `at ${op[1]} ${h.when()}`);
  }
  do_hcancel(op, fr) {
    const h = this.handles.get(op[1]);
    if (h === undefined) return;
    h.cancel();
    this.t(fr, `hcancel ${op[1]} ${h.cancelled()}`);
  }
  do_many(op, fr) {
    const hs = Array.from({ length: op[2] }, (_, i) => this.loop.callLater(op[1] + (i % 7), this.call, [], `m${i}`));
    hs.forEach((h, i) => { if (i % op[3] !== 0) h.cancel(); });
    this.t(fr, `many ${op[2]}`);
  }
  do_burst(op, fr) {
    for (let i = 0; i < op[1]; i++) {
      if (op[2] === 'soon') this.loop.callSoon((n) => this.digest(n), i);
      else if (op[2] === 'later') this.loop.callLater((i * 7) % 5, (n) => this.digest(n), i);
      else this.loop.createTask(this.digesting(i));
    }
    this.t(fr, `burst ${op[1]} ${this.acc}`);
  }
  do_stop(_op, fr) {
    (this.loop.isRunning() ? getRunningLoop() : this.loop).stop();
    this.t(fr, 'stop');
  }
  do_close(_op, fr) { this.attempt(fr, 'close', () => this.loop.close(), LoopError); }

  cb(i) {
    if (!this.cbs.has(i)) {
      this.cbs.set(i, (f) => {
        this.t(`cb${i}`, `called ${this.name(f)} ${f.cancelled() ? 'cancelled' : 'done'}`);
        this.syncs(this.p.cbs[i], `cb${i}`);
      });
    }
    return this.cbs.get(i);
  }
  call = (ops, name) => {
    this.t(name, 'called');
    this.syncs(ops, name);
  };
  digest(i) {
    this.acc = (this.acc * 31 + i + this.loop.time()) % 1000003;
  }
  *digesting(i) {
    this.digest(i);
    try { yield* sleep(i % 3); } finally { this.digest(i); }
  }

  // locks, queues, groups
  do_rel(op, fr) { this.attempt(fr, `rel ${op[1]}`, () => this.locks[op[1]].release(), LoopError); }
  do_semrel(op, fr) { this.attempt(fr, `semrel ${op[1]}`, () => this.sems[op[1]].release(), RangeError); }
  do_evset(op, fr) { this.attempt(fr, `evset ${op[1]}`, () => this.events[op[1]].set()); }
  do_evclear(op, fr) { this.attempt(fr, `evclear ${op[1]}`, () => this.events[op[1]].clear()); }
  do_crel(op, fr) { this.attempt(fr, `crel ${op[1]}`, () => this.conds[op[1]].release(), LoopError); }
  do_notify(op, fr) { this.attempt(fr, `notify ${op[1]}`, () => this.conds[op[1]].notify(op[2]), LoopError); }
  do_notifyall(op, fr) { this.attempt(fr, `notifyall ${op[1]}`, () => this.conds[op[1]].notifyAll(), LoopError); }
  do_bump(op, fr) {
    this.nums.set(op[1], (this.nums.get(op[1]) ?? 0) + op[2]);
    this.t(fr, `bump ${op[1]} ${this.nums.get(op[1])}`);
  }
  do_qputn(op, fr) { this.attempt(fr, `qputn ${op[1]}`, () => this.queues[op[1]].putNowait(op[2]), QueueFull, QueueShutDown); }
  do_qgetn(op, fr) { this.attempt(fr, `qgetn ${op[1]}`, () => this.queues[op[1]].getNowait(), QueueEmpty, QueueShutDown); }
  do_qfill(op, fr) {
    let put = 0;
    try {
      for (let i = 0; i < op[2]; i++) {
        this.queues[op[1]].putNowait(op[3] ? [(i * 7) % 5, i] : (i * 7) % 11);
        put += 1;
      }
    } catch (e) {
      if (!(e instanceof QueueFull || e instanceof QueueShutDown)) throw e;
      this.t(fr, `qfill ${op[1]} ! ${this.err(e)}`);
    }
    this.t(fr, `qfill ${op[1]} ${put}`);
  }
  do_qdrain(op, fr) {
    const items = [];
    try {
      for (;;) items.push(this.queues[op[1]].getNowait());
    } catch (e) {
      if (!(e instanceof QueueEmpty || e instanceof QueueShutDown)) throw e;
      this.t(fr, `qdrain ${op[1]} ${this.fmt(items)} ${this.err(e)}`);
    }
  }
  do_qdone(op, fr) { this.attempt(fr, `qdone ${op[1]}`, () => this.queues[op[1]].taskDone(), RangeError); }
  do_qshut(op, fr) { this.attempt(fr, `qshut ${op[1]}`, () => this.queues[op[1]].shutdown({ immediate: op[2] })); }
  do_tgspawn(op, fr) {
    const group = this.groups.get(op[1]);
    if (group === undefined) return;
    const coro = ASKING.includes(op[3][0]) ? this.awaiting(this.ax(op[3], fr)) : this.asCoro(op[3], fr);
    let task;
    try {
      task = group.createTask(coro);
    } catch (e) {
      if (!(e instanceof LoopError)) throw e;
      return this.t(fr, `tgspawn ${op[1]} ! ${this.err(e)}`);
    }
    this.slots.set(op[2], task);
    this.t(fr, `tgspawn ${op[1]} ${op[2]} ${task.getName()}`);
  }
  do_tgnew(op, fr) {
    this.groups.set(op[1], new TaskGroup());
    this.t(fr, `tgnew ${op[1]}`);
  }
  do_resched(op, fr) {
    const to = this.tos.get(op[1]);
    const { loop } = this;
    if (to === undefined || !loop.isRunning()) return;
    this.attempt(fr, `resched ${op[1]}`, () => {
      to.reschedule(op[2] === null ? undefined : loop.time() + op[2]);
      return this.fmt(to.when());
    }, LoopError);
  }
  do_locked(_op, fr) {
    this.t(fr, ['locked', this.acc, ...[...this.locks, ...this.sems].map((l) => l.locked()), ...this.events.map((e) => e.isSet()),
      ...this.conds.map((c) => c.locked()), ...this.barriers.map((b) => `${b.parties}:${b.nWaiting}:${b.broken}`),
      ...this.queues.map((q) => `${q.maxsize}:${q.qsize()}:${q.empty()}:${q.full()}`)].join(' '));
  }

  // contexts
  do_vset(op, fr) {
    this.tokens.set(op[3], this.vars[op[1]].set(op[2]));
    this.t(fr, `vset ${op[1]}`);
  }
  do_vget(op, fr) { this.attempt(fr, `vget ${op[1]}`, () => this.vars[op[1]].get(), ReferenceError); }
  do_vreset(op, fr) {
    const token = this.tokens.get(op[2]);
    if (token !== undefined) this.attempt(fr, `vreset ${op[1]}`, () => this.vars[op[1]].reset(token), LoopError, RangeError);
  }
  do_ctxnew(op) { this.ctxs.set(op[1], new Context()); }
  do_ctxcopy(op) {
    const other = op[2] ? this.ctxs.get(1 - op[1]) : undefined;
    this.ctxs.set(op[1], other === undefined ? copyContext() : other.copy());
  }
  do_ctxof(op) {
    const f = this.ref(op[2]);
    if (f instanceof Task) this.ctxs.set(op[1], f.getContext());
  }
  do_ctxrun(op, fr) {
    const context = this.ctxs.get(op[1]);
    if (context === undefined) return;
    context.run(() => this.syncs(op[2], fr));
    this.t(fr, `ctxrun ${op[1]} ${context.size} ${this.vars.filter((v) => context.has(v)).map((v) => `${v.name}=${this.fmt(context.get(v))}`).join(' ')}`);
    if (this.probes && [...context].length !== context.size) throw new Error('a context does not give all it has');
  }

  // async generators
  do_agnew(op, fr) {
    this.bodies += 1;
    this.ags.set(op[1], this.agen(op, `g${this.bodies}`));
    this.t(fr, `agnew ${op[1]}`);
  }
};
