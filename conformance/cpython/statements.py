"""What a program can do in coroutines only. The mirror of ours/statements.mjs."""
import contextlib
from oracle import asyncio, bad_yield, make_error, Boom, VirtualLoop

FOREIGN = VirtualLoop()

class Return:
    __slots__ = ('value',)
    def __init__(self, value): self.value = value

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

class Nothing:
    async def __aenter__(self): pass
    async def __aexit__(self, kind, e, tb): pass

KINDS = {
    '*': lambda e: True,
    'C': lambda e: isinstance(e, asyncio.CancelledError),
    'T': lambda e: isinstance(e, TimeoutError),
    'B': lambda e: isinstance(e, Boom),
    'K': lambda e: isinstance(e, KeyboardInterrupt),
    'G': lambda e: isinstance(e, BaseExceptionGroup),
    'E': lambda e: not isinstance(e, (asyncio.CancelledError, KeyboardInterrupt)),
}

class Statements:
    def body(self, ops):
        self.bodies += 1
        return self.run_body(ops, f'b{self.bodies}')

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
            self.seen.add(op[0])
            r = await getattr(self, 'op_' + op[0])(op, fr)
            if r is not None: return r

    async def op_sleep(self, op, fr):
        await asyncio.sleep(op[1])
        self.t(fr, f'slept {op[1]}')

    async def op_await(self, op, fr):
        try:
            v = await self.ax(op[1], fr)
        except BaseException as e:
            if not self.dead: self.t(fr, f'await {op[1][0]} ! {self.err(e)}')
            raise
        self.t(fr, f'await {op[1][0]} {self.fmt(v)}')

    async def op_return(self, op, fr): return Return(op[1])

    async def op_loop(self, op, fr):
        for _ in range(op[1]):
            r = await self.block(op[2], fr)
            if r is not None: return r

    # try
    def handler(self, hs, e):
        if self.dead or isinstance(e, GeneratorExit): return None
        return next((h for h in hs if KINDS[h[0]](e)), None)

    async def handle(self, h, e, fr):
        """The except clause of a handler; True where the error goes on."""
        self.seen.add('except ' + h[0])
        self.t(fr, 'caught ' + self.err(e))
        if h[0] == 'G': self.t(fr, 'split ' + ' '.join(map(self.fmt, e.split(Boom))))
        r = await self.block(h[1], fr)
        if r is not None: return r
        act = h[2]
        self.seen.add('then ' + act[0])
        if act[0] == 're': return True
        if act[0] == 'raise': raise make_error(act[1], act[2])
        return Return(act[1]) if act[0] == 'ret' else None

    async def op_try(self, op, fr):
        r = None
        try:
            r = await self.block(op[1], fr)
        except BaseException as e:
            h = self.handler(op[2], e)
            if h is None: raise
            r = await self.handle(h, e, fr)
            if r is True: raise
        finally:
            if op[3] is not None and not self.dead:
                self.seen.add('finally')
                self.t(fr, 'finally')
                rf = await self.block(op[3], fr)
                if rf is not None: return rf
        return r

    # async with
    async def op_with(self, op, fr):
        kind, i = op[1], op[2]
        self.seen.add('with ' + kind)
        m = {'lock': self.locks, 'sem': self.sems, 'cond': self.conds, 'barrier': self.barriers}[kind][i]
        async with m as place:
            self.t(fr, f'in {kind} {i}' + (f' {place}' if kind == 'barrier' else ''))
            r = await self.block(op[3], fr)
        self.t(fr, f'out {kind} {i}')
        return r

    async def op_timeout(self, op, fr):
        if op[0] == 'timeout': to = asyncio.timeout(op[2])
        elif op[0] == 'timeoutat': to = asyncio.timeout_at(op[2])
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
    op_timeoutat = op_reenter = op_timeout

    async def op_group(self, op, fr):
        group = asyncio.TaskGroup() if op[0] == 'group' else self.groups.get(op[1])
        if group is None: return None
        self.groups[op[1]] = group
        try:
            async with group:
                r = await self.block(op[2], fr)
        except BaseException as e:
            if not self.dead: self.t(fr, f'group {op[1]} ! {self.err(e)}')
            raise
        self.t(fr, f'group {op[1]} ends')
        return r
    op_regroup = op_group

    async def op_cm(self, op, fr):
        async with Manager(self, op, fr):
            r = await self.block(op[4], fr)
            if r is not None: return r
        self.t(fr, 'left')

    # async for
    async def op_afor(self, op, fr):
        async for n in Iterator(self, op, fr):
            self.t(fr, f'item {n}')
            r = await self.block(op[3], fr)
            if r is not None: return r
        self.t(fr, 'afor ends')

    async def op_ascomp(self, op, fr):
        _, xs, limit, mode, swallow, most, ops = op
        self.seen.add('ascomp ' + mode)
        ac = asyncio.as_completed(self.items(xs, fr), timeout=limit)
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

    # async generators: what is sent to an emit is traced
    async def agen(self, op, fr):
        _, slot, guard, head, guarded, hs, final = op
        self.t(fr, 'start')
        for o in head:
            if o[0] == 'emit':
                self.seen.add('emit')
                self.t(fr, f'sent {self.fmt((yield o[1]))}')
            elif await self.block([o], fr) is not None: return
        try:
            async with self.guard(guard):
                for o in guarded:
                    if o[0] == 'emit':
                        self.seen.add('emit guarded')
                        self.t(fr, f'sent {self.fmt((yield o[1]))}')
                    elif await self.block([o], fr) is not None: return
        except BaseException as e:
            h = self.handler(hs, e)
            if h is None: raise
            if await self.handle(h, e, fr) is True: raise
            if not self.dead: self.t(fr, f'sent {self.fmt((yield -1))}')
        finally:
            if not self.dead:
                self.seen.add('agen finally')
                self.t(fr, 'finally')
                for o in final:
                    if o[0] == 'emit':
                        self.seen.add('emit finally')
                        self.t(fr, f'sent {self.fmt((yield o[1]))}')
                    elif await self.block([o], fr) is not None: return
        self.t(fr, 'ends')

    def guard(self, guard):
        if guard is None: return Nothing()
        return self.locks[guard[1]] if guard[0] == 'lock' else asyncio.timeout(guard[1])

    async def op_agfor(self, op, fr):
        ag = self.ags.get(op[1])
        if ag is None: return None
        if op[4] == 'aclosing':
            self.seen.add('agfor aclosing')
            async with contextlib.aclosing(ag): return await self.op_agfor([*op[:4], False], fr)
        n = 0
        self.seen.add('agfor closing' if op[4] else 'agfor leaving')
        async for v in ag:
            n += 1
            self.t(fr, f'item {self.fmt(v)}')
            try:
                r = await self.block(op[3], fr)
            except BaseException:
                if op[4] and not self.dead:
                    try: await ag.aclose()
                    except asyncio.CancelledError: raise
                    except BaseException: pass
                raise
            if r is None and n != op[2]: continue
            if op[4]: await ag.aclose()
            if r is not None: return r
            break
        self.t(fr, 'agfor ends')

    # what must be refused
    async def op_foreign(self, op, fr):
        self.seen.add('foreign ' + op[1])
        f = asyncio.Future(loop=FOREIGN)
        self.names[f] = 'foreign'
        await (f if op[1] == 'f' else asyncio.shield(f) if op[1] == 'shield' else asyncio.wait_for(f, 3))
        self.t(fr, 'foreign')

    async def op_badyield(self, op, fr):
        await bad_yield()
        self.t(fr, 'badyield')
