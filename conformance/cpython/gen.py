"""Random programs of the language in README.md. The same seed gives the same program, for ever (given these two files)."""
import random
from bisect import bisect
from itertools import accumulate
from tastes import ANYWHERE, AWAITED, COROUTINES, FAMILIES, GUESTS, IN_COROUTINES, THEMES

DELAYS = [0, 0, 0, -1, 1, 1, 1, 2, 2, 3, 5, 8]
LIMITS = [None, None, -2, 0, 0, 1, 1, 2, 3, 4, 6]
ENDLESS = ('addcb', 'cbin', 'many', 'burst', 'ctxrun', 'factory')  # not in done callbacks: one that adds itself never ends

class Gen:
    def __init__(self, seed, small=False):
        self.small = small
        self.r = r = random.Random(seed)
        self.choices = {}  # what pick() has worked out; to be forgotten when weights change
        self.size = r.choice([6, 10, 15, 25, 40, 70] if not small else [6, 10, 15])
        self.theme = theme = r.choice([None] * 5 + list(THEMES))
        # Swarm: every program has its own taste, and does without some things altogether.
        guests = r.choices(GUESTS, k=3)
        families = {f for f, (words, _) in FAMILIES.items() if r.random() < .15 or f in THEMES.get(theme, {}).get('families', ()) or any(g in words for g in guests)}
        missing = {word for f, (words, _) in FAMILIES.items() if f not in families for word in words}
        self.w, self.aw, self.xw = ({k: 0 if k in missing else v * (self.taste() if k not in ('sleep', 'await') else 1) for k, v in weights.items()}
                                    for weights in (ANYWHERE, IN_COROUTINES, AWAITED))
        self.xw['c'] = max(self.xw['c'], .5)
        self.ki = r.random() < .25
        if self.ki: self.w['raise'] = max(self.w['raise'], 1.5)
        self.delays = r.choice([DELAYS, [0], [1, 2], [0, 1], [1, 1, 1, 2, 3, 4, 7, -3]])
        self.nslots = r.choice([2, 4, 7])
        if theme is not None: self.follow(THEMES[theme])
        for guest in guests:  # what is rare of itself has its day
            for weights in (self.w, self.aw, self.xw):
                if guest in weights: weights[guest] = max(weights[guest], sum(weights.values()) * .04)
        self.futs, self.ncbs, self.msg = r.randint(1, 4), r.randint(1, 4), 0
        self.handler = None if r.random() < .9 else [r.randint(1, 2), r.choice(['KeyboardInterrupt', 'Boom', 'Boom'])]
        self.pairs = r.random() < .3  # items of queues that are ordered by two things
        one = theme is not None
        self.locks = 1 if one else r.randint(1, 2)
        some = lambda make, family: [make() for _ in range(1 if one else r.randint(1, 2))] if family in families else []
        self.sems = [(lambda n: ['b', n] if r.random() < .4 else n)(r.randint(0, 3)) for _ in range(1 if one else r.randint(1, 2))]
        self.events = len(some(int, 'event'))
        self.conds = some(lambda: r.choice([None, None, r.randrange(self.locks)]), 'cond')
        self.barriers = some(lambda: r.choice([1, 2, 2, 2, 3]), 'barrier')
        self.queues = some(lambda: [r.choice(['fifo', 'lifo', 'prio']), r.choice([0, 1, 1, 1, 2, 2, -1, 12])], 'queue')
        self.vars = some(lambda: r.choice([None, r.randint(0, 9)]), 'context')

    def follow(self, theme):
        """Many tasks contending for little, where chance alone hardly leads."""
        r = self.r
        self.nslots, self.size = ((r.choice([4, 8, 12]), r.choice([25, 40, 70])) if not self.small else (4, 15))
        self.delays = r.choice([[0], [0, 1], [0, 0, 1, 2], [1, 2, 3]])
        for weights in (self.w, self.aw, self.xw):
            for k in weights: weights[k] = min(weights[k], .5)
        self.aw.update({'sleep': 6, 'await': 2, 'try': 2, **theme.get('statements', {})})
        self.w.update({'cancel': 8, 'spawn': 1, **theme.get('calls', {})})
        self.xw.update({'c': 2, 'sleep': 3, 's': 3, **theme.get('awaited', {})})

    def taste(self):
        r = self.r.random()
        return 0 if r < .25 else 1 if r < .75 else 3

    def pick(self, weights, but=()):
        choice = self.choices.get((id(weights), but))
        if choice is None:
            items = [(k, v) for k, v in weights.items() if v > 0 and k not in but] or [(next(k for k in weights if k not in but), 1)]
            choice = self.choices[id(weights), but] = [k for k, _ in items], list(accumulate(v for _, v in items))
        words, upto = choice
        return words[bisect(upto, self.r.random() * upto[-1], 0, len(words) - 1)]

    def fresh(self, prefix):
        self.msg += 1
        return f'{prefix}{self.msg}'

    def delay(self): return self.r.choice(self.delays)
    def slot(self): return self.r.randrange(self.nslots)
    def message(self): return self.fresh('m') if self.r.random() < .5 else None
    def any(self, things): return self.r.randrange(things if isinstance(things, int) else len(things))

    def item(self):
        return [self.r.randint(0, 2), self.r.randint(0, 9)] if self.pairs else self.r.randint(0, 9)

    def ref(self):
        return ['f', self.r.randrange(self.futs)] if self.r.random() < .2 else ['s', self.slot()]

    def error(self):
        e = self.r.choice(['Boom', 'Boom', 'Bang', 'CancelledError', 'TimeoutError'])
        if self.ki and self.r.random() < .4: e = 'KeyboardInterrupt'
        return [e, (self.fresh('e') if self.r.random() < .8 or e != 'CancelledError' else None)]

    # awaitables
    def ax(self, depth, coro=False, future=False):
        self.size -= .4
        if depth <= 0 or self.size < 0:
            k = self.r.choice(['sleep', 'f', 's'])
        else:
            k = self.pick(self.xw)
        if coro and k in ('f', 's', 'task', 'aw') and self.r.random() < .8: k = 'c' if depth > 0 else 'sleep'
        if future and (k in COROUTINES or k == 'aw'): return ['task', self.ax1(k, depth)]
        return self.ax1(k, depth)

    def ax1(self, k, depth):
        r = self.r
        if k == 'f': return ['f', r.randrange(self.futs)]
        if k == 's': return ['self'] if r.random() < .02 else ['s', self.slot()]
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
        if k == 'acq': return ['acq', self.any(self.locks)]
        if k == 'semacq': return ['semacq', self.any(self.sems)]
        if k == 'evwait': return ['evwait', self.any(self.events)]
        if k in ('cacq', 'cwait'): return [k, self.any(self.conds)]
        if k == 'cwaitfor': return self.cwaitfor(self.any(self.conds))
        if k in ('bwait', 'breset', 'babort'): return [k, self.any(self.barriers)]
        if k == 'qput': return ['qput', self.any(self.queues), self.item()]
        if k in ('qget', 'qjoin'): return [k, self.any(self.queues)]
        if k in ('anext', 'aclose'): return [k, r.randrange(2)]
        if k == 'asend': return ['asend', r.randrange(2), r.choice([None, r.randint(0, 99)])]
        if k == 'athrow': return ['athrow', r.randrange(2), *self.error()]
        if k == 'shutag': return ['shutag']

    def cwaitfor(self, i):
        return ['cwaitfor', i, self.r.randrange(2), self.r.choice([1, 1, 2, 3, 'raises'])]

    def items(self, depth, n, future=False):
        out = []
        for i in range(n):
            if out and self.r.random() < .12: out.append(['same', self.r.randrange(i)])
            else: out.append(self.ax(depth, future=future))
        return out

    # calls
    def sync(self, depth, but=()):
        r = self.r
        self.size -= 1
        if self.size < 0: but = (*but, 'spawn', 'mk', 'soon', 'soonts', 'later', 'at', 'spawnin', 'tgspawn', 'ctxrun', 'agnew')
        k = self.pick(self.w, but)
        if k == 'mark': return ['mark', r.randint(0, 9)]
        if k == 'spawn': return ['spawn', self.slot(), self.ax(depth, coro=True)]
        if k == 'spawnin':
            return ['spawnin', self.slot(), self.ax(depth, coro=True), r.choice([None, r.randrange(2)]) if self.vars else None, r.random() < .6, self.fresh('T') if r.random() < .3 else None]
        if k == 'mk': return ['mk', self.slot(), self.ax(depth)]
        if k == 'cancel': return ['cancel', self.ref(), self.message()]
        if k == 'selfcancel': return ['cancel', ['self'], self.message()]
        if k == 'uncancel': return ['uncancel', ['self'] if r.random() < .5 else self.ref()]
        if k == 'set': return ['set', ['f', r.randrange(self.futs)] if r.random() < .9 else self.ref(), r.randint(0, 99)]
        if k == 'setexc': return ['setexc', ['f', r.randrange(self.futs)] if r.random() < .9 else self.ref(), *self.error()]
        if k in ('addcb', 'rmcb'): return [k, self.ref(), r.randrange(self.ncbs)]
        if k == 'cbin': return ['cbin', self.ref(), r.randrange(self.ncbs), r.randrange(2)]
        if k in ('soon', 'soonts'): return [k, r.randrange(4), self.syncs(depth - 1, r.randint(0, 3))]
        if k == 'later': return ['later', r.randrange(4), self.delay(), self.syncs(depth - 1, r.randint(0, 3))]
        if k == 'at': return ['at', r.randrange(4), r.randint(-1, 9), self.syncs(depth - 1, r.randint(0, 3))]
        if k == 'hcancel': return ['hcancel', r.randrange(4)]
        if k in ('stop', 'locked', 'all', 'close'): return [k]
        if k in ('inspect', 'exception', 'probe'): return [k, self.ref()]
        if k == 'raise': return ['raise', *self.error()]
        if k == 'rel': return ['rel', self.any(self.locks)]
        if k == 'semrel': return ['semrel', self.any(self.sems)]
        if k == 'cancelall': return ['cancelall', self.message()]
        if k == 'factory': return ['factory', r.choice(['eager', 'eager', 'own', 'none'])]
        if k == 'resched': return ['resched', r.randrange(3), r.choice(LIMITS)]
        if k == 'burst': return ['burst', r.choice([10, 70, 140, 300]), r.choice(['soon', 'later', 'task'])]
        if k == 'many': return ['many', r.randint(0, 5), r.choice([60, 120, 150]), r.choice([1, 2, 3, 10])]
        if k in ('evset', 'evclear'): return [k, self.any(self.events)]
        if k == 'notify': return ['notify', self.any(self.conds), r.choice([0, 1, 1, 2, 3])]
        if k in ('notifyall', 'crel'): return [k, self.any(self.conds)]
        if k == 'bump': return ['bump', r.randrange(2), r.choice([1, 1, 1, 2, -1])]
        if k == 'qputn': return ['qputn', self.any(self.queues), self.item()]
        if k == 'qfill': return ['qfill', self.any(self.queues), r.choice([2, 3, 5, 9, 20]), self.pairs]
        if k in ('qgetn', 'qdone', 'qdrain'): return [k, self.any(self.queues)]
        if k == 'qshut': return ['qshut', self.any(self.queues), r.random() < .5]
        if k == 'tgspawn': return ['tgspawn', r.randrange(2), self.slot(), self.ax(depth, coro=True)]
        if k == 'tgnew': return ['tgnew', r.randrange(2)]
        if k == 'vset': return ['vset', self.any(self.vars), r.randint(0, 9), r.randrange(2)]
        if k == 'vreset': return ['vreset', self.any(self.vars), r.randrange(2)]
        if k == 'vget': return ['vget', self.any(self.vars)]
        if k == 'ctxcopy': return ['ctxcopy', r.randrange(2), r.random() < .3]
        if k == 'ctxnew': return ['ctxnew', r.randrange(2)]
        if k == 'ctxof': return ['ctxof', r.randrange(2), ['self'] if r.random() < .3 else self.ref()]
        if k == 'ctxrun': return ['ctxrun', r.randrange(2), self.syncs(depth - 1, r.randint(1, 3))]
        if k == 'agnew': return self.agnew(r.randrange(2), depth)

    def syncs(self, depth, n, but=()):
        return [self.sync(depth, but) for _ in range(n)]

    def agnew(self, slot, depth):
        r = self.r
        def parts(n):
            return [['emit', r.randint(0, 99)] if r.random() < .6 or self.size < 0 else self.op(depth - 1) for _ in range(n)]
        guard = r.choice([None, None, ['lock', self.any(self.locks)], ['timeout', r.choice(LIMITS)]])
        return ['agnew', slot, guard, parts(r.choice([0, 0, 1, 2])), parts(r.randint(1, 3)), self.handlers(depth), parts(r.choice([0, 0, 0, 1])) if r.random() < .5 else self.ops(depth - 1, r.randint(0, 2))]

    # statements
    def handlers(self, depth):
        r = self.r
        kinds = r.choice([['C'], ['C'], ['*'], ['E'], ['T'], ['C', 'E'], ['B', '*'], ['T', 'C'], ['K'], ['G'], []])
        return self.clauses(depth, kinds)

    def clauses(self, depth, kinds):
        r = self.r
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
        few = lambda *n: self.ops(depth - 1, r.choice(n))
        if k == 'sleep': return ['sleep', self.delay()]
        if k == 'await': return ['await', self.ax(depth)]
        if k == 'return': return ['return', r.randint(0, 99)]
        if k == 'foreign': return ['foreign', r.choice(['f', 'shield', 'waitfor'])]
        if k == 'badyield': return ['badyield']
        if k == 'cm': return ['cm', few(0, 0, 1), few(0, 1, 2), r.random() < .4, few(1, 2, 3)]
        if k == 'afor': return ['afor', r.randint(0, 3), few(0, 1), few(0, 1, 2)]
        if k == 'loop': return ['loop', r.randint(2, 3), few(1, 2, 3)]
        if k == 'try':
            if r.random() < .25:  # an error, and who wants it
                kind = r.choice('TBBECK*')
                error = {'T': 'TimeoutError', 'B': 'Boom', 'K': 'KeyboardInterrupt', 'C': 'CancelledError'}.get(kind, 'Bang')
                return ['try', [*few(0, 1, 2), ['raise', error, self.fresh('e')]], self.clauses(depth, [kind]), None]
            handlers = self.handlers(depth)
            final = few(0, 1, 2) if not handlers or r.random() < .35 else None
            return ['try', few(1, 2, 3, 4), handlers, final]
        if k == 'with':
            kind = r.choice(['lock', 'sem'])
            return ['with', kind, self.any(self.locks if kind == 'lock' else self.sems), few(0, 1, 2, 3)]
        if k == 'timeout': return ['timeout', r.randrange(3), r.choice(LIMITS), few(0, 1, 2, 3, 4)]
        if k == 'timeoutat': return ['timeoutat', r.randrange(3), r.choice([None, -1, 0, 1, 2, 3, 5, 8]), few(0, 1, 2, 3, 4)]
        if k == 'reenter': return ['reenter', r.randrange(3), None, few(0, 1, 2)]
        if k == 'condwait':
            i = self.any(self.conds)
            return ['with', 'cond', i, [*few(0, 0, 1), ['await', r.choice([['cwait', i], ['cwait', i], self.cwaitfor(i)])], *few(0, 0, 1)]]
        if k == 'condnotify':
            i = self.any(self.conds)
            return ['with', 'cond', i, [*few(0, 0, 1), ['bump', r.randrange(2), 1], r.choice([['notify', i, 1], ['notify', i, 2], ['notifyall', i]]), *few(0, 0, 1)]]
        if k == 'withbarrier': return ['with', 'barrier', self.any(self.barriers), few(0, 1, 2)]
        if k == 'worker':
            i = self.any(self.queues)
            return ['loop', r.randint(2, 3), [['await', ['qget', i]], *few(0, 1), ['qdone', i]]]
        if k == 'group':
            g = r.randrange(2)
            spawns = [['tgspawn', g, self.slot(), self.ax(depth - 1, coro=True)] for _ in range(r.choice([0, 1, 2, 2, 3]))]
            group = ['group', g, spawns + few(0, 0, 1, 2)]
            if r.random() < .6: return group
            spawns.append(['tgspawn', g, self.slot(), ['c', [*few(0, 1), ['raise', *self.error()]]]])
            return ['try', [group], self.clauses(depth, ['G']), None]
        if k == 'regroup': return ['regroup', r.randrange(2), few(0, 1)]
        if k == 'agfor': return ['agfor', r.randrange(2), r.choice([1, 2, 9]), few(0, 0, 1), r.choice([False, True, 'aclosing'])]
        if k == 'agen':  # one that is used right after
            slot = r.randrange(2)
            use = r.choice([['agfor', slot, r.choice([1, 2, 9]), few(0, 0, 1), r.choice([False, True, 'aclosing'])], ['await', [r.choice(['anext', 'anext', 'aclose']), slot]],
                            ['loop', 3, [['await', ['anext', slot]]]]])
            return ['loop', 1, [self.agnew(slot, depth), use]]
        if k == 'ascomp':
            mode = r.choice(['iter', 'iter', 'async', 'many', 'stagger'] if self.theme != 'ascomp' else ['iter', 'async', 'many', 'many', 'stagger', 'stagger'])
            return ['ascomp', self.items(depth - 1, r.choice([0, 1, 2, 3, 3, 4])), r.choice(LIMITS), mode, r.choice([0, 1, 2]),
                    self.slot() if mode in ('many', 'stagger') else r.choice([1, 2, 9, 9]), few(0, 0, 1)]

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
            if self.theme == 'eager' or self.w['factory'] > 0 and r.random() < .5: sets.append(['factory', r.choice(['eager', 'eager', 'own'])])
            if self.handler is not None: sets.append(['soon', 8, [['raise', *self.error()]]])
            if self.theme == 'context': sets += [['vset', 0, r.randint(0, 9), 0], ['ctxcopy', 0], [r.choice(['ctxcopy', 'ctxnew']), 1]]
            if self.theme == 'agen': sets += [self.agnew(i, 3) for i in range(2)]
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
        if self.aw['agen'] > 0 and r.random() < .5: main.append(['shutag'])
        if r.random() < .2: main.append(['forever'])
        if r.random() < .1:
            main.append(['close'])
            for _ in range(r.randint(1, 4)): main.append(['sync', self.syncs(2, 1, but=('many', 'spawnin'))])
            if r.random() < .5: main.append(['run', self.ax(1)])
            if r.random() < .3: main.append(['forever'])
        depth_kept, self.size = self.size, max(self.size, 3)
        self.w['mark'] = max(self.w['mark'], 1)
        for word in ENDLESS: self.w[word] = 0
        self.choices.clear()
        cbs = [self.syncs(1, r.randint(0, 2), but=ENDLESS) for _ in range(self.ncbs)]
        self.size = depth_kept
        p = {'futs': self.futs, 'handler': self.handler, 'locks': self.locks, 'sems': self.sems, 'cbs': cbs, 'main': main}
        for things in ('events', 'conds', 'barriers', 'queues', 'vars'):
            if getattr(self, things): p[things] = getattr(self, things)
        return p

def program(seed, small=False):
    return Gen(seed, small).program()
