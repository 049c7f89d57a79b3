// Runs one program (see README.md for the language) on asyncdemo's loop with VirtualDriver; returns its trace.
// The mirror of interp.py, line by line: whatever is changed here is changed there.
// Whose errors were not retrieved: the library tells a FinalizationRegistry. Ours remembers instead of waiting for the collector.
const unretrieved = new Map();
globalThis.FinalizationRegistry = class {
  register(target, _held, token) { unretrieved.set(token, target); }
  unregister(token) { unretrieved.delete(token); }
};
const home = process.env.FUZZ_DIST ?? new URL('../dist', import.meta.url).pathname;
export const lib = await import(`${home}/loop/index.js`);
const {
  EventLoop, VirtualDriver, sleep, gather, shield, wait, waitFor, timeout, Timeout, asCompleted, asyncFor, asyncWith, BREAK, Lock, Semaphore,
  ensureFuture, isFuture, isCoroutine, currentTask, allTasks, Task, CancelledError, KeyboardInterrupt, TimeoutError, LoopError, StopAsyncIteration,
} = lib;

class Boom extends Error { name = 'Boom'; }
class Bang extends Error { name = 'Bang'; }
const MAKE = {
  Boom: (m) => new Boom(m),
  Bang: (m) => new Bang(m),
  CancelledError: (m) => new CancelledError(m),
  TimeoutError: (m) => new TimeoutError(m),
  KeyboardInterrupt: () => new KeyboardInterrupt(),
};
const error = (name, message) => MAKE[name](message ?? undefined);
console.error = () => {};
const MODES = { first: 'FIRST_COMPLETED', exc: 'FIRST_EXCEPTION', all: 'ALL_COMPLETED' };

class Aw {
  constructor(inner) { this.inner = inner; }
  [Symbol.iterator]() { return this.inner[Symbol.iterator](); }
}

class Manager {
  constructor(prog, op, fr) { this.prog = prog; this.op = op; this.fr = fr; }
  *aenter() {
    this.prog.t(this.fr, 'enter');
    yield* this.prog.block(this.op[1], this.fr);
  }
  *aexit(e) {
    if (this.prog.dead) return;
    this.prog.t(this.fr, `exit ${e === undefined ? '-' : this.prog.err(e)}`);
    yield* this.prog.block(this.op[2], this.fr);
    return this.op[3] && !(e instanceof KeyboardInterrupt);
  }
}

class Iterator {
  constructor(prog, op, fr) { this.prog = prog; this.op = op; this.fr = fr; this.n = 0; }
  aiter() { return this; }
  *anext() {
    if (this.n === this.op[1]) throw new StopAsyncIteration();
    this.n += 1;
    yield* this.prog.block(this.op[2], this.fr);
    return this.n;
  }
}

class Return {
  constructor(value) { this.value = value; }
}

class Program {
  constructor(p, { observe, turnBudget, probes } = {}) {
    this.p = p;
    const loop = new EventLoop({ driver: new VirtualDriver(), ...(turnBudget === undefined ? {} : { turnBudget }) });
    this.loop = loop;
    this.iterations = 0;
    this.observe = observe;
    this.probes = probes;
    if (observe) loop.setObserver({ iteration: (n) => { this.iterations = n; } });
    this.lines = [];
    this.dead = false;
    this.skip = false;
    this.bodies = 0;
    this.slots = new Map();
    this.handles = new Map();
    this.tos = new Map();
    this.names = new Map();
    this.objs = 0;
    this.errors = 0;
    this.acc = 0;
    this.futs = Array.from({ length: p.futs }, () => loop.createFuture());
    this.futs.forEach((f, i) => this.names.set(f, `F${i}`));
    this.locks = Array.from({ length: p.locks }, () => new Lock());
    this.sems = p.sems.map((n) => new Semaphore(n));
    this.cbs = new Map();
    this.foreign = new EventLoop({ driver: new VirtualDriver() }).createFuture();
    this.names.set(this.foreign, 'foreign');
    unretrieved.clear();
    loop.setExceptionHandler((_loop, context) => this.onError(context));
  }

  // tracing
  t(fr, msg) {
    const task = currentTask(this.loop);
    const who = task !== null ? `${task.getName()}:${task.cancelling()}` : '-';
    if (!this.dead) this.lines.push(`${this.iterations} ${this.loop.time()} ${who} ${fr} ${msg}`);
    if (this.lines.length > 3000) this.dead = this.skip = true;
  }

