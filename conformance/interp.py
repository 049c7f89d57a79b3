"""Runs one program (see README.md for the language) on CPython 3.13's own asyncio, in virtual time; returns its trace.

FUZZ_IMPL=py (default) blocks the C accelerator, so that Lib/asyncio itself runs; FUZZ_IMPL=c uses _asyncio.
CPython's code is left alone but for what SEMANTICS.md decided: timers that tie are FIFO, sets keep insertion order.
"""
import os, sys, warnings
if os.environ.get('FUZZ_IMPL', 'py') == 'py':
    sys.modules['_asyncio'] = None
import asyncio, inspect, collections, types
from asyncio import base_events, events, tasks
warnings.simplefilter('ignore')
import logging
logging.disable(logging.CRITICAL)
sys.unraisablehook = lambda *a: None

# --- ties are FIFO, sets keep insertion order -------------------------------------------------
_seq = 0
class SeqTimer(events.TimerHandle):
    __slots__ = ('_seq',)
    def __init__(self, *a, **k):
        global _seq
        super().__init__(*a, **k)
        _seq += 1
        self._seq = _seq
    def __lt__(self, other):
        return (self._when, self._seq) < (other._when, other._seq)
    __hash__ = events.TimerHandle.__hash__
events.TimerHandle = SeqTimer

class OSet:
    def __init__(self, items=()):
        self.d = dict.fromkeys(items)
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
    def add(self, x): self.d[x] = None
    def remove(self, x): del self.d[x]
    def clear(self): self.d.clear()
tasks.set = OSet
_src = inspect.getsource(tasks._AsCompletedIterator.__init__)
_old = '{ensure_future(aw, loop=loop) for aw in set(aws)}'
assert _old in _src
exec(inspect.cleandoc('\n' + _src.replace(_old, 'set([ensure_future(aw, loop=loop) for aw in set(aws)])').replace('    def __init__', 'def __init__').replace('\n    ', '\n')), tasks.__dict__)
tasks._AsCompletedIterator.__init__ = tasks.__dict__.pop('__init__')

# --- a selector event loop without sockets: select() advances a fake clock ---------------------
class DeadlockError(Exception): pass

class CountingDeque(collections.deque):
    """_run_once() asks len() of its ready queue exactly once an iteration: when it fixes the batch."""
    iterations = 0
    def __bool__(self): return super().__len__() > 0
    def __len__(self):
        n = super().__len__()
        if n: self.iterations += 1
        return n

class TooDeep(BaseException):
    """Cancels itself round a ring for ever, or never ends: skipped."""

class GuardedTask(asyncio.Task):
    """Tasks that await each other in a ring cancel each other for ever: such a program is skipped."""
    def cancel(self, msg=None):
        loop = self.get_loop()
        loop.cancels += 1
        if loop.cancels > 20000 or loop.depth > 60:
            loop.too_deep = True
            raise TooDeep
        loop.depth += 1
        try: return super().cancel(msg)
        finally: loop.depth -= 1

class VirtualLoop(base_events.BaseEventLoop):
    def __init__(self):
        super().__init__()
        self.now = 0
        self._clock_resolution = 1e-9
        self._selector = self
        self._ready = CountingDeque()
        self.tasks = []
        self.cancels = self.depth = 0
        self.too_deep = False
    def time(self): return self.now
    def select(self, timeout):
        if timeout is None: raise DeadlockError('deadlock')
        self.now += timeout
        if self._ready.iterations > 2000: raise TooDeep
        return ()
    def _process_events(self, events): pass
    def create_task(self, coro, *, name=None, context=None):
        self._check_closed()
        task = GuardedTask(coro, loop=self, name=name or f'Task-{len(self.tasks) + 1}')
        self.tasks.append(task)
        return task

class Boom(Exception): pass
class Bang(Exception): pass
ERRORS = {'Boom': Boom, 'Bang': Bang, 'CancelledError': asyncio.CancelledError, 'TimeoutError': TimeoutError, 'KeyboardInterrupt': KeyboardInterrupt}
PLAIN = {'RuntimeError': 'LoopError', 'ValueError': 'RangeError', 'AttributeError': 'TypeError'}
MODES = {'first': asyncio.FIRST_COMPLETED, 'exc': asyncio.FIRST_EXCEPTION, 'all': asyncio.ALL_COMPLETED}

