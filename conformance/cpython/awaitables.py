"""What a program can await. The mirror of ours/awaitables.mjs."""
from oracle import asyncio

MODES = {'first': asyncio.FIRST_COMPLETED, 'exc': asyncio.FIRST_EXCEPTION, 'all': asyncio.ALL_COMPLETED}

class Aw:
    def __init__(self, inner): self.inner = inner
    def __await__(self): return self.inner.__await__()

class Awaitables:
    def ref(self, r):
        k = r[0]
        if k == 'f': return self.futs[r[1]]
        if k == 's': return self.slots.get(r[1])
        if k == 'self': return asyncio.current_task(self.loop)

    def items(self, xs, fr):
        out = []
        for x in xs:
            if x[0] == 'same' and x[1] < len(out):
                self.seen.add('await same')
                out.append(out[x[1]])
            else:
                out.append(self.ax(x, fr))
        return out

    def ax(self, x, fr):
        k = x[0]
        self.seen.add('await ' + k)
        return getattr(self, 'ax_' + k)(x, fr)

    def ax_f(self, x, fr):
        f = self.ref(x)
        return self.body([]) if f is None else f
    ax_s = ax_self = ax_f
    def ax_same(self, x, fr): return self.body([])  # out of its list
    def ax_c(self, x, fr): return self.body(x[1])
    def ax_sleep(self, x, fr): return asyncio.sleep(x[1], x[2])
    def ax_task(self, x, fr): return self.named(asyncio.ensure_future(self.ax(x[1], fr)))
    def ax_aw(self, x, fr): return Aw(self.ax(x[1], fr))
    def ax_shield(self, x, fr): return self.named(asyncio.shield(self.ax(x[1], fr)))
    def ax_gather(self, x, fr):
        self.seen.add('gather return_exceptions' if x[2] else 'gather plain')
        return self.named(asyncio.gather(*self.items(x[1], fr), return_exceptions=x[2]))
    def ax_waitfor(self, x, fr):
        self.seen.add('waitfor ' + ('for ever' if x[2] is None else 'at once' if x[2] <= 0 else 'a while'))
        return asyncio.wait_for(self.ax(x[1], fr), x[2])
    def ax_wait(self, x, fr):
        self.seen.add('wait ' + x[2])
        return asyncio.wait(self.items(x[1], fr), timeout=x[3], return_when=MODES[x[2]])

    # locks and queues
    def ax_acq(self, x, fr): return self.locks[x[1]].acquire()
    def ax_semacq(self, x, fr): return self.sems[x[1]].acquire()
    def ax_evwait(self, x, fr): return self.events[x[1]].wait()
    def ax_cacq(self, x, fr): return self.conds[x[1]].acquire()
    def ax_cwait(self, x, fr): return self.conds[x[1]].wait()
    def ax_cwaitfor(self, x, fr):
        def predicate():
            self.acc += 1
            if x[3] == 'raises' and self.nums[x[2]] > 1: raise asyncio.TimeoutError
            return self.nums[x[2]] >= x[3] if x[3] != 'raises' else 0
        return self.conds[x[1]].wait_for(predicate)
    def ax_bwait(self, x, fr): return self.barriers[x[1]].wait()
    def ax_breset(self, x, fr): return self.barriers[x[1]].reset()
    def ax_babort(self, x, fr): return self.barriers[x[1]].abort()
    def ax_qput(self, x, fr): return self.queues[x[1]].put(x[2])
    def ax_qget(self, x, fr): return self.queues[x[1]].get()
    def ax_qjoin(self, x, fr): return self.queues[x[1]].join()

    # async generators
    def ax_anext(self, x, fr): return self.with_agen(x, lambda ag: ag.__anext__())
    def ax_asend(self, x, fr): return self.with_agen(x, lambda ag: ag.asend(x[2]))
    def ax_athrow(self, x, fr): return self.with_agen(x, lambda ag: ag.athrow(self.error(x[2], x[3])))
    def ax_aclose(self, x, fr): return self.with_agen(x, lambda ag: ag.aclose())
    def with_agen(self, x, ask):
        ag = self.ags.get(x[1])
        if ag is None: return self.body([])
        # Outside of a run CPython would never tell a loop of the generator; ours does with the next request.
        return ask(ag) if self.loop.is_running() else self.asking(ag, ask)
    async def asking(self, ag, ask): return await ask(ag)
    def ax_shutag(self, x, fr): return self.loop.shutdown_asyncgens()

    def as_coro(self, x, fr):
        c = self.ax(x, fr)
        return c if asyncio.iscoroutine(c) else self.awaiting(c)

    async def awaiting(self, x):
        return await x