  onError(context) {
    if (this.dead || context.message.includes('never retrieved')) return;
    this.t('handler', `error ${this.err(context.exception)}`);
    this.errors += 1;
    const raising = this.p.handler;
    if (raising && raising[0] === this.errors) throw error(raising[1], 'handler');
  }

  err(e) {
    if (!(e instanceof Error)) return `not an error: ${e}`;
    const name = e.name;
    if (name === 'RangeError' && /call stack/.test(e.message)) this.skip = true;
    if (name === 'Boom' || name === 'Bang' || name === 'CancelledError') return `${name}(${e.message})`;
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

  get where() {
    return this.loop.isRunning() ? {} : { loop: this.loop };
  }

  // expressions
  ref(r) {
    switch (r[0]) {
      case 'f': return this.futs[r[1]];
      case 's': return this.slots.get(r[1]);
      case 'self': return currentTask(this.loop) ?? undefined;
    }
  }

  items(xs, fr) {
    const out = [];
    for (const x of xs) out.push(x[0] === 'same' && x[1] < out.length ? out[x[1]] : this.ax(x, fr));
    return out;
  }

  ax(x, fr) {
    switch (x[0]) {
      case 'f':
      case 's':
      case 'self': {
        const f = this.ref(x);
        return f === undefined ? this.body([]) : f;
      }
      case 'c': return this.body(x[1]);
      case 'sleep': return sleep(x[1], x[2]);
      case 'task': return this.named(ensureFuture(this.ax(x[1], fr), this.where));
      case 'aw': return new Aw(this.ax(x[1], fr));
      case 'shield': return this.named(shield(this.ax(x[1], fr), this.where));
      case 'gather': return this.named(gather(this.items(x[1], fr), { returnExceptions: x[2], ...this.where }));
      case 'waitfor': return waitFor(this.ax(x[1], fr), x[2] ?? undefined);
      case 'wait': return wait(this.items(x[1], fr), { timeout: x[3] ?? undefined, returnWhen: MODES[x[2]] });
      case 'acq': return this.locks[x[1]].acquire();
      case 'semacq': return this.sems[x[1]].acquire();
      default: return this.body([]);
    }
  }

  // synchronous operations; true when it was one
  sync(op, fr) {
    const loop = this.loop;
    switch (op[0]) {
      case 'mark':
        this.t(fr, `mark ${op[1]}`);
        return true;
      case 'spawn': {
        const task = loop.createTask(this.asCoro(op[2], fr));
        this.slots.set(op[1], task);
        this.t(fr, `spawn ${op[1]} ${task.getName()}`);
        return true;
      }
      case 'mk': {
        const f = this.named(ensureFuture(this.ax(op[2], fr), this.where));
        this.slots.set(op[1], f);
        this.t(fr, `mk ${op[1]} ${this.name(f)} ${f.done()}`.toLowerCase());
        return true;
      }
      case 'cancel': {
        const f = this.ref(op[1]);
        if (f !== undefined) this.t(fr, `cancel ${this.name(f)} ${f.cancel(op[2] ?? undefined)}`);
        return true;
      }
      case 'uncancel': {
        const f = this.ref(op[1]);
        if (f instanceof Task) this.t(fr, `uncancel ${this.name(f)} ${f.uncancel()}`);
        return true;
      }
      case 'set':
      case 'setexc': {
        const f = this.ref(op[1]);
        if (f === undefined) return true;
        try {
          if (op[0] === 'set') f.setResult(op[2]);
          else f.setException(error(op[2], op[3]));
          this.t(fr, `${op[0]} ${this.name(f)}`);
        } catch (e) {
          this.t(fr, `${op[0]} ${this.name(f)} ! ${this.err(e)}`);
        }
        return true;
      }
      case 'addcb': {
        const f = this.ref(op[1]);
        if (f === undefined) return true;
        f.addDoneCallback(this.cb(op[2]));
        this.t(fr, `addcb ${this.name(f)} ${op[2]}`);
        return true;
      }
      case 'rmcb': {
        const f = this.ref(op[1]);
        if (f !== undefined) this.t(fr, `rmcb ${this.name(f)} ${f.removeDoneCallback(this.cb(op[2]))}`);
        return true;
      }
      case 'soon':
        this.handles.set(op[1], loop.callSoon((ops, name) => this.call(ops, name), op[2], `h${op[1]}`));
        this.t(fr, `soon ${op[1]}`);
        return true;
      case 'later': {
        const h = loop.callLater(op[2], (ops, name) => this.call(ops, name), op[3], `h${op[1]}`);
        this.handles.set(op[1], h);
        this.t(fr, `later ${op[1]} ${h.when()}`);
        return true;
      }
      case 'at': {
        const h = loop.callAt(op[2], (ops, name) => this.call(ops, name), op[3], `h${op[1]}`);
        this.handles.set(op[1], h);
        this.t(fr, `at ${op[1]} ${h.when()}`);
        return true;
      }
      case 'hcancel': {
        const h = this.handles.get(op[1]);
        if (h === undefined) return true;
        h.cancel();
        this.t(fr, `hcancel ${op[1]} ${h.cancelled()}`);
        return true;
      }
      case 'many': {
        const hs = Array.from({ length: op[2] }, (_, i) => loop.callLater(op[1] + (i % 7), (name) => this.call([], name), `m${i}`));
        hs.forEach((h, i) => { if (i % op[3] !== 0) h.cancel(); });
        this.t(fr, `many ${op[2]}`);
        return true;
      }
      case 'burst':
        for (let i = 0; i < op[1]; i++) {
          if (op[2] === 'soon') loop.callSoon((n) => this.digest(n), i);
          else if (op[2] === 'later') loop.callLater((i * 7) % 5, (n) => this.digest(n), i);
          else loop.createTask(this.digesting(i));
        }
        this.t(fr, `burst ${op[1]} ${this.acc}`);
        return true;
      case 'stop':
        loop.stop();
        this.t(fr, 'stop');
        return true;
      case 'inspect': {
        const f = this.ref(op[1]);
        if (f !== undefined) this.t(fr, `inspect ${this.name(f)} ${this.state(f)}`);
        return true;
      }
      case 'exception': {
        const f = this.ref(op[1]);
        if (f === undefined) return true;
        let s;
        try { s = this.fmt(f.exception()); } catch (e) { s = `! ${this.err(e)}`; }
        this.t(fr, `exception ${this.name(f)} ${s}`);
        return true;
      }
      case 'probe': {
        const f = this.ref(op[1]);
        if (f instanceof Task && this.probes) { f.getStack(); String(f); }
        return true;
      }
      case 'raise':
        this.t(fr, `raise ${op[1]}`);
        throw error(op[1], op[2]);
      case 'rel':
        try { this.locks[op[1]].release(); this.t(fr, `rel ${op[1]}`); } catch (e) { this.t(fr, `rel ${op[1]} ! ${this.err(e)}`); }
        return true;
      case 'semrel':
        this.sems[op[1]].release();
        this.t(fr, `semrel ${op[1]}`);
        return true;
      case 'close':
        try { loop.close(); this.t(fr, 'close'); } catch (e) { this.t(fr, `close ! ${this.err(e)}`); }
        return true;
      case 'locked':
        this.t(fr, `locked ${this.acc} ${[...this.locks, ...this.sems].map((l) => l.locked()).join(' ')}`);
        return true;
      case 'all':
        this.t(fr, `all ${loop.isRunning()} ${loop.isClosed()} ${allTasks(loop).map((t) => t.getName()).join(' ')}`);
        return true;
      case 'cancelall':
        for (const task of allTasks(loop)) task.cancel(op[1] ?? undefined);
        this.t(fr, 'cancelall');
        return true;
      case 'resched': {
        const to = this.tos.get(op[1]);
        if (to === undefined || !loop.isRunning()) return true;
        try {
          to.reschedule(op[2] === null ? undefined : loop.time() + op[2]);
          this.t(fr, `resched ${op[1]} ${this.fmt(to.when())}`);
        } catch (e) {
          this.t(fr, `resched ${op[1]} ! ${this.err(e)}`);
        }
        return true;
      }
      default:
        return false;
    }
  }

  digest(i) {
    this.acc = (this.acc * 31 + i + this.loop.time()) % 1000003;
  }

  *digesting(i) {
    this.digest(i);
    try { yield* sleep(i % 3); } finally { this.digest(i); }
  }

  asCoro(x, fr) {
    const c = this.ax(x, fr);
    return isFuture(c) || c instanceof Aw ? this.awaiting(c) : c;
  }

  *awaiting(x) {
    return yield* x;
  }

  cb(i) {
    if (!this.cbs.has(i)) {
      this.cbs.set(i, (f) => {
        this.t(`cb${i}`, `called ${this.name(f)} ${f.cancelled() ? 'cancelled' : 'done'}`);
        this.syncs(this.p.cbs[i], `cb${i}`);
      });
    }
    return this.cbs.get(i);
  }

  call(ops, name) {
    this.t(name, 'called');
    this.syncs(ops, name);
  }

  syncs(ops, fr) {
    for (const op of ops) this.sync(op, fr);
  }

  // coroutines
  body(ops) {
    this.bodies += 1;
    return this.runBody(ops, `b${this.bodies}`);
  }

  *runBody(ops, fr) {
    this.t(fr, 'start');
    let r;
    try {
      r = yield* this.block(ops, fr);
    } catch (e) {
      if (!this.dead) this.t(fr, `ends with ${this.err(e)}`);
      throw e;
    }
    this.t(fr, `returns ${this.fmt(r?.value)}`);
    return r?.value;
  }

  *block(ops, fr) {
    for (const op of ops) {
      if (this.dead) return undefined;
      if (this.sync(op, fr)) continue;
      const r = yield* this.op(op, fr);
      if (r !== undefined) return r;
    }
    return undefined;
  }

  handler(hs, e) {
    if (this.dead) return undefined;
    return hs.find(([k]) =>
      k === '*' || (k === 'C' && e instanceof CancelledError) || (k === 'T' && e instanceof TimeoutError) || (k === 'B' && e instanceof Boom) ||
      (k === 'K' && e instanceof KeyboardInterrupt) || (k === 'E' && !(e instanceof CancelledError || e instanceof KeyboardInterrupt)));
  }

  *op(op, fr) {
    switch (op[0]) {
      case 'sleep':
        yield* sleep(op[1]);
        this.t(fr, `slept ${op[1]}`);
        return undefined;
      case 'await': {
        let v;
        try {
          v = yield* this.ax(op[1], fr);
        } catch (e) {
          if (!this.dead) this.t(fr, `await ${op[1][0]} ! ${this.err(e)}`);
          throw e;
        }
        this.t(fr, `await ${op[1][0]} ${this.fmt(v)}`);
        return undefined;
      }
      case 'return': return new Return(op[1]);
      case 'loop':
        for (let i = 0; i < op[1]; i++) {
          const r = yield* this.block(op[2], fr);
          if (r !== undefined) return r;
        }
        return undefined;
      case 'try': {
        let r;
        try {
          r = yield* this.block(op[1], fr);
        } catch (e) {
          const h = this.handler(op[2], e);
          if (h === undefined) throw e;
          this.t(fr, `caught ${this.err(e)}`);
          r = yield* this.block(h[1], fr);
          if (r === undefined) {
            const act = h[2];
            if (act[0] === 're') throw e;
            if (act[0] === 'raise') throw error(act[1], act[2]);
            if (act[0] === 'ret') r = new Return(act[1]);
          }
        } finally {
          if (op[3] !== null && !this.dead) {
            this.t(fr, 'finally');
            const rf = yield* this.block(op[3], fr);
            if (rf !== undefined) return rf;
          }
        }
        return r;
      }
      case 'with': {
        const m = op[1] === 'lock' ? this.locks[op[2]] : this.sems[op[2]];
        const self = this;
        const r = yield* asyncWith(m, function* () {
          self.t(fr, `in ${op[1]} ${op[2]}`);
          return yield* self.block(op[3], fr);
        });
        this.t(fr, `out ${op[1]} ${op[2]}`);
        return r;
      }
      case 'timeout':
      case 'timeoutat':
      case 'reenter': {
        const to = op[0] === 'timeout' ? timeout(op[2] ?? undefined) : op[0] === 'timeoutat' ? new Timeout(op[2] ?? undefined) : this.tos.get(op[1]);
        if (to === undefined) return undefined;
        this.tos.set(op[1], to);
        let r;
        try {
          r = yield* asyncWith(to, () => this.block(op[3], fr));
        } catch (e) {
          if (!this.dead) this.t(fr, `timeout ${op[1]} ${to.expired()} ! ${this.err(e)}`);
          throw e;
        }
        this.t(fr, `timeout ${op[1]} ${to.expired()}`);
        return r;
      }
      case 'foreign': {
        const f = this.foreign;
        yield* op[1] === 'f' ? f : op[1] === 'shield' ? shield(f) : waitFor(f, 3);
        this.t(fr, 'foreign');
        return undefined;
      }
      case 'badyield':
        yield 42;
        this.t(fr, 'badyield');
        return undefined;
      case 'cm': {
        const r = yield* asyncWith(new Manager(this, op, fr), () => this.block(op[4], fr));
        if (r !== undefined) return r;
        this.t(fr, 'left');
        return undefined;
      }
      case 'afor': {
        const self = this;
        let left;
        yield* asyncFor(new Iterator(this, op, fr), function* (n) {
          self.t(fr, `item ${n}`);
          left = yield* self.block(op[3], fr);
          if (left !== undefined) return BREAK;
        });
        if (left !== undefined) return left;
        this.t(fr, 'afor ends');
        return undefined;
      }
      case 'ascomp': return yield* this.ascomp(op, fr);
      default: throw new Error(`bad op ${op}`);
    }
  }

  *ascomp(op, fr) {
    const [, xs, limit, mode, swallow, most, ops] = op;
    const ac = asCompleted(this.items(xs, fr), { timeout: limit ?? undefined });
    if (mode === 'many') {
      let i = 0;
      for (const c of ac) this.slots.set(most + i++, this.loop.createTask(c));
      return undefined;
    }
    if (mode === 'stagger') {
      let i = 0;
      for (const c of ac) {
        this.slots.set(most + i, this.loop.createTask(this.staggered(c, (i * swallow) % 3)));
        i += 1;
      }
      return undefined;
    }
    let n = 0;
    if (mode === 'async') {
      const self = this;
      let left;
      let broken = false;
      yield* asyncFor(ac, function* (f) {
        n += 1;
        self.t(fr, `next ${self.name(self.named(f))} ${self.state(f)}`);
        left = yield* self.block(ops, fr);
        if (left !== undefined) return BREAK;
        if (n === most) return BREAK;
      });
      if (left !== undefined) return left;
      this.t(fr, `ascomp ends ${n}`);
      return undefined;
    }
    const it = ac[Symbol.iterator]();
    while (n < most) {
      const { done, value: c } = it.next();
      if (done) break;
      n += 1;
      try {
        const v = yield* c;
        this.t(fr, `next ${this.fmt(v)}`);
      } catch (e) {
        if (this.dead) throw e;
        this.t(fr, `next ! ${this.err(e)}`);
        if (swallow === 0 || e instanceof KeyboardInterrupt || (swallow === 1 && e instanceof CancelledError)) throw e;
      }
      const r = yield* this.block(ops, fr);
      if (r !== undefined) return r;
    }
    this.t(fr, `ascomp ends ${n}`);
    return undefined;
  }

  *staggered(c, delay) {
    yield* sleep(delay);
    return yield* c;
  }

  // outside of the loop
  async main() {
    const fr = 'main';
    const loop = this.loop;
    for (const step of [...this.p.main, ['final']]) {
      try {
        switch (step[0]) {
          case 'sync':
            this.syncs(step[1], fr);
            break;
          case 'run':
            this.t(fr, `run ${this.fmt(await loop.runUntilComplete(this.ax(step[1], fr)))}`);
            break;
          case 'forever':
            await loop.runForever();
            this.t(fr, 'forever');
            break;
          case 'close':
            this.sync(step, fr);
            break;
          case 'drain': {
            const ts = allTasks(loop);
            for (const task of ts) task.cancel();
            this.t(fr, `drain ${this.fmt(await loop.runUntilComplete(gather(ts, { returnExceptions: true, loop })))}`);
            break;
          }
          case 'final':
            this.t(fr, `unretrieved ${[...unretrieved.values()].map((f) => this.name(f)).filter((n) => n !== '?').sort().join(' ')}`);
            for (const i of [...this.slots.keys()].sort((a, b) => a - b)) this.t(fr, `slot ${i} ${this.name(this.slots.get(i))} ${this.state(this.slots.get(i))}`);
            for (const f of this.futs) this.t(fr, `fut ${this.name(f)} ${this.state(f)}`);
            this.sync(['all'], fr);
            this.sync(['locked'], fr);
            break;
        }
      } catch (e) {
        this.t(fr, `${step[0]} ! ${this.err(e)}`);
      }
    }
    this.dead = true;
    loop.close();
    return this.lines;
  }
}

export async function run(p, options) {
  const program = new Program(p, options);
  const lines = await program.main();
  return { lines, skip: program.skip, suspect: program.suspect };
}
