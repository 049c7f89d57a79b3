"""shrink.py [SEED...] [--file FAILURES.jsonl] [--each-kind N] [--json]: makes failing programs small, and shows both traces."""
import copy, json, os, re, select, subprocess, sys
import gen, interp

HERE = os.path.dirname(os.path.abspath(__file__))
bare = lambda lines: [l.split(' ', 1)[1] for l in lines]

class Ours:
    """This library's side, which must not be waited for for ever."""
    proc = None
    def run(self, p):
        if self.proc is None:
            self.proc = subprocess.Popen(['node', os.path.join(HERE, '../ours/serve.mjs')], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.proc.stdin.write(json.dumps(p).encode() + b'\n')
        self.proc.stdin.flush()
        if select.select([self.proc.stdout], [], [], 10)[0]: return json.loads(self.proc.stdout.readline())
        self.proc.kill()
        self.proc.wait()
        self.proc = None
        return {'observed': ['hangs'], 'unobserved': ['- hangs'], 'skip': False}
ours = Ours()

def difference(p):
    """(index, CPython's line, our line, CPython's trace, our trace), or None where they agree or the program is not valid."""
    try: lines, skip, _ = interp.run(p)
    except Exception: return None
    if skip: return None
    a = ours.run(p)
    if a['skip']: return None
    for theirs, mine in ((lines, a['observed']), (bare(lines), bare(a['unobserved']))):
        for i in range(max(len(theirs), len(mine))):
            x, y = theirs[i] if i < len(theirs) else None, mine[i] if i < len(mine) else None
            if x != y: return i, x, y, theirs, mine
    return None

def kind(d):
    words = lambda l: re.sub(r'[\d]+', 'N', ' '.join((l or '- - - none').split(' ')[3:]))
    return words(d[1]) + ' <> ' + words(d[2])

def is_ops(x): return isinstance(x, list) and all(isinstance(o, list) and o and isinstance(o[0], str) for o in x)

THINGS = {'events': 0, 'conds': [], 'barriers': [], 'queues': [], 'vars': []}

def variants(x):
    """Smaller values in the place of x, boldest first: one change each."""
    if isinstance(x, dict):
        for k in ('main', 'cbs'):
            for v in variants(x[k]):
                if k == 'main' or len(v) == len(x[k]): yield {**x, k: v}
        for k in THINGS.keys() & x.keys(): yield {name: v for name, v in x.items() if name != k}
        if x['handler'] is not None: yield {**x, 'handler': None}
        if x['futs'] > 1: yield {**x, 'futs': 1}
        return
    if isinstance(x, list):
        if is_ops(x):
            for n in (len(x) // 2, 1):
                if n:
                    for i in range(0, len(x), n): yield x[:i] + x[i + n:]
            for i, o in enumerate(x):                    # an op gives way to the ops within
                for inner in o[1:]:
                    if is_ops(inner) and inner: yield x[:i] + inner + x[i + 1:]
                    if isinstance(inner, list) and inner and isinstance(inner[0], str) and o[0] in ('shield', 'task', 'aw', 'waitfor'):
                        yield x[:i] + [inner] + x[i + 1:]
        if x and isinstance(x[0], str):
            if x[0] in ('shield', 'task', 'aw', 'waitfor') and isinstance(x[1], list): yield x[1]
            if x[0] in ('gather', 'wait'):
                for inner in x[1]:
                    yield inner
            if x[0] in ('c', 's', 'f', 'task', 'gather', 'wait', 'waitfor', 'shield', 'acq', 'semacq') and x != ['sleep', 0, None]:
                yield ['sleep', 0, None]
            if x[0] == 'spawnin' and x[3:] == [None, False, None]: yield ['spawn', *x[1:3]]
            if x[0] == 'try' and x[3] is not None: yield x[:3] + [None]
            if x[0] == 'try':
                for i, h in enumerate(x[2]): yield x[:2] + [x[2][:i] + x[2][i + 1:]] + x[3:]
        for i, v in enumerate(x):
            for w in variants(v): yield x[:i] + [w] + x[i + 1:]
        return
    if isinstance(x, bool):
        if x: yield False
    elif isinstance(x, int):
        for n in (0, 1, 2):
            if abs(n) < abs(x): yield n
    elif isinstance(x, str) and re.fullmatch(r'[meT]\d+', x):
        yield None

def shrink(p, keep_kind=True):
    d = difference(p)
    if d is None: return None
    k = kind(d)
    better = True
    while better:
        better = False
        for q in variants(p):
            e = difference(q)
            if e is not None and (not keep_kind or kind(e) == k):
                p, better = q, True
                break
    return p

def show(seed, p):
    d = difference(p)
    if '--json' in sys.argv:
        print(json.dumps({'seed': seed, 'what': kind(d), 'p': p, 'at': d[0], 'cpython': d[3], 'ours': d[4]}), flush=True)
        return
    print(f'=== seed {seed}: {kind(d)}')
    print(json.dumps(p))
    print(f'--- first difference at line {d[0]}\n  CPython: {d[1]}\n  ours:    {d[2]}')
    print('--- CPython 3.13'); print(*d[3], sep='\n')
    print('--- ours'); print(*d[4], sep='\n', flush=True)

if __name__ == '__main__':
    args = [a for a in sys.argv[1:] if a != '--json']
    if args and args[0] == '--file':
        seen = {}
        for row in map(json.loads, open(args[1])):
            if 'p' not in row: continue
            d = difference(row['p'])
            if d is None: print('agrees by now:', row['seed'], file=sys.stderr); continue
            k = kind(d)
            seen[k] = seen.get(k, 0) + 1
            if seen[k] <= (int(args[3]) if len(args) > 3 else 1): show(row['seed'], shrink(row['p']))
        print(json.dumps(seen, indent=1), file=sys.stderr)
    else:
        for seed in map(int, args):
            p = shrink(gen.program(seed))
            if p is None: print('agrees:', seed, file=sys.stderr)
            else: show(seed, p)
