"""Runs one program (README.md has the language) on CPython's asyncio in virtual time; returns its trace. The mirror of ours/interp.mjs."""
import collections, contextvars
from oracle import asyncio, all_tasks, fresh_loop, make_error, TooDeep, PLAIN
from awaitables import Awaitables
from calls import Calls
from statements import Statements

# In how many programs each thing was executed: filled by run().
stats = collections.Counter()

QUEUES = {'fifo': asyncio.Queue, 'lifo': asyncio.LifoQueue, 'prio': asyncio.PriorityQueue}

class Program(Awaitables, Calls, Statements):
    def __init__(self, p):
        self.p = p
        self.loop = loop = fresh_loop()
        self.lines = []
        self.seen = set()
        self.dead = self.skip = False
        self.bodies = self.objs = self.errors = self.acc = 0
        self.slots, self.handles, self.tos, self.names, self.cbs = {}, {}, {}, {}, {}
        self.groups, self.ctxs, self.tokens, self.ags = {}, {}, {}, {}
        self.kept = []
        self.nums = collections.Counter()
        self.futs = [loop.create_future() for _ in range(p['futs'])]
        for i, f in enumerate(self.futs): self.names[f] = f'F{i}'
        self.locks = [asyncio.Lock() for _ in range(p['locks'])]
        self.sems = [asyncio.Semaphore(n) if isinstance(n, int) else asyncio.BoundedSemaphore(n[1]) for n in p['sems']]
        self.events = [asyncio.Event() for _ in range(p.get('events', 0))]
        self.conds = [asyncio.Condition() if n is None else asyncio.Condition(self.locks[n]) for n in p.get('conds', ())]
        self.barriers = [asyncio.Barrier(n) for n in p.get('barriers', ())]
        self.queues = [QUEUES[kind](size) for kind, size in p.get('queues', ())]
        self.vars = [contextvars.ContextVar(f'v{i}', **({} if d is None else {'default': d})) for i, d in enumerate(p.get('vars', ()))]
        loop.set_exception_handler(self.on_error)

    # tracing
    def t(self, fr, msg):
        if self.dead: return
        loop = self.loop
        task = asyncio.current_task(loop)
        who = f'{task._name}:{task._num_cancels_requested}' if task is not None else '-'
        if self.vars: who += '{' + ','.join([self.fmt(v.get(None)) for v in self.vars]) + '}'
        self.lines.append(f'{loop._ready.iterations} {loop.now} {who} {fr} {msg}')
        if len(self.lines) > 3000: self.dead = self.skip = True

    def on_error(self, loop, context):
        message = context['message']
        if self.dead or 'never retrieved' in message or 'destroyed' in message: return
        self.t('handler', 'error ' + self.err(context.get('exception')))
        self.errors += 1
        raising = self.p.get('handler')
        if raising and raising[0] == self.errors:
            self.seen.add('handler raises')
            raise make_error(raising[1], 'handler')

    def err(self, e):
        name = type(e).__name__
        if isinstance(e, (RecursionError, TooDeep)): self.skip = self.dead = True
        self.seen.add('error ' + name)
        if name in ('Boom', 'Bang', 'CancelledError'): return f'{name}({e.args[0] if e.args and e.args[0] is not None else ""})'
        if isinstance(e, BaseExceptionGroup): return 'ExceptionGroup[' + ','.join(map(self.err, e.exceptions)) + ']'
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

    # outside of the loop
    def main(self):
        loop = self.loop
        asyncio.set_event_loop(loop)
        for step in [*self.p['main'], ['final']]:
            k = step[0]
            self.seen.add('main ' + k)
            try:
                if k == 'sync': self.syncs(step[1], 'main')
                elif k == 'run': self.t('main', 'run ' + self.fmt(loop.run_until_complete(self.ax(step[1], 'main'))))
                elif k == 'forever':
                    loop.run_forever()
                    self.t('main', 'forever')
                elif k == 'close': self.sync(step, 'main')
                elif k == 'drain':
                    ts = all_tasks(loop)
                    for task in ts: task.cancel()
                    self.t('main', 'drain ' + self.fmt(loop.run_until_complete(asyncio.gather(*ts, return_exceptions=True))))
                elif k == 'shutag':
                    loop.run_until_complete(loop.shutdown_asyncgens())
                    self.t('main', 'shutag')
                elif k == 'final': self.final()
            except TooDeep:
                return self.giving_up()
            except BaseException as e:
                self.seen.add(f'main {k} raises')
                self.t('main', f'{k} ! {self.err(e)}')
        return self.finish()

    def final(self):
        everything = set(self.loop.tasks) | set(self.names)
        self.t('main', 'unretrieved ' + ' '.join(sorted(self.name(f) for f in everything if f._log_traceback)))
        for i in sorted(self.slots): self.t('main', f'slot {i} {self.name(self.slots[i])} {self.state(self.slots[i])}')
        for f in self.futs: self.t('main', f'fut {self.name(f)} {self.state(f)}')
        self.sync(['all'], 'main')
        self.sync(['locked'], 'main')

    def giving_up(self):
        self.skip = True
        return self.finish()

    def finish(self):
        self.dead = True
        asyncio.set_event_loop(None)
        self.loop.close()
        return self.lines

def run(p):
    """(lines, whether the program has to be skipped, what was executed)"""
    prog = Program(p)
    try: lines = contextvars.Context().run(prog.main)
    except TooDeep: lines = prog.giving_up()
    skip = prog.skip or prog.loop.too_deep
    if not skip: stats.update(prog.seen)
    return lines, skip, prog.seen
