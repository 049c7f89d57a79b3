"""Random programs of the language in README.md. The same seed gives the same program, for ever (given this file)."""
import random

DELAYS = [0, 0, 0, -1, 1, 1, 1, 2, 2, 3, 5, 8]
LIMITS = [None, None, -2, 0, 0, 1, 1, 2, 3, 4, 6]
SLOTS = 7

SYNC = ['mark', 'spawn', 'mk', 'cancel', 'uncancel', 'set', 'setexc', 'addcb', 'rmcb', 'soon', 'later', 'at', 'hcancel', 'stop',
        'inspect', 'exception', 'probe', 'raise', 'rel', 'semrel', 'locked', 'all', 'cancelall', 'resched', 'many', 'selfcancel', 'close', 'burst']
ASYNC = ['sleep', 'await', 'try', 'with', 'timeout', 'timeoutat', 'reenter', 'ascomp', 'loop', 'return']
AX = ['f', 's', 'c', 'sleep', 'task', 'aw', 'shield', 'gather', 'waitfor', 'wait', 'acq', 'semacq']

class Gen:
    def __init__(self, seed):
        self.r = r = random.Random(seed)
        self.size = r.choice([6, 10, 15, 25, 40, 70])
        base = {'mark': 1, 'spawn': 7, 'mk': 4, 'cancel': 8, 'uncancel': 1.5, 'set': 3, 'setexc': 1.5, 'addcb': 1.5, 'rmcb': .7, 'soon': 2, 'later': 2.5,
                'at': .8, 'hcancel': .7, 'stop': .5, 'inspect': 1, 'exception': .5, 'probe': .7, 'raise': 1.2, 'rel': .8, 'semrel': 1.2, 'locked': .3,
                'all': .3, 'cancelall': .4, 'resched': 1.5, 'many': .05, 'close': .05, 'burst': .06, 'selfcancel': 1.5}
        abase = {'sleep': 9, 'await': 10, 'try': 6, 'with': 4, 'timeout': 3, 'timeoutat': .7, 'reenter': .15, 'ascomp': 1.5, 'loop': .7, 'return': .7, 'cm': 1.2, 'afor': .5, 'foreign': .08, 'badyield': .1}
        xbase = {'f': 3, 's': 7, 'c': 3, 'sleep': 3, 'task': 1.5, 'aw': .4, 'shield': 2, 'gather': 2.5, 'waitfor': 2.5, 'wait': 2, 'acq': .7, 'semacq': .7}
        # Swarm: every program has its own taste, and does without some things altogether.
        self.w = {k: v * self.taste() for k, v in base.items()}
        self.aw = {k: v * (self.taste() if k not in ('sleep', 'await') else 1) for k, v in abase.items()}
        self.xw = {k: v * self.taste() for k, v in xbase.items()}
        self.xw['c'] = max(self.xw['c'], .5)
        self.ki = r.random() < .25
        if self.ki: self.w['raise'] = max(self.w['raise'], 1.5)
        self.delays = r.choice([DELAYS, [0], [1, 2], [0, 1], [1, 1, 1, 2, 3, 4, 7, -3]])
        self.futs, self.locks, self.sems = r.randint(1, 4), r.randint(1, 2), [r.randint(0, 3) for _ in range(r.randint(1, 2))]
        self.ncbs = r.randint(1, 4)
        self.nslots = r.choice([2, 4, SLOTS])
        self.msg = 0
        # Themes: many tasks contending for little, where chance alone hardly leads.
        self.theme = theme = r.choice([None, None, None, 'sync', 'sync', 'ascomp', 'gather', 'timeouts'])
        if theme is None: return
        self.nslots, self.size = r.choice([4, 8, 12]), r.choice([25, 40, 70])
        self.delays = r.choice([[0], [0, 1], [0, 0, 1, 2], [1, 2, 3]])
        for weights in (self.w, self.aw, self.xw):
            for k in weights: weights[k] = min(weights[k], .5)
        self.aw.update({'sleep': 6, 'await': 2, 'try': 2})
        self.w.update({'cancel': 8, 'spawn': 1})
        self.xw.update({'c': 2, 'sleep': 3, 's': 3})
        if theme == 'sync':
            self.locks, self.sems = 1, [r.randint(0, 2)]
            self.aw.update({'with': 14})
            self.xw.update({'acq': 3, 'semacq': 3, 's': 1, 'sleep': 1})
            self.w.update({'semrel': 3, 'rel': 2})
        elif theme == 'ascomp': self.aw.update({'ascomp': 6})
        elif theme == 'gather': self.xw.update({'gather': 8, 'shield': 3, 's': 6, 'f': 3}); self.w.update({'mk': 5, 'selfcancel': 3, 'set': 3})
        elif theme == 'timeouts': self.aw.update({'timeout': 10, 'timeoutat': 3}); self.xw.update({'waitfor': 5}); self.w.update({'resched': 5, 'selfcancel': 2, 'uncancel': 2})

    def taste(self):
        r = self.r.random()
        return 0 if r < .25 else 1 if r < .75 else 3

    def pick(self, weights, but=()):
        items = [(k, v) for k, v in weights.items() if v > 0 and k not in but]
        if not items: return next(k for k in weights if k not in but)
        return self.r.choices([k for k, _ in items], [v for _, v in items])[0]

    def fresh(self, prefix):
        self.msg += 1
        return f'{prefix}{self.msg}'

    def delay(self): return self.r.choice(self.delays)
    def slot(self): return self.r.randrange(self.nslots)
    def message(self): return self.fresh('m') if self.r.random() < .5 else None

    def ref(self):
        r = self.r.random()
        if r < .2: return ['f', self.r.randrange(self.futs)]
        return ['s', self.slot()]

    def error(self):
        e = self.r.choice(['Boom', 'Boom', 'Bang', 'CancelledError', 'TimeoutError'])
        if self.ki and self.r.random() < .4: e = 'KeyboardInterrupt'
        return e, (self.fresh('e') if self.r.random() < .8 or e != 'CancelledError' else None)

    def ax(self, depth, coro=False, future=False):
        self.size -= .4
        if depth <= 0 or self.size < 0:
            k = self.r.choice(['sleep', 'f', 's'])
        else:
            k = self.pick(self.xw)
        if coro and k in ('f', 's', 'task', 'aw') and self.r.random() < .8: k = 'c' if depth > 0 else 'sleep'
        if k in ('c', 'sleep', 'waitfor', 'wait', 'aw', 'acq', 'semacq') and future:
            return ['task', self.ax1(k, depth)]
        return self.ax1(k, depth)

    def ax1(self, k, depth):
        r = self.r
        if k == 'f': return ['f', r.randrange(self.futs)]
        if k == 's': return ['self'] if r.random() < .01 else ['s', self.slot()]
        if k == 'c': return ['c', self.ops(depth - 1, r.randint(1, 5))]
        if k == 'sleep': return ['sleep', self.delay(), r.choice([None, r.randint(0, 99)])]
        if k == 'task': return ['task', self.ax(depth - 1)]
        if k == 'aw': return ['aw', self.ax(depth - 1)]
        if k == 'shield': return ['shield', self.ax(depth - 1)]
        if k == 'gather': return ['gather', self.items(depth - 1, r.choice([0, 1, 2, 2, 3, 4])), r.random() < .5]
        if k == 'waitfor': return ['waitfor', self.ax(depth - 1), r.choice(LIMITS)]
        if k == 'wait':
            items = self.items(depth - 1, r.choice([0, 1, 2, 2, 3, 4] if r.random() < .2 else [1, 2, 2, 3]), future=r.random() < .97)
            # CPython trips over a plain awaitable with an AttributeError, and leaves its timer and callbacks behind.
            return ['wait', [['task', x] if x[0] == 'aw' else x for x in items], r.choice(['first', 'exc', 'all']), r.choice(LIMITS)]
        if k == 'acq': return ['acq', r.randrange(self.locks)]
        if k == 'semacq': return ['semacq', r.randrange(len(self.sems))]

    def items(self, depth, n, future=False):
        out = []
        for i in range(n):
            if out and self.r.random() < .12: out.append(['same', self.r.randrange(i)])
            else: out.append(self.ax(depth, future=future))
        return out

    def sync(self, depth, but=()):
        r = self.r
        self.size -= 1
        if self.size < 0: but = (*but, 'spawn', 'mk', 'soon', 'later', 'at')
        k = self.pick(self.w, but)
        if k == 'mark': return ['mark', r.randint(0, 9)]
        if k == 'spawn': return ['spawn', self.slot(), self.ax(depth, coro=True)]
        if k == 'mk': return ['mk', self.slot(), self.ax(depth)]
        if k == 'cancel': return ['cancel', self.ref(), self.message()]
        if k == 'selfcancel': return ['cancel', ['self'], self.message()]
        if k == 'uncancel': return ['uncancel', ['self'] if r.random() < .5 else self.ref()]
        if k == 'set': return ['set', ['f', r.randrange(self.futs)] if r.random() < .9 else self.ref(), r.randint(0, 99)]
        if k == 'setexc': return ['setexc', ['f', r.randrange(self.futs)] if r.random() < .9 else self.ref(), *self.error()]
        if k in ('addcb', 'rmcb'): return [k, self.ref(), r.randrange(self.ncbs)]
        if k == 'soon': return ['soon', r.randrange(4), self.syncs(depth - 1, r.randint(0, 3))]
        if k == 'later': return ['later', r.randrange(4), self.delay(), self.syncs(depth - 1, r.randint(0, 3))]
        if k == 'at': return ['at', r.randrange(4), r.randint(-1, 9), self.syncs(depth - 1, r.randint(0, 3))]
        if k == 'hcancel': return ['hcancel', r.randrange(4)]
        if k in ('stop', 'locked', 'all', 'close'): return [k]
        if k in ('inspect', 'exception', 'probe'): return [k, self.ref()]
        if k == 'raise': return ['raise', *self.error()]
        if k == 'rel': return ['rel', r.randrange(self.locks)]
        if k == 'semrel': return ['semrel', r.randrange(len(self.sems))]
        if k == 'cancelall': return ['cancelall', self.message()]
        if k == 'resched': return ['resched', r.randrange(3), r.choice(LIMITS)]
        if k == 'burst': return ['burst', r.choice([10, 70, 140, 300]), r.choice(['soon', 'later', 'task'])]
        if k == 'many': return ['many', r.randint(0, 5), r.choice([60, 120, 150]), r.choice([1, 2, 3, 10])]

    def syncs(self, depth, n, but=()):
        return [self.sync(depth, but) for _ in range(n)]

    def handlers(self, depth):
        r = self.r
        kinds = r.choice([['C'], ['C'], ['*'], ['E'], ['T'], ['C', 'E'], ['B', '*'], ['T', 'C'], ['K'], []])
        out = []
        for k in kinds:
            act = r.choice([['swallow'], ['swallow'], ['re'], ['re'], ['raise', *self.error()], ['ret', r.randint(0, 99)]])
            out.append([k, self.ops(depth - 1, r.choice([0, 0, 1, 2])), act])
        return out

    def ops(self, depth, n):
        out = []
        for _ in range(n):
            out.append(self.op(depth))
            if self.size < -5: break
        return out

    def op(self, depth):
        r = self.r
        if r.random() < .42: return self.sync(depth)
        self.size -= 1
        k = self.pick(self.aw) if depth > 0 and self.size > 0 else r.choice(['sleep', 'await'])
        if k == 'sleep': return ['sleep', self.delay()]
        if k == 'await': return ['await', self.ax(depth)]
        if k == 'return': return ['return', r.randint(0, 99)]
        if k == 'foreign': return ['foreign', r.choice(['f', 'shield', 'waitfor'])]
        if k == 'badyield': return ['badyield']
        if k == 'cm':
            return ['cm', self.ops(depth - 1, r.choice([0, 0, 1])), self.ops(depth - 1, r.choice([0, 1, 2])), r.random() < .4, self.ops(depth - 1, r.randint(1, 3))]
        if k == 'afor': return ['afor', r.randint(0, 3), self.ops(depth - 1, r.choice([0, 1])), self.ops(depth - 1, r.choice([0, 1, 2]))]
        if k == 'loop': return ['loop', r.randint(2, 3), self.ops(depth - 1, r.randint(1, 3))]
        if k == 'try':
            handlers = self.handlers(depth)
            final = self.ops(depth - 1, r.randint(0, 2)) if not handlers or r.random() < .35 else None
            return ['try', self.ops(depth - 1, r.randint(1, 4)), handlers, final]
        if k == 'with':
            kind = r.choice(['lock', 'sem'])
            return ['with', kind, r.randrange(self.locks if kind == 'lock' else len(self.sems)), self.ops(depth - 1, r.randint(0, 3))]
        if k == 'timeout': return ['timeout', r.randrange(3), r.choice(LIMITS), self.ops(depth - 1, r.randint(0, 4))]
        if k == 'timeoutat': return ['timeoutat', r.randrange(3), r.choice([None, -1, 0, 1, 2, 3, 5, 8]), self.ops(depth - 1, r.randint(0, 4))]
        if k == 'reenter': return ['reenter', r.randrange(3), None, self.ops(depth - 1, r.randint(0, 2))]
        if k == 'ascomp':
            mode = r.choice(['iter', 'iter', 'async', 'many', 'stagger'] if self.theme != 'ascomp' else ['iter', 'async', 'many', 'many', 'stagger', 'stagger'])
            return ['ascomp', self.items(depth - 1, r.choice([0, 1, 2, 3, 3, 4])), r.choice(LIMITS), mode, r.choice([0, 1, 2]),
                    self.slot() if mode in ('many', 'stagger') else r.choice([1, 2, 9, 9]), self.ops(depth - 1, r.choice([0, 0, 1]))]

    def program(self):
        r = self.r
        main = []
        alive = r.random() < .6 or self.theme is not None
        if alive:  # somebody sets the futures, and the slots are taken from the start: less waits for nothing
            sets = []
            for i in range(self.futs):
                if r.random() < .7:
                    what = ['set', ['f', i], r.randint(0, 99)] if r.random() < .7 else ['setexc', ['f', i], *self.error()] if r.random() < .6 else ['cancel', ['f', i], self.message()]
                    sets.append(['later', 9, r.randint(0, 6), [what]])
            if sets: main.append(['sync', sets])
        for i in range(r.choice([1, 1, 2, 3])):
            if r.random() < .3: main.append(['sync', self.syncs(3, r.randint(1, 4))])
            x = r.random()
            if i == 0 or x < .5:
                spawns = []
                if alive and i == 0:
                    spare, n = self.size, r.randint(1, self.nslots) if self.theme is None else self.nslots
                    for slot in range(n):
                        self.size = spare / n + 3
                        spawns.append(['spawn', slot, ['c', self.ops(4, r.randint(1, 6))]] if r.random() < .8 else ['mk', slot, self.ax(4)])
                    self.size = spare / 2 + 3
                main.append(['run', ['c', spawns + self.ops(5, r.randint(2, 9))]])
            elif x < .8:
                main.append(['run', self.ax(3)])
            else:
                main.append(['forever'])
        if r.random() < .3: main.append(['run', self.ref()])
        if r.random() < .3: main.append(['forever'])
        if r.random() < .6: main.append(['drain'])
        if r.random() < .2: main.append(['forever'])
        if r.random() < .1:
            main.append(['close'])
            # CPython's gather() that fails half way (a loop that is closed) leaves its callback on the futures before; ours leaves nothing.
            self.xw['gather'] = 0
            for _ in range(r.randint(1, 4)): main.append(['sync', self.syncs(2, 1, but=('many',))])
            if r.random() < .5: main.append(['run', self.ax(1)])
            if r.random() < .3: main.append(['forever'])
        depth_kept, self.size = self.size, max(self.size, 3)
        self.w['addcb'] = self.w['many'] = self.w['burst'] = 0  # a callback that adds itself never ends
        self.w['mark'] = max(self.w['mark'], 1)
        cbs = [self.syncs(1, r.randint(0, 2), but=('addcb', 'many')) for _ in range(self.ncbs)]
        self.size = depth_kept
        handler = None if r.random() < .9 else [r.randint(1, 3), r.choice(['KeyboardInterrupt', 'Boom'])]
        return {'futs': self.futs, 'handler': handler, 'locks': self.locks, 'sems': self.sems, 'cbs': cbs, 'main': main}

def program(seed):
    return Gen(seed).program()
