// What a program can await. The mirror of cpython/awaitables.py.
import { lib, makeError } from './library.mjs';

const { sleep, gather, shield, wait, waitFor, ensureFuture, isFuture, currentTask, TimeoutError } = lib;
const MODES = { first: 'FIRST_COMPLETED', exc: 'FIRST_EXCEPTION', all: 'ALL_COMPLETED' };

class Aw {
  constructor(inner) { this.inner = inner; }
  [Symbol.iterator]() { return this.inner[Symbol.iterator](); }
}

export const Awaitables = (Base) => class extends Base {
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

  /** Outside of a run the loop has to be named. */
  get where() {
    return this.loop.isRunning() ? {} : { loop: this.loop };
  }

  ax(x, fr) {
    return this.words.awaitables.get(x[0]).call(this, x, fr);
  }

  ax_f(x) {
    const f = this.ref(x);
    return f === undefined ? this.body([]) : f;
  }
  ax_s(x) { return this.ax_f(x); }
  ax_self(x) { return this.ax_f(x); }
  ax_same() { return this.body([]); } // out of its list
  ax_c(x) { return this.body(x[1]); }
  ax_sleep(x) { return sleep(x[1], x[2]); }
  ax_task(x, fr) { return this.named(ensureFuture(this.ax(x[1], fr), this.where)); }
  ax_aw(x, fr) { return new Aw(this.ax(x[1], fr)); }
  ax_shield(x, fr) { return this.named(shield(this.ax(x[1], fr), this.where)); }
  ax_gather(x, fr) { return this.named(gather(this.items(x[1], fr), { returnExceptions: x[2], ...this.where })); }
  ax_waitfor(x, fr) { return waitFor(this.ax(x[1], fr), x[2] ?? undefined); }
  ax_wait(x, fr) { return wait(this.items(x[1], fr), { timeout: x[3] ?? undefined, returnWhen: MODES[x[2]] }); }

  // locks and queues
  ax_acq(x) { return this.locks[x[1]].acquire(); }
  ax_semacq(x) { return this.sems[x[1]].acquire(); }
  ax_evwait(x) { return this.events[x[1]].wait(); }
  ax_cacq(x) { return this.conds[x[1]].acquire(); }
  ax_cwait(x) { return this.conds[x[1]].wait(); }
  ax_cwaitfor(x) {
    return this.conds[x[1]].waitFor(() => {
      this.acc += 1;
      const n = this.nums.get(x[2]) ?? 0;
      if (x[3] === 'raises' && n > 1) throw new TimeoutError();
      return x[3] !== 'raises' ? n >= x[3] : 0;
    });
  }
  ax_bwait(x) { return this.barriers[x[1]].wait(); }
  ax_breset(x) { return this.barriers[x[1]].reset(); }
  ax_babort(x) { return this.barriers[x[1]].abort(); }
  ax_qput(x) { return this.queues[x[1]].put(x[2]); }
  ax_qget(x) { return this.queues[x[1]].get(); }
  ax_qjoin(x) { return this.queues[x[1]].join(); }

  // async generators
  ax_anext(x) { return this.withAgen(x, (ag) => ag.anext()); }
  ax_asend(x) { return this.withAgen(x, (ag) => ag.asend(x[2] ?? undefined)); }
  ax_athrow(x) { return this.withAgen(x, (ag) => ag.athrow(makeError(x[2], x[3]))); }
  ax_aclose(x) { return this.withAgen(x, (ag) => ag.aclose()); }
  withAgen(x, ask) {
    const ag = this.ags.get(x[1]);
    if (ag === undefined) return this.body([]);
    return this.loop.isRunning() ? ask(ag) : this.asking(ag, ask);
  }
  *asking(ag, ask) { return yield* ask(ag); }
  ax_shutag() { return this.loop.shutdownAsyncIterators(); }

  asCoro(x, fr) {
    const c = this.ax(x, fr);
    return isFuture(c) || c instanceof Aw ? this.awaiting(c) : c;
  }

  *awaiting(x) {
    return yield* x;
  }
};
