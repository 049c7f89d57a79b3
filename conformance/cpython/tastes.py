"""How often the generator takes what: the weights of every word of the language, and the themes that bend them."""
import os

ANYWHERE = {
    'mark': 1, 'spawn': 7, 'mk': 4, 'cancel': 8, 'uncancel': 1.5, 'set': 3, 'setexc': 1.5, 'addcb': 1.5, 'rmcb': .7, 'soon': 2, 'later': 2.5, 'at': .8, 'hcancel': .7,
    'stop': .5, 'inspect': 1, 'exception': .5, 'probe': .7, 'raise': 1.2, 'rel': .8, 'semrel': 1.2, 'locked': .3, 'all': .3, 'cancelall': .4, 'resched': 1.5,
    'many': .05, 'close': .05, 'burst': .06, 'selfcancel': 1.5, 'soonts': .3, 'spawnin': 2, 'factory': .5,
    'evset': 3, 'evclear': 1.5, 'notify': 2, 'notifyall': 1, 'crel': .5, 'bump': 1.5, 'qputn': 3, 'qgetn': 1.5, 'qfill': .8, 'qdrain': 1, 'qdone': 1.5, 'qshut': .7, 'tgspawn': 3, 'tgnew': .4,
    'vset': 4, 'vget': 1.5, 'vreset': 1.5, 'ctxcopy': 1.5, 'ctxnew': .5, 'ctxof': 1, 'ctxrun': 2, 'cbin': 1.5, 'agnew': 1,
}
IN_COROUTINES = {
    'sleep': 9, 'await': 10, 'try': 6, 'with': 4, 'timeout': 3, 'timeoutat': .7, 'reenter': .15, 'ascomp': 1.5, 'loop': .7, 'return': .7, 'cm': 1.2, 'afor': .5, 'foreign': .08, 'badyield': .1,
    'condwait': 3, 'condnotify': 3, 'withbarrier': 3, 'worker': 2, 'group': 3, 'regroup': .3, 'agen': 3, 'agfor': 2,
}
AWAITED = {
    'f': 3, 's': 7, 'c': 3, 'sleep': 3, 'task': 1.5, 'aw': .4, 'shield': 2, 'gather': 2.5, 'waitfor': 2.5, 'wait': 2, 'acq': .7, 'semacq': .7,
    'evwait': 3, 'cacq': .5, 'cwait': .7, 'cwaitfor': .7, 'bwait': 2, 'breset': .5, 'babort': .4, 'qput': 3, 'qget': 3, 'qjoin': 1, 'anext': 3, 'asend': 1.5, 'athrow': 1, 'aclose': 1, 'shutag': .2,
}
# Coroutines, where a future is asked for.
COROUTINES = {'c', 'sleep', 'waitfor', 'wait', 'acq', 'semacq', 'evwait', 'cacq', 'cwait', 'cwaitfor', 'bwait', 'breset', 'babort', 'qput', 'qget', 'qjoin', 'anext', 'asend', 'athrow', 'aclose', 'shutag'}

# What a program has or has not as a whole: the words, and the objects they are about.
FAMILIES = {
    'event': ({'evset', 'evclear', 'evwait'}, 'events'),
    'cond': ({'notify', 'notifyall', 'crel', 'bump', 'condwait', 'condnotify', 'cacq', 'cwait', 'cwaitfor'}, 'conds'),
    'barrier': ({'withbarrier', 'bwait', 'breset', 'babort'}, 'barriers'),
    'queue': ({'qputn', 'qgetn', 'qfill', 'qdrain', 'qdone', 'qshut', 'worker', 'qput', 'qget', 'qjoin'}, 'queues'),
    'group': ({'tgspawn', 'tgnew', 'group', 'regroup'}, None),
    'context': ({'vset', 'vget', 'vreset', 'ctxcopy', 'ctxnew', 'ctxof', 'ctxrun', 'cbin'}, 'vars'),
    'eager': ({'spawnin', 'factory'}, None),
    'agen': ({'agnew', 'agen', 'agfor', 'anext', 'asend', 'athrow', 'aclose', 'shutag'}, None),
}

THEMES = {
    'sync': {'statements': {'with': 14}, 'awaited': {'acq': 3, 'semacq': 3, 's': 1, 'sleep': 1}, 'calls': {'semrel': 3, 'rel': 2}},
    'ascomp': {'statements': {'ascomp': 6}},
    'gather': {'awaited': {'gather': 8, 'shield': 3, 's': 6, 'f': 3}, 'calls': {'mk': 5, 'selfcancel': 3, 'set': 3}},
    'timeouts': {'statements': {'timeout': 10, 'timeoutat': 3}, 'awaited': {'waitfor': 5}, 'calls': {'resched': 5, 'selfcancel': 2, 'uncancel': 2}},
    'event': {'families': ('event',), 'statements': {'await': 8}, 'awaited': {'evwait': 8}, 'calls': {'evset': 4, 'evclear': 3}},
    'cond': {'families': ('cond',), 'statements': {'condwait': 10, 'condnotify': 8, 'with': 2}, 'calls': {'notify': 1, 'bump': 2}},
    'barrier': {'families': ('barrier',), 'statements': {'withbarrier': 7, 'await': 8}, 'awaited': {'bwait': 8, 'breset': 2, 'babort': 1}},
    'queue': {'families': ('queue',), 'statements': {'await': 12, 'worker': 4}, 'awaited': {'qput': 6, 'qget': 6, 'qjoin': 2}, 'calls': {'qputn': 3, 'qgetn': 2, 'qdone': 3, 'qshut': 1}},
    'group': {'families': ('group',), 'statements': {'group': 10, 'try': 5}, 'calls': {'tgspawn': 5, 'raise': 3, 'selfcancel': 2, 'uncancel': 1}},
    'context': {'families': ('context', 'eager'), 'calls': {'vset': 6, 'vget': 1, 'vreset': 3, 'ctxcopy': 2, 'ctxnew': 1, 'ctxof': 2, 'ctxrun': 4, 'cbin': 3, 'addcb': 2, 'spawnin': 5, 'soon': 2, 'later': 2, 'cancel': 2}},
    'eager': {'families': ('eager',), 'statements': {'await': 5, 'ascomp': 2}, 'awaited': {'gather': 4, 'task': 3, 'shield': 2}, 'calls': {'spawnin': 8, 'spawn': 4, 'mk': 3, 'factory': .5}},
    'agen': {'families': ('agen',), 'statements': {'agen': 5, 'agfor': 5, 'await': 8}, 'awaited': {'anext': 6, 'asend': 3, 'athrow': 2, 'aclose': 2, 'shutag': .3}},
}

# While a part of the library is being built: FUZZ_WITHOUT=agen,group leaves families out.
for family in filter(None, os.environ.get('FUZZ_WITHOUT', '').split(',')):
    for weights in (ANYWHERE, IN_COROUTINES, AWAITED):
        for word in FAMILIES[family][0] & weights.keys(): weights[word] = 0
    for name in [name for name, theme in THEMES.items() if family in theme.get('families', ())]: del THEMES[name]
    del FAMILIES[family]

# Each program has three words as guests, which it uses more than it would.
GUESTS = [word for weights in (ANYWHERE, IN_COROUTINES, AWAITED) for word in weights if weights[word]]
GUESTS += ['foreign', 'foreign', 'badyield', 'burst', 'burst', 'burst', 'reenter', 'regroup', 'tgnew', 'shutag', 'many', 'aw']
