"""What a program can do without waiting, in coroutines and callbacks and outside of the loop. The mirror of ours/calls.mjs."""
import contextvars
from oracle import asyncio, all_tasks, make_error, NumberedTask

ASKING = ('anext', 'asend', 'athrow', 'aclose')

class Calls:
    def sync(self, op, fr):
        """True when it was one of these."""
        do = getattr(self, 'do_' + op[0], None)
        if do is None: return False
        self.seen.add(op[0])
        do(op, fr)
        return True

    def syncs(self, ops, fr):
        for op in ops: self.sync(op, fr)

    def attempt(self, fr, what, call, *errors):
        """Calls, and traces what it gave, or which of the errors expected of it came."""
        try: v = call()
        except errors as e: self.t(fr, f'{what} ! {self.err(e)}')
        else: self.t(fr, what if v is None else f'{what} {self.fmt(v)}')

    error = staticmethod(make_error)

    def do_mark(self, op, fr): self.t(fr, f'mark {op[1]}')
    def do_raise(self, op, fr):
        self.t(fr, f'raise {op[1]}')
        raise make_error(op[1], op[2])

    # tasks and futures
    def do_spawn(self, op, fr):
        create = asyncio.create_task if self.loop.is_running() else self.loop.create_task
        self.slots[op[1]] = task = create(self.as_coro(op[2], fr))
        self.t(fr, f'spawn {op[1]} {task.get_name()}')
    def do_spawnin(self, op, fr):
        _, slot, x, c, eager, name = op
        context = None if c is None else self.ctxs.get(c)
        if context is not None: self.seen.add('spawnin context')
        if eager: self.seen.add('spawnin eager')
        if name: self.seen.add('spawnin name')
        coro = self.as_coro(x, fr)
        if context is not None and (eager or self.makes_eager) and self.is_entered(context): context = None
        if eager: task = asyncio.Task(coro, loop=self.loop, name=name, context=context, eager_start=True)
        else: task = self.loop.create_task(coro, name=name, context=context)
        self.slots[slot] = task
        self.t(fr, f'spawnin {slot} {task.get_name()} {self.fmt(task.done())}')
    def is_entered(self, context):
        # An eager task in a context that is entered is refused; CPython has it in all_tasks() for ever.
        try: context.run(int)
        except RuntimeError: return True
    makes_eager = False
    def do_mk(self, op, fr):
        self.slots[op[1]] = f = self.named(asyncio.ensure_future(self.ax(op[2], fr)))
        self.t(fr, f'mk {op[1]} {self.name(f)} {f.done()}'.lower())
    def do_cancel(self, op, fr):
        f = self.ref(op[1])
        if f is not None: self.t(fr, f'cancel {self.name(f)} {self.fmt(f.cancel(op[2]))}')
    def do_uncancel(self, op, fr):
        f = self.ref(op[1])
        if isinstance(f, asyncio.Task): self.t(fr, f'uncancel {self.name(f)} {f.uncancel()}')
    def do_set(self, op, fr):
        f = self.ref(op[1])
        if f is not None: self.attempt(fr, f'set {self.name(f)}', lambda: f.set_result(op[2]), Exception)
    def do_setexc(self, op, fr):
        f = self.ref(op[1])
        if f is not None: self.attempt(fr, f'setexc {self.name(f)}', lambda: f.set_exception(make_error(op[2], op[3])), Exception)
    def do_addcb(self, op, fr):
        f = self.ref(op[1])
        if f is None: return
        f.add_done_callback(self.cb(op[2]))
        self.t(fr, f'addcb {self.name(f)} {op[2]}')
    def do_cbin(self, op, fr):
        f, context = self.ref(op[1]), self.ctxs.get(op[3])
        if f is None or context is None: return
        f.add_done_callback(self.cb(op[2]), context=context)
        self.t(fr, f'cbin {self.name(f)} {op[2]}')
    def do_rmcb(self, op, fr):
        f = self.ref(op[1])
        if f is not None: self.t(fr, f'rmcb {self.name(f)} {f.remove_done_callback(self.cb(op[2]))}')
    def do_inspect(self, op, fr):
        f = self.ref(op[1])
        if f is not None: self.t(fr, f'inspect {self.name(f)} {self.state(f)}')
    def do_exception(self, op, fr):
        f = self.ref(op[1])
        if f is None: return
        try: s = self.fmt(f.exception())
        except BaseException as e: s = '! ' + self.err(e)
        self.t(fr, f'exception {self.name(f)} {s}')
    def do_probe(self, op, fr):
        f = self.ref(op[1])
        if isinstance(f, asyncio.Task): f.get_stack(); repr(f)
    def do_all(self, op, fr):
        loop = self.loop
        self.t(fr, f'all {self.fmt(loop.is_running())} {self.fmt(loop.is_closed())} ' + ' '.join(t.get_name() for t in all_tasks(loop)))
    def do_cancelall(self, op, fr):
        for task in all_tasks(self.loop): task.cancel(op[1])
        self.t(fr, 'cancelall')
    def do_factory(self, op, fr):
        self.seen.add(f'factory {op[1]}')
        self.makes_eager = op[1] == 'eager'
        self.loop.set_task_factory({'none': None, 'eager': asyncio.eager_task_factory, 'own': self.factory}[op[1]])
        self.t(fr, f'factory {op[1]}')
    def factory(self, loop, coro, **options):
        task = NumberedTask(coro, loop=loop, **options)
        self.t('factory', task.get_name())
        return task

    # handles and the loop
    def do_soon(self, op, fr):
        self.handles[op[1]] = self.loop.call_soon(self.call, op[2], f'h{op[1]}')
        self.t(fr, f'soon {op[1]}')
    def do_soonts(self, op, fr):
        self.handles[op[1]] = self.loop.call_soon_threadsafe(self.call, op[2], f'h{op[1]}')
        self.t(fr, f'soonts {op[1]}')
    def do_later(self, op, fr):
        self.handles[op[1]] = h = self.loop.call_later(op[2], self.call, op[3], f'h{op[1]}')
        self.t(fr, f'later {op[1]} {h.when()}')
    def do_at(self, op, fr):
        self.handles[op[1]] = h = self.loop.call_at(op[2], self.call, op[3], f'h{op[1]}')
        self.t(fr, f'at {op[1]} {h.when()}')
    def do_hcancel(self, op, fr):
        h = self.handles.get(op[1])
        if h is None: return
        h.cancel()
        self.t(fr, f'hcancel {op[1]} {self.fmt(h.cancelled())}')
    def do_many(self, op, fr):  # many timers, most of them cancelled: the bulk purge
        hs = [self.loop.call_later(op[1] + i % 7, self.call, [], f'm{i}') for i in range(op[2])]
        for i, h in enumerate(hs):
            if i % op[3]: h.cancel()
        self.t(fr, f'many {op[2]}')
    def do_burst(self, op, fr):  # more at once than the ready queue was made for; only a digest of the order is traced
        self.seen.add('burst ' + op[2])
        for i in range(op[1]):
            if op[2] == 'soon': self.loop.call_soon(self.digest, i)
            elif op[2] == 'later': self.loop.call_later(i * 7 % 5, self.digest, i)
            else: self.loop.create_task(self.digesting(i))
        self.t(fr, f'burst {op[1]} {self.acc}')
    def do_stop(self, op, fr):
        (asyncio.get_running_loop() if self.loop.is_running() else self.loop).stop()
        self.t(fr, 'stop')
    def do_close(self, op, fr): self.attempt(fr, 'close', self.loop.close, RuntimeError)

    def cb(self, i):
        if i not in self.cbs:
            def callback(f):
                self.t(f'cb{i}', f'called {self.name(f)} {"cancelled" if f.cancelled() else "done"}')
                self.syncs(self.p['cbs'][i], f'cb{i}')
            self.cbs[i] = callback
        return self.cbs[i]
    def call(self, ops, name):
        self.t(name, 'called')
        self.syncs(ops, name)
    def digest(self, i):
        self.acc = (self.acc * 31 + i + self.loop.now) % 1000003
    async def digesting(self, i):
        self.digest(i)
        try: await asyncio.sleep(i % 3)
        finally: self.digest(i)

    # locks, queues, groups
    def do_rel(self, op, fr): self.attempt(fr, f'rel {op[1]}', self.locks[op[1]].release, RuntimeError)
    def do_semrel(self, op, fr): self.attempt(fr, f'semrel {op[1]}', self.sems[op[1]].release, ValueError)
    def do_evset(self, op, fr): self.attempt(fr, f'evset {op[1]}', self.events[op[1]].set)
    def do_evclear(self, op, fr): self.attempt(fr, f'evclear {op[1]}', self.events[op[1]].clear)
    def do_crel(self, op, fr): self.attempt(fr, f'crel {op[1]}', self.conds[op[1]].release, RuntimeError)
    def do_notify(self, op, fr): self.attempt(fr, f'notify {op[1]}', lambda: self.conds[op[1]].notify(op[2]), RuntimeError)
    def do_notifyall(self, op, fr): self.attempt(fr, f'notifyall {op[1]}', self.conds[op[1]].notify_all, RuntimeError)
    def do_bump(self, op, fr):
        self.nums[op[1]] += op[2]
        self.t(fr, f'bump {op[1]} {self.nums[op[1]]}')
    def do_qputn(self, op, fr): self.attempt(fr, f'qputn {op[1]}', lambda: self.queues[op[1]].put_nowait(op[2]), asyncio.QueueFull, asyncio.QueueShutDown)
    def do_qgetn(self, op, fr): self.attempt(fr, f'qgetn {op[1]}', self.queues[op[1]].get_nowait, asyncio.QueueEmpty, asyncio.QueueShutDown)
    def do_qfill(self, op, fr):
        put = 0
        try:
            for i in range(op[2]):
                self.queues[op[1]].put_nowait([i * 7 % 5, i] if op[3] else i * 7 % 11)
                put += 1
        except (asyncio.QueueFull, asyncio.QueueShutDown) as e: self.t(fr, f'qfill {op[1]} ! {self.err(e)}')
        self.t(fr, f'qfill {op[1]} {put}')
    def do_qdrain(self, op, fr):
        items = []
        try:
            while True: items.append(self.queues[op[1]].get_nowait())
        except (asyncio.QueueEmpty, asyncio.QueueShutDown) as e: self.t(fr, f'qdrain {op[1]} {self.fmt(items)} {self.err(e)}')
    def do_qdone(self, op, fr): self.attempt(fr, f'qdone {op[1]}', self.queues[op[1]].task_done, ValueError)
    def do_qshut(self, op, fr):
        self.seen.add('qshut immediate' if op[2] else 'qshut gently')
        self.attempt(fr, f'qshut {op[1]}', lambda: self.queues[op[1]].shutdown(op[2]))
    def do_tgspawn(self, op, fr):
        group = self.groups.get(op[1])
        if group is None: return
        # A group that refuses closes what it was given: of a request to an async generator that closes the generator, and is left out.
        coro = self.awaiting(self.ax(op[3], fr)) if op[3][0] in ASKING else self.as_coro(op[3], fr)
        try: task = group.create_task(coro)
        except RuntimeError as e:
            self.seen.add('tgspawn refused')
            return self.t(fr, f'tgspawn {op[1]} ! {self.err(e)}')
        self.slots[op[2]] = task
        self.t(fr, f'tgspawn {op[1]} {op[2]} {task.get_name()}')
    def do_tgnew(self, op, fr):
        self.groups[op[1]] = asyncio.TaskGroup()
        self.t(fr, f'tgnew {op[1]}')
    def do_resched(self, op, fr):
        to, loop = self.tos.get(op[1]), self.loop
        if to is None or not loop.is_running(): return
        def reschedule():
            to.reschedule(None if op[2] is None else loop.time() + op[2])
            return self.fmt(to.when())
        self.attempt(fr, f'resched {op[1]}', reschedule, RuntimeError)
    def do_locked(self, op, fr):
        self.t(fr, ' '.join(['locked', str(self.acc), *(self.fmt(l.locked()) for l in self.locks + self.sems), *(self.fmt(e.is_set()) for e in self.events),
                             *(self.fmt(c.locked()) for c in self.conds), *(f'{b.parties}:{b.n_waiting}:{self.fmt(b.broken)}' for b in self.barriers),
                             *(f'{q.maxsize}:{q.qsize()}:{self.fmt(q.empty())}:{self.fmt(q.full())}' for q in self.queues)]))

    # contexts
    def do_vset(self, op, fr):
        self.tokens[op[3]] = self.vars[op[1]].set(op[2])
        self.t(fr, f'vset {op[1]}')
    def do_vget(self, op, fr): self.attempt(fr, f'vget {op[1]}', self.vars[op[1]].get, LookupError)
    def do_vreset(self, op, fr):
        token = self.tokens.get(op[2])
        if token is not None: self.attempt(fr, f'vreset {op[1]}', lambda: self.vars[op[1]].reset(token), RuntimeError, ValueError)
    def do_ctxnew(self, op, fr): self.ctxs[op[1]] = contextvars.Context()
    def do_ctxcopy(self, op, fr):
        self.ctxs[op[1]] = self.ctxs[1 - op[1]].copy() if len(op) > 2 and op[2] and 1 - op[1] in self.ctxs else contextvars.copy_context()
    def do_ctxof(self, op, fr):
        f = self.ref(op[2])
        if isinstance(f, asyncio.Task): self.ctxs[op[1]] = f.get_context()
    def do_ctxrun(self, op, fr):
        context = self.ctxs.get(op[1])
        if context is None: return
        context.run(self.syncs, op[2], fr)
        self.t(fr, f'ctxrun {op[1]} {len(context)} ' + ' '.join(f'{v.name}={self.fmt(context.get(v))}' for v in self.vars if v in context))

    # async generators
    def do_agnew(self, op, fr):
        self.bodies += 1
        self.ags[op[1]] = ag = self.agen(op, f'g{self.bodies}')
        self.kept.append(ag)  # else the last reference to go would close it
        self.t(fr, f'agnew {op[1]}')