@types.coroutine
def bad_yield():
    yield 42

class Manager:
    def __init__(self, prog, op, fr): self.prog, self.op, self.fr = prog, op, fr
    async def __aenter__(self):
        self.prog.t(self.fr, 'enter')
        await self.prog.block(self.op[1], self.fr)
    async def __aexit__(self, kind, e, tb):
        if self.prog.dead: return
        self.prog.t(self.fr, 'exit ' + (self.prog.err(e) if e is not None else '-'))
        await self.prog.block(self.op[2], self.fr)
        return self.op[3] and not isinstance(e, KeyboardInterrupt)

class Iterator:
    def __init__(self, prog, op, fr): self.prog, self.op, self.fr, self.n = prog, op, fr, 0
    def __aiter__(self): return self
    async def __anext__(self):
        if self.n == self.op[1]: raise StopAsyncIteration
        self.n += 1
        await self.prog.block(self.op[2], self.fr)
        return self.n

class Aw:
    def __init__(self, inner): self.inner = inner
    def __await__(self): return self.inner.__await__()

class Return:
    __slots__ = ('value',)
    def __init__(self, value): self.value = value

class Frame:
    __slots__ = ('name',)
    def __init__(self, name): self.name = name

stats = collections.Counter()

class Program:
    def __init__(self, p):
        self.p = p
        self.loop = loop = VirtualLoop()
        self.lines = []
        self.dead = False
        self.skip = False
        self.bodies = 0
        self.slots, self.handles, self.tos, self.names = {}, {}, {}, {}
        self.objs = self.errors = self.acc = 0
        self.futs = [loop.create_future() for _ in range(p['futs'])]
        for i, f in enumerate(self.futs): self.names[f] = f'F{i}'
        self.locks = [asyncio.Lock() for _ in range(p['locks'])]
        self.sems = [asyncio.Semaphore(n) for n in p['sems']]
        self.cbs = {}
        self.foreign = VirtualLoop().create_future()
        self.names[self.foreign] = 'foreign'
        loop.set_exception_handler(self.on_error)

    # tracing
    def t(self, fr, msg):
        task = asyncio.current_task(self.loop)
        who = f'{task.get_name()}:{task.cancelling()}' if task is not None else '-'
        if not self.dead: self.lines.append(f'{self.loop._ready.iterations} {self.loop.now} {who} {fr.name} {msg}')
        if len(self.lines) > 3000: self.dead = self.skip = True

    def on_error(self, loop, context):
        message = context['message']
        if self.dead or 'never retrieved' in message or 'destroyed' in message: return
        self.t(Frame('handler'), 'error ' + self.err(context.get('exception')))
        self.errors += 1
        raising = self.p.get('handler')
        if raising and raising[0] == self.errors: raise ERRORS[raising[1]]('handler')

    def err(self, e):
        name = type(e).__name__
        if isinstance(e, (RecursionError, TooDeep)): self.skip = self.dead = True
        stats['err:' + name] += 1
        if name in ('Boom', 'Bang', 'CancelledError'): return f'{name}({e.args[0] if e.args and e.args[0] is not None else ""})'
        return PLAIN.get(name, name)

    def fmt(self, v):
        if v is None: return '-'
        if v is True: return 'true'
        if v is False: return 'false'
        if isinstance(v, (int, str)): return str(v)
        if isinstance(v, BaseException): return self.err(v)
        if isinstance(v, list): return '[' + ','.join(map(self.fmt, v)) + ']'
        if isinstance(v, tuple): return '{' + ','.join(map(self.name, v[0])) + '|' + ','.join(map(self.name, v[1])) + '}'
        return self.name(v)

    def name(self, f):
        if isinstance(f, asyncio.Task): return f.get_name()
        return self.names.get(f, '?')

    def named(self, f):
        if not isinstance(f, asyncio.Task) and f not in self.names:
            self.objs += 1
            self.names[f] = f'X{self.objs}'
        return f

    def state(self, f):
        if not f.done():
            s = 'pending'
        else:
            try: s = 'result ' + self.fmt(f.result())
            except BaseException as e: s = 'raises ' + self.err(e)
            s += ' cancelled' if f.cancelled() else ''
        if isinstance(f, asyncio.Task): s += f' {f.cancelling()}'
        return s

    # expressions
    def ref(self, r):
        k = r[0]
        if k == 'f': return self.futs[r[1]]
        if k == 's': return self.slots.get(r[1])
        if k == 'self': return asyncio.current_task(self.loop)

    def items(self, xs, fr):
        out = []
        for x in xs:
            out.append(out[x[1]] if x[0] == 'same' and x[1] < len(out) else self.ax(x, fr))
        return out

    def ax(self, x, fr):
        k = x[0]
        stats['ax:' + k] += 1
        if k in ('f', 's', 'self'):
            f = self.ref(x)
            return self.body([]) if f is None else f
        if k == 'c': return self.body(x[1])
        if k == 'sleep': return asyncio.sleep(x[1], x[2])
        if k == 'task': return self.named(asyncio.ensure_future(self.ax(x[1], fr)))
        if k == 'aw':
            inner = self.ax(x[1], fr)
            return Aw(inner)
        if k == 'shield': return self.named(asyncio.shield(self.ax(x[1], fr)))
        if k == 'gather':
            return self.named(asyncio.gather(*self.items(x[1], fr), return_exceptions=x[2]))
        if k == 'waitfor': return asyncio.wait_for(self.ax(x[1], fr), x[2])
        if k == 'wait': return asyncio.wait(self.items(x[1], fr), timeout=x[3], return_when=MODES[x[2]])
        if k == 'acq': return self.locks[x[1]].acquire()
        if k == 'semacq': return self.sems[x[1]].acquire()
        return self.body([])  # 'same' out of its list

    # synchronous operations; True when it was one
    def sync(self, op, fr):
        k = op[0]
        loop = self.loop
        if k == 'mark':
            self.t(fr, f'mark {op[1]}')
        elif k == 'spawn':
            task = loop.create_task(self.as_coro(op[2], fr))
            self.slots[op[1]] = task
            self.t(fr, f'spawn {op[1]} {task.get_name()}')
        elif k == 'mk':
            f = self.named(asyncio.ensure_future(self.ax(op[2], fr)))
            self.slots[op[1]] = f
            self.t(fr, f'mk {op[1]} {self.name(f)} {f.done()}'.lower())
        elif k == 'cancel':
            f = self.ref(op[1])
            if f is not None: self.t(fr, f'cancel {self.name(f)} {self.fmt(f.cancel(op[2]))}')
        elif k == 'uncancel':
            f = self.ref(op[1])
            if isinstance(f, asyncio.Task): self.t(fr, f'uncancel {self.name(f)} {f.uncancel()}')
        elif k in ('set', 'setexc'):
            f = self.ref(op[1])
            if f is not None:
                try:
                    if k == 'set': f.set_result(op[2])
                    else: f.set_exception(ERRORS[op[2]](op[3]))
                    self.t(fr, f'{k} {self.name(f)}')
                except Exception as e:
                    self.t(fr, f'{k} {self.name(f)} ! {self.err(e)}')
        elif k == 'addcb':
            f = self.ref(op[1])
            if f is not None:
                f.add_done_callback(self.cb(op[2]))
                self.t(fr, f'addcb {self.name(f)} {op[2]}')
        elif k == 'rmcb':
            f = self.ref(op[1])
            if f is not None: self.t(fr, f'rmcb {self.name(f)} {f.remove_done_callback(self.cb(op[2]))}')
        elif k == 'soon':
            self.handles[op[1]] = loop.call_soon(self.call, op[2], f'h{op[1]}')
            self.t(fr, f'soon {op[1]}')
        elif k == 'later':
            self.handles[op[1]] = h = loop.call_later(op[2], self.call, op[3], f'h{op[1]}')
            self.t(fr, f'later {op[1]} {h.when()}')
        elif k == 'at':
            self.handles[op[1]] = h = loop.call_at(op[2], self.call, op[3], f'h{op[1]}')
            self.t(fr, f'at {op[1]} {h.when()}')
        elif k == 'hcancel':
            h = self.handles.get(op[1])
            if h is not None:
                h.cancel()
                self.t(fr, f'hcancel {op[1]} {self.fmt(h.cancelled())}')
        elif k == 'many':  # many timers, most of them cancelled: the bulk purge
            hs = [loop.call_later(op[1] + i % 7, self.call, [], f'm{i}') for i in range(op[2])]
            for i, h in enumerate(hs):
                if i % op[3]: h.cancel()
            self.t(fr, f'many {op[2]}')
        elif k == 'burst':  # more at once than the ready queue was made for; only a digest of the order is traced
            for i in range(op[1]):
                if op[2] == 'soon': loop.call_soon(self.digest, i)
                elif op[2] == 'later': loop.call_later(i * 7 % 5, self.digest, i)
                else: loop.create_task(self.digesting(i))
            self.t(fr, f'burst {op[1]} {self.acc}')
        elif k == 'stop':
            loop.stop()
            self.t(fr, 'stop')
        elif k == 'inspect':
            f = self.ref(op[1])
            if f is not None: self.t(fr, f'inspect {self.name(f)} {self.state(f)}')
        elif k == 'exception':
            f = self.ref(op[1])
            if f is not None:
                try: s = self.fmt(f.exception())
                except BaseException as e: s = '! ' + self.err(e)
                self.t(fr, f'exception {self.name(f)} {s}')
        elif k == 'probe':
            f = self.ref(op[1])
            if isinstance(f, asyncio.Task): f.get_stack(); repr(f)
        elif k == 'raise':
            self.t(fr, f'raise {op[1]}')
            raise ERRORS[op[1]](op[2]) if op[2] is not None else ERRORS[op[1]]()
        elif k == 'rel':
            try: self.locks[op[1]].release(); self.t(fr, f'rel {op[1]}')
            except RuntimeError as e: self.t(fr, f'rel {op[1]} ! {self.err(e)}')
        elif k == 'semrel':
            self.sems[op[1]].release()
            self.t(fr, f'semrel {op[1]}')
        elif k == 'close':
            try: loop.close(); self.t(fr, 'close')
            except RuntimeError as e: self.t(fr, f'close ! {self.err(e)}')
        elif k == 'locked':
            self.t(fr, f'locked {self.acc} ' + ' '.join(self.fmt(l.locked()) for l in self.locks + self.sems))
        elif k == 'all':
            self.t(fr, f'all {self.fmt(loop.is_running())} {self.fmt(loop.is_closed())} ' + ' '.join(t.get_name() for t in self.all()))
        elif k == 'cancelall':
            for task in self.all(): task.cancel(op[1])
            self.t(fr, 'cancelall')
        elif k == 'resched':
            to = self.tos.get(op[1])
            if to is not None and loop.is_running():
                try:
                    to.reschedule(None if op[2] is None else loop.time() + op[2])
                    self.t(fr, f'resched {op[1]} {self.fmt(to.when())}')
                except RuntimeError as e: self.t(fr, f'resched {op[1]} ! {self.err(e)}')
        else:
            return False
        stats['op:' + k] += 1
        return True

    def digest(self, i):
        self.acc = (self.acc * 31 + i + self.loop.now) % 1000003

    async def digesting(self, i):
        self.digest(i)
        try: await asyncio.sleep(i % 3)
        finally: self.digest(i)

    def all(self):
        return sorted(asyncio.all_tasks(self.loop), key=self.loop.tasks.index)

    def as_coro(self, x, fr):
        c = self.ax(x, fr)
        return c if asyncio.iscoroutine(c) else self.awaiting(c)

    async def awaiting(self, x):
        return await x

    def cb(self, i):
        if i not in self.cbs:
            def callback(f):
                fr = Frame(f'cb{i}')
                self.t(fr, f'called {self.name(f)} {"cancelled" if f.cancelled() else "done"}')
                self.syncs(self.p['cbs'][i], fr)
            self.cbs[i] = callback
        return self.cbs[i]

    def call(self, ops, name):
        fr = Frame(name)
        self.t(fr, 'called')
        self.syncs(ops, fr)

    def syncs(self, ops, fr):
        for op in ops: self.sync(op, fr)

    # coroutines
    def body(self, ops):
        self.bodies += 1
        return self.run_body(ops, Frame(f'b{self.bodies}'))

    async def run_body(self, ops, fr):
        self.t(fr, 'start')
        try:
            r = await self.block(ops, fr)
        except BaseException as e:
            if not self.dead: self.t(fr, 'ends with ' + self.err(e))
            raise
        self.t(fr, f'returns {self.fmt(r.value if r else None)}')
        return r.value if r else None

    async def block(self, ops, fr):
        for op in ops:
            if self.dead: return None
            if self.sync(op, fr): continue
            r = await self.op(op, fr)
            if r is not None: return r

    def handler(self, hs, e):
        if self.dead or isinstance(e, GeneratorExit): return None
        for h in hs:
            k = h[0]
            if (k == '*' or k == 'C' and isinstance(e, asyncio.CancelledError) or k == 'T' and isinstance(e, TimeoutError)
                    or k == 'B' and isinstance(e, Boom) or k == 'K' and isinstance(e, KeyboardInterrupt)
                    or k == 'E' and not isinstance(e, (asyncio.CancelledError, KeyboardInterrupt))):
                return h

    async def op(self, op, fr):
        k = op[0]
        stats['op:' + k] += 1
        if k == 'sleep':
            await asyncio.sleep(op[1])
            self.t(fr, f'slept {op[1]}')
        elif k == 'await':
            try:
                v = await self.ax(op[1], fr)
            except BaseException as e:
                if not self.dead: self.t(fr, f'await {op[1][0]} ! {self.err(e)}')
                raise
            self.t(fr, f'await {op[1][0]} {self.fmt(v)}')
        elif k == 'return':
            return Return(op[1])
        elif k == 'loop':
            for _ in range(op[1]):
                r = await self.block(op[2], fr)
                if r is not None: return r
        elif k == 'try':
            r = None
            try:
                r = await self.block(op[1], fr)
            except BaseException as e:
                h = self.handler(op[2], e)
                if h is None: raise
                self.t(fr, 'caught ' + self.err(e))
                r = await self.block(h[1], fr)
                if r is None:
                    act = h[2]
                    stats['act:' + act[0]] += 1
                    if act[0] == 're': raise
                    if act[0] == 'raise': raise ERRORS[act[1]](act[2])
                    if act[0] == 'ret': r = Return(act[1])
            finally:
                if op[3] is not None and not self.dead:
                    self.t(fr, 'finally')
                    rf = await self.block(op[3], fr)
                    if rf is not None: return rf
            return r
        elif k == 'with':
            m = self.locks[op[2]] if op[1] == 'lock' else self.sems[op[2]]
            async with m:
                self.t(fr, f'in {op[1]} {op[2]}')
                r = await self.block(op[3], fr)
            self.t(fr, f'out {op[1]} {op[2]}')
            return r
        elif k in ('timeout', 'timeoutat', 'reenter'):
            if k == 'timeout': to = asyncio.timeout(op[2])
            elif k == 'timeoutat': to = asyncio.timeout_at(op[2])
            else: to = self.tos.get(op[1])
            if to is None: return None
            self.tos[op[1]] = to
            try:
                async with to:
                    r = await self.block(op[3], fr)
            except BaseException as e:
                if not self.dead: self.t(fr, f'timeout {op[1]} {self.fmt(to.expired())} ! {self.err(e)}')
                raise
            self.t(fr, f'timeout {op[1]} {self.fmt(to.expired())}')
            return r
        elif k == 'foreign':
            f = self.foreign
            await (f if op[1] == 'f' else asyncio.shield(f) if op[1] == 'shield' else asyncio.wait_for(f, 3))
            self.t(fr, 'foreign')
        elif k == 'badyield':
            await bad_yield()
            self.t(fr, 'badyield')
        elif k == 'cm':
            async with Manager(self, op, fr):
                r = await self.block(op[4], fr)
                if r is not None: return r
            self.t(fr, 'left')
        elif k == 'afor':
            async for n in Iterator(self, op, fr):
                self.t(fr, f'item {n}')
                r = await self.block(op[3], fr)
                if r is not None: return r
            self.t(fr, 'afor ends')
        elif k == 'ascomp':
            return await self.ascomp(op, fr)
        else:
            raise Exception('bad op ' + str(op))

    async def ascomp(self, op, fr):
        _, xs, limit, mode, swallow, most, ops = op
        ac = asyncio.as_completed(self.items(xs, fr), timeout=limit)
        stats['ascomp:' + mode] += 1
        if mode == 'many':
            for i, c in enumerate(ac):
                self.slots[most + i] = self.loop.create_task(c)
            return None
        if mode == 'stagger':
            for i, c in enumerate(ac):
                self.slots[most + i] = self.loop.create_task(self.staggered(c, i * swallow % 3))
            return None
        n = 0
        if mode == 'async':
            async for f in ac:
                n += 1
                self.t(fr, f'next {self.name(self.named(f))} {self.state(f)}')
                r = await self.block(ops, fr)
                if r is not None: return r
                if n == most: break
            self.t(fr, f'ascomp ends {n}')
            return None
        while n < most:
            c = next(ac, None)
            if c is None: break
            n += 1
            try:
                v = await c
                self.t(fr, f'next {self.fmt(v)}')
            except BaseException as e:
                if self.dead: raise
                self.t(fr, 'next ! ' + self.err(e))
                if swallow == 0 or isinstance(e, KeyboardInterrupt) or swallow == 1 and isinstance(e, asyncio.CancelledError): raise
            r = await self.block(ops, fr)
            if r is not None: return r
        self.t(fr, f'ascomp ends {n}')
        return None

    async def staggered(self, c, delay):
        await asyncio.sleep(delay)
        return await c

    # outside of the loop
    def main(self):
        fr = Frame('main')
        loop = self.loop
        asyncio.set_event_loop(loop)
        steps = self.p['main'] + [['final']]
        for step in steps:
            k = step[0]
            stats['main:' + k] += 1
            try:
                if k == 'sync':
                    self.syncs(step[1], fr)
                elif k == 'run':
                    v = loop.run_until_complete(self.ax(step[1], fr))
                    self.t(fr, 'run ' + self.fmt(v))
                elif k == 'forever':
                    loop.run_forever()
                    self.t(fr, 'forever')
                elif k == 'close':
                    self.sync(step, fr)
                elif k == 'drain':
                    ts = self.all()
                    for task in ts: task.cancel()
                    v = loop.run_until_complete(asyncio.gather(*ts, return_exceptions=True))
                    self.t(fr, 'drain ' + self.fmt(v))
                elif k == 'final':
                    everything = set(loop.tasks) | set(self.names)
                    self.t(fr, 'unretrieved ' + ' '.join(sorted(self.name(f) for f in everything if f._log_traceback)))
                    for i in sorted(self.slots): self.t(fr, f'slot {i} {self.name(self.slots[i])} {self.state(self.slots[i])}')
                    for f in self.futs: self.t(fr, f'fut {self.name(f)} {self.state(f)}')
                    self.sync(['all'], fr)
                    self.sync(['locked'], fr)
            except TooDeep:
                return self.giving_up()
            except BaseException as e:
                stats['main!:' + type(e).__name__] += 1
                self.t(fr, f'{k} ! {self.err(e)}')
        return self.finish()

    def giving_up(self):
        self.skip = True
        return self.finish()

    def finish(self):
        self.dead = True
        asyncio.set_event_loop(None)
        self.loop.close()
        self.foreign.get_loop().close()
        return self.lines

def run(p):
    prog = Program(p)
    try: lines = prog.main()
    except TooDeep: lines = prog.giving_up()
    return lines, prog.skip or prog.loop.too_deep
