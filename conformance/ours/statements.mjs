// What a program can do in coroutines only. The mirror of cpython/statements.py.
import { Boom, lib, makeError } from './library.mjs';

const {
  sleep, shield, waitFor, timeout, timeoutAt, asCompleted, asyncFor, asyncWith, aclosing, asyncGenerator, BREAK, Cursor, TaskGroup,
  CancelledError, ExceptionGroup, KeyboardInterrupt, TimeoutError, StopAsyncIteration,
} = lib;

class Return {
  constructor(value) { this.value = value; }
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

const NOTHING = { *aenter() {}, *aexit() {} };

const KINDS = {
  '*': () => true,
  C: (e) => e instanceof CancelledError,
  T: (e) => e instanceof TimeoutError,
  B: (e) => e instanceof Boom,
  K: (e) => e instanceof KeyboardInterrupt,
  G: (e) => e instanceof ExceptionGroup,
  E: (e) => !(e instanceof CancelledError || e instanceof KeyboardInterrupt),
};

export const Statements = (Base) => class extends Base {
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
      const r = yield* this.words.statements.get(op[0]).call(this, op, fr);
      if (r !== undefined) return r;
    }
    return undefined;
  }

  *op_sleep(op, fr) {
    yield* sleep(op[1]);
    this.t(fr, `slept ${op[1]}`);
  }

  *op_await(op, fr) {
    let v;
    try {
      v = yield* this.ax(op[1], fr);
    } catch (e) {
      if (!this.dead) this.t(fr, `await ${op[1][0]} ! ${this.err(e)}`);
      throw e;
    }
    this.t(fr, `await ${op[1][0]} ${this.fmt(v)}`);
  }

  *op_return(op) { return new Return(op[1]); }

  *op_loop(op, fr) {
    for (let i = 0; i < op[1]; i++) {
      const r = yield* this.block(op[2], fr);
      if (r !== undefined) return r;
    }
    return undefined;
  }

  // try
  handler(hs, e) {
    if (this.dead || isGeneratorExit(e)) return undefined;
    return hs.find(([k]) => KINDS[k](e));
  }

  /** The catch clause of a handler; true where the error goes on. */
  *handle(h, e, fr) {
    this.t(fr, `caught ${this.err(e)}`);
    if (h[0] === 'G') this.t(fr, `split ${e.split((one) => one instanceof Boom).map((part) => this.fmt(part)).join(' ')}`);
    const r = yield* this.block(h[1], fr);
    if (r !== undefined) return r;
    const act = h[2];
    if (act[0] === 're') return true;
    if (act[0] === 'raise') throw makeError(act[1], act[2]);
    return act[0] === 'ret' ? new Return(act[1]) : undefined;
  }

  *op_try(op, fr) {
    let r;
    try {
      r = yield* this.block(op[1], fr);
    } catch (e) {
      const h = this.handler(op[2], e);
      if (h === undefined) throw e;
      r = yield* this.handle(h, e, fr);
      if (r === true) throw e;
    } finally {
      if (op[3] !== null && !this.dead) {
        this.t(fr, 'finally');
        const rf = yield* this.block(op[3], fr);
        if (rf !== undefined) return rf;
      }
    }
    return r;
  }

  // async with
  *op_with(op, fr) {
    const [, kind, i, ops] = op;
    const m = { lock: this.locks, sem: this.sems, cond: this.conds, barrier: this.barriers }[kind][i];
    const self = this;
    const r = yield* asyncWith(m, function* (place) {
      self.t(fr, `in ${kind} ${i}${kind === 'barrier' ? ` ${place}` : ''}`);
      return yield* self.block(ops, fr);
    });
    this.t(fr, `out ${kind} ${i}`);
    return r;
  }

  *op_timeout(op, fr) {
    const to = op[0] === 'timeout' ? timeout(op[2] ?? undefined) : op[0] === 'timeoutat' ? timeoutAt(op[2] ?? undefined) : this.tos.get(op[1]);
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
  op_timeoutat(op, fr) { return this.op_timeout(op, fr); }
  op_reenter(op, fr) { return this.op_timeout(op, fr); }

  *op_group(op, fr) {
    const group = op[0] === 'group' ? new TaskGroup() : this.groups.get(op[1]);
    if (group === undefined) return undefined;
    this.groups.set(op[1], group);
    let r;
    try {
      r = yield* asyncWith(group, () => this.block(op[2], fr));
    } catch (e) {
      if (!this.dead) this.t(fr, `group ${op[1]} ! ${this.err(e)}`);
      throw e;
    }
    this.t(fr, `group ${op[1]} ends`);
    return r;
  }
  op_regroup(op, fr) { return this.op_group(op, fr); }

  *op_cm(op, fr) {
    const r = yield* asyncWith(new Manager(this, op, fr), () => this.block(op[4], fr));
    if (r !== undefined) return r;
    this.t(fr, 'left');
    return undefined;
  }

  // async for
  *op_afor(op, fr) {
    const r = yield* this.each(new Iterator(this, op, fr), fr, (n) => `item ${n}`, op[3], Number.POSITIVE_INFINITY);
    if (r !== undefined) return r;
    this.t(fr, 'afor ends');
    return undefined;
  }

  *each(iterable, fr, say, ops, most) {
    const self = this;
    let n = 0;
    let left;
    yield* asyncFor(iterable, function* (item) {
      n += 1;
      self.t(fr, say(item));
      left = yield* self.block(ops, fr);
      return left !== undefined || n === most ? BREAK : undefined;
    });
    this.rounds = n;
    return left;
  }

  *op_ascomp(op, fr) {
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
      const r = yield* this.each(ac, fr, (f) => `next ${this.name(this.named(f))} ${this.state(f)}`, ops, most);
      if (r !== undefined) return r;
      this.t(fr, `ascomp ends ${this.rounds}`);
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

  // async generators: what is sent to an emit is traced
  agen(op, fr) {
    const [, , guard, head, guarded, hs, final] = op;
    const self = this;
    return asyncGenerator(function* (emit) {
      function* parts(ops) {
        for (const o of ops) {
          if (o[0] === 'emit') self.t(fr, `sent ${self.fmt(yield* emit(o[1]))}`);
          else if ((yield* self.block([o], fr)) !== undefined) return true;
        }
        return false;
      }
      self.t(fr, 'start');
      if (yield* parts(head)) return;
      try {
        if (yield* asyncWith(self.guard(guard), () => parts(guarded))) return;
      } catch (e) {
        const h = self.handler(hs, e);
        if (h === undefined) throw e;
        if ((yield* self.handle(h, e, fr)) === true) throw e;
        if (!self.dead) self.t(fr, `sent ${self.fmt(yield* emit(-1))}`);
      } finally {
        if (!self.dead) {
          self.t(fr, 'finally');
          if (yield* parts(final)) return;
        }
      }
      self.t(fr, 'ends');
    });
  }

  guard(guard) {
    if (guard === null) return NOTHING;
    return guard[0] === 'lock' ? this.locks[guard[1]] : timeout(guard[1] ?? undefined);
  }

  *op_agfor(op, fr) {
    const ag = this.ags.get(op[1]);
    if (ag === undefined) return undefined;
    if (op[4] === 'aclosing') return yield* asyncWith(aclosing(ag), () => this.op_agfor([...op.slice(0, 4), false], fr));
    if (op[4]) {
      const r = yield* this.each(ag, fr, (v) => `item ${this.fmt(v)}`, op[3], op[2]);
      if (r !== undefined) return r;
    } else {
      const cursor = new Cursor(ag);
      for (let n = 1; yield* cursor.advance(); n++) {
        this.t(fr, `item ${this.fmt(cursor.value)}`);
        const r = yield* this.block(op[3], fr);
        if (r !== undefined) return r;
        if (n === op[2]) break;
      }
    }
    this.t(fr, 'agfor ends');
    return undefined;
  }

  // what must be refused
  foreign() {
    const f = new lib.EventLoop({ driver: new lib.VirtualDriver() }).createFuture();
    this.names.set(f, 'foreign');
    return f;
  }

  *op_foreign(op, fr) {
    const f = this.foreign();
    yield* op[1] === 'f' ? f : op[1] === 'shield' ? shield(f) : waitFor(f, 3);
    this.t(fr, 'foreign');
  }

  *op_badyield(_op, fr) {
    yield 42;
    this.t(fr, 'badyield');
  }
};

/** What an async generator that is being closed gets thrown. */
const isGeneratorExit = (e) => e?.name === 'GeneratorExit';
